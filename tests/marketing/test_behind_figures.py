"""The lists behind the figures of campaigns and of sources: figure and list agree. And segments as a list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from dealership.messaging import sending
from dealership.staff.models import StaffMember
from marketing import campaigns, segments
from marketing.models import CampaignPerson, SourceLead
from tests.cast import MONDAY_TEN, Cast, make_customer
from tests.marketing.test_campaigns import approved, reachable
from tests.messaging.carriers import FakeCarrier, clock_at

pytestmark = pytest.mark.django_db
SignedIn = Callable[[StaffMember], Client]
PEOPLE, SOURCES, SEGMENTS = "/marketing/campaigns/people/", "/marketing/sources/", "/marketing/segments/"
NOW = MONDAY_TEN + timedelta(hours=2)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def file(browser: Client, address: str) -> list[str]:
    """The lines of the file without its head."""
    there, _, query = address.partition("?")
    return browser.get(f"{there}export/?{query}").content.decode("utf-8-sig").splitlines()[1:]


def counted(browser: Client, address: str) -> int:
    """How many the list says that it has; so many rows it shows."""
    page = browser.get(address).content.decode()
    found = re.search(r'<b class="num">(\d+) ', page)
    assert found, page
    assert page.count('<th scope="row"') == int(found[1])
    return int(found[1])


def figures(page: str, there: str) -> list[tuple[str, int]]:
    """Each figure of the page that opens that list: its address, and how many it says."""
    found = re.findall(rf'href="({there}\?[^"]*)"[^>]*>(?:<span[^>]*>[^<]*</span><b>)?(\d+)<', page)
    return [(unescape(href), int(n)) for href, n in found]


def test_every_figure_of_a_campaign_opens_exactly_its_people(cast: Cast, signed_in: SignedIn) -> None:
    for n in range(4):
        reachable(cast, n)
    barred = reachable(cast, 4)
    barred.dms_blocks = {"text": True}
    barred.save()
    campaign = approved(cast)
    campaigns.send_waiting(now=NOW)
    sending.send_due(transport=FakeCarrier(), clock=clock_at(NOW))
    rows = CampaignPerson.objects.of_store(cast.northside.pk)
    rows.filter(customer__full_name="Kin 0").update(answered_at=NOW)
    rows.filter(customer__full_name="Kin 1").update(answered_at=NOW, booked_at=NOW + timedelta(minutes=1))
    rows.filter(customer__full_name="Kin 2").update(opted_out_at=NOW + timedelta(minutes=2))
    browser = signed_in(cast.max)
    told = figures(browser.get(f"/marketing/campaigns/{campaign.pk}/").content.decode(), PEOPLE)
    assert {re.sub(".*=", "", href): n for href, n in told} == {
        "people": 5, "on_the_way": 0, "sent": 4, "delivered": 0, "failed": 0, "not_sent": 1, "withdrawn": 0,
        "answered": 2, "booked": 1, "opted_out": 1,
    }  # fmt: skip
    assert {href: counted(browser, href) for href, _n in told} == dict(told)
    assert set(figures(browser.get("/marketing/campaigns/").content.decode(), PEOPLE)) <= set(told)
    of = f"{PEOPLE}?campaign={campaign.pk}"
    assert file(browser, f"{of}&show=answered&sort=did&cols=customer&cols=did") == [
        "Kin 1,booked",
        "Kin 0,answered",
    ]
    assert file(browser, f"{of}&show=not_sent&cols=customer&cols=text&cols=why&cols=phone") == [
        "Kin 4,left out,The DMS says no texts,'+19735550004"
    ]
    assert file(browser, f"{PEOPLE}?campaign={campaign.pk + 1}") == []
    page = browser.get(f"{of}&show=opted_out").content.decode()
    assert f'href="/customers/{rows.get(opted_out_at__isnull=False).customer_id}/"' in page
    assert f'href="/marketing/campaigns/{campaign.pk}/">Winter</a>' in page


def test_why_somebody_was_texted_is_said_in_the_readers_language(
    cast: Cast, signed_in: SignedIn, in_spanish: SignedIn
) -> None:
    reachable(cast, 0)
    approved(cast)
    campaigns.send_waiting(now=NOW)
    sending.send_due(transport=FakeCarrier(), clock=clock_at(NOW))

    for begin, says, never in (
        (signed_in, "Goes at once", "Sale enseguida"),
        (in_spanish, "Sale enseguida", "Goes at once"),
    ):
        browser = begin(cast.max)
        page = browser.get(f"{PEOPLE}?show=sent").content.decode()
        taken = "".join(file(browser, f"{PEOPLE}?show=sent"))
        assert says in page
        assert says in taken
        assert never not in page + taken


def came(cast: Cast, n: int, source: str, minutes: int | None = None, **reached: object) -> SourceLead:
    customer = make_customer(cast.northside, f"Kin {n}", f"+1973555{n:04d}")
    return SourceLead.objects.create(
        store_id=cast.northside.pk, lead_id=n, source=source, customer=customer, received_at=NOW - timedelta(days=n),
        person_minutes=minutes, person_at=None if minutes is None else NOW, **reached,
    )  # fmt: skip


def test_every_figure_of_the_sources_opens_exactly_its_leads(cast: Cast, signed_in: SignedIn) -> None:
    came(cast, 1, "cars.example", 9, booked_at=NOW, shown_at=NOW, delivered_at=NOW)
    came(cast, 2, "cars.example")
    came(cast, 3, "", 2, booked_at=NOW)
    came(cast, 40, "a paper & more", 4)
    browser = signed_in(cast.max)
    for days, n_figures in ((30, 15), (90, 20)):
        told = figures(browser.get(f"{SOURCES}?days={days}").content.decode(), f"{SOURCES}leads/")
        assert len(told) == n_figures
        assert {href: counted(browser, href) for href, _n in told} == dict(told)
    leads = f"{SOURCES}leads/"
    assert file(browser, f"{leads}?source=%3F&cols=customer&cols=source") == ["Kin 3,unknown"]
    assert file(browser, f"{leads}?sort=fastest&days=90&cols=customer") == [
        "Kin 3",
        "Kin 40",
        "Kin 1",
        "Kin 2",
    ]
    assert (
        "Unknown source: answered in 5 min"
        in browser.get(f"{leads}?source=%3F&what=in_time").content.decode()
    )


def test_the_sources_stand_by_the_figure_that_is_pressed_and_are_taken_away_so(
    cast: Cast, signed_in: SignedIn
) -> None:
    came(cast, 1, "cars.example")
    came(cast, 2, "cars.example", delivered_at=NOW)
    came(cast, 3, "own site", 2, delivered_at=NOW)
    browser = signed_in(cast.max)
    most, best = ["cars.example,2,0,0,0,1,50", "own site,1,1,0,0,1,100"], ["own site", "cars.example"]
    assert file(browser, SOURCES) == most
    for by in ("close", "in_time"):
        assert [line.split(",")[0] for line in file(browser, f"{SOURCES}?sort={by}")] == best
    page = browser.get(f"{SOURCES}?sort=close&days=90").content.decode()
    assert page.index("own site") < page.index("cars.example")
    assert f'href="{SOURCES}export/?days=90&amp;sort=close"' in page
    assert 'href="?days=30&amp;sort=close"' in page


def test_segments_are_narrowed_by_who_changed_them_and_whether_a_campaign_used_them(
    cast: Cast, signed_in: SignedIn
) -> None:
    reachable(cast, 1)
    approved(cast)
    segments.save(
        store_id=cast.northside.pk, segment=None, name="Either", match="any",
        conditions=[{"what": "state", "state": "NY"}, {"what": "language", "language": "es"}], by=cast.gus, now=NOW,
    )  # fmt: skip
    browser = signed_in(cast.max)
    assert file(browser, f"{SEGMENTS}?cols=name&cols=who") == [
        "Either,lives in NY or speaks Spanish", "New Jersey,lives in NJ",
    ]  # fmt: skip
    for query, names in {
        "sort=newest": ["Either", "New Jersey"],
        "by=me": ["New Jersey"],
        f"by={cast.gus.pk}": ["Either"],
        "used=yes": ["New Jersey"],
        "used=no": ["Either"],
    }.items():
        assert file(browser, f"{SEGMENTS}?{query}&cols=name") == names, query
        page = browser.get(f"{SEGMENTS}?{query}").content.decode()
        assert [name for name in ("Either", "New Jersey") if f">{name}</a>" in page] == sorted(names), query
