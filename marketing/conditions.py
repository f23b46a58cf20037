"""What may be true of a customer, as data, and how it is asked of the database. Each condition is one `EXISTS` or one comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from dealership.messaging.models import Call, Conversation
from dealership.vehicles.models import Ownership
from marketing.models import DeclinedKnown, KnownCustomer, SourceLead
from marketing.reach import MAY_BE_OFFERED

Values = Mapping[str, Any]
MONTH = timedelta(days=30.4375)


class BadCondition(ValueError):
    """A condition that nobody could have typed; the message says what is wrong."""


@dataclass(frozen=True)
class Kind:
    """One kind of condition: its fields, how it is said, and what it asks."""

    fields: tuple[str, ...]
    say: Callable[[Values], str]
    ask: Callable[[Values, int, datetime], Q]


def compile_all(conditions: Sequence[Values], *, match: str, store_id: int, now: datetime) -> Q:
    """All or any of these conditions, as one Q over customers annotated by `reach`. Raises BadCondition."""
    asked = [kind_of(condition).ask(condition, store_id, now) for condition in conditions]
    if not asked:
        return Q()
    found = asked[0]
    for one in asked[1:]:
        found = found & one if match == "all" else found | one
    return found


def words(conditions: Sequence[Values]) -> list[str]:
    """Each condition in words. Raises BadCondition."""
    return [kind_of(condition).say(condition) for condition in conditions]


def kind_of(condition: Values) -> Kind:
    """Its kind, when its fields are as they must be. Raises BadCondition."""
    kind = KINDS.get(str(condition.get("what")))
    if kind is None:
        raise BadCondition(f"Nothing is known of {condition.get('what')!r}.")
    odd = set(condition) - {"what", *kind.fields}
    if odd or len(condition) < 2:
        raise BadCondition(f"“{condition['what']}” takes {', '.join(kind.fields)}.")
    return kind


# --- how each is asked ----------------------------------------------------------------------------------------------------


def _theirs(rows: Any) -> Q:
    """Customers who have such a row, or into whom one who has it was merged. Asked once for all, not for each."""
    living = Coalesce(F("customer__merged_into_id"), F("customer_id"))
    return Q(pk__in=rows.annotate(living=living).values("living"))


def _owns(of: Values, store_id: int, now: datetime) -> Q:
    rows = Ownership.objects.of_store(store_id).filter(until__isnull=True)
    if of.get("make"):
        rows = rows.filter(vehicle__make__iexact=of["make"])
    if of.get("model"):
        rows = rows.filter(vehicle__model__istartswith=of["model"])
    if of.get("year_from"):
        rows = rows.filter(vehicle__year__gte=of["year_from"])
    if of.get("year_to"):
        rows = rows.filter(vehicle__year__lte=of["year_to"])
    return _theirs(rows)


def _mileage(of: Values, store_id: int, now: datetime) -> Q:
    rows = Ownership.objects.of_store(store_id).filter(until__isnull=True, vehicle__mileage__gte=of["miles"])
    return _theirs(rows)


def _serviced(of: Values, store_id: int, now: datetime) -> Q:
    since = now - of["months"] * MONTH
    rows = KnownCustomer.objects.of_store(store_id)
    been = _theirs(rows.filter(serviced_at__lt=since))
    return been & ~_theirs(rows.filter(serviced_at__gte=since))


def _bought(of: Values, store_id: int, now: datetime) -> Q:
    rows = KnownCustomer.objects.of_store(store_id).filter(bought_at__isnull=False)
    if of.get("months_from"):
        rows = rows.filter(bought_at__lte=now - of["months_from"] * MONTH)
    if of.get("months_to"):
        rows = rows.filter(bought_at__gte=now - of["months_to"] * MONTH)
    return _theirs(rows)


def _declined(of: Values, store_id: int, now: datetime) -> Q:
    rows = DeclinedKnown.objects.of_store(store_id).filter(is_open=True)
    return _theirs(rows if of["colour"] == "any" else rows.filter(colour=of["colour"]))


def _source(of: Values, store_id: int, now: datetime) -> Q:
    return _theirs(SourceLead.objects.of_store(store_id).filter(source__iexact=of["source"]))


def _silent(of: Values, store_id: int, now: datetime) -> Q:
    since = now - timedelta(days=of["days"])
    texts = Conversation.objects.of_store(store_id).filter(last_at__gte=since)
    calls = Call.objects.of_store(store_id).filter(at__gte=since)
    return ~_theirs(texts) & ~_theirs(calls)


def _owns_words(of: Values) -> str:
    years = of.get("year_from"), of.get("year_to")
    span = ""
    if any(years):
        span = f", {years[0] or 'any year'} to {years[1] or 'today'}"
    return f"owns a {' '.join(filter(None, (of.get('make'), of.get('model')))) or 'car'}{span}"


def _bought_words(of: Values) -> str:
    least, most = of.get("months_from"), of.get("months_to")
    if least and most:
        return f"bought {least} to {most} months ago"
    return f"bought {least} months ago or longer" if least else f"bought in the last {most} months"


KINDS: dict[str, Kind] = {
    "owns": Kind(("make", "model", "year_from", "year_to"), _owns_words, _owns),
    "mileage": Kind(("miles",), lambda of: f"a car with {of['miles']:,} miles or more", _mileage),
    "serviced": Kind(("months",), lambda of: f"last service more than {of['months']} months ago", _serviced),
    "bought": Kind(("months_from", "months_to"), _bought_words, _bought),
    "declined": Kind(
        ("colour",),
        lambda of: f"{'' if of['colour'] == 'any' else of['colour'] + ' '}work declined and still open",
        _declined,
    ),
    "language": Kind(
        ("language",),
        lambda of: f"speaks {'Spanish' if of['language'] == 'es' else 'English'}",
        lambda of, store_id, now: Q(language__istartswith=of["language"]),
    ),
    "state": Kind(
        ("state",),
        lambda of: f"lives in {of['state']}",
        lambda of, store_id, now: Q(state__iexact=of["state"]),
    ),
    "source": Kind(("source",), lambda of: f"came as a lead from {of['source']}", _source),
    "silent": Kind(("days",), lambda of: f"no text or call for {of['days']} days", _silent),
    "consent": Kind(
        ("given",),
        lambda of: "agreed in writing to offers by text",
        lambda of, store_id, now: MAY_BE_OFFERED,
    ),
}
