"""The pages on which people see what they owe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dealership.staff.models import StaffMember
from dealership.stores.models import OpenHours
from tasks.models import Notice, Promise
from tests.cast import Cast, make_customer
from tests.tasks.promised import closed, conversation, promise

SignedIn = Callable[[StaffMember], Client]
PAGES = [
    "/",
    "/promises/",
    "/promises/{pk}/",
    "/promises/new/",
    "/playbook/",
    "/playbook/answer_lead/",
    "/facts/",
]


@pytest.mark.parametrize("page", PAGES)
def test_nobody_sees_a_promise_before_signing_in(client: Client, cast: Cast, page: str) -> None:
    response = client.get(page.format(pk=promise(cast.dana).pk))
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


def test_eve_of_the_other_store_finds_nothing(signed_in: SignedIn, cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735554417")
    owed = promise(cast.dana, customer=maria, sentence="Dana calls Maria about the red one")
    eve = signed_in(cast.eve)
    assert eve.get(f"/promises/{owed.pk}/").status_code == 404
    assert eve.get(f"/promises/customer/{maria.pk}/").status_code == 404
    assert eve.get(f"/?of={cast.dana.pk}").status_code == 404
    assert owed.sentence not in eve.get("/?of=store").content.decode()
    assert owed.sentence not in eve.get("/promises/?of=store&state=open").content.decode()


def test_my_day_greets_and_says_how_much_is_mine_and_late(signed_in: SignedIn, cast: Cast) -> None:
    promise(cast.dana, due=timedelta(minutes=-22))
    promise(cast.dana, due=timedelta(minutes=20))
    closed(cast.dana, "kept")
    html = signed_in(cast.dana).get("/").content.decode()
    assert "Dana" in html
    assert "<b>2</b> promises are yours" in html
    assert "1 late" in html
    assert "1 kept today" in html
    assert "22 min" in html


def test_an_empty_day_says_what_was_kept(signed_in: SignedIn, cast: Cast) -> None:
    closed(cast.dana, "kept")
    closed(cast.dana, "kept")
    html = signed_in(cast.dana).get("/").content.decode()
    assert "You owe nothing right now" in html
    assert "2 promises kept today" in html


def test_my_day_stays_within_its_questions(
    signed_in: SignedIn, cast: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for n in range(30):
        promise(cast.dana, due=timedelta(minutes=10 * n - 60))
    client = signed_in(cast.dana)
    client.get("/")
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        assert client.get("/").status_code == 200


def test_the_part_of_the_day_is_asked_again_alone(signed_in: SignedIn, cast: Cast) -> None:
    promise(cast.dana)
    html = signed_in(cast.dana).get("/", headers={"HX-Request": "true"}).content.decode()
    assert html.lstrip().startswith('<div id="day"')
    assert 'hx-swap-oob="true"' in html
    assert "<html" not in html


def test_a_manager_looks_at_the_store_and_at_one_person(signed_in: SignedIn, cast: Cast) -> None:
    promise(cast.dana, sentence="Dana calls back")
    promise(cast.sam, sentence="Sam calls back")
    bea = signed_in(cast.bea)
    store = bea.get("/?of=store").content.decode()
    assert "Dana calls back" in store
    assert "Sam calls back" in store
    sam = bea.get(f"/?of={cast.sam.pk}").content.decode()
    assert "Dana calls back" not in sam
    assert "Sam calls back" in sam


def test_an_agent_looks_at_nobody_else(signed_in: SignedIn, cast: Cast) -> None:
    dana = signed_in(cast.dana)
    assert dana.get("/?of=store").status_code == 403
    assert dana.get(f"/?of={cast.sam.pk}").status_code == 403
    assert dana.get("/promises/?of=store").status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "/?of=nobody",
        "/?of=99999999999999999999",
        "/promises/?state=weather",
        "/promises/?rule=none",
        "/promises/999999999999999999999/",
    ],
)
def test_an_address_that_makes_no_sense_is_not_found(signed_in: SignedIn, cast: Cast, address: str) -> None:
    assert signed_in(cast.gus).get(address).status_code == 404


def test_a_promise_says_why_this_why_me_why_then(signed_in: SignedIn, cast: Cast) -> None:
    owed = promise(cast.dana, rung_ats=[timezone.now() + timedelta(minutes=40)])
    html = signed_in(cast.dana).get(f"/promises/{owed.pk}/").content.decode()
    assert "a lead came in" in html
    assert "Dana is next in turn." in html
    assert "Bea is away." in html
    assert "Counted 5 open minutes" in html
    assert "Bea, BDC manager" in html


def test_a_promise_that_was_made_before_reasons_were_kept_still_opens(
    signed_in: SignedIn, cast: Cast
) -> None:
    owed = promise(cast.dana, why={})
    assert signed_in(cast.dana).get(f"/promises/{owed.pk}/").status_code == 200


def test_a_promise_shows_the_conversation_with_its_customer(signed_in: SignedIn, cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735554417")
    talk = conversation(maria, cast.dana, "hello?")
    owed = promise(cast.dana, customer=maria)
    html = signed_in(cast.dana).get(f"/promises/{owed.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "(973) 555-4417" in html
    assert f"/inbox/{talk.pk}/thread/" in html
    assert "<html" not in html


def test_a_promise_leads_to_writing_only_whoever_may_write(signed_in: SignedIn, cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735554417")
    owed = promise(cast.dana, customer=maria)
    dana, tess = signed_in(cast.dana), signed_in(cast.tess)
    shown = dana.get(f"/promises/{owed.pk}/").content.decode()
    assert f'href="/inbox/customers/{maria.pk}/">Write first</a>' in shown
    assert dana.get(f"/inbox/customers/{maria.pk}/").status_code == 200
    assert "Write first" not in tess.get(f"/promises/{owed.pk}/").content.decode()
    talk = conversation(maria, cast.dana, "hello?")
    assert f"/inbox/{talk.pk}/composer/" in dana.get(f"/promises/{owed.pk}/").content.decode()
    assert f"/inbox/{talk.pk}/composer/" not in tess.get(f"/promises/{owed.pk}/").content.decode()


def test_one_promise_stays_within_its_questions(
    signed_in: SignedIn, cast: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735554417")
    owed = promise(cast.dana, customer=maria)
    client = signed_in(cast.dana)
    with django_assert_max_num_queries(10):  # type: ignore[attr-defined]
        client.get(f"/promises/{owed.pk}/", headers={"HX-Request": "true"})


@pytest.mark.parametrize(("who", "sees"), [("dana", True), ("bea", True), ("sam", False)])
def test_only_the_owner_and_managers_are_offered_to_hand_off_and_waive(
    signed_in: SignedIn, cast: Cast, who: str, sees: bool
) -> None:
    owed = promise(cast.dana)
    html = signed_in(getattr(cast, who)).get(f"/promises/{owed.pk}/").content.decode()
    assert (f"/promises/{owed.pk}/waive/" in html) is sees
    assert (f"/promises/{owed.pk}/hand-off/" in html) is sees


def test_a_late_promise_offers_no_new_time(signed_in: SignedIn, cast: Cast) -> None:
    owed = promise(cast.dana, due=timedelta(minutes=-1))
    html = signed_in(cast.dana).get(f"/promises/{owed.pk}/").content.decode()
    assert "/new-time/" not in html
    assert "still owed" in html


@pytest.mark.parametrize(
    ("state", "late", "words"),
    [("kept", False, "kept"), ("kept", True, "late"), ("waived", False, "waived"), ("void", False, "void")],
)
def test_a_promise_that_has_ended_says_how(
    signed_in: SignedIn, cast: Cast, state: str, late: bool, words: str
) -> None:
    owed = closed(cast.dana, state, late=late)
    html = signed_in(cast.dana).get(f"/promises/{owed.pk}/").content.decode()
    assert words in html
    assert "/waive/" not in html


def test_a_customer_is_shown_what_they_are_owed(signed_in: SignedIn, cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735554417")
    promise(cast.dana, customer=maria, due=timedelta(minutes=-4))
    promise(cast.sam, customer=maria)
    closed(cast.sam, "kept", customer=maria, sentence="Long since kept")
    html = signed_in(cast.ana).get(f"/promises/customer/{maria.pk}/").content.decode()
    assert "1 late" in html
    assert "Sam Tully" in html
    assert "Long since kept" not in html


def test_a_customer_who_is_owed_nothing_is_told_apart(signed_in: SignedIn, cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735554417")
    html = signed_in(cast.ana).get(f"/promises/customer/{maria.pk}/").content.decode()
    assert "Nothing is owed to Maria Lopez now." in html


def test_notices_are_shown_until_they_are_read(signed_in: SignedIn, cast: Cast) -> None:
    owed = promise(cast.dana)
    for staff in (cast.dana, cast.sam):
        Notice.objects.create(
            store=cast.northside, staff=staff, promise=owed, act="warned", words="Due soon", at=timezone.now()
        )
    dana = signed_in(cast.dana)
    assert "Due soon" in dana.get("/").content.decode()
    assert dana.post("/notices/seen/").status_code == 302
    assert "Due soon" not in dana.get("/").content.decode()
    assert Notice.objects.of_store(cast.northside.pk).get(staff=cast.sam).seen_at is None
    assert "Due soon" in signed_in(cast.sam).get("/").content.decode()
    Promise.objects.of_store(cast.northside.pk).update(
        state=Promise.State.KEPT, closed_at=timezone.now(), closed_by=cast.dana
    )
    assert "Due soon" not in signed_in(cast.sam).get("/").content.decode(), "what is kept needs no warning"


def test_a_page_of_a_department_shows_what_was_promised_about_its_thing(
    signed_in: SignedIn, cast: Cast
) -> None:
    promise(cast.dana, subject="lead:17", sentence="Hears from a person")
    closed(cast.sam, "kept", subject="lead:17", sentence="Was called back", rule="by_hand")
    promise(cast.dana, subject="lead:18", sentence="Somebody else’s")
    html = signed_in(cast.dana).get("/promises/about/lead:17/").content.decode()
    assert html.index("Hears from a person") < html.index("Was called back")
    assert "Somebody else’s" not in html
    assert "Nothing has been promised" in signed_in(cast.eve).get("/promises/about/lead:17/").content.decode()


def test_a_store_that_never_closes_is_simply_open(signed_in: SignedIn, cast: Cast) -> None:
    OpenHours.objects.of_store(cast.northside.pk).delete()
    OpenHours.objects.bulk_create(
        OpenHours(store=cast.northside, weekday=weekday, opens=time(0), closes=time(0))
        for weekday in range(7)
    )
    html = signed_in(cast.dana).get("/").content.decode()
    assert "open until" not in html
    assert "· open ·" in " ".join(html.split())
