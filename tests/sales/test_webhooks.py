"""The door for leads: whatever is posted there is kept and answered, and never makes a 5xx."""

from __future__ import annotations

import gzip
import threading
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client

from sales import leads, webhooks
from sales.models import Lead, LeadArrival
from tests import cast as the_cast
from tests.cast import Cast
from tests.sales.conftest import Post
from tests.sales.providers import adf, message, prospect


def leads_of(cast: Cast) -> list[Lead]:
    return list(Lead.objects.of_store(cast.northside.pk).order_by("pk"))


def arrivals_of(cast: Cast) -> list[LeadArrival]:
    return list(LeadArrival.objects.of_store(cast.northside.pk).order_by("pk"))


def test_a_lead_is_made_and_its_number_told(cast: Cast, post: Post) -> None:
    answer = post(adf(lead_id="C-71"))

    (lead,) = leads_of(cast)
    (arrival,) = arrivals_of(cast)
    assert answer.status_code == 201
    assert answer.json() == {"arrival": arrival.pk, "leads": [lead.pk], "new": 1}
    assert (lead.customer.full_name, lead.vehicle_label, lead.source) == (
        "Tom Okafor", "2026 Honda Civic Sport", "cars.example",
    )  # fmt: skip
    assert arrival.state == "read"
    assert bytes(arrival.raw) == adf(lead_id="C-71")


@pytest.mark.parametrize(
    "content_type",
    ["application/x-adf+xml", "text/xml; charset=utf-8", "text/plain", "application/json", "", "nonsense"],
)
def test_any_content_type_is_taken(cast: Cast, post: Post, content_type: str) -> None:
    assert post(adf(), content_type).status_code == 201
    assert len(leads_of(cast)) == 1


def test_a_lead_in_a_file_of_a_form_is_found(cast: Cast, post: Post) -> None:
    answer = Client().post(
        "/hooks/adf/northside-leads/",
        {"subject": "A new lead for you " * 200, "attachment": SimpleUploadedFile("lead.xml", adf())},
    )
    assert answer.status_code == 201
    assert len(leads_of(cast)) == 1


def test_a_lead_in_a_field_of_a_form_is_found(cast: Cast, post: Post) -> None:
    by_parts = Client().post("/hooks/adf/northside-leads/", {"from": "a@b.example", "xml": adf().decode()})
    assert by_parts.status_code == 201
    assert [lead.customer.full_name for lead in leads_of(cast)] == ["Tom Okafor"]


def test_a_compressed_lead_is_unpacked(cast: Cast, post: Post) -> None:
    assert post(gzip.compress(adf())).status_code == 201


def test_what_unpacks_to_more_than_a_lead_may_be_is_cut_and_kept(cast: Cast, post: Post) -> None:
    answer = post(gzip.compress(b"<adf>" + b" " * 30_000_000))

    assert answer.status_code == 413
    assert len(bytes(arrivals_of(cast)[0].raw)) == webhooks.MOST


def test_the_address_works_without_its_last_slash(cast: Cast) -> None:
    answer = Client().post("/hooks/adf/northside-leads", data=adf(), content_type="text/xml")
    assert answer.status_code == 201


def test_an_unknown_token_is_told_so_and_keeps_nothing(cast: Cast, post: Post) -> None:
    for token in ("northside-lead", "northside-leadsx", "é", "%00", "x" * 500):
        answer = post(adf(), token=token)
        assert answer.status_code == 404
        assert "address" in answer.json()["error"]
    assert LeadArrival.objects.across_stores("nothing anywhere").count() == 0


def test_a_token_opens_its_own_store_only(cast: Cast, post: Post) -> None:
    assert post(adf(), token="eastside-leads").status_code == 201
    assert leads_of(cast) == []
    assert Lead.objects.of_store(cast.eastside.pk).count() == 1


@pytest.mark.parametrize("body", [b"", b"   \r\n\t "])
def test_an_empty_message_is_refused_with_what_to_do(cast: Cast, post: Post, body: bytes) -> None:
    answer = post(body)
    assert answer.status_code == 400
    assert "empty" in answer.json()["error"]
    assert arrivals_of(cast) == []


def test_only_posting_is_answered(cast: Cast) -> None:
    assert Client().get("/hooks/adf/northside-leads/").status_code == 405


HOSTILE = {
    "no adf": b"Your verification code is 119 204.",
    "truncated before anybody is named": adf()[:160],
    "entity bomb": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]><adf><prospect>&y;</prospect></adf>',
    "external entity": b'<!DOCTYPE adf [<!ENTITY f SYSTEM "file:///etc/passwd">]><adf><prospect><customer>&f;</customer></prospect></adf>',
    "random bytes": bytes(range(256)) * 40,
    "utf-16 without a mark": "<adf></adf>".encode("utf-16-le"),
    "wrong encoding named": b'<?xml version="1.0" encoding="utf-7"?><adf><prospect/></adf>',
    "nul": b"<adf>\x00<prospect>\x00</prospect></adf>",
    "deep": b"<adf>" + b"<a>" * 20_000,
    "json": b'{"lead": {"name": "\\ud800"}}',
    "empty adf": b"<adf></adf>",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_lead_lies_before_a_person_with_its_text(cast: Cast, post: Post, body: bytes) -> None:
    answer = post(body)

    (arrival,) = arrivals_of(cast)
    assert answer.status_code == 202
    assert answer.json()["leads"] == []
    assert answer.json()["unreadable"] == arrival.why
    assert (arrival.state, bytes(arrival.raw)) == ("unreadable", body)
    assert arrival.why
    assert leads_of(cast) == []


