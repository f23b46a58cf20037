"""May this message go now? Allow, defer until, or refuse, with the reasons a person reads under the composer. Pure.

The caller lays out plain values about one message to one number; nothing is looked up here and nothing is sent.
It is asked at the moment of sending, again at every claim, and so a deferral is never a permission.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dealership.messaging.purposes import CHANNEL_NOUNS, Channel, Purpose
from dealership.messaging.quiet_hours import Window, solicitation_cap, window
from dealership.messaging.zones import Whereabouts
from dealership.stores.hours import MONTH_NAMES, spoken_moment, spoken_time, to_utc

Wall = tuple[time, time]
SEARCH_DAYS = 15
WEEKDAY_MARKETING: Wall = (time(9), time(20))


class Verdict(StrEnum):
    """What the gate answers."""

    ALLOW = "allow"
    DEFER = "defer"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Consent:
    """The folded consent of one number for one purpose: granted or not, since when, by what words.

    `written` is the signed kind that marketing needs. `since` is None only while nobody was ever asked.
    """

    granted: bool
    written: bool = False
    since: date | None = None
    words: str = ""


@dataclass(frozen=True)
class StorePolicy:
    """The store's own rules. Hours are local to the customer; marketing keeps them in the store's zone as well.

    `conversational_minutes`: for how long a customer who wrote may be answered by a person at any hour;
    `automatic_minutes`: the same for a machine. Caps are for one day of the customer's; they bind what the store
    sends by itself, and all marketing.
    """

    marketing_hours: Wall = WEEKDAY_MARKETING
    sunday_marketing: Wall | None = None
    service_hours: Wall = (time(8), time(20))
    number_cap: int = 3
    household_cap: int = 4
    conversational_minutes: int = 60
    automatic_minutes: int = 10


@dataclass(frozen=True)
class GateRequest:
    """All that bears on one message to one number.

    `attempts_today` and `household_attempts_today` count what went to the number and to its household on the
    customer's day; `solicitations_24h` the marketing of the last 24 hours. `useful_until` is the moment after which
    the message is of no use; `consent` is that of the number for this purpose; `out_of_reach` says why nothing goes to
    such a number, "" for all others.
    """

    purpose: Purpose
    whereabouts: Whereabouts
    store_zone: ZoneInfo
    channel: Channel = Channel.TEXT
    consent: Consent | None = None
    opted_out: bool = False
    opt_out_words: str = ""
    number_valid: bool = True
    number_blocked: bool = False
    out_of_reach: str = ""
    texting_on: bool = True
    backfill: bool = False
    still_owed: bool = True
    by_person: bool = False
    last_inbound_at: datetime | None = None
    useful_until: datetime | None = None
    attempts_today: int = 0
    household_attempts_today: int = 0
    solicitations_24h: int = 0
    policy: StorePolicy = field(default_factory=StorePolicy)


@dataclass(frozen=True)
class Decision:
    """The answer. `until` (UTC) is set for a deferral: the next moment at which it may go.

    `good_until` (UTC) is set for a permission that ends: the carrier may not hold the message beyond it.
    """

    verdict: Verdict
    until: datetime | None
    reasons: tuple[str, ...]
    good_until: datetime | None = None


def decide(request: GateRequest, now: datetime) -> Decision:
    """Allow, defer or refuse one message at `now`. Refusals that nothing can change come first."""
    if now.tzinfo is None:
        raise ValueError(f"{now.isoformat()} has no time zone: give an aware datetime, best in UTC.")
    now = now.astimezone(UTC)
    if refusals := tuple(_refusals(request, now)):
        return Decision(Verdict.REFUSE, None, refusals)
    purpose = _effective_purpose(request, now)
    if missing := _missing_consent(request, purpose):
        return Decision(Verdict.REFUSE, None, (missing,))
    capped = _over_cap(request, purpose, now)
    after = _next_day(request, now) if capped else now
    until = _next_allowed(request, purpose, after)
    if until == now:
        return Decision(
            Verdict.ALLOW, None, _why_allowed(request, purpose, now), _good_until(request, purpose, now)
        )
    return _deferred(request, purpose, now, until, capped)


def _refusals(request: GateRequest, now: datetime) -> Iterator[str]:
    noun = CHANNEL_NOUNS[request.channel]
    if request.opted_out:
        said = f": {request.opt_out_words}" if request.opt_out_words else ""
        yield f"Not sent: they opted out{said}. Only they can start it again, by writing START."
        return
    if not request.number_valid:
        where = (
            "address cannot receive e-mail"
            if request.channel is Channel.EMAIL
            else f"number cannot take a {noun}"
        )
        yield f"Not sent: this {where}. Correct it, or use another way."
    if request.out_of_reach:
        yield f"Not sent: {request.out_of_reach}. Use another number or another way."
    if request.number_blocked:
        yield "Not sent: the carrier blocks this number. Use another number or another way."
    if not request.texting_on and request.channel is Channel.TEXT:
        yield "Not sent: texting is switched off for this store. A manager can switch it on."
    if request.backfill:
        yield "Not sent: this comes from loaded history, and history writes to nobody."
    if not request.still_owed:
        yield "Not sent: this is no longer owed."
    if request.useful_until is not None and now > request.useful_until:
        yield f"Not sent: too late to be of use (it was good until {_theirs(request, request.useful_until)})."


def _effective_purpose(request: GateRequest, now: datetime) -> Purpose:
    """An answer that comes too late to be an answer is judged as one-to-one information.

    A person's one-to-one message counts as an answer while the customer's own words are fresh. Marketing never does.
    """
    if request.purpose is Purpose.MARKETING:
        return request.purpose
    if _is_answer(request, now) and (request.by_person or request.purpose is Purpose.CONVERSATIONAL):
        return Purpose.CONVERSATIONAL
    return Purpose.SERVICE if request.purpose is Purpose.CONVERSATIONAL else request.purpose


def _is_answer(request: GateRequest, now: datetime) -> bool:
    if request.last_inbound_at is None:
        return False
    policy = request.policy
    minutes = policy.conversational_minutes if request.by_person else policy.automatic_minutes
    return timedelta(0) <= now - request.last_inbound_at < timedelta(minutes=minutes)


def _missing_consent(request: GateRequest, purpose: Purpose) -> str | None:
    consent = request.consent
    if purpose is Purpose.CONVERSATIONAL:
        return None
    noun = CHANNEL_NOUNS[request.channel]
    if consent is not None and not consent.granted:
        said = f" ({consent.words})" if consent.words else ""
        return f"Not sent: consent to {_kind(purpose)} {noun}s was taken back{_since(consent, 'on')}{said}."
    by_hand = request.channel is Channel.CALL and purpose is not Purpose.MARKETING
    if request.channel is Channel.EMAIL or by_hand:
        return None
    if consent is None:
        return f"Not sent: no consent to {_kind(purpose)} {noun}s is on record for this number."
    if purpose is Purpose.MARKETING and not consent.written:
        return f"Not sent: marketing {noun}s need written consent, and theirs is not in writing."
    return None


def _over_cap(request: GateRequest, purpose: Purpose, now: datetime) -> str | None:
    """Why one more today would be one too many. A person may go beyond the store's caps, never the law's."""
    if purpose is Purpose.CONVERSATIONAL or request.channel is Channel.EMAIL:
        return None
    if purpose is Purpose.MARKETING:
        for state in request.whereabouts.states:
            cap = solicitation_cap(state, now.astimezone(_zone(request)).date())
            if cap is not None and request.solicitations_24h >= cap:
                return f"{state} allows {cap} solicitations in 24 hours, and {request.solicitations_24h} went"
        bound = True
    else:
        bound = not request.by_person
    policy = request.policy
    if bound and request.attempts_today >= policy.number_cap:
        return (
            f"{_n_today(request)} already, and the store sends at most {policy.number_cap} a day to a number"
        )
    if bound and request.household_attempts_today >= policy.household_cap:
        return (
            f"their household had {request.household_attempts_today} today, and the store sends it at most "
            f"{policy.household_cap} a day"
        )
    return None


def _deferred(
    request: GateRequest, purpose: Purpose, now: datetime, until: datetime | None, capped: str | None
) -> Decision:
    why = f"{capped}." if capped else f"{_first_closed(request, purpose, now)}."
    why = why[0].upper() + why[1:]
    if until is None:
        return Decision(
            Verdict.REFUSE, None, (f"Not sent: no allowed hour in the next {SEARCH_DAYS - 2} days.", why)
        )
    if request.useful_until is not None and until > request.useful_until:
        late = f"Not sent: it may not go before {_theirs(request, until)}, and would be of no use by then."
        return Decision(Verdict.REFUSE, None, (late, why))
    return Decision(Verdict.DEFER, until, (f"Waits until {_theirs(request, until)}.", why))


def _why_allowed(request: GateRequest, purpose: Purpose, now: datetime) -> tuple[str, ...]:
    noun = CHANNEL_NOUNS[request.channel]
    said = [_basis(request, purpose, now), f"{spoken_time(now.astimezone(_zone(request)).time())} their time"]
    if purpose is not Purpose.CONVERSATIONAL or request.attempts_today:
        said.append(_n_today(request))
    reasons = [f"Goes at once: {', '.join(said)}."]
    if len({now.astimezone(zone).utcoffset() for zone in request.whereabouts.zones}) > 1:
        reasons.append(
            f"They may be in several places ({request.whereabouts.because}); it is allowed in all."
        )
    cap = request.policy.number_cap
    if request.by_person and purpose is not Purpose.CONVERSATIONAL and request.attempts_today >= cap:
        reasons.append(f"That is more than the {cap} {noun}s a day that the store sends by itself.")
    return tuple(reasons)


def _basis(request: GateRequest, purpose: Purpose, now: datetime) -> str:
    if purpose is Purpose.CONVERSATIONAL and request.last_inbound_at is not None:
        minutes = int((now - request.last_inbound_at) / timedelta(minutes=1))
        ago = "just now" if minutes < 1 else f"{minutes} minute{'' if minutes == 1 else 's'} ago"
        return f"they wrote {ago}"
    noun = CHANNEL_NOUNS[request.channel]
    if request.consent is None:
        return f"they have not opted out of {_kind(purpose)} {noun}s"
    said = f" ({request.consent.words})" if request.consent.words else ""
    return f"consent to {_kind(purpose)} {noun}s{_since(request.consent, 'since')}{said}"


def _windows(request: GateRequest, purpose: Purpose, day: date) -> Iterator[tuple[ZoneInfo, Window]]:
    """Every window that must be open on a local day: each zone with each state's law and the store's own hours."""
    if purpose is Purpose.CONVERSATIONAL or request.channel is Channel.EMAIL:
        return
    noon, policy = datetime.combine(day, time(12), UTC), request.policy
    states = request.whereabouts.states or ("",)
    zones = request.whereabouts.zones or (request.store_zone,)
    for zone in zones:
        if purpose is Purpose.MARKETING:
            yield zone, window("", noon, purpose)
            for state in states:
                yield zone, window(state, noon, purpose)
            yield zone, _store_marketing(policy, day)
        else:
            yield zone, _informing(request, purpose, noon)
    if purpose is Purpose.MARKETING and request.store_zone not in zones:
        yield request.store_zone, _store_marketing(policy, day)


def _informing(request: GateRequest, purpose: Purpose, noon: datetime) -> Window:
    """The store's own hours for what it sends by itself; a person may also use the hours that the law allows all."""
    opens, closes = request.policy.service_hours
    if not request.by_person:
        return _own((opens, closes), f"the store's {_kind(purpose)} messages go")
    law = window("", noon, purpose)
    wide = min(opens, law.opens or opens), max(closes, law.closes or closes)
    return _own(wide, f"{_kind(purpose)} messages by hand go")


