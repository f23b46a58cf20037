"""Campaigns: words are checked, a second person approves, people are frozen, and it stops at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.catalogue.sales import ProspectingStopped, VehicleSold
from dealership.events.models import EventRecord
from dealership.messaging import consent, sending
from dealership.messaging.models import Message, Purpose
from marketing import campaigns, results, segments
from marketing.models import Campaign, CampaignPerson
from tests.cast import MONDAY_TEN, Cast, make_customer
from tests.messaging.carriers import FakeCarrier, clock_at

pytestmark = pytest.mark.django_db
WORDS = "Hi {first}, this is {store}. Winter tires are in. Call {phone}. Reply STOP to opt out."
SPANISH = "Hola {first}, somos {store}. Ya hay llantas de invierno. Responda ALTO para no recibir mas."


def reachable(cast: Cast, n: int, language: str = "en") -> Customer:
    phone = f"+1973555{n:04d}"
    customer = make_customer(cast.northside, f"Kin {n}", phone, language=language)
    customer.state = "NJ"
    customer.save()
    consent.give(
        store_id=cast.northside.pk,
        number=phone,
        purpose=Purpose.MARKETING,
        how=consent.How.SIGNED,
        words="signed",
        now=MONDAY_TEN,
    )
    return customer


def draft(cast: Cast, *, words: str = WORDS, about: str = "sales", words_es: str = "") -> Campaign:
    segment = segments.save(
        store_id=cast.northside.pk, segment=None, name="New Jersey", match="all",
        conditions=[{"what": "state", "state": "NJ"}], by=cast.max, now=MONDAY_TEN,
    )  # fmt: skip
    return campaigns.write(
        store_id=cast.northside.pk, campaign=None, name="Winter", segment=segment, department=about, words=words,
        words_es=words_es, by=cast.max, now=MONDAY_TEN,
    )  # fmt: skip


def approved(cast: Cast, **more: str) -> Campaign:
    return campaigns.approve(draft(cast, **more), by=cast.gus, now=MONDAY_TEN)


def texts(cast: Cast) -> list[Message]:
    rows = Message.objects.of_store(cast.northside.pk).filter(subject__startswith="campaign:")
    return list(rows.order_by("customer__full_name"))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Hi, this is {store}. Text CANCEL to skip. Reply STOP to opt out.", "answer “CANCEL”"),
        ("Hi {first}, tires are in. Reply STOP to opt out.", "does not say who writes"),
        ("Hi {first}, this is {store}. Tires are in.", "how to opt out"),
        ("{store} has {price} tires. Reply STOP to opt out.", "“{price}” is nothing that is known"),
        ("{store} has {tires. Reply STOP to opt out.", "braces do not fit"),
        (f"{{store}} {'very ' * 70} good. Reply STOP to opt out.", "320 are the most"),
    ],
)  # fmt: skip
def test_words_that_may_not_go_out_are_refused_with_the_reason(cast: Cast, words: str, why: str) -> None:
    with pytest.raises(campaigns.BadWords) as refused:
        draft(cast, words=words)
    assert why in str(refused.value)


def test_good_words_pass_in_both_languages_and_each_reads_their_own(cast: Cast) -> None:
    reachable(cast, 1)
    reachable(cast, 2, language="es")
    approved(cast, words_es=SPANISH)
    campaigns.send_waiting(now=MONDAY_TEN)
    assert [message.body[:24] for message in texts(cast)] == [
        "Hi Kin, this is Northsid",
        "Hola Kin, somos Northsid",
    ]


def test_who_wrote_it_does_not_approve_it_unless_alone_with_the_right(cast: Cast) -> None:
    reachable(cast, 1)
    campaign = draft(cast)
    with pytest.raises(campaigns.OwnWork, match="somebody else"):
        campaigns.approve(campaign, by=cast.max, now=MONDAY_TEN)
    cast.gus.is_active = False
    cast.gus.save()
    assert campaigns.approve(campaign, by=cast.max, now=MONDAY_TEN).state == "approved"


def test_approval_freezes_people_and_words(cast: Cast) -> None:
    reachable(cast, 1)
    out = reachable(cast, 2)
    out.dms_blocks = {"text": True}
    out.save()
    campaign = approved(cast)
    reachable(cast, 3)
    with pytest.raises(campaigns.NotADraft):
        campaigns.write(
            store_id=cast.northside.pk, campaign=campaign, name="Other", segment=campaign.segment, department="sales",
            words=WORDS, words_es="", by=cast.max, now=MONDAY_TEN,
        )  # fmt: skip
    campaigns.send_waiting(now=MONDAY_TEN)
    campaigns.send_waiting(now=MONDAY_TEN)
    assert [message.customer.full_name for message in texts(cast)] == ["Kin 1"]
    assert dict(results.reasons(campaign)) == {"The DMS says no texts": 1}
    assert (
        EventRecord.objects.of_store(cast.northside.pk).get(kind="CampaignApproved").payload["n_people"] == 1
    )


def test_a_segment_of_nobody_is_not_approved(cast: Cast) -> None:
    with pytest.raises(campaigns.Nobody):
        approved(cast)
    assert not CampaignPerson.objects.of_store(cast.northside.pk).exists()


def test_it_leaves_in_batches_each_once_and_is_done(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaigns, "BATCH", 2)
    for n in range(3):
        reachable(cast, n)
    campaign = approved(cast)
    assert campaigns.send_waiting(now=MONDAY_TEN)["queued"] == 2
    campaign.refresh_from_db()
    assert campaign.state == "sending"
    campaigns.send_waiting(now=MONDAY_TEN)
    campaign.refresh_from_db()
    assert (campaign.state, len(texts(cast))) == ("done", 3)
    assert {message.dedupe_key for message in texts(cast)} == {
        f"campaign:{campaign.pk}:{message.customer_id}" for message in texts(cast)
    }


def test_a_text_at_night_waits_for_the_morning_of_its_customer(cast: Cast) -> None:
    reachable(cast, 1)
    late = MONDAY_TEN + timedelta(hours=12)
    campaigns.approve(draft(cast), by=cast.gus, now=late)
    campaigns.send_waiting(now=late)
    carrier = FakeCarrier()
    sending.send_due(transport=carrier, clock=clock_at(late))
    assert (carrier.given, texts(cast)[0].send_after) == ([], MONDAY_TEN + timedelta(hours=23))


def test_stopping_withdraws_whatever_has_not_left(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaigns, "BATCH", 1)
    for n in range(3):
        reachable(cast, n)
    campaign = approved(cast)
    campaigns.send_waiting(now=MONDAY_TEN)
    sending.send_due(transport=FakeCarrier(), clock=clock_at(MONDAY_TEN))
    campaigns.send_waiting(now=MONDAY_TEN)
    assert campaigns.stop(campaign, why="Wrong price", by=cast.max, now=MONDAY_TEN) == 2
    campaigns.send_waiting(now=MONDAY_TEN)
    assert sorted(message.state for message in texts(cast)) == ["accepted", "suppressed"]
    figures = results.of(campaign)
    assert (figures["sent"].n, figures["withdrawn"].n, figures["on_the_way"].n) == (1, 2, 0)
    with pytest.raises(campaigns.NotRunning):
        campaigns.stop(campaign, why="Again", by=cast.max, now=MONDAY_TEN)


@pytest.mark.parametrize("kind", [VehicleSold, ProspectingStopped])
@pytest.mark.parametrize("queued", [False, True])
def test_a_buyer_is_taken_out_before_it_leaves(cast: Cast, kind: type, queued: bool) -> None:
    buyer, other = reachable(cast, 1), reachable(cast, 2)
    campaign = approved(cast)
    if queued:
        campaigns.send_waiting(now=MONDAY_TEN)
    common = {"store_id": cast.northside.pk, "at": MONDAY_TEN, "customer_id": buyer.pk}
    more = {"deal_number": "7"} if kind is VehicleSold else {}
    with transaction.atomic():
        bus.publish(kind(**common, subject="deal:7", **more))
    campaigns.send_waiting(now=MONDAY_TEN)
    carrier = FakeCarrier()
    sending.send_due(transport=carrier, clock=clock_at(MONDAY_TEN))
    assert [parcel.to_number for parcel in carrier.given] == [other.contact_points.get().value]
    assert dict(results.reasons(campaign)) == {"they bought meanwhile.": 1}


def test_a_buyer_stays_in_a_campaign_about_service(cast: Cast) -> None:
    buyer = reachable(cast, 1)
    approved(cast, about="service")
    with transaction.atomic():
        bus.publish(
            VehicleSold(
                store_id=cast.northside.pk,
                at=MONDAY_TEN,
                subject="deal:7",
                customer_id=buyer.pk,
                deal_number="7",
            )
        )
    assert campaigns.send_waiting(now=MONDAY_TEN)["queued"] == 1


def test_words_about_a_car_leave_out_whoever_has_none(cast: Cast) -> None:
    reachable(cast, 1)
    campaign = approved(cast, words="{store}: time for your {vehicle}. Reply STOP to opt out.")
    assert campaigns.send_waiting(now=MONDAY_TEN)["left_out"] == 1
    assert dict(results.reasons(campaign)) == {"The words speak of their car, and none is known": 1}
