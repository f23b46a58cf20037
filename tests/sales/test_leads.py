"""One prospect, one lead; who answers it, and why; how it changes hands, ends and goes on."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dealership.customers import people, search
from dealership.customers.models import Customer
from dealership.events.models import EventRecord
from dealership.messaging import consent
from dealership.messaging.models import ConsentEvent, Conversation
from dealership.staff import people as staff_people
from dealership.staff.models import Absence, RotaTurn, StaffMember
from dealership.staff.roles import Role
from sales import adf as reader
from sales import leads
from sales.models import Lead, TradeIn
from tests.cast import MONDAY_TEN, Cast, make_customer
from tests.sales.providers import adf

HOUR = timedelta(hours=1)


def receive(cast: Cast, data: bytes, *, at: datetime = MONDAY_TEN, **more: object) -> Lead:
    reading = reader.read(data, received_at=at, zone=ZoneInfo("America/New_York"))
    (prospect,) = reading.prospects
    return leads.receive(store_id=cast.northside.pk, prospect=prospect, now=at, came_by="post", **more)  # type: ignore[arg-type]


def facts(cast: Cast, kind: str) -> list[EventRecord]:
    return list(EventRecord.objects.of_store(cast.northside.pk).filter(kind=kind).order_by("pk"))


def test_a_lead_says_who_asked_for_what_and_is_told_once(cast: Cast) -> None:
    lead = receive(cast, adf(lead_id="C-71", trade="<year>2014</year><make>Mazda</make><model>CX-5</model>"))

    (told,) = facts(cast, "LeadReceived")
    (trade,) = TradeIn.objects.of_store(cast.northside.pk)
    assert (lead.state, lead.interest, lead.condition, lead.comments) == (
        "fresh", "buy", "new", "Is it still on the lot?",
    )  # fmt: skip
    assert str(trade) == "2014 Mazda CX-5"
    assert told.subject == f"lead:{lead.pk}"
    assert told.payload["owner_id"] == lead.owner_id
    assert told.payload["who"] == "Tom Okafor"
    assert told.at == lead.received_at == MONDAY_TEN


def test_the_same_id_again_is_the_same_lead_with_the_new_car_and_the_old_question(cast: Cast) -> None:
    first = receive(cast, adf(lead_id="C-71"))
    again = receive(
        cast, adf(lead_id="C-71", vehicle="<year>2026</year><make>Honda</make><model>Accord</model>", question=""),
        at=MONDAY_TEN + 72 * HOUR,
    )  # fmt: skip

    assert again.pk == first.pk
    again.refresh_from_db()
    assert (again.model, again.trim, again.comments, again.n_resent) == (
        "Accord", "", "Is it still on the lot?", 1,
    )  # fmt: skip
    assert len(facts(cast, "LeadReceived")) == len(facts(cast, "LeadResent")) == 1


def test_a_corrected_phone_under_the_same_id_and_name_is_the_same_person(cast: Cast) -> None:
    first = receive(cast, adf(lead_id="C-71"))
    again = receive(cast, adf(lead_id="C-71", phone="(973) 555-0155"))

    assert again.pk == first.pk
    assert Customer.objects.of_store(cast.northside.pk).count() == 1
    assert first.customer.contact_points.count() == 2


def test_another_person_under_an_id_that_a_sender_gives_to_everybody_is_not_lost(cast: Cast) -> None:
    tom = receive(cast, adf("Tom Okafor", lead_id="WEB1"))
    nora = receive(cast, adf("Nora Quist", phone="(973) 555-0155", lead_id="WEB1"))
    nora_again = receive(cast, adf("Nora Quist", phone="(973) 555-0155", lead_id="WEB1"))

    assert tom.pk != nora.pk == nora_again.pk
    assert nora.customer.full_name == "Nora Quist"


def test_ids_that_are_codes_of_the_dealer_do_not_join_leads(cast: Cast) -> None:
    def coded(name: str, phone: str) -> bytes:
        return adf(name, phone=phone).replace(
            b"<requestdate>", b'<id source="Dealer Code">19999</id><id source="x">N/A</id><requestdate>'
        )

    first = receive(cast, coded("Tom Okafor", "(973) 555-0144"))
    second = receive(cast, coded("Tom Okafer", "(973) 555-0155"))
    assert first.pk != second.pk
    assert first.external_key == ""


def test_without_an_id_the_same_car_within_a_day_is_the_same_lead(cast: Cast) -> None:
    first = receive(cast, adf())
    within = receive(cast, adf(question="Also: what colours?"), at=MONDAY_TEN + 23 * HOUR)
    other_car = receive(
        cast, adf(vehicle="<year>2025</year><make>Honda</make><model>Pilot</model>"), at=MONDAY_TEN + HOUR
    )
    after = receive(cast, adf(), at=MONDAY_TEN + 49 * HOUR)

    assert within.pk == first.pk
    assert len({first.pk, other_car.pk, after.pk}) == 3
    assert "Also: what colours?" in Lead.objects.of_store(cast.northside.pk).get(pk=first.pk).comments


def test_what_says_that_it_is_sent_again_is_found_for_a_month(cast: Cast) -> None:
    first = receive(cast, adf())
    assert receive(cast, adf(status="resend"), at=MONDAY_TEN + 200 * HOUR).pk == first.pk
    assert receive(cast, adf(status="resend"), at=MONDAY_TEN + 1000 * HOUR).pk != first.pk


def test_who_asks_again_after_the_lead_ended_is_a_new_lead(cast: Cast) -> None:
    first = receive(cast, adf())
    leads.close(lead=first, outcome="lost", why="bought elsewhere", by=cast.dana, now=MONDAY_TEN + HOUR)
    assert receive(cast, adf(), at=MONDAY_TEN + 2 * HOUR).pk != first.pk


def test_a_new_question_under_the_id_of_a_lost_lead_opens_it_again(cast: Cast) -> None:
    lead = receive(cast, adf(lead_id="C-71"))
    leads.close(lead=lead, outcome="lost", why="no answer", by=cast.dana, now=MONDAY_TEN + HOUR)
    again = receive(cast, adf(lead_id="C-71", question="I am back. Is it sold?"), at=MONDAY_TEN + 90 * HOUR)
    assert again.state == "fresh"
    assert facts(cast, "LeadResent")[0].payload["asks_more"] is True


def test_giving_a_number_with_an_inquiry_allows_texts_about_it_and_no_offers(cast: Cast) -> None:
    receive(cast, adf())
    standing = consent.state(cast.northside.pk, "+19735550144")
    (event,) = ConsentEvent.objects.of_store(cast.northside.pk)
    sales_consent = standing.of("sales")
    assert sales_consent is not None
    assert sales_consent.granted
    assert standing.of("marketing") is None
    assert "cars.example" in event.words
    assert "2026-11-23" in event.words


@pytest.mark.parametrize(
    "words",
    [
        "Please do not text me.",
        "email only please",
        "No texts!",
        "don’t send me text messages",
        "No me mande mensajes",
    ],
)
def test_who_wants_no_texts_has_allowed_none(cast: Cast, words: str) -> None:
    receive(cast, adf(question=words))
    assert ConsentEvent.objects.of_store(cast.northside.pk).count() == 0


def test_who_asks_to_be_texted_has_allowed_it(cast: Cast) -> None:
    receive(cast, adf(question="Text me, I do not answer calls at work. No rush."))
    assert ConsentEvent.objects.of_store(cast.northside.pk).count() == 1


def test_history_is_loaded_without_consent_and_as_history(cast: Cast) -> None:
    lead = receive(cast, adf(), backfill=True)
    assert lead.received_at == lead.requested_at
    assert ConsentEvent.objects.of_store(cast.northside.pk).count() == 0
    assert facts(cast, "LeadReceived")[0].payload["backfill"] is True


def test_a_request_from_the_future_does_not_move_the_clock(cast: Cast) -> None:
    lead = receive(cast, adf().replace(b"2026-11-23T09:58", b"2031-01-01T00:00"))
    assert lead.requested_at is None
    assert lead.received_at == MONDAY_TEN


def test_texts_longer_than_their_columns_are_cut_and_nothing_fails(cast: Cast) -> None:
    vehicle = f"<year>{'2' * 40}</year><make>{'m' * 300}</make><model>{'o' * 300}</model><vin>{'V' * 60}</vin><stock>{'s' * 99}</stock>"
    lead = receive(
        cast, adf("N" * 400, vehicle=vehicle, question="q" * 90_000, lead_id="9" * 200, source="s" * 200)
    )
    lead.refresh_from_db()
    assert lead.vin == "V" * 17
    assert len(lead.comments) == 20_000


def test_a_lead_is_found_by_its_number_and_its_stock_number(cast: Cast) -> None:
    receive(cast, adf(lead_id="C-7155", vehicle="<make>Honda</make><model>Civic</model><stock>H1234</stock>"))
    for text in ("c7155", "lead C-7155", "h1234", "okafor"):
        assert [hit.name for hit in search.find(cast.dana, text)] == ["Tom Okafor"]


def test_a_number_that_is_none_is_kept_for_a_person_to_try(cast: Cast) -> None:
    lead = receive(cast, adf(phone="555-0144 after six"))
    assert lead.numbers_as_written == "555-0144 after six"


def test_spanish_is_answered_in_spanish(cast: Cast) -> None:
    lead = receive(cast, adf(question="Hola, quiero saber el precio y si está disponible, gracias"))
    assert lead.customer.language == "es"
    assert (
        receive(cast, adf("Nora Quist", phone="9735550145", question="Hola! Is it there?")).customer.language
        == "en"
    )


# --- who answers --------------------------------------------------------------------------------------------------------


def another_agent(cast: Cast, name: str = "Dev Shah") -> StaffMember:
    return StaffMember.objects.create(store=cast.northside, name=name, role=Role.BDC_AGENT)


def test_leads_go_round_the_bdc(cast: Cast) -> None:
    dev = another_agent(cast)
    owners = [receive(cast, adf(f"Tom {n}", phone=f"97355501{n}")).owner for n in range(10, 14)]
    assert owners == [cast.dana, dev, cast.dana, dev]


def test_whoever_is_away_is_passed_over_and_the_lead_says_so(cast: Cast) -> None:
    dev = another_agent(cast)
    Absence.objects.create(
        store=cast.northside, staff=cast.dana, starts_at=MONDAY_TEN - HOUR, reason="dentist"
    )
    lead = receive(cast, adf())
    assert lead.owner == dev
    assert "Not Dana: away (dentist)." in lead.owner_why


def test_whoever_has_no_room_is_passed_over(cast: Cast) -> None:
    dev = another_agent(cast)
    StaffMember.objects.of_store(cast.northside.pk).filter(pk=cast.dana.pk).update(capacity=1)
    receive(cast, adf("Ann Lee", phone="9735550161"))
    RotaTurn.objects.of_store(cast.northside.pk).update(last_staff=None)
    lead = receive(cast, adf())
    assert lead.owner == dev
    assert "Not Dana: carries 1 of 1." in lead.owner_why


def test_whoever_talks_with_the_customer_goes_on(cast: Cast) -> None:
    tom = make_customer(cast.northside, "Tom Okafor", "+19735550144")
    people.set_person(tom, "sales", cast.lia, now=MONDAY_TEN)
    Conversation.objects.create(
        store=cast.northside,
        customer=tom,
        our_number="+19735550100",
        their_number="+19735550144",
        holder=cast.sam,
    )
    lead = receive(cast, adf())
    assert lead.owner == cast.sam
    assert lead.owner_why[0] == "Sam talks with this customer already."


def test_the_customers_own_salesperson_comes_before_the_turn(cast: Cast) -> None:
    tom = make_customer(cast.northside, "Tom Okafor", "+19735550144")
    people.set_person(tom, "sales", cast.lia, now=MONDAY_TEN)
    assert receive(cast, adf()).owner == cast.lia


def test_a_lead_in_the_night_belongs_to_those_who_are_there_in_the_morning(cast: Cast) -> None:
    dev = another_agent(cast)
    night = MONDAY_TEN + 10 * HOUR
    Absence.objects.create(
        store=cast.northside, staff=cast.dana, starts_at=MONDAY_TEN + 20 * HOUR, reason="leave"
    )
    assert receive(cast, adf(), at=night).owner == dev


def test_leads_of_somebody_who_leaves_are_somebodys_at_once(cast: Cast) -> None:
    lead = receive(cast, adf())
    assert lead.owner == cast.dana
    dev = another_agent(cast)
    staff_people.deactivate(cast.dana, by=cast.bea, now=MONDAY_TEN + HOUR)
    lead.refresh_from_db()
    assert lead.owner == dev
    assert lead.owner_why[0] == "Dana Ruiz left."


# --- what people do ------------------------------------------------------------------------------------------------------


def test_losing_a_lead_needs_a_reason(cast: Cast) -> None:
    lead = receive(cast, adf())
    with pytest.raises(leads.NoReason):
        leads.close(lead=lead, outcome="lost", why=" ", by=cast.dana, now=MONDAY_TEN)
    closed = leads.close(lead=lead, outcome="sold", by=cast.dana, now=MONDAY_TEN)
    assert closed.is_closed
    with pytest.raises(leads.AlreadyClosed):
        leads.close(lead=lead, outcome="lost", why="twice", by=cast.dana, now=MONDAY_TEN)


def test_what_was_ended_by_mistake_goes_on_as_it_was(cast: Cast) -> None:
    lead = receive(cast, adf())
    with pytest.raises(leads.NotClosed):
        leads.reopen(lead=lead, by=cast.dana, now=MONDAY_TEN)
    leads.close(lead=lead, outcome="junk", why="robot", by=cast.dana, now=MONDAY_TEN)
    again = leads.reopen(lead=lead, by=cast.dana, now=MONDAY_TEN)
    assert (again.state, again.lost_why, again.closed_at) == ("fresh", "", None)


def test_handing_a_lead_to_a_salesperson_makes_the_customer_theirs(cast: Cast) -> None:
    lead = receive(cast, adf())
    leads.hand_over(lead=lead, to=cast.sam, why="knows the Civic", by=cast.dana, now=MONDAY_TEN)
    assert people.person_of(lead.customer, "sales") == cast.sam
    with pytest.raises(leads.CannotOwn):
        leads.hand_over(lead=lead, to=cast.earl, why="other store", by=cast.dana, now=MONDAY_TEN)
    with pytest.raises(leads.NoReason):
        leads.hand_over(lead=lead, to=cast.lia, why=" ", by=cast.dana, now=MONDAY_TEN)