def _store_marketing(policy: StorePolicy, day: date) -> Window:
    hours = policy.sunday_marketing if day.weekday() == 6 else policy.marketing_hours
    return (
        _own(hours, "the store's marketing goes") if hours else Window(None, None, "no marketing on Sundays")
    )


def _own(hours: Wall, whose: str) -> Window:
    return Window(*hours, f"{whose} {spoken_time(hours[0])} to {spoken_time(hours[1])}")


def _closed(request: GateRequest, purpose: Purpose, at: datetime) -> Iterator[tuple[ZoneInfo, Window]]:
    """The windows that are shut at a moment, each judged by the wall clock of its own zone."""
    days = {zone: at.astimezone(zone) for zone in (*request.whereabouts.zones, request.store_zone)}
    for day in sorted({local.date() for local in days.values()}):
        for zone, rule in _windows(request, purpose, day):
            if days[zone].date() == day and not rule.is_open(days[zone].time()):
                yield zone, rule


def _first_closed(request: GateRequest, purpose: Purpose, now: datetime) -> str:
    zone, rule = next(_closed(request, purpose, now))
    local = now.astimezone(zone)
    whose = "in the store" if zone == request.store_zone and zone != _zone(request) else "their time"
    return f"it is {spoken_moment(local)} {whose}: {rule.rule}"


