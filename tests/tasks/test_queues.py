"""What a day holds, in which order, and how many questions it costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from dealership.staff.models import Team
from tasks import numbers, queues
from tasks.models import Notice
from tests.cast import Cast, make_customer
from tests.tasks.promised import closed, conversation, promise


def groups_of(cast: Cast) -> dict[str, queues.Group]:
    return {group.key: group for group in queues.my_day(cast.dana, timezone.now()).groups}


def test_what_is_late_stands_before_what_is_near_and_that_before_the_rest(cast: Cast) -> None:
    promise(cast.dana, due=timedelta(days=3), sentence="later")
    promise(cast.dana, due=timedelta(minutes=20), sentence="soon")
    promise(cast.dana, due=timedelta(minutes=-9), sentence="late")
    promise(cast.dana, due=timedelta(minutes=-90), sentence="later than late")
    found = groups_of(cast)
    assert [row.sentence for row in found["late"].rows] == ["later than late", "late"]
    assert [row.sentence for row in found["hour"].rows] == ["soon"]
    assert [row.sentence for row in found["later"].rows] == ["later"]
    assert list(found) == ["late", "hour", "later"]


def test_a_customer_who_waits_stands_first_with_what_they_want(cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735554417")
    talk = conversation(maria, cast.dana, "Can we do 3 pm?")
    promise(cast.dana, customer=maria, subject=f"conversation:{talk.pk}")
    promise(cast.dana, due=timedelta(minutes=-5))
    day = queues.my_day(cast.dana, timezone.now())
    assert day.groups[0].key == "talking"
    assert day.groups[0].rows[0].sentence == "Maria Lopez wrote"
    assert day.groups[0].rows[0].detail == "“Can we do 3 pm?”"
    assert day.groups[0].rows[0].since == talk.waiting_since


def test_a_conversation_that_i_hold_waits_for_me_without_any_promise(cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735554417")
    talk = conversation(maria, cast.dana, "hello?")
    assert groups_of(cast)["talking"].rows[0].url == f"/inbox/{talk.pk}/"


def test_what_others_owe_is_not_mine(cast: Cast) -> None:
    promise(cast.sam)
    promise(cast.earl)
    assert groups_of(cast) == {}


def test_what_my_team_is_offered_is_shown_with_a_way_to_take_it(cast: Cast) -> None:
    cast.dana.refresh_from_db()
    team = Team.objects.of_store(cast.northside.pk).get()
    offered = promise(cast.bea, queue=team, accepted_at=None)
    row = groups_of(cast)["offered"].rows[0]
    assert row.take_url == f"/promises/{offered.pk}/accept/"


def test_a_long_band_is_cut_and_says_how_many_more_there_are(cast: Cast) -> None:
    for n in range(queues.CAPS["late"] + 7):
        promise(cast.dana, due=timedelta(minutes=-1 - n))
    late = groups_of(cast)["late"]
    assert late.more == 7
    assert late.n == queues.CAPS["late"] + 7
    assert "state=late" in late.more_url


def test_a_late_row_says_who_gets_it_next_and_when(cast: Cast) -> None:
    now = timezone.now()
    promise(cast.dana, due=timedelta(minutes=-3), rung_ats=[now + timedelta(minutes=8, seconds=30)])
    assert groups_of(cast)["late"].rows[0].chip == "with Bea in 8 min"


def test_an_offer_says_how_long_it_stands(cast: Cast) -> None:
    until = timezone.now() + timedelta(minutes=4, seconds=30)
    promise(cast.dana, accepted_at=None, offered_until=until)
    assert groups_of(cast)["hour"].rows[0].chip == "take it on in 4 min"


def test_a_promise_of_a_rule_that_is_gone_is_still_shown(cast: Cast) -> None:
    promise(cast.dana, rule="a_rule_of_last_year", rung_ats=[timezone.now()])
    assert len(groups_of(cast)["hour"].rows) == 1


def test_what_was_kept_today_is_counted(cast: Cast) -> None:
    closed(cast.dana, "kept")
    closed(cast.dana, "kept", late=True)
    closed(cast.dana, "waived")
    closed(cast.dana, "kept", at=timezone.now() - timedelta(days=2))
    day = queues.my_day(cast.dana, timezone.now())
    assert (day.n_kept_today, day.n_open) == (2, 0)


def test_the_store_shows_everybody_with_their_names(cast: Cast) -> None:
    promise(cast.dana)
    promise(cast.sam)
    promise(cast.earl)
    whose = queues.Whose(cast.northside.pk, None)
    day = queues.my_day(cast.bea, timezone.now(), whose)
    assert {row.owner for row in day.groups[0].rows} == {"Dana Ruiz", "Sam Tully"}


def test_a_day_costs_five_questions_however_long_it_is(
    cast: Cast, django_assert_num_queries: Callable[..., object]
) -> None:
    cast.dana.refresh_from_db()
    store = cast.dana.store
    assert store.zone
    for n in range(40):
        promise(cast.dana, due=timedelta(minutes=20 * n - 100))
    with django_assert_num_queries(5):  # type: ignore[attr-defined]
        queues.my_day(cast.dana, timezone.now())


def test_without_an_outcome_there_is_no_percentage() -> None:
    assert numbers.Figures(opened=3, open=3).on_time_percent is None


def test_of_several_notices_about_one_promise_the_newest_is_shown(cast: Cast) -> None:
    now = timezone.now()
    old, other = promise(cast.dana, sentence="old"), promise(cast.dana, sentence="other")
    for owed, words, days in ((old, "Late: old", 3), (old, "Still owed: old", 2), (other, "Late: other", 1)):
        Notice.objects.create(
            store=cast.northside, staff=cast.dana, promise=owed, act="broken", words=words, at=now - timedelta(days=days)
        )  # fmt: skip
    assert [notice.words for notice in queues.my_day(cast.dana, now).notices] == [
        "Late: other",
        "Still owed: old",
    ]
