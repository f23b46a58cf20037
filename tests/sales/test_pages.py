"""The pages of sales: who may see them, what they show, and what may be done on them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from dealership.messaging.models import ConsentEvent
from dealership.staff.models import StaffMember
from sales import arrivals
from sales.lead_list import STATES
from sales.models import Lead, LeadArrival
from tests.cast import MONDAY_TEN, Cast, make_customer
from tests.sales.conftest import Post
from tests.sales.providers import adf

SignIn = Callable[[StaffMember], Client]
MOBILE = "(973) 555-0144"


@pytest.fixture(autouse=True)
def monday_ten() -> Any:
    """It is Monday, ten in the morning, and time goes on from there."""
    with time_machine.travel(MONDAY_TEN):
        yield


@pytest.fixture
def lead(cast: Cast, post: Post) -> Lead:
    """Tom asked about a Civic."""
    post(adf(lead_id="C-71", trade="<year>2014</year><make>Mazda</make><model>CX-5</model>"))
    return Lead.objects.of_store(cast.northside.pk).get()


@pytest.fixture
def arrival(cast: Cast, post: Post) -> LeadArrival:
    """Something came that no reader understood."""
    post(b"<b>Call</b> Nora (973) 555-0155 nora@example.com \xe2\x80\xae<script>alert(1)</script>")
    return LeadArrival.objects.of_store(cast.northside.pk).get(state="unreadable")


PAGES = {
    "list": "/sales/",
    "export": "/sales/leads.csv",
    "new": "/sales/leads/new/",
    "lead": "/sales/leads/{lead}/",
    "arrival": "/sales/arrivals/{arrival}/",
    "raw": "/sales/arrivals/{arrival}/raw/",
    "panel": "/sales/customers/{customer}/",
}
ACTS = {
    "close": "/sales/leads/{lead}/close/",
    "reopen": "/sales/leads/{lead}/reopen/",
    "hand over": "/sales/leads/{lead}/hand-over/",
    "no lead": "/sales/arrivals/{arrival}/no-lead/",
    "bring back": "/sales/arrivals/{arrival}/bring-back/",
}


def address(pattern: str, lead: Lead, arrival: LeadArrival) -> str:
    return pattern.format(lead=lead.pk, arrival=arrival.pk, customer=lead.customer_id)


@pytest.mark.parametrize("pattern", PAGES.values(), ids=PAGES.keys())
def test_who_sees_a_page(
    cast: Cast, signed_in: SignIn, lead: Lead, arrival: LeadArrival, pattern: str
) -> None:
    url = address(pattern, lead, arrival)
    anonymous = Client().get(url)
    assert anonymous.status_code == 302
    assert "/account/login/" in anonymous["Location"]
    assert signed_in(cast.dana).get(url).status_code == 200
    assert signed_in(cast.ana).get(url).status_code == 403
    if "{" in pattern:
        assert signed_in(cast.eve).get(url).status_code == 404


@pytest.mark.parametrize("pattern", ACTS.values(), ids=ACTS.keys())
def test_who_may_act(cast: Cast, signed_in: SignIn, lead: Lead, arrival: LeadArrival, pattern: str) -> None:
    url = address(pattern, lead, arrival)
    assert Client().post(url).status_code == 302
    assert signed_in(cast.max).post(url).status_code == 403
    assert signed_in(cast.eve).post(url).status_code == 404
    assert signed_in(cast.dana).get(url).status_code == 405
    lead.refresh_from_db()
    arrival.refresh_from_db()
    assert (lead.state, lead.owner, arrival.state) == ("fresh", cast.dana, "unreadable")


def test_the_stranger_sees_no_lead_of_ours_in_the_list(cast: Cast, signed_in: SignIn, lead: Lead) -> None:
    assert "Okafor" not in signed_in(cast.eve).get("/sales/").content.decode()
    assert "Okafor" not in signed_in(cast.eve).get("/sales/leads.csv").content.decode()


def test_the_list_shows_who_asked_for_what_and_who_answers(cast: Cast, signed_in: SignIn, lead: Lead) -> None:
    page = signed_in(cast.dana).get("/sales/").content.decode()
    for words in (
        "Tom Okafor",
        "2026 Honda Civic Sport",
        "Is it still on the lot?",
        "cars.example",
        "Dana Ruiz",
        "data-since",
    ):
        assert words in page


@pytest.mark.parametrize("show", [*dict(STATES), "unreadable"])
def test_every_empty_list_says_something(cast: Cast, signed_in: SignIn, show: str) -> None:
    page = signed_in(cast.dana).get("/sales/", {"show": show}).content.decode()
    assert 'class="empty"' in page


def test_filters_narrow_the_list_and_nonsense_is_passed_over(
    cast: Cast, signed_in: SignIn, lead: Lead
) -> None:
    client = signed_in(cast.dana)

    def shows(**asked: str) -> bool:
        answer = client.get("/sales/", asked)
        assert answer.status_code == 200
        return "Tom Okafor" in answer.content.decode()

    assert shows(show="fresh", source="cars.example", owner="me")
    assert not shows(show="talking")
    assert not shows(source="elsewhere")
    assert not shows(owner=str(cast.sam.pk))
    assert shows(show="x", owner="9" * 40, after="never_7", source="")
    assert not shows(source="\x00'; drop")


def test_fifty_a_page_few_queries_and_small(
    cast: Cast, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    customer = make_customer(cast.northside, "Maximiliano de la Fuente-Echevarría", "+19735550144")
    Lead.objects.bulk_create(
        Lead(
            store=cast.northside, customer=customer, owner=cast.dana, source="An Example Marketplace", year="2026",
            make="Honda", model="Accord Hybrid", trim="Touring", comments="Is it still there, and what is it? " * 20,
            received_at=MONDAY_TEN - timedelta(seconds=n // 2), state="fresh" if n % 2 else "talking",
        )
        for n in range(120)
    )  # fmt: skip
    client = signed_in(cast.dana)
    client.get("/sales/")
    with django_assert_max_num_queries(8):
        answer = client.get("/sales/")
    assert len(answer.content) < 64_000

    seen: list[str] = []
    url = "/sales/"
    for _ in range(3):
        page = client.get(url).content.decode()
        seen += [part.split('"')[0] for part in page.split("/sales/leads/")[1:] if part[0].isdigit()]
        older = [part.split('"')[0] for part in page.split('href="') if "after=" in part.split('"')[0]]
        url = "/sales/" + older[0].replace("&amp;", "&") if older else ""
    assert len(seen) == len(set(seen)) == 120
    assert url == ""


def test_the_part_alone_is_asked_for_by_htmx(cast: Cast, signed_in: SignIn, lead: Lead) -> None:
    client = signed_in(cast.dana)
    part = client.get("/sales/", headers={"HX-Request": "true"}).content.decode().strip()
    assert part.startswith('<section class="card" id="leads"')
    facts = client.get(f"/sales/leads/{lead.pk}/", headers={"HX-Request": "true"}).content.decode().strip()
    assert facts.startswith('<section class="card" id="lead-facts"')


def test_a_lead_shows_everything_about_it_in_few_queries(
    cast: Cast, signed_in: SignIn, lead: Lead, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cast.dana)
    client.get(f"/sales/leads/{lead.pk}/")
    with django_assert_max_num_queries(10):
        page = client.get(f"/sales/leads/{lead.pk}/").content.decode()
    for words in (
        "Tom Okafor", "2026 Honda Civic Sport", "Is it still on the lot?", "2014 Mazda CX-5", MOBILE, "Why Dana",
        "is the only BDC agent", "nobody yet", f"/inbox/customers/{lead.customer_id}/", f"/sales/arrivals/{lead.arrivals.get().pk}/",
    ):  # fmt: skip
        assert words in page, words


def test_as_it_came_leads_on_for_whoever_may_open_it(cast: Cast, signed_in: SignIn, lead: Lead) -> None:
    there = f"/sales/leads/{lead.pk}/"
    assert "/sales/arrivals/" in signed_in(cast.dana).get(there).content.decode()
    shown = signed_in(cast.faye).get(there).content.decode()
    assert "By post" in shown
    assert "/sales/arrivals/" not in shown


def test_what_a_customer_wrote_cannot_run_on_the_page(cast: Cast, signed_in: SignIn, post: Post) -> None:
    post(adf("<img src=x onerror=alert(1)>", question="<script>alert(1)</script>{% now %}"))
    lead = Lead.objects.of_store(cast.northside.pk).get()
    for url in ("/sales/", f"/sales/leads/{lead.pk}/", f"/sales/customers/{lead.customer_id}/"):
        page = signed_in(cast.dana).get(url).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_lead_is_ended_with_a_reason_and_opened_again_by_undo(
    cast: Cast, signed_in: SignIn, lead: Lead
) -> None:
    client = signed_in(cast.dana)
    url = f"/sales/leads/{lead.pk}/"
    refused = client.post(f"{url}close/", {"outcome": "lost", "why": ""})
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    assert client.post(f"{url}close/", {"outcome": "fresh"}).status_code == 422

    page = client.post(
        f"{url}close/", {"outcome": "lost", "why": "bought elsewhere"}, follow=True
    ).content.decode()
    assert f'action="{url}reopen/"' in page
    assert "bought elsewhere" in page
    assert client.post(f"{url}close/", {"outcome": "sold"}).status_code == 422

    client.post(f"{url}reopen/")
    lead.refresh_from_db()
    assert lead.state == "fresh"
    assert client.post(f"{url}reopen/").status_code == 302


def test_a_lead_is_handed_over(cast: Cast, signed_in: SignIn, lead: Lead) -> None:
    client = signed_in(cast.dana)
    url = f"/sales/leads/{lead.pk}/hand-over/"
    for to, why in ((cast.sam, ""), (cast.earl, "other store"), (cast.ana, "an advisor")):
        assert client.post(url, {"to": to.pk, "why": why}).status_code == 422
    client.post(url, {"to": cast.sam.pk, "why": "knows the Civic"})
    lead.refresh_from_db()
    assert lead.owner == cast.sam
    assert lead.owner_why == ["Sam: handed over by Dana, knows the Civic"]


def typed(**changed: str) -> dict[str, str]:
    return {
        "source": "Phone", "first": "Nora", "last": "Quist", "phone": "973 555 0155", "email": "", "interest": "buy",
        "year": "2026", "make": "Honda", "model": "CR-V", "stock": "", "comments": "Wants red", "may_text": "on", **changed,
    }  # fmt: skip


def test_who_calls_is_written_down_and_belongs_to_whom_they_spoke_with(cast: Cast, signed_in: SignIn) -> None:
    answer = signed_in(cast.sam).post("/sales/leads/new/", typed(spoken="on"))
    lead = Lead.objects.of_store(cast.northside.pk).get()
    assert answer["Location"] == f"/sales/leads/{lead.pk}/"
    assert (lead.customer.full_name, lead.vehicle_label, lead.source) == (
        "Nora Quist",
        "2026 Honda CR-V",
        "Phone",
    )
    assert (lead.owner, lead.state, lead.first_human_minutes) == (cast.sam, "talking", 0)
    assert ConsentEvent.objects.of_store(cast.northside.pk).get().how == "told a person"


def test_a_form_that_cannot_be_taken_keeps_what_was_typed_and_says_what_is_wrong(
    cast: Cast, signed_in: SignIn
) -> None:
    client = signed_in(cast.dana)
    for wrong, words in (
        (typed(phone="12"), "This is no phone number"),
        (typed(phone="", email="nora@"), "This is no e-mail address"),
        (typed(phone=""), "Give a phone or an e-mail"),
        (typed(last=""), "This field is required"),
        (typed(year="next"), "Four digits"),
    ):
        answer = client.post("/sales/leads/new/", wrong)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert words in page
        assert "Wants red" in page
    assert Lead.objects.of_store(cast.northside.pk).count() == 0


def test_who_may_not_be_texted_has_given_no_consent(cast: Cast, signed_in: SignIn) -> None:
    refused = typed()
    del refused["may_text"]
    signed_in(cast.dana).post("/sales/leads/new/", refused)
    assert ConsentEvent.objects.of_store(cast.northside.pk).count() == 0


def test_a_lead_for_a_known_customer_starts_from_what_is_known(
    cast: Cast, signed_in: SignIn, lead: Lead
) -> None:
    client = signed_in(cast.dana)
    page = client.get("/sales/leads/new/", {"customer": lead.customer_id}).content.decode()
    assert 'value="+19735550144"' in page
    for nonsense in ("x", "9" * 30, "0"):
        assert client.get("/sales/leads/new/", {"customer": nonsense}).status_code == 200
    stranger = make_customer(cast.eastside, "Eli Stone", "+13125550177")
    assert "Stone" not in client.get("/sales/leads/new/", {"customer": stranger.pk}).content.decode()


def test_an_unreadable_lead_is_shown_safely_beside_a_form_that_is_filled_in(
    cast: Cast, signed_in: SignIn, arrival: LeadArrival, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cast.bea)
    client.get("/sales/")
    with django_assert_max_num_queries(6):
        page = client.get(f"/sales/arrivals/{arrival.pk}/").content.decode()
    assert arrival.why in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert 'value="+19735550155"' in page
    assert 'value="nora@example.com"' in page
    assert f"/sales/arrivals/{arrival.pk}/" in client.get("/sales/arrivals/").content.decode()


def test_the_download_is_what_came_and_opens_nowhere(
    cast: Cast, signed_in: SignIn, arrival: LeadArrival
) -> None:
    answer = signed_in(cast.bea).get(f"/sales/arrivals/{arrival.pk}/raw/")
    assert answer.content == bytes(arrival.raw)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_an_unreadable_lead_is_settled_on_its_page(
    cast: Cast, signed_in: SignIn, arrival: LeadArrival
) -> None:
    client = signed_in(cast.bea)
    url = f"/sales/arrivals/{arrival.pk}/"
    assert client.post(url, typed(phone="12", source="Mail")).status_code == 422
    answer = client.post(url, typed(source="Mail"))
    lead = Lead.objects.of_store(cast.northside.pk).get()
    assert answer["Location"] == f"/sales/leads/{lead.pk}/"
    assert "Nora Quist" in client.get(url).content.decode()
    late = client.post(url, typed(source="Mail"))
    assert late.status_code == 422
    assert Lead.objects.of_store(cast.northside.pk).count() == 1


def test_what_is_no_lead_is_put_away_and_brought_back_by_undo(
    cast: Cast, signed_in: SignIn, arrival: LeadArrival
) -> None:
    client = signed_in(cast.bea)
    url = f"/sales/arrivals/{arrival.pk}/"
    assert client.post(f"{url}no-lead/", {"why": ""}).status_code == 422
    page = client.post(f"{url}no-lead/", {"why": "an advert"}, follow=True).content.decode()
    assert f'action="{url}bring-back/"' in page
    assert client.post(f"{url}no-lead/", {"why": "twice"}).status_code == 422
    client.post(f"{url}bring-back/")
    arrival.refresh_from_db()
    assert arrival.state == "unreadable"


def test_the_customers_page_gets_a_panel_of_their_leads(
    cast: Cast, signed_in: SignIn, lead: Lead, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cast.dana)
    with django_assert_max_num_queries(10):
        panel = client.get(f"/sales/customers/{lead.customer_id}/").content.decode()
    assert "2026 Honda Civic Sport" in panel
    assert "<html" not in panel
    other = make_customer(cast.northside, "Nora Quist", "+19735550155")
    assert "Nothing yet" in client.get(f"/sales/customers/{other.pk}/").content.decode()


def test_the_file_holds_the_filtered_list_and_no_formula(cast: Cast, signed_in: SignIn, post: Post) -> None:
    post(adf("=cmd|'/c calc'!A0", question='@SUM(1+1), "quoted"\nand a second line'))
    post(adf("Nora Quist", phone="9735550155", source="+elsewhere"))
    answer = signed_in(cast.dana).get("/sales/leads.csv", {"source": "cars.example"})
    heads, *rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    (row,) = [dict(zip(heads, row, strict=True)) for row in rows]
    assert row["Customer"].startswith("'=cmd")
    assert row["Question"] == '\'@SUM(1+1), "quoted" and a second line'
    assert row["Received"] == "2026-11-23 10:00"
    assert 'filename="leads-2026-11-23.csv"' in answer["Content-Disposition"]
    everything = signed_in(cast.dana).get("/sales/leads.csv").content.decode("utf-8-sig")
    assert "'+elsewhere" in everything


def test_a_cut_text_says_how_much_is_not_shown(cast: Cast, signed_in: SignIn) -> None:
    arrival = arrivals.take_in(
        store_id=cast.northside.pk, data=b"call me " + b"x" * 30_000, came_by="mail", now=MONDAY_TEN
    )
    assert (
        "10008 characters more" in signed_in(cast.bea).get(f"/sales/arrivals/{arrival.pk}/").content.decode()
    )
