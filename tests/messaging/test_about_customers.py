"""What the head of a customer's page says of texting them, and of the hour where they live."""

from datetime import timedelta
from typing import Any

from django.urls import reverse

from dealership.customers.models import Customer
from dealership.messaging import about_customers, consent
from dealership.messaging.models import Purpose
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast, make_customer

NUMBER = "+19735550117"


def said(customer: Customer) -> list[str]:
    return about_customers.remark(customer, list(customer.contact_points.all()), NOW)


def test_it_says_what_may_be_texted_and_what_time_it_is_there(cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", NUMBER)
    maria.state, maria.postal_code = "CA", "90012"
    assert said(maria)[0] == "no consent for texts on record"
    consent.give(
        store_id=cast.northside.pk,
        number=NUMBER,
        purpose=Purpose.SERVICE,
        how=consent.How.REPAIR_ORDER,
        words="signed at write-up",
        now=NOW,
    )
    words, place = said(maria)
    assert words == "texts about service yes, offers no"
    assert "CA" in place
    assert "7:00 am" in place


def test_it_says_that_they_opted_out(cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", NUMBER)
    consent.revoke(
        store_id=cast.northside.pk,
        number=NUMBER,
        how=consent.How.TEXT,
        words="STOP",
        now=NOW + timedelta(hours=1),
    )
    assert said(maria)[0].startswith("opted out of texts (")


def test_without_a_phone_and_an_address_it_says_nothing(cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", NUMBER)
    maria.contact_points.all().delete()
    assert said(maria) == []


def test_the_page_shows_it(cast: Cast, signed_in: Any) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", NUMBER)
    page = signed_in(cast.dana).get(reverse("customers:customer_detail", args=[maria.pk]))
    assert "no consent for texts on record" in page.content.decode()
