"""The gate: nothing leaves outside its hours, against a "no", or without a reason that a person can read."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealership.messaging.gate import Consent, Decision, GateRequest, StorePolicy, Verdict, decide
from dealership.messaging.purposes import Channel, Purpose
from dealership.messaging.zones import STATE_CODES, Whereabouts, where, zones_of_state

CHICAGO, NEW_YORK, HONOLULU = (
    ZoneInfo(name) for name in ("America/Chicago", "America/New_York", "Pacific/Honolulu")
)
HOME = Whereabouts((CHICAGO,), ("IL",), "ZIP 60611 (IL)")
WRITTEN = Consent(granted=True, written=True, since=date(2024, 3, 3))
MINUTE = timedelta(minutes=1)


def local(text: str, zone: ZoneInfo = CHICAGO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def request(purpose: Purpose = Purpose.SERVICE, **changes) -> GateRequest:
    return replace(GateRequest(purpose, HOME, CHICAGO, consent=WRITTEN), **changes)


def ask(when: str, purpose: Purpose = Purpose.SERVICE, **changes) -> Decision:
    return decide(request(purpose, **changes), local(when))


def test_a_service_text_by_day_goes_at_once_and_says_why():
    decision = ask("2026-11-23T09:58", attempts_today=1)
    assert decision.verdict is Verdict.ALLOW
    assert decision.reasons == (
        "Goes at once: consent to service texts since 3 Mar 2024, 9:58 am their time, 1 text today.",
    )
    assert decision.good_until == local("2026-11-23T20:00")


def test_an_automatic_text_at_night_waits_for_the_morning_where_they_are():
    there = Whereabouts((HONOLULU,), ("HI",), "ZIP 96801 (HI)")
    decision = ask("2026-11-23T08:00", whereabouts=there)
    assert decision.verdict is Verdict.DEFER
    assert decision.until == local("2026-11-23T08:00", HONOLULU)
    assert decision.reasons == (
        "Waits until Mon 23 Nov 8:00 am their time.",
        "It is Mon 23 Nov 4:00 am their time: the store's service messages go 8:00 am to 8:00 pm.",
    )


def test_a_person_may_inform_until_nine_and_no_later():
    assert ask("2026-11-23T20:30").verdict is Verdict.DEFER
    assert ask("2026-11-23T20:30", by_person=True).verdict is Verdict.ALLOW
    assert ask("2026-11-23T21:00", by_person=True).until == local("2026-11-24T08:00")


def test_a_store_that_opens_early_informs_early():
    early = StorePolicy(service_hours=(time(7), time(18)))
    assert ask("2026-11-23T07:05", policy=early).verdict is Verdict.ALLOW
    assert ask("2026-11-23T07:05", policy=early, by_person=True).verdict is Verdict.ALLOW
    assert ask("2026-11-23T18:00", policy=early).verdict is Verdict.DEFER


@pytest.mark.parametrize("purpose", [Purpose.CONVERSATIONAL, Purpose.SERVICE, Purpose.SALES])
def test_a_person_answers_whoever_wrote_within_the_hour_at_any_hour_without_consent(purpose):
    wrote = local("2026-11-23T02:00")
    open_line = request(purpose, by_person=True, last_inbound_at=wrote, consent=None)
    decision = decide(open_line, wrote + 59 * MINUTE)
    assert decision.verdict is Verdict.ALLOW
    assert decision.reasons == ("Goes at once: they wrote 59 minutes ago, 2:59 am their time.",)
    assert decide(open_line, wrote + 60 * MINUTE).verdict is Verdict.REFUSE
    assert decide(replace(open_line, consent=WRITTEN), wrote + 60 * MINUTE).verdict is Verdict.DEFER


def test_a_machine_answers_at_night_only_what_was_written_just_now():
    wrote = local("2026-11-23T02:00")
    echo = request(Purpose.CONVERSATIONAL, last_inbound_at=wrote)
    assert decide(echo, wrote + MINUTE).verdict is Verdict.ALLOW
    assert decide(echo, wrote + 30 * MINUTE).until == local("2026-11-23T08:00")
    assert decide(replace(echo, purpose=Purpose.SERVICE), wrote + MINUTE).verdict is Verdict.DEFER


def test_marketing_is_never_taken_for_an_answer():
    wrote = local("2026-11-23T22:00")
    decision = decide(request(Purpose.MARKETING, by_person=True, last_inbound_at=wrote), wrote + MINUTE)
    assert decision.verdict is Verdict.DEFER


def test_marketing_waits_over_sunday():
    decision = ask("2026-11-21T20:00", Purpose.MARKETING)
    assert decision.until == local("2026-11-23T09:00")
    sunday = ask("2026-11-22T13:00", Purpose.MARKETING)
    assert sunday.reasons[1] == "It is Sun 22 Nov 1:00 pm their time: no marketing on Sundays."


def test_a_manager_may_open_sunday_afternoon_but_not_where_the_state_closes_it():
    opened = StorePolicy(sunday_marketing=(time(12), time(20)))
    assert ask("2026-11-22T13:00", Purpose.MARKETING, policy=opened).verdict is Verdict.ALLOW
    assert ask("2026-11-22T11:59", Purpose.MARKETING, policy=opened).until == local("2026-11-22T12:00")
    alabama = Whereabouts((CHICAGO,), ("AL",), "ZIP 35203 (AL)")
    closed = ask("2026-11-22T13:00", Purpose.MARKETING, policy=opened, whereabouts=alabama)
    assert closed.until == local("2026-11-23T09:00")
    assert closed.reasons[1].endswith("AL allows none on Sundays.")


def test_a_policy_wider_than_the_law_does_not_widen_the_law():
    wide = StorePolicy(marketing_hours=(time(6), time(23)), sunday_marketing=(time(6), time(23)))
    kentucky = Whereabouts((NEW_YORK,), ("KY",), "ZIP 40202 (KY)")
    decision = ask("2026-11-23T07:00", Purpose.MARKETING, policy=wide, whereabouts=kentucky)
    assert decision.until == local("2026-11-23T10:00", NEW_YORK)
    assert ask("2026-11-23T21:00", Purpose.MARKETING, policy=wide).verdict is Verdict.DEFER


def test_an_address_in_hawaii_and_a_new_york_number_leave_the_hours_that_both_allow():
    both = where("HI", "96801", "+12125550123", NEW_YORK)
    marketing = request(Purpose.MARKETING, whereabouts=both, store_zone=NEW_YORK)
    early = decide(marketing, local("2026-11-23T10:00", NEW_YORK))
    assert early.until == local("2026-11-23T09:00", HONOLULU)
    allowed = decide(marketing, early.until)
    assert allowed.verdict is Verdict.ALLOW
    assert allowed.good_until == local("2026-11-23T20:00", NEW_YORK)
    assert "several places" in allowed.reasons[1]


def test_marketing_keeps_the_stores_own_evening_too():
    there = Whereabouts((HONOLULU,), ("HI",), "ZIP 96801 (HI)")
    decision = decide(
        request(Purpose.MARKETING, whereabouts=there, store_zone=NEW_YORK),
        local("2026-11-23T20:00", NEW_YORK),
    )
    assert decision.verdict is Verdict.DEFER
    assert "in the store" in decision.reasons[1]


def test_places_that_share_no_hour_are_a_refusal_and_not_an_endless_wait():
    nowhere = Whereabouts((ZoneInfo("Asia/Kolkata"), HONOLULU), (), "two numbers")
    decision = ask("2026-11-23T12:00", Purpose.MARKETING, whereabouts=nowhere)
    assert decision.verdict is Verdict.REFUSE
    assert "no allowed hour" in decision.reasons[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"opted_out": True, "opt_out_words": "they wrote “STOP” on 3 Mar 2024"},
            "they wrote “STOP” on 3 Mar 2024",
        ),
        ({"number_valid": False}, "number cannot take a text"),
        ({"out_of_reach": "texts to this number cost extra"}, "texts to this number cost extra"),
        ({"number_valid": False, "channel": Channel.EMAIL}, "address cannot receive e-mail"),
        ({"number_blocked": True}, "carrier blocks"),
        ({"texting_on": False}, "switched off for this store"),
        ({"backfill": True}, "history"),
        ({"still_owed": False}, "no longer owed"),
        ({"useful_until": local("2026-11-23T09:00")}, "too late to be of use"),
        ({"consent": None}, "no consent to service texts is on record"),
        (
            {"consent": Consent(granted=False, since=date(2026, 1, 2), words="“please leave me alone”")},
            "taken back on 2 Jan 2026 (“please leave me alone”)",
        ),
    ],
)
def test_what_may_not_go_is_refused_in_words(changes, said):
    decision = ask("2026-11-23T10:00", **changes)
    assert decision.verdict is Verdict.REFUSE
    assert decision.until is None
    assert said in decision.reasons[0]
    assert decision.reasons[0].startswith("Not sent: ")
    assert decision.reasons[0].endswith(".")


def test_every_obstacle_is_listed_so_that_nobody_mends_one_to_meet_the_next():
    decision = ask("2026-11-23T10:00", number_blocked=True, still_owed=False)
    assert len(decision.reasons) == 2


def test_marketing_needs_consent_in_writing():
    spoken = Consent(granted=True, since=date(2024, 3, 3))
    decision = ask("2026-11-23T10:00", Purpose.MARKETING, consent=spoken)
    assert decision.verdict is Verdict.REFUSE
    assert "written consent" in decision.reasons[0]
    assert ask("2026-11-23T10:00", Purpose.MARKETING).verdict is Verdict.ALLOW


def test_a_wait_beyond_its_use_is_refused_now_so_that_a_person_can_act():
    decision = ask("2026-11-23T21:00", useful_until=local("2026-11-24T07:30"))
    assert decision.verdict is Verdict.REFUSE
    assert "of no use by then" in decision.reasons[0]
    assert ask("2026-11-23T21:00", useful_until=local("2026-11-24T08:00")).verdict is Verdict.DEFER


def test_a_message_is_good_no_longer_than_its_use():
    decision = ask("2026-11-23T10:00", useful_until=local("2026-11-23T11:00"))
    assert decision.good_until == local("2026-11-23T11:00")


def test_the_fourth_automatic_text_of_a_day_waits_for_tomorrow_and_a_person_is_only_told():
    decision = ask("2026-11-23T10:00", attempts_today=3)
    assert decision.until == local("2026-11-24T08:00")
    assert decision.reasons[1] == "3 texts today already, and the store sends at most 3 a day to a number."
    by_hand = ask("2026-11-23T10:00", attempts_today=3, by_person=True)
    assert by_hand.verdict is Verdict.ALLOW
    assert by_hand.reasons[1] == "That is more than the 3 texts a day that the store sends by itself."


def test_a_household_is_not_texted_more_than_its_share():
    decision = ask("2026-11-23T10:00", household_attempts_today=4)
    assert decision.verdict is Verdict.DEFER
    assert decision.reasons[1].startswith("Their household had 4 today")


def test_the_laws_cap_binds_a_person_too():
    florida = Whereabouts((NEW_YORK,), ("FL",), "ZIP 33101 (FL)")
    changes = {"whereabouts": florida, "by_person": True, "solicitations_24h": 3}
    decision = ask("2026-11-23T10:00", Purpose.MARKETING, **changes)
    assert decision.until == local("2026-11-24T09:00", CHICAGO)
    assert decision.reasons[1] == "FL allows 3 solicitations in 24 hours, and 3 went."
    assert ask("2026-11-23T10:00", Purpose.SERVICE, **changes).verdict is Verdict.ALLOW


def test_caps_do_not_silence_an_answer():
    wrote = local("2026-11-23T10:00")
    answer = request(
        Purpose.CONVERSATIONAL, last_inbound_at=wrote, attempts_today=9, household_attempts_today=9
    )
    assert decide(answer, wrote + MINUTE).verdict is Verdict.ALLOW


def test_email_keeps_no_hours_but_keeps_a_no():
    mail = {"channel": Channel.EMAIL, "consent": None}
    assert ask("2026-11-22T03:00", Purpose.MARKETING, **mail).verdict is Verdict.ALLOW
    assert ask("2026-11-22T03:00", Purpose.MARKETING, **mail, opted_out=True).verdict is Verdict.REFUSE
    taken_back = {"channel": Channel.EMAIL, "consent": Consent(granted=False)}
    assert ask("2026-11-23T10:00", Purpose.MARKETING, **taken_back).verdict is Verdict.REFUSE


def test_switched_off_texting_leaves_calls_alone():
    decision = ask("2026-11-23T10:00", texting_on=False, channel=Channel.CALL, consent=None, by_person=True)
    assert decision.verdict is Verdict.ALLOW


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        decide(request(), datetime(2026, 11, 23, 10))  # noqa: DTZ001


# What the law allows, written down a second time: whole hours on weekdays, Saturdays, Sundays.
LAW = {
    "AL": ((8, 20), (8, 20), None), "CT": ((9, 20),) * 3, "FL": ((8, 20),) * 3, "KY": ((10, 21),) * 3,
    "LA": ((8, 20), (8, 20), None), "MD": ((8, 20),) * 3, "MA": ((8, 20),) * 3, "MI": ((9, 21),) * 3,
    "MN": ((9, 21),) * 3, "MS": ((8, 20), (8, 20), None), "NV": ((9, 20),) * 3, "NJ": ((8, 20),) * 3,
    "NM": ((9, 21),) * 3, "OK": ((8, 20),) * 3, "PA": ((8, 21),) * 3, "RI": ((9, 18), (10, 17), None),
    "TX": ((9, 21), (9, 21), (12, 21)), "WA": ((8, 20),) * 3,
}  # fmt: skip
WIDE = StorePolicy(marketing_hours=(time(0), time(23, 59)), sunday_marketing=(time(0), time(23, 59)))
CHANGE_DAYS = [date(2026, 3, 8), date(2026, 3, 9), date(2026, 11, 1), date(2026, 11, 2)]


def lawful(state: str, zone: ZoneInfo, at: datetime) -> bool:
    wall = at.astimezone(zone)
    hours = LAW.get(state, ((8, 21),) * 3)[max(0, wall.weekday() - 4)]
    return hours is not None and hours[0] <= wall.hour < hours[1]


def minutes_of(day: date, zone: ZoneInfo) -> list[datetime]:
    """A prime stride over the whole local day, and the minutes on both sides of every whole hour that matters."""
    midnight = datetime.combine(day, time(), zone).astimezone(UTC)
    hours = (1, 2, 3, 8, 9, 10, 12, 17, 18, 20, 21)
    edges = [datetime.combine(day, time(hour), zone).astimezone(UTC) for hour in hours]
    around = [edge + offset * MINUTE for edge in edges for offset in (-1, 0)]
    return [*around, *(midnight + n * MINUTE for n in range(0, 25 * 60, 211))]


def test_marketing_never_leaves_outside_the_law_on_the_days_the_clocks_change_in_any_zone_of_any_state():
    for state in sorted(STATE_CODES):
        for name in zones_of_state(state):
            zone = ZoneInfo(name)
            ask_there = request(
                Purpose.MARKETING,
                whereabouts=Whereabouts((zone,), (state,), "ZIP"),
                store_zone=zone,
                policy=WIDE,
            )
            for day in CHANGE_DAYS:
                for moment in minutes_of(day, zone):
                    decision = decide(ask_there, moment)
                    assert (decision.verdict is Verdict.ALLOW) == lawful(state, zone, moment), (
                        state,
                        name,
                        moment,
                    )


zone_names = st.sampled_from(sorted({name for state in STATE_CODES for name in zones_of_state(state)}))
states = st.sampled_from(sorted(STATE_CODES))
moments = st.integers(0, 2 * 366 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + n * MINUTE)
places = st.builds(
    lambda zones, codes: Whereabouts(tuple(map(ZoneInfo, zones)), tuple(codes), "clues"),
    st.lists(zone_names, min_size=1, max_size=3, unique=True),
    st.lists(states, max_size=2, unique=True),
)
requests = st.builds(
    GateRequest,
    purpose=st.sampled_from(Purpose),
    whereabouts=places,
    store_zone=zone_names.map(ZoneInfo),
    channel=st.sampled_from(Channel),
    consent=st.sampled_from([None, WRITTEN, Consent(granted=True), Consent(granted=False)]),
    by_person=st.booleans(),
    last_inbound_at=st.none() | moments,
    attempts_today=st.integers(0, 4),
    household_attempts_today=st.integers(0, 5),
    solicitations_24h=st.integers(0, 4),
)


@settings(max_examples=200, deadline=None)
@given(requests, moments)
def test_an_opt_out_refuses_whatever_else_is_true(asked, now):
    decision = decide(replace(asked, opted_out=True), now)
    assert decision.verdict is Verdict.REFUSE
    assert "opted out" in decision.reasons[0]


@settings(max_examples=200, deadline=None)
@given(places, zone_names.map(ZoneInfo), moments)
def test_allowed_marketing_is_lawful_everywhere_and_a_deferral_ends_at_the_first_lawful_moment(
    place, home, now
):
    asked = request(Purpose.MARKETING, whereabouts=place, store_zone=home)
    decision = decide(asked, now)
    moment = now if decision.verdict is Verdict.ALLOW else decision.until
    if moment is None:
        assert decision.verdict is Verdict.REFUSE
        return
    for zone in place.zones:
        assert time(9) <= moment.astimezone(zone).time() < time(20)
        assert moment.astimezone(zone).weekday() != 6
        assert all(lawful(state, zone, moment) for state in place.states)
    assert time(9) <= moment.astimezone(home).time() < time(20)
    if decision.verdict is Verdict.DEFER:
        assert moment > now
        assert decide(asked, moment).verdict is Verdict.ALLOW
        assert decide(asked, moment - MINUTE).verdict is Verdict.DEFER or moment - MINUTE < now


@settings(max_examples=200, deadline=None)
@given(requests, moments)
def test_every_answer_is_whole_and_readable(asked, now):
    decision = decide(asked, now)
    assert decision.reasons
    assert all(reason.endswith(".") and not reason[0].islower() for reason in decision.reasons)
    assert (decision.until is not None) == (decision.verdict is Verdict.DEFER)
    if decision.until is not None:
        assert decision.until > now
        assert decision.until.tzinfo is UTC
    if decision.good_until is not None:
        assert decision.good_until > now
        stale = decide(asked, decision.good_until)
        assert stale.verdict is not Verdict.ALLOW or asked.purpose is not Purpose.MARKETING
