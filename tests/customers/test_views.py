"""Pages of customers: who may, who may not, what they show and what they refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dealership.customers import matching, people, timeline
from dealership.customers.models import Customer, Merge
from dealership.vehicles import garage
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast
from tests.customers.test_timeline import told

HTMX = {"HX-Request": "true"}


@pytest.fixture
def maria(cast: Cast) -> Customer:
    customer, _ = matching.find_or_create(
        store_id=cast.northside.pk,
        first="Maria",
        last="Lopez",
        phones=[("cell", "+19735550117")],
        emails=["maria@example.com"],
        now=NOW,
    )
    return customer


def page(maria: Customer, name: str = "customer_detail") -> str:
    return reverse(f"customers:{name}", args=[maria.pk])


@pytest.mark.parametrize("name", ["customer_detail", "about", "story", "twins"])
def test_strangers_see_nothing_of_a_customer(cast: Cast, maria: Customer, signed_in: Any, name: str) -> None:
    assert "/account/login" in Client().get(page(maria, name)).url
    assert signed_in(cast.eve).get(page(maria, name)).status_code == 404


def test_a_technician_reads_and_does_not_write(cast: Cast, maria: Customer, signed_in: Any) -> None:
    client = signed_in(cast.tess)
    assert client.get(page(maria)).status_code == 200
    assert client.get(page(maria, "about")).status_code == 200
    assert "in-place" not in client.get(page(maria)).content.decode()
    assert client.get(page(maria, "twins")).status_code == 403
    assert client.get(reverse("customers:customer_new")).status_code == 403
    assert client.get(page(maria, "about"), {"edit": "name"}).status_code == 403
    assert client.post(page(maria, "about"), {"edit": "contact", "text": "x@example.com"}).status_code == 403


def test_the_other_store_changes_nothing(cast: Cast, maria: Customer, signed_in: Any) -> None:
    eve, point = signed_in(cast.eve), maria.contact_points.get(kind="phone")
    for name in ("about", "undo_edit", "merge", "not_twins"):
        typed = {"edit": "contact", "text": "x@example.com", "other": maria.pk}
        assert eve.post(page(maria, name), typed).status_code == 404
    for name in ("make_primary", "give_up", "take_back"):
        assert eve.post(reverse(f"customers:{name}", args=[point.pk])).status_code == 404
    point.refresh_from_db()
    assert point.is_living


def test_the_page_shows_who_they_are_what_they_drive_and_what_happened(
    cast: Cast, maria: Customer, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    for n, vin in enumerate(["1HGCV1F30LA000002", "2HGFC2F59KH000003", "19XFC2F59KE000004"]):
        car = garage.find_or_create(
            store_id=cast.northside.pk, vin=vin, model=f"Car {n}", mileage=61_204, seen_at=NOW, now=NOW
        )
        assert car is not None
        garage.record_owner(car, maria, since=NOW.date(), how="RO")
    people.set_person(maria, "sales", cast.sam, now=NOW)
    people.set_person(maria, "service", cast.ana, now=NOW)
    for _ in range(4):
        told(cast, maria)
    client = signed_in(cast.dana)
    client.get(page(maria))
    # What is owed stands in the page and asks two of them.
    with django_assert_max_num_queries(14):
        text = client.get(page(maria)).content.decode()
    assert 'id="owed"' in text
    for words in (
        "Maria Lopez",
        "(973) 555-0117",
        "maria@example.com",
        "Car 2",
        "61,204 mi",
        "Sam Tully",
        "RO 48213 opened",
        "In service now",
    ):
        assert words in text


def test_an_empty_page_says_so(cast: Cast, signed_in: Any) -> None:
    nobody, _ = matching.find_or_create(store_id=cast.northside.pk, full="Abe Abel", now=NOW)
    text = signed_in(cast.dana).get(page(nobody)).content.decode()
    for words in ("no phone", "No car is known", "Nobody yet", "Nothing has happened yet"):
        assert words in text


def test_the_story_is_filtered_and_continued(
    cast: Cast, maria: Customer, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(cast, maria)
    client = signed_in(cast.dana)
    texts = client.get(page(maria, "story"), {"show": "texts"}, headers=HTMX).content.decode()
    assert "is it red" in texts
    assert "RO 48213" not in texts
    assert "<html" not in texts
    oldest = timeline.story(cast.dana, maria)[-2]
    rest = client.get(page(maria, "story"), {"before": oldest.cursor}, headers=HTMX).content.decode()
    assert "Asked about 2026 Accord" in rest
    assert "is it red" not in rest
    assert client.get(page(maria, "story"), {"show": "texts"}).url == f"{page(maria)}?show=texts"
    assert client.get(page(maria), {"show": "nonsense", "before": "nonsense"}).status_code == 200


def test_the_list_shows_the_newest_and_finds_by_anything(
    cast: Cast, maria: Customer, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    client, where = signed_in(cast.dana), reverse("customers:customer_list")
    client.get(where)
    with django_assert_max_num_queries(12):
        assert "Maria Lopez" in client.get(where).content.decode()
    for text in ("lop", "0117"):
        with django_assert_max_num_queries(12):
            assert "Maria Lopez" in client.get(where, {"q": text}).content.decode()
    assert "Nobody fits" in client.get(where, {"q": "zzz"}).content.decode()
    assert "Type two letters" in client.get(where, {"q": "z"}).content.decode()
    assert "No customers yet" in signed_in(cast.eve).get(where).content.decode()
    assert "/account/login" in Client().get(where).url


def test_the_list_goes_on_without_gaps(cast: Cast, maria: Customer, signed_in: Any) -> None:
    for n in range(60):
        matching.find_or_create(store_id=cast.northside.pk, full=f"Owner N{n:02}", now=NOW)
    client, where = signed_in(cast.dana), reverse("customers:customer_list")
    first = client.get(where)
    rest = client.get(where + first.context["list"].onward)
    shown = [row["pk"] for response in (first, rest) for row in response.context["list"].rows]
    assert len(shown) == len(set(shown)) == 61
    assert rest.context["list"].onward == ""


def test_the_box_at_the_top_answers_while_typing(cast: Cast, maria: Customer, signed_in: Any) -> None:
    client, where = signed_in(cast.dana), reverse("customers:search")
    part = client.get(where, {"q": "lopez"}, headers=HTMX).content.decode()
    assert page(maria) in part
    assert "<html" not in part
    assert client.get(where, {"q": "lopez"}).url == f"{reverse('customers:customer_list')}?q=lopez"
    assert "Maria" not in signed_in(cast.eve).get(where, {"q": "lopez"}, headers=HTMX).content.decode()


def test_somebody_new_is_made_by_hand(cast: Cast, signed_in: Any) -> None:
    client, where = signed_in(cast.dana), reverse("customers:customer_new")
    typed = {"first": "Carl", "last": "Benson", "phone": "973 555 0118", "language": "en"}
    made = client.post(where, typed)
    carl = Customer.objects.of_store(cast.northside.pk).get()
    assert made.url == page(carl)
    assert carl.contact_points.get().value == "+19735550118"
    assert 'value="0118"' in client.get(where, {"q": "0118"}).content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"phone": "973 555 0117"}, "belongs to Maria Lopez"),
        ({"email": "MARIA@example.com"}, "belongs to Maria Lopez"),
        ({"phone": "12"}, "no phone number"),
        ({"email": "carl at home"}, "no e-mail address"),
        ({}, "Give a phone or an e-mail"),
    ],
)
def test_what_cannot_be_is_refused_beside_the_field_and_kept(
    cast: Cast, maria: Customer, signed_in: Any, typed: dict[str, str], words: str
) -> None:
    response = signed_in(cast.dana).post(
        reverse("customers:customer_new"), {"first": "Carl", "last": "Benson", "language": "en", **typed}
    )
    text = response.content.decode()
    assert response.status_code == 422
    assert words in text
    assert "Benson" in text
    assert Customer.objects.of_store(cast.northside.pk).count() == 1
    assert (page(maria) in text) is ("Maria" in words)


def test_phones_are_added_preferred_given_up_and_taken_back(
    cast: Cast, maria: Customer, signed_in: Any
) -> None:
    client = signed_in(cast.dana)
    client.post(page(maria, "about"), {"edit": "contact", "text": "(973) 555-0118", "label": "work"})
    added = maria.contact_points.get(value="+19735550118")
    client.post(reverse("customers:make_primary", args=[added.pk]))
    added.refresh_from_db()
    assert (added.label, added.is_primary) == ("work", True)
    shown = client.post(reverse("customers:give_up", args=[added.pk]), follow=True).content.decode()
    added.refresh_from_db()
    assert not added.is_living
    assert reverse("customers:take_back", args=[added.pk]) in shown
    client.post(reverse("customers:take_back", args=[added.pk]))
    added.refresh_from_db()
    assert added.is_living


def test_a_phone_of_somebody_else_is_refused_beside_the_field(
    cast: Cast, maria: Customer, signed_in: Any
) -> None:
    carl, _ = matching.find_or_create(store_id=cast.northside.pk, full="Carl Benson", now=NOW)
    response = signed_in(cast.dana).post(page(carl, "about"), {"edit": "contact", "text": "973-555-0117"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "belongs to Maria Lopez" in text
    assert page(maria) in text
    assert "973-555-0117" in text


def test_a_new_name_is_saved_found_and_taken_back(cast: Cast, maria: Customer, signed_in: Any) -> None:
    client, where = signed_in(cast.dana), page(maria, "about")
    opened = client.get(where, {"edit": "name"}, headers=HTMX).content.decode()
    assert 'value="Lopez"' in opened
    saved = client.post(where, {"edit": "name", "first": "Maria", "last": "Keller"}, headers=HTMX)
    assert saved.content.decode().count("Maria Keller") == 2, "in the card, and in the head of the page"
    told = json.loads(saved["HX-Trigger"])["kept:done"]
    assert "Maria Keller" in client.get(reverse("customers:customer_list"), {"q": "keller"}).content.decode()
    assert signed_in(cast.sam).post(told["undo"], headers=HTMX).status_code == 422, "it is not his to undo"
    assert client.post(told["undo"], headers=HTMX).status_code == 204
    maria.refresh_from_db()
    assert (maria.full_name, maria.first_name) == ("Maria Lopez", "Maria")
    assert client.post(told["undo"], headers=HTMX).status_code == 422, "once"


def test_an_undo_takes_nothing_back_that_a_colleague_wrote_since(
    cast: Cast, maria: Customer, signed_in: Any
) -> None:
    client, where = signed_in(cast.dana), page(maria, "about")
    undo = json.loads(client.post(where, {"edit": "address", "city": "Newark"}, headers=HTMX)["HX-Trigger"])
    signed_in(cast.sam).post(where, {"edit": "address", "city": "Orange", "state": "nj"})
    refused = client.post(undo["kept:done"]["undo"], headers=HTMX)
    assert (refused.status_code, b"by a colleague" in refused.content) == (422, True)
    maria.refresh_from_db()
    assert maria.address == "Orange, NJ"


def test_what_cannot_be_saved_is_said_in_the_card_with_what_was_typed(
    cast: Cast, maria: Customer, signed_in: Any
) -> None:
    client, where = signed_in(cast.dana), page(maria, "about")
    refused = client.post(where, {"edit": "address", "city": "Newark", "state": "Jersey"}, headers=HTMX)
    text = refused.content.decode()
    assert (refused.status_code, "Two letters" in text, 'value="Newark"' in text) == (422, True, True)
    for part in ("", "nonsense", "point-0", "point-x"):
        assert client.post(where, {"edit": part}).status_code == 404


def test_a_phone_is_corrected_and_what_was_said_to_the_old_one_stays_with_it(
    cast: Cast, maria: Customer, signed_in: Any
) -> None:
    client, where = signed_in(cast.dana), page(maria, "about")
    old = maria.contact_points.get(kind="phone")
    typed = {"edit": f"point-{old.pk}", "text": "973-555-0171", "label": "cell"}
    undo = json.loads(client.post(where, typed, headers=HTMX)["HX-Trigger"])["kept:done"]["undo"]
    living = maria.contact_points.filter(kind="phone", is_living=True)
    assert [(p.value, p.is_primary) for p in living] == [("+19735550171", True)]
    client.post(undo)
    assert [(p.value, p.is_primary) for p in living.all()] == [("+19735550117", True)]
    other, _ = matching.find_or_create(store_id=cast.northside.pk, full="Carl Benson", now=NOW)
    assert client.post(page(other, "about"), typed).status_code == 404, "a phone of somebody else’s"


def test_managers_say_whose_customer_somebody_is(cast: Cast, maria: Customer, signed_in: Any) -> None:
    where = page(maria, "about")
    assert signed_in(cast.dana).post(where, {"edit": "sales", "to": cast.lia.pk}).status_code == 403
    client = signed_in(cast.mo)
    choices = client.get(where, {"edit": "service"}, headers=HTMX).content.decode()
    assert ("Ana Moreno" in choices, "Sam Tully" in choices) == (True, False)
    saved = client.post(where, {"edit": "sales", "to": cast.lia.pk}, headers=HTMX)
    assert people.person_of(maria, "sales") == cast.lia
    client.post(json.loads(saved["HX-Trigger"])["kept:done"]["undo"])
    assert people.person_of(maria, "sales") is None
    assert client.post(where, {"edit": "sales", "to": cast.ana.pk}).status_code == 422
    assert client.post(where, {"edit": "sales", "to": cast.earl.pk}).status_code == 422


def test_it_is_a_plain_form_where_there_is_no_script(cast: Cast, maria: Customer, signed_in: Any) -> None:
    client, where = signed_in(cast.dana), page(maria, "about")
    opened = client.get(where, {"edit": "language"}).content.decode()
    assert "<html" in opened
    assert 'name="language"' in opened
    shown = client.post(where, {"edit": "language", "language": "es"}, follow=True)
    assert shown.redirect_chain == [(page(maria), 302)]
    assert "speaks Spanish" in shown.content.decode()
    assert page(maria, "undo_edit") in shown.content.decode()


def test_twins_are_merged_and_the_merge_undone(cast: Cast, maria: Customer, signed_in: Any) -> None:
    twin, _ = matching.find_or_create(
        store_id=cast.northside.pk, first="Maria", last="Lopez", phones=[("", "+19735550119")], now=NOW
    )
    client = signed_in(cast.dana)
    assert "Same name" in client.get(page(maria, "twins")).content.decode()
    client.post(page(maria, "merge"), {"other": twin.pk})
    assert client.get(page(twin)).url == page(maria)
    assert "(973) 555-0119" in client.get(page(maria)).content.decode()
    merge = Merge.objects.of_store(cast.northside.pk).get()
    assert signed_in(cast.eve).post(reverse("customers:unmerge", args=[merge.pk])).status_code == 404
    client.post(reverse("customers:unmerge", args=[merge.pk]))
    assert client.get(page(twin)).status_code == 200
    client.post(page(maria, "not_twins"), {"other": twin.pk})
    assert "Same name" not in client.get(page(maria, "twins")).content.decode()
    assert client.post(page(maria, "merge"), {"other": "x"}).status_code == 404
