"""The inbox and the conversation: who waits, what was said, what may be sent now, and who may see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from dealership.messaging import calls, conversations, fates, inbound, sending
from dealership.messaging.models import Call, CarrierCall, Conversation, Message
from dealership.messaging.transports.carrier import Accepted
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import PHONE, FakeCarrier, clock_at, maria, queue
from tests.messaging.test_inbound import call

SignedIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MONDAY_TEN)


def wrote(cast: Cast, body: str, *, minutes_ago: int = 5, number: str = PHONE) -> Conversation:
    at = MONDAY_TEN - timedelta(minutes=minutes_ago)
    return inbound.receive(call(cast.northside, body, number=number), received_at=at, now=at).conversation


def text(browser: Client, talk: Conversation, body: str, **headers: str):
    return browser.post(f"/inbox/{talk.pk}/send/", {"body": body, "key": str(uuid4())}, headers=headers)


def sent(at: datetime = MONDAY_TEN) -> FakeCarrier:
    carrier = FakeCarrier(Accepted("SM1"))
    sending.send_due(transport=carrier, clock=clock_at(at))
    return carrier


def test_who_waits_longest_stands_first(cast: Cast, signed_in: SignedIn) -> None:
    maria(cast.northside)
    wrote(cast, "I wait long", minutes_ago=40)
    wrote(cast, "I came later", minutes_ago=10, number="+19735550150")
    wrote(cast, "STOP", minutes_ago=1, number="+19735550151")

    page = signed_in(cast.dana).get("/inbox/").content.decode()

    assert page.index("I wait long") < page.index("I came later") < page.index("STOP")
    assert "<b>2</b> wait for an answer" in page


@pytest.mark.parametrize(
    ("which", "shown"),
    [
        ("show=all", {"one", "two"}),
        ("show=waiting", {"one", "two"}),
        ("show=mine", {"two"}),
        ("of=service", {"two"}),
        ("show=unowned&of=service", set()),
        ("show=x&of=y", {"one", "two"}),
    ],
)
def test_the_inbox_is_filtered(cast: Cast, signed_in: SignedIn, which: str, shown: set[str]) -> None:
    wrote(cast, "number one")
    two = wrote(cast, "number two: brakes", number="+19735550150")
    conversations.hold(conversation=two, holder=cast.ana, by=cast.ana, now=MONDAY_TEN)

    page = signed_in(cast.ana).get(f"/inbox/?{which}").content.decode()

    assert {word for word in ("one", "two") if f"number {word}" in page} == shown


def test_a_long_inbox_goes_on_by_pages_without_losing_or_repeating_anybody(
    cast: Cast, signed_in: SignedIn
) -> None:
    customer = maria(cast.northside)
    Conversation.objects.bulk_create(
        Conversation(
            store=cast.northside,
            customer=customer,
            our_number=cast.northside.text_number,
            their_number=f"+1973556{n:04d}",
            last_at=MONDAY_TEN - timedelta(minutes=n // 3),
            last_body=f"words {n:04d}!",
        )
        for n in range(95)
    )
    browser, path, seen = signed_in(cast.dana), "/inbox/?show=all", []

    while path:
        page = browser.get(path).content.decode()
        seen += [n for n in range(95) if f"words {n:04d}!" in page]
        path = (
            page.split('class="more" href="')[1].split('"')[0].replace("&amp;", "&")
            if 'class="more"' in page
            else ""
        )

    assert sorted(seen) == list(range(95))


@pytest.mark.parametrize(
    "after", ["x", "2026_1", "2026-11-23T10:00:00_1", "2026-11-23T10:00:00+00:00_" + "9" * 40]
)
def test_a_broken_page_mark_shows_the_inbox_from_the_start(
    cast: Cast, signed_in: SignedIn, after: str
) -> None:
    assert signed_in(cast.dana).get("/inbox/", {"after": after}).status_code == 200


def test_an_empty_inbox_says_so(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.dana).get("/inbox/").content.decode()

    assert "Nobody waits" in page
    assert "No texts yet" in page


def test_the_thread_tells_the_machine_from_people_and_how_a_text_was_read(
    cast: Cast, signed_in: SignedIn
) -> None:
    customer = maria(cast.northside)
    message = queue(customer, "Your visit is tomorrow. Reply C to confirm.")
    sent()
    fates.told(uuid=message.uuid, status="delivered", code="", sid="SM1", at=MONDAY_TEN, now=MONDAY_TEN)
    talk = wrote(cast, "How much for <b>brakes</b>?", minutes_ago=-3)
    calls.log(customer=customer, by=cast.ana, outcome="voicemail", now=MONDAY_TEN)

    page = signed_in(cast.ana).get(f"/inbox/{talk.pk}/").content.decode()

    assert 'class="msg auto"' in page
    assert "automatic · about a service visit · received 10:00 am" in page
    assert "read as:" in page
    assert "&lt;b&gt;brakes&lt;/b&gt;" in page
    assert "Ana called 10:00 am: left a message" in page


def test_under_the_composer_stands_what_the_gate_says_now(cast: Cast, signed_in: SignedIn) -> None:
    maria(cast.northside)
    talk = wrote(cast, "hi there")
    browser = signed_in(cast.dana)

    assert (
        "Goes at once: they wrote 5 minutes ago, 10:00 am their time"
        in browser.get(f"/inbox/{talk.pk}/").content.decode()
    )
    wrote(cast, "STOP", minutes_ago=1)
    page = browser.get(f"/inbox/{talk.pk}/").content.decode()
    assert "They opted out" in page
    assert "data-send disabled" in page


def test_a_person_answers_holds_the_conversation_and_nobody_waits(cast: Cast, signed_in: SignedIn) -> None:
    maria(cast.northside)
    talk = wrote(cast, "Is it ready?")

    response = text(signed_in(cast.ana), talk, "Yes, come any time")
    carrier = sent()

    talk.refresh_from_db()
    message = Message.objects.of_store(cast.northside.pk).get(is_inbound=False)
    assert response["Location"] == f"/inbox/{talk.pk}/"
    assert [parcel.body for parcel in carrier.given] == ["Yes, come any time"]
    assert (message.author, talk.holder, talk.waiting_since) == (cast.ana, cast.ana, None)


def test_pressed_twice_it_is_sent_once(cast: Cast, signed_in: SignedIn) -> None:
    maria(cast.northside)
    talk, browser, key = wrote(cast, "Is it ready?"), signed_in(cast.ana), str(uuid4())

    for _ in range(3):
        browser.post(f"/inbox/{talk.pk}/send/", {"body": "Yes", "key": key})

    assert Message.objects.of_store(cast.northside.pk).filter(is_inbound=False).count() == 1


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "Write something first"),
        ("x" * 1601, "1600 characters"),
        ("Reply CANCEL if you cannot come", "gets no more texts"),
    ],
)
def test_what_was_typed_stays_and_what_is_wrong_stands_beside_it(
    cast: Cast, signed_in: SignedIn, body: str, says: str
) -> None:
    maria(cast.northside)
    talk = wrote(cast, "Is it ready?")

    response = text(signed_in(cast.ana), talk, body, **{"HX-Request": "true"})

    page = response.content.decode()
    assert response.status_code == 422
    assert says in page
    assert body in page
    assert "<html" not in page


def test_an_answer_that_was_half_written_lies_in_the_composer(cast: Cast, signed_in: SignedIn) -> None:
    talk = wrote(cast, "yes")
    message = Message.objects.of_store(cast.northside.pk).get()
    message.reading["draft"] = "Shall it be 10?"
    message.save(update_fields=["reading"])

    page = signed_in(cast.ana).get(f"/inbox/{talk.pk}/").content.decode()

    assert "Shall it be 10?" in page
    assert "Half written for you" in page


def test_a_stop_that_may_have_meant_the_appointment_is_pointed_out(cast: Cast, signed_in: SignedIn) -> None:
    talk = wrote(cast, "stop. cancel my appointment")
    message = Message.objects.of_store(cast.northside.pk).get()
    message.reading["maybe_meant_appointment"], message.needs_person = True, True
    message.save(update_fields=["reading", "needs_person"])
    conversations.count_waiting(talk)

    assert "may have meant the appointment" in signed_in(cast.ana).get(f"/inbox/{talk.pk}/").content.decode()


def test_a_conversation_is_taken_handed_over_and_let_go(cast: Cast, signed_in: SignedIn) -> None:
    talk = wrote(cast, "hello")
    ana, sam = signed_in(cast.ana), signed_in(cast.sam)

    ana.post(f"/inbox/{talk.pk}/hold/", {"holder": cast.ana.pk})
    refused = sam.post(f"/inbox/{talk.pk}/hold/", {"holder": cast.sam.pk})
    talk.refresh_from_db()
    assert refused.status_code == 422
    assert "Ana Moreno holds this conversation" in refused.content.decode()
    assert talk.holder == cast.ana
    ana.post(f"/inbox/{talk.pk}/hold/", {"holder": cast.sam.pk})
    talk.refresh_from_db()
    assert (talk.holder, talk.department) == (cast.sam, "sales")
    assert "Lou Becker" in sam.get(f"/inbox/{talk.pk}/hand-over/").content.decode()
    sam.post(f"/inbox/{talk.pk}/hold/", {"holder": ""})
    sam.post(f"/inbox/{talk.pk}/department/", {"department": "service"})
    talk.refresh_from_db()
    assert (talk.holder, talk.department) == (None, "service")


def test_nobody_hands_a_conversation_to_another_store_or_to_who_may_not_write(
    cast: Cast, signed_in: SignedIn
) -> None:
    talk, browser = wrote(cast, "hello"), signed_in(cast.ana)

    stranger = browser.post(f"/inbox/{talk.pk}/hold/", {"holder": cast.eve.pk})
    technician = browser.post(f"/inbox/{talk.pk}/hold/", {"holder": cast.tess.pk})

    talk.refresh_from_db()
    assert (stranger.status_code, technician.status_code, talk.holder) == (404, 422, None)


def test_a_call_is_written_down_and_a_connected_one_ends_the_waiting(cast: Cast, signed_in: SignedIn) -> None:
    customer = maria(cast.northside)
    talk, browser = wrote(cast, "call me"), signed_in(cast.ana)

    wrong = browser.post(
        f"/inbox/customers/{customer.pk}/call/", {"outcome": "telepathy", "note": "kept words"}
    )
    assert wrong.status_code == 422
    assert "kept words" in wrong.content.decode()
    browser.post(f"/inbox/customers/{customer.pk}/call/", {"outcome": "no_answer", "note": ""})
    talk.refresh_from_db()
    assert talk.waiting_since is not None
    browser.post(f"/inbox/customers/{customer.pk}/call/", {"outcome": "connected", "note": "ready at 5"})

    talk.refresh_from_db()
    assert talk.waiting_since is None
    assert Call.objects.of_store(cast.northside.pk).count() == 2


def test_the_customer_panel_shows_the_conversation_or_takes_a_first_text(
    cast: Cast, signed_in: SignedIn
) -> None:
    customer, browser = maria(cast.northside), signed_in(cast.ana)
    path = f"/inbox/customers/{customer.pk}/"

    assert "No texts yet" in browser.get(path).content.decode()
    part = {"HX-Request": "true"}
    written = browser.post(f"{path}write/", {"body": "Your part is in", "key": str(uuid4())}, headers=part)
    assert "kept:changed" in written["HX-Trigger"]
    # Where it was written the conversation goes on, and whoever comes to the page finds the same.
    for page in (written.content.decode(), browser.get(path, headers=part).content.decode()):
        assert "Your part is in" in page
        assert "composer-" in page
        assert "<html" not in page


def test_a_text_that_could_not_be_read_is_seen_by_who_may_mend_it(cast: Cast, signed_in: SignedIn) -> None:
    CarrierCall.objects.create(
        kind="inbound",
        external_id="SMX",
        payload=call(cast.northside, "lost words"),
        received_at=MONDAY_TEN,
        attempts=3,
        last_error="RuntimeError: broken",
    )

    assert "lost words" in signed_in(cast.rosa).get("/inbox/").content.decode()
    assert "lost words" not in signed_in(cast.dana).get("/inbox/").content.decode()
    assert "lost words" not in signed_in(cast.eve).get("/inbox/").content.decode()


def paths(talk: Conversation) -> list[str]:
    base, person = f"/inbox/{talk.pk}/", f"/inbox/customers/{talk.customer_id}/"
    return [base, f"{base}thread/", f"{base}composer/", f"{base}hand-over/", person, f"{person}call/"]


def posts(talk: Conversation) -> list[str]:
    base, person = f"/inbox/{talk.pk}/", f"/inbox/customers/{talk.customer_id}/"
    return [f"{base}send/", f"{base}hold/", f"{base}department/", f"{person}write/", f"{person}call/"]


def test_the_other_store_sees_and_does_nothing(cast: Cast, signed_in: SignedIn) -> None:
    maria(cast.northside)
    talk, eve = wrote(cast, "a secret"), signed_in(cast.eve)

    assert "a secret" not in eve.get("/inbox/").content.decode()
    assert {eve.get(path).status_code for path in paths(talk)} == {404}
    assert {eve.post(path, {"body": "x", "outcome": "connected"}).status_code for path in posts(talk)} == {
        404
    }


def test_who_is_not_signed_in_is_sent_to_the_door(cast: Cast) -> None:
    talk = wrote(cast, "hello")
    nobody = Client()

    found = [nobody.get(path) for path in ["/inbox/", *paths(talk)]] + [
        nobody.post(path) for path in posts(talk)
    ]

    assert {response.status_code for response in found} == {302}
    assert all("/account/login/" in response["Location"] for response in found)


def test_a_technician_reads_and_does_not_write(cast: Cast, signed_in: SignedIn) -> None:
    maria(cast.northside)
    talk, tess = wrote(cast, "hello"), signed_in(cast.tess)

    page = tess.get(f"/inbox/{talk.pk}/").content.decode()

    assert "hello" in page
    assert "composer-" not in page
    assert {tess.post(path, {"body": "x"}).status_code for path in posts(talk)} == {403}


def test_pages_cost_few_queries(cast: Cast, signed_in: SignedIn, django_assert_max_num_queries) -> None:
    customer = maria(cast.northside)
    type(customer).objects.of_store(cast.northside.pk).update(street="9 Elm St", postal_code="07102")
    for n in range(30):
        talk = wrote(cast, f"text {n}", minutes_ago=60 - n)
    browser = signed_in(cast.gus)
    browser.get("/inbox/")

    with django_assert_max_num_queries(10):
        browser.get("/inbox/")
    with django_assert_max_num_queries(11):
        browser.get(f"/inbox/{talk.pk}/")
    with django_assert_max_num_queries(10):
        browser.get(f"/inbox/{talk.pk}/thread/", headers={"HX-Request": "true"})


def test_parts_are_parts_and_pages_are_pages(cast: Cast, signed_in: SignedIn) -> None:
    maria(cast.northside)
    talk, browser = wrote(cast, "hello"), signed_in(cast.ana)

    for path in ["/inbox/", *paths(talk)]:
        assert "<html" in browser.get(path).content.decode(), path
        part = browser.get(path, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part, path
        assert "style=" not in part, path


def test_whoever_writes_to_customers_sees_a_text_that_could_not_be_read(
    cast: Cast, signed_in: SignedIn
) -> None:
    payload = {"From": PHONE, "To": cast.northside.text_number, "Body": "Is my Odyssey ready?"}
    CarrierCall.objects.create(
        kind="inbound", external_id="SM9", payload=payload, received_at=MONDAY_TEN, parked_at=MONDAY_TEN,
        attempts=8, last_error="MemoryError at 0x7f",
    )  # fmt: skip
    agents = signed_in(cast.dana).get("/inbox/").content.decode()
    assert "Is my Odyssey ready?" in agents
    assert "call them" in agents
    assert "MemoryError" not in agents
    assert "/operations/" not in agents, "no way that is closed to an agent"
    assert "/operations/" in signed_in(cast.gus).get("/inbox/").content.decode()
    assert "Odyssey" not in signed_in(cast.eve).get("/inbox/").content.decode()
    assert "Odyssey" not in signed_in(cast.tess).get("/inbox/").content.decode()
