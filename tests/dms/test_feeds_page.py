"""The page of DMS feeds: begun, given a new address, told how long they may be silent."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from dealership.dms.models import Feed
from dealership.stores.models import StoreChange
from tests.cast import Cast

FEEDS = reverse("dms:feeds")


def of(feed: Feed, name: str) -> str:
    return reverse(f"dms:{name}", args=[feed.pk])


def begun(cast: Cast, browser: Client) -> Feed:
    assert browser.post(FEEDS, {"kind": "SV"}).status_code == 302
    return Feed.objects.of_store(cast.northside.pk).get()


def test_only_who_manages_staff_sees_the_addresses_and_a_stranger_finds_none(
    cast: Cast, signed_in: Any
) -> None:
    assert "/account/login" in Client().get(FEEDS).url
    assert signed_in(cast.rosa).get(FEEDS).status_code == 403
    feed, eve = begun(cast, signed_in(cast.gus)), signed_in(cast.eve)
    assert feed.token not in eve.get(FEEDS).content.decode()
    for name in ("rotate_feed_address", "set_stale"):
        assert eve.post(of(feed, name), {"minutes": "60"}).status_code == 404
        assert signed_in(cast.rosa).post(of(feed, name), {"minutes": "60"}).status_code == 403
    same = Feed.objects.of_store(cast.northside.pk).get()
    assert (same.token, same.stale_after_minutes) == (feed.token, 120)


def test_a_feed_is_begun_once_and_takes_files_at_its_address_until_that_is_replaced(
    cast: Cast, signed_in: Any, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    gus = signed_in(cast.gus)
    feed = begun(cast, gus)
    assert begun(cast, gus).token == feed.token
    gus.get("/")
    with django_assert_max_num_queries(12):
        page = gus.get(FEEDS).content.decode()
    assert f"/hooks/dms/{feed.token}/" in page
    assert "stops working at once" in page
    assert gus.get(of(feed, "rotate_feed_address")).status_code == 405
    gus.post(of(feed, "rotate_feed_address"))
    new = Feed.objects.of_store(cast.northside.pk).get().token
    answers = [
        Client().post(f"/hooks/dms/{token}/", b"", content_type="text/plain") for token in (feed.token, new)
    ]
    assert [answer.status_code for answer in answers] == [404, 400]
    assert gus.post(FEEDS, {"kind": "XX"}).status_code == 404


def test_how_long_it_may_be_silent_is_set_with_who_did_it_or_refused(cast: Cast, signed_in: Any) -> None:
    gus = signed_in(cast.gus)
    feed = begun(cast, gus)
    assert gus.post(of(feed, "set_stale"), {"minutes": "240"}).status_code == 302
    assert Feed.objects.of_store(cast.northside.pk).get().stale_after_minutes == 240
    row = StoreChange.objects.of_store(cast.northside.pk).latest("pk")
    assert (row.was, row.became, row.by_name) == ("120 min", "240 min", "Gus Ortega")
    wrong = gus.post(of(feed, "set_stale"), {"minutes": "soon"})
    assert wrong.status_code == 422
    assert 'value="soon"' in wrong.content.decode()