def _edges(
    request: GateRequest, purpose: Purpose, after: datetime, *, closing: bool, n_days: int
) -> list[datetime]:
    """Every opening (or closing) moment after a moment, in order, from the day before for so many days."""
    edges: set[datetime] = set()
    first = after.astimezone(UTC).date() - timedelta(days=1)
    for days in range(n_days):
        day = first + timedelta(days=days)
        for zone, rule in _windows(request, purpose, day):
            wall = rule.closes if closing else rule.opens
            if wall is not None and (edge := to_utc(zone, datetime.combine(day, wall))) > after:
                edges.add(edge)
    return sorted(edges)


def _next_allowed(request: GateRequest, purpose: Purpose, after: datetime) -> datetime | None:
    """The first moment at or after `after` at which every window is open: itself, or some window's opening."""
    if not any(_closed(request, purpose, after)):
        return after
    # Nearly always within three days; only a row of holidays is worth the long search.
    for n_days in (4, SEARCH_DAYS):
        for edge in _edges(request, purpose, after, closing=False, n_days=n_days):
            if not any(_closed(request, purpose, edge)):
                return edge
    return None


def _good_until(request: GateRequest, purpose: Purpose, now: datetime) -> datetime | None:
    ends = [end for end in (request.useful_until,) if end is not None]
    if purpose is Purpose.CONVERSATIONAL and request.last_inbound_at is not None:
        return min(ends, default=None)
    closing = _edges(request, purpose, now, closing=True, n_days=3)
    return min([*ends, *closing], default=None)


def _next_day(request: GateRequest, now: datetime) -> datetime:
    """Midnight where the customer is; of several zones the last one."""
    zones = request.whereabouts.zones or (request.store_zone,)
    midnights = (datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time()) for zone in zones)
    return max(to_utc(zone, midnight) for zone, midnight in zip(zones, midnights, strict=True))


def _zone(request: GateRequest) -> ZoneInfo:
    return request.whereabouts.zones[0] if request.whereabouts.zones else request.store_zone


def _theirs(request: GateRequest, at: datetime) -> str:
    return f"{spoken_moment(at.astimezone(_zone(request)))} their time"


def _kind(purpose: Purpose) -> str:
    return purpose.value


def _n_today(request: GateRequest) -> str:
    n, noun = request.attempts_today, CHANNEL_NOUNS[request.channel]
    return f"{n or 'no'} {noun}{'' if n == 1 else 's'} today"


def _since(consent: Consent, word: str) -> str:
    on = consent.since
    return f" {word} {on.day} {MONTH_NAMES[on.month - 1]} {on.year}" if on else ""
