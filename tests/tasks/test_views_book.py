"""The playbook's pages, a store's own numbers, and facts that failed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from dealership.events import replay
from dealership.events.models import EventRecord
from dealership.lists.models import BulkAct
from dealership.staff.models import StaffMember
from tasks import due, overrides, rulebook
from tasks.models import StoreOverride
from tests.cast import MONDAY_TEN, Cast
from tests.tasks.promised import closed, promise

SignedIn = Callable[[StaffMember], Client]
RULE = "answer_lead"


def own(cast: Cast) -> list[StoreOverride]:
    return list(StoreOverride.objects.of_store(cast.northside.pk).order_by("pk"))


def test_the_playbook_says_every_rule(signed_in: SignedIn, cast: Cast) -> None:
    html = unescape(signed_in(cast.tess).get("/playbook/").content.decode())
    for key, rule in rulebook.rules().items():
        assert f"/playbook/{key}/" in html
        assert rule.sentence in html


def test_every_figure_opens_its_list_for_who_may_see_it(signed_in: SignedIn, cast: Cast) -> None:
    closed(cast.dana, "kept")
    promise(cast.dana, due=timedelta(minutes=-3))
    link = f"of=store&amp;rule={RULE}&amp;state=broken"
    assert link in signed_in(cast.bea).get("/playbook/").content.decode()
    assert link not in signed_in(cast.dana).get("/playbook/").content.decode()
    assert "50%" in signed_in(cast.dana).get("/playbook/").content.decode()


def test_the_playbook_stays_within_its_questions(
    signed_in: SignedIn, cast: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = signed_in(cast.bea)
    client.get("/playbook/")
    with django_assert_max_num_queries(6):  # type: ignore[attr-defined]
        client.get("/playbook/")


def test_the_other_stores_promises_are_not_in_the_figures(signed_in: SignedIn, cast: Cast) -> None:
    promise(cast.earl)
    assert signed_in(cast.bea).get(f"/playbook/{RULE}/").context["figures"].opened == 0


def test_a_rule_that_is_not_there_is_not_found(signed_in: SignedIn, cast: Cast) -> None:
    assert signed_in(cast.bea).get("/playbook/no_such_rule/").status_code == 404


def test_a_manager_sets_the_stores_own_numbers_dated_and_signed(signed_in: SignedIn, cast: Cast) -> None:
    typed = {
        "is_on": "on",
        "amount": 12,
        "unit": "open_minutes",
        "owner_role": "bdc_manager",
        "why": "Two agents on leave",
    }
    response = signed_in(cast.bea).post(f"/playbook/{RULE}/", typed, follow=True)
    row = own(cast)[0]
    assert (row.due, row.owner_role, row.by_id) == (
        due.to_json(due.open_minutes(12)),
        "bdc_manager",
        cast.bea.pk,
    )
    html = response.content.decode()
    assert "12 open minutes" in html
    assert "Two agents on leave" in html
    assert "this store’s numbers" in signed_in(cast.dana).get("/playbook/").content.decode()


def test_the_rules_own_time_is_kept_as_the_rules_own(signed_in: SignedIn, cast: Cast) -> None:
    typed = {
        "is_on": "on",
        "amount": 5,
        "unit": "open_minutes",
        "owner_role": "bdc_manager",
        "why": "Only the owner",
    }
    signed_in(cast.bea).post(f"/playbook/{RULE}/", typed)
    assert own(cast)[0].due is None


def test_older_numbers_stay_as_history(signed_in: SignedIn, cast: Cast) -> None:
    bea = signed_in(cast.bea)
    for amount in (7, 9):
        typed = {"is_on": "on", "amount": amount, "unit": "open_minutes", "why": f"Now {amount}"}
        bea.post(f"/playbook/{RULE}/", typed)
    html = bea.get(f"/playbook/{RULE}/").content.decode()
    assert "Now 7" in html
    assert "Now 9" in html
    assert len(own(cast)) == 2


def test_a_rule_is_switched_off_for_this_store_only(signed_in: SignedIn, cast: Cast) -> None:
    signed_in(cast.bea).post(
        f"/playbook/{RULE}/", {"amount": 5, "unit": "open_minutes", "why": "No leads here"}
    )
    assert own(cast)[0].is_on is False
    assert "not promised here" in signed_in(cast.bea).get("/playbook/").content.decode()
    assert "not promised here" not in signed_in(cast.eve).get("/playbook/").content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {"is_on": "on", "amount": 0, "unit": "open_minutes", "why": "too little"},
        {"is_on": "on", "amount": "soon", "unit": "open_minutes", "why": "no number"},
        {"is_on": "on", "amount": 10**9, "unit": "open_days", "why": "too much"},
        {"is_on": "on", "amount": 6, "unit": "fortnights", "why": "no unit"},
        {"is_on": "on", "amount": 6, "unit": "open_minutes", "why": ""},
        {"is_on": "on", "amount": 6, "unit": "open_minutes", "why": "x"},
        {"is_on": "on", "amount": 6, "unit": "open_minutes", "owner_role": "king", "why": "no role"},
        {"is_on": "on", "amount": 5, "unit": "open_minutes", "why": "nothing differs"},
    ],
)
def test_numbers_that_cannot_be_are_refused(
    signed_in: SignedIn, cast: Cast, typed: dict[str, object]
) -> None:
    assert signed_in(cast.bea).post(f"/playbook/{RULE}/", typed).status_code == 422
    assert own(cast) == []


def test_an_agent_reads_a_rule_and_changes_nothing(signed_in: SignedIn, cast: Cast) -> None:
    dana = signed_in(cast.dana)
    assert "Set these numbers" not in dana.get(f"/playbook/{RULE}/").content.decode()
    typed = {"is_on": "on", "amount": 50, "unit": "open_minutes", "why": "I would like that"}
    assert dana.post(f"/playbook/{RULE}/", typed).status_code == 403
    assert own(cast) == []


def test_the_verb_refuses_too_whoever_asks(cast: Cast) -> None:
    with pytest.raises(overrides.NotAllowed):
        overrides.lay_over(
            RULE, is_on=False, due=None, owner_role="", why="because", by=cast.dana, now=timezone.now()
        )


# --- facts that failed -------------------------------------------------------------------------------------------------


def failed(staff: StaffMember, kind: str = "LeadClosed") -> EventRecord:
    now = timezone.now()
    return EventRecord.objects.create(
        store=staff.store,
        kind=kind,
        subject="lead:48213",
        at=now,
        told_at=now,
        attempts=6,
        last_error="BadRule: no such advisor",
        next_try_at=now + timedelta(hours=1),
    )


def test_a_fact_that_failed_stands_with_its_error(signed_in: SignedIn, cast: Cast) -> None:
    failed(cast.dana)
    html = signed_in(cast.bea).get("/facts/").content.decode()
    assert "Lead closed" in html
    assert "no such advisor" in html


def test_an_agent_does_not_see_failed_facts(signed_in: SignedIn, cast: Cast) -> None:
    assert signed_in(cast.dana).get("/facts/").status_code == 403
    assert signed_in(cast.dana).post(f"/facts/{failed(cast.dana).pk}/replay/").status_code == 403


def test_without_failed_facts_the_page_says_so(signed_in: SignedIn, cast: Cast) -> None:
    failed(cast.eve)
    assert "Every fact was heard" in signed_in(cast.bea).get("/facts/").content.decode()


def test_a_fact_is_replayed_by_a_press(
    signed_in: SignedIn, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def apply(pk: int) -> bool:
        asked.append(pk)
        return True

    monkeypatch.setattr(replay, "replay", apply)
    fact = failed(cast.dana)
    response = signed_in(cast.bea).post(f"/facts/{fact.pk}/replay/", follow=True)
    assert asked == [fact.pk]
    assert "could be applied now" in response.content.decode()


def test_a_fact_that_fails_again_says_so(
    signed_in: SignedIn, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "replay", lambda pk: False)
    response = signed_in(cast.bea).post(f"/facts/{failed(cast.dana).pk}/replay/", follow=True)
    assert "It failed again: BadRule: no such advisor" in response.content.decode()


def test_a_fact_that_is_no_longer_known_is_not_replayed(signed_in: SignedIn, cast: Cast) -> None:
    response = signed_in(cast.bea).post(
        f"/facts/{failed(cast.dana, 'WeatherChanged').pk}/replay/", follow=True
    )
    assert "no longer a fact" in response.content.decode()


def test_the_other_stores_facts_are_not_replayed(signed_in: SignedIn, cast: Cast) -> None:
    assert signed_in(cast.eve).post(f"/facts/{failed(cast.dana).pk}/replay/").status_code == 404


def parked(staff: StaffMember, n: int) -> list[EventRecord]:
    """So many that are tried no more, one minute after the other."""
    facts = [failed(staff, "LeadReceived" if k % 2 else "LeadClosed") for k in range(n)]
    for k, fact in enumerate(facts):
        fact.parked_at, fact.next_try_at, fact.attempts = MONDAY_TEN + timedelta(minutes=k), None, 8
        fact.save()
    return facts


def test_the_list_of_failed_facts_is_asked_by_kind_and_state_and_taken_away(
    signed_in: SignedIn, cast: Cast
) -> None:
    failed(cast.dana)
    parked(cast.dana, 3)
    browser = signed_in(cast.bea)

    def lines(asked: str) -> list[dict[str, str]]:
        file = browser.get(f"/facts/export/?{asked}").content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(file)))

    assert [(row["Fact"], row["Tries"]) for row in lines("sort=tries")] == [
        ("Lead closed", "8"),
        ("Lead received", "8"),
        ("Lead closed", "8"),
        ("Lead closed", "6"),
    ]
    assert len(lines("state=parked&kind=LeadClosed")) == 2
    assert [row["What went wrong"] for row in lines("state=waiting")] == ["BadRule: no such advisor"]
    page = browser.get("/facts/?state=parked&cols=kind&cols=why").content.decode()
    assert "3 facts" in page
    assert "no such advisor" in page
    assert "Next try</th>" not in page


def test_many_parked_facts_are_tried_again_at_once_and_parked_again_where_that_has_not_begun(
    signed_in: SignedIn, cast: Cast
) -> None:
    facts, browser = parked(cast.dana, 3), signed_in(cast.bea)
    again = "/facts/many/again/?" + "&".join(f"row={fact.pk}" for fact in facts[:2])
    assert "Try 2 facts again" in browser.get(again).content.decode()
    assert "2 facts tried again" in browser.post(again, {"n": 2}, follow=True).content.decode()
    assert "1 fact<" in browser.get("/facts/?state=parked").content.decode()
    EventRecord.objects.of_store(cast.northside.pk).filter(pk=facts[0].pk).update(
        applied_at=MONDAY_TEN, next_try_at=None
    )
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    back = browser.post(f"/lists/acts/{act.pk}/undo/", follow=True).content.decode()
    assert "1 of 2 are as they were" in back
    facts[1].refresh_from_db()
    assert (facts[1].attempts, facts[1].parked_at) == (8, MONDAY_TEN + timedelta(minutes=1))