def test_a_broken_multipart_body_is_kept_as_it_came(cast: Cast, post: Post) -> None:
    for content_type in (
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/mixed; boundary=zz",
    ):
        body = f"{content_type} Nora (973) 555-0190".encode()
        assert post(body, content_type).status_code == 202
    assert [arrival.state for arrival in arrivals_of(cast)] == ["unreadable"] * 3


def test_what_is_larger_than_a_lead_may_be_is_cut_kept_and_said(cast: Cast, post: Post) -> None:
    body = b"Tom Okafor (973) 555-0144 " + b"x" * 3_000_000
    answer = post(body)

    (arrival,) = arrivals_of(cast)
    assert answer.status_code == 413
    assert "1 MB" in answer.json()["error"]
    assert answer.json()["arrival"] == arrival.pk
    assert arrival.state == "unreadable"
    assert bytes(arrival.raw) == body[: webhooks.MOST]
    assert arrival.hints["phones"] == ["+19735550144"]


def test_the_same_bytes_again_bring_the_lead_up_to_date_once(cast: Cast, post: Post) -> None:
    first = post(adf(lead_id="C-71"))
    again = post(adf(lead_id="C-71"))

    (lead,) = leads_of(cast)
    (arrival,) = arrivals_of(cast)
    assert (first.status_code, again.status_code) == (201, 202)
    assert again.json() == {"arrival": arrival.pk, "leads": [lead.pk], "new": 0}
    assert (lead.n_resent, arrival.n_times) == (1, 2)


def test_unreadable_bytes_again_are_counted_and_wait_once(cast: Cast, post: Post) -> None:
    post(b"call me")
    post(b"call me")
    (arrival,) = arrivals_of(cast)
    assert (arrival.n_times, arrival.state) == (2, "unreadable")


def test_every_prospect_of_a_message_becomes_a_lead(cast: Cast, post: Post) -> None:
    answer = post(message(prospect("Tom Okafor"), prospect("Nora Quist", phone="(973) 555-0145")))
    assert answer.json()["new"] == 2
    assert {lead.customer.full_name for lead in leads_of(cast)} == {"Tom Okafor", "Nora Quist"}


def test_one_prospect_whom_nobody_can_reach_does_not_hide_the_other(cast: Cast, post: Post) -> None:
    answer = post(message(prospect("Nobody", phone=""), prospect("Nora Quist", phone="(973) 555-0145")))

    (arrival,) = arrivals_of(cast)
    assert answer.status_code == 201
    assert [lead.customer.full_name for lead in leads_of(cast)] == ["Nora Quist"]
    assert arrival.state == "unreadable"
    assert "1 of its 2 prospects" in arrival.why


def test_well_formed_adf_without_anybody_to_reach_waits_for_a_person(cast: Cast, post: Post) -> None:
    answer = post(adf("Tom Okafor", phone=""))
    assert answer.status_code == 202
    assert "nobody who could be reached" in answer.json()["unreadable"]


def test_an_error_of_ours_loses_nothing_and_is_no_5xx(cast: Cast, post: Post) -> None:
    with mock.patch.object(leads, "take", side_effect=RuntimeError("we erred")):
        answer = post(adf())

    (arrival,) = arrivals_of(cast)
    assert answer.status_code == 202
    assert (arrival.state, arrival.attempts) == ("new", 1)


def test_a_database_that_keeps_nothing_is_not_called_a_success(cast: Cast, post: Post) -> None:
    with mock.patch.object(webhooks.arrivals, "keep", side_effect=OperationalError("disk full")):
        answer = post(adf())
    assert answer.status_code == 503
    assert answer["Retry-After"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lead_id", ["C-71", ""])
def test_the_same_lead_posted_at_once_by_many_is_one_lead(lead_id: str) -> None:
    cast = the_cast.build()
    start, answers = threading.Barrier(6), []

    def send(n: int) -> None:
        start.wait()
        # Not the same bytes: a provider's second server writes its own line before the prospect.
        body = adf(lead_id=lead_id) + f"<!-- relay {n % 3} -->".encode()
        answers.append(Client().post("/hooks/adf/northside-leads/", body, "text/xml"))
        connection.close()

    threads = [threading.Thread(target=send, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (lead,) = leads_of(cast)
    assert sorted(answer.status_code for answer in answers) == [201] + [202] * 5
    # Three different messages; the same bytes that came while they were still being read count there only.
    assert 2 <= lead.n_resent <= 5
    assert {tuple(answer.json()["leads"]) for answer in answers} == {(lead.pk,)}
    assert sum(arrival.n_times for arrival in arrivals_of(cast)) == 6
    assert lead.customer.contact_points.count() == 1
