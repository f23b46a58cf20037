"""What people do with promises, on the page and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from dealership.messaging.models import Call
from dealership.staff.models import StaffMember, Team
from tasks.models import Promise
from tests.cast import Cast, make_customer
from tests.tasks.promised import closed, promise

SignedIn = Callable[[StaffMember], Client]
HX = {"HX-Request": "true"}
ACTS = ["accept", "hand-off", "take-back", "waive", "unwaive", "new-time", "call", "done"]
SHEETS = ["hand-off", "waive", "new-time", "call", "done"]


def now_of(made: Promise) -> Promise:
    return Promise.objects.of_store(made.store_id).get(pk=made.pk)


@pytest.mark.parametrize("act", ACTS)
def test_a_stranger_can_do_nothing_with_it(signed_in: SignedIn, cast: Cast, act: str) -> None:
    owed = promise(cast.dana)
    assert (
        signed_in(cast.eve)
        .post(f"/promises/{owed.pk}/{act}/", {"why": "because", "to": cast.eve.pk})
        .status_code
        == 404
    )
    assert now_of(owed).owner_id == cast.dana.pk


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_done_before_signing_in(client: Client, cast: Cast, act: str) -> None:
    owed = promise(cast.dana)
    assert client.post(f"/promises/{owed.pk}/{act}/", {"why": "because"}).status_code == 302
    assert now_of(owed).state == "open"


@pytest.mark.parametrize("act", ["accept", "take-back", "unwaive"])
def test_looking_does_nothing(signed_in: SignedIn, cast: Cast, act: str) -> None:
    assert signed_in(cast.dana).get(f"/promises/{promise(cast.dana).pk}/{act}/").status_code == 405


@pytest.mark.parametrize("act", SHEETS)
def test_each_act_has_a_page_and_a_sheet(signed_in: SignedIn, cast: Cast, act: str) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735554417")
    owed = promise(cast.dana, rule="by_hand", customer=maria)
    dana = signed_in(cast.dana)
    page = dana.get(f"/promises/{owed.pk}/{act}/")
    sheet = dana.get(f"/promises/{owed.pk}/{act}/", headers=HX)
    assert b"<html" in page.content
    assert b"<html" not in sheet.content
    assert b"hx-post" in sheet.content


def test_an_offer_is_taken_on(signed_in: SignedIn, cast: Cast) -> None:
    owed = promise(cast.dana, accepted_at=None)
    response = signed_in(cast.dana).post(f"/promises/{owed.pk}/accept/", headers=HX)
    assert response.status_code == 204
    assert "kept:changed" in response["HX-Trigger"]
    assert now_of(owed).accepted_at is not None


def test_one_of_the_team_takes_from_its_queue(signed_in: SignedIn, cast: Cast) -> None:
    team = Team.objects.of_store(cast.northside.pk).get()
    owed = promise(cast.bea, queue=team, accepted_at=None)
    signed_in(cast.dana).post(f"/promises/{owed.pk}/accept/", headers=HX)
    assert now_of(owed).owner_id == cast.dana.pk


def test_what_was_kept_meanwhile_is_not_taken_and_says_so(signed_in: SignedIn, cast: Cast) -> None:
    owed = closed(cast.dana, "kept")
    response = signed_in(cast.dana).post(f"/promises/{owed.pk}/accept/", headers=HX)
    assert "kept in the meantime" in response["HX-Trigger"]


def test_a_hand_off_goes_to_a_colleague_with_its_reason_and_can_be_undone(
    signed_in: SignedIn, cast: Cast
) -> None:
    owed = promise(cast.dana)
    dana = signed_in(cast.dana)
    response = dana.post(
        f"/promises/{owed.pk}/hand-off/", {"to": cast.sam.pk, "why": "He knows her"}, headers=HX
    )
    assert response.status_code == 204
    assert f"/promises/{owed.pk}/take-back/" in response["HX-Trigger"]
    assert now_of(owed).owner_id == cast.sam.pk
    assert "He knows her" in signed_in(cast.sam).get("/").content.decode()
    dana.post(f"/promises/{owed.pk}/take-back/", headers=HX)
    assert now_of(owed).owner_id == cast.dana.pk
    assert "He knows her" not in signed_in(cast.sam).get("/").content.decode()


def test_a_hand_off_that_was_taken_on_is_not_taken_back(signed_in: SignedIn, cast: Cast) -> None:
    owed = promise(cast.dana)
    dana, sam = signed_in(cast.dana), signed_in(cast.sam)
    dana.post(f"/promises/{owed.pk}/hand-off/", {"to": cast.sam.pk, "why": "He knows her"})
    sam.post(f"/promises/{owed.pk}/accept/")
    dana.post(f"/promises/{owed.pk}/take-back/")
    assert now_of(owed).owner_id == cast.sam.pk


def test_nobody_of_another_store_can_be_handed_anything(signed_in: SignedIn, cast: Cast) -> None:
    owed = promise(cast.dana)
    response = signed_in(cast.dana).post(
        f"/promises/{owed.pk}/hand-off/", {"to": cast.eve.pk, "why": "why not"}
    )
    assert response.status_code == 422
    assert now_of(owed).owner_id == cast.dana.pk


def test_a_colleague_may_not_hand_off_what_is_not_theirs(signed_in: SignedIn, cast: Cast) -> None:
    owed = promise(cast.dana)
    response = signed_in(cast.sam).post(f"/promises/{owed.pk}/hand-off/", {"to": cast.sam.pk, "why": "mine"})
    assert response.status_code == 422
    assert "Only Dana or a manager" in response.content.decode()


def test_a_waiver_needs_a_reason_and_keeps_what_was_typed(signed_in: SignedIn, cast: Cast) -> None:
    owed = promise(cast.dana)
    dana = signed_in(cast.dana)
    response = dana.post(f"/promises/{owed.pk}/waive/", {"why": "x"}, headers=HX)
    assert response.status_code == 422
    assert ">\nx</textarea>" in response.content.decode()
    assert "reason" in response.content.decode()
    assert dana.post(f"/promises/{owed.pk}/waive/", {"why": ""}).status_code == 422
    assert now_of(owed).state == "open"


def test_a_waiver_is_undone(signed_in: SignedIn, cast: Cast) -> None:
    owed = promise(cast.dana)
    dana = signed_in(cast.dana)
    dana.post(f"/promises/{owed.pk}/waive/", {"why": "Bought elsewhere"}, headers=HX)
    assert now_of(owed).state == "waived"
    dana.post(f"/promises/{owed.pk}/unwaive/", headers=HX)
    assert now_of(owed).state == "open"


def test_without_javascript_the_page_after_an_act_says_what_was_done_and_offers_the_way_back(
    signed_in: SignedIn, cast: Cast
) -> None:
    owed = promise(cast.dana)
    response = signed_in(cast.dana).post(
        f"/promises/{owed.pk}/waive/", {"why": "Bought elsewhere"}, follow=True
    )
    html = response.content.decode()
    assert "Waived." in html
    assert f'action="/promises/{owed.pk}/unwaive/"' in html


def test_a_new_time_is_read_on_the_stores_clock(signed_in: SignedIn, cast: Cast) -> None:
    owed = promise(cast.dana)
    new = (timezone.now() + timedelta(hours=3)).astimezone(ZoneInfo("America/New_York"))
    typed = new.strftime("%Y-%m-%dT%H:%M")
    signed_in(cast.dana).post(f"/promises/{owed.pk}/new-time/", {"due_at": typed, "words": "I call at three"})
    assert now_of(owed).due_at == new.replace(second=0, microsecond=0)
    assert now_of(owed).renegotiated_at is not None


@pytest.mark.parametrize(
    "typed", ["", "tomorrow", "2026-13-45T99:99", "2001-01-01T10:00", "9999-12-31T23:59", "0001-01-01T00:00"]
)
def test_a_time_that_cannot_be_is_said_beside_its_field(signed_in: SignedIn, cast: Cast, typed: str) -> None:
    owed = promise(cast.dana)
    response = signed_in(cast.dana).post(f"/promises/{owed.pk}/new-time/", {"due_at": typed, "words": "told"})
    assert response.status_code == 422
    assert 'id="id_due_at_error"' in response.content.decode()
    assert f'value="{typed}"' in response.content.decode() or not typed
    assert now_of(owed).due_at == owed.due_at


def test_a_new_time_after_the_old_one_passed_is_refused(signed_in: SignedIn, cast: Cast) -> None:
    owed = promise(cast.dana, due=timedelta(minutes=-2))
    typed = (timezone.now() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    response = signed_in(cast.dana).post(f"/promises/{owed.pk}/new-time/", {"due_at": typed, "words": "told"})
    assert response.status_code == 422
    assert "hour has passed" in response.content.decode()


def test_a_call_is_logged_with_its_outcome(signed_in: SignedIn, cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735554417")
    owed = promise(cast.dana, customer=maria)
    client = signed_in(cast.dana)
    assert client.post(f"/promises/{owed.pk}/call/", {"outcome": "danced"}).status_code == 422
    client.post(f"/promises/{owed.pk}/call/", {"outcome": "voicemail", "note": "will try again"})
    call = Call.objects.of_store(cast.northside.pk).get()
    assert (call.outcome, call.by_id, call.subject) == ("voicemail", cast.dana.pk, owed.subject)
    assert now_of(owed).state == "open"


def test_a_call_about_nobody_cannot_be_logged(signed_in: SignedIn, cast: Cast) -> None:
    owed = promise(cast.dana)
    assert (
        signed_in(cast.dana).post(f"/promises/{owed.pk}/call/", {"outcome": "connected"}).status_code == 422
    )


def test_a_technician_logs_no_calls(signed_in: SignedIn, cast: Cast) -> None:
    assert signed_in(cast.tess).get(f"/promises/{promise(cast.tess).pk}/call/").status_code == 403


def test_only_what_a_person_promised_is_done_on_a_word(signed_in: SignedIn, cast: Cast) -> None:
    dana = signed_in(cast.dana)
    by_rule, by_hand = promise(cast.dana), promise(cast.dana, rule="by_hand")
    assert dana.post(f"/promises/{by_rule.pk}/done/", {"why": "I did it"}).status_code == 422
    dana.post(f"/promises/{by_hand.pk}/done/", {"why": "Called her from the lot"})
    assert now_of(by_rule).state == "open"
    assert now_of(by_hand).state == "kept"


def test_i_call_back_at_three(signed_in: SignedIn, cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735554417")
    new = (timezone.now() + timedelta(hours=3)).astimezone(ZoneInfo("America/New_York"))
    typed = {
        "sentence": "I call back at three",
        "customer": maria.pk,
        "due_at": new.strftime("%Y-%m-%dT%H:%M"),
        "owner": cast.dana.pk,
    }
    response = signed_in(cast.dana).post("/promises/new/", typed, headers=HX)
    assert response.status_code == 204
    made = Promise.objects.of_store(cast.northside.pk).get()
    assert (made.sentence, made.customer_id, made.owner_id, made.rule) == (
        typed["sentence"],
        maria.pk,
        cast.dana.pk,
        "by_hand",
    )


def test_a_promise_in_the_past_is_refused_and_nothing_typed_is_lost(signed_in: SignedIn, cast: Cast) -> None:
    typed = {"sentence": "I call back at three", "due_at": "2026-01-01T10:00", "owner": cast.dana.pk}
    response = signed_in(cast.dana).post("/promises/new/", typed)
    html = response.content.decode()
    assert response.status_code == 422
    assert "I call back at three" in html
    assert "must lie ahead" in html or "two years" in html


@pytest.mark.parametrize("customer", ["x", "999999999999999999999", "0"])
def test_a_promise_to_nobody_known_is_refused(signed_in: SignedIn, cast: Cast, customer: str) -> None:
    typed = {"sentence": "I call", "due_at": "2026-01-01T10:00", "owner": cast.dana.pk, "customer": customer}
    assert signed_in(cast.dana).post("/promises/new/", typed).status_code == 422


def test_no_customer_of_another_store_can_be_promised_anything(signed_in: SignedIn, cast: Cast) -> None:
    theirs = make_customer(cast.eastside, "Ed East", "+13125554417")
    dana = signed_in(cast.dana)
    assert "Ed East" not in dana.get(f"/promises/new/?customer={theirs.pk}").content.decode()
    new = (timezone.now() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    typed = {"sentence": "I call", "due_at": new, "owner": cast.dana.pk, "customer": theirs.pk}
    assert dana.post("/promises/new/", typed).status_code == 422


def test_a_customer_is_found_while_typing(signed_in: SignedIn, cast: Cast) -> None:
    make_customer(cast.northside, "Maria Lopez", "+19735554417")
    html = signed_in(cast.dana).get("/promises/new/customers/?q=4417", headers=HX).content.decode()
    assert "Maria Lopez" in html
    nobody = signed_in(cast.dana).get("/promises/new/customers/?q=zzzz", headers=HX).content.decode()
    assert "Nobody of that name" in nobody
