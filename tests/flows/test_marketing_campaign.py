"""The first campaign: a segment counted while it is typed, words checked, approved by a second, sent, answered, stopped."""

from __future__ import annotations

from dealership.messaging import consent
from dealership.messaging.models import Message, Purpose
from marketing import campaigns, filtered
from marketing.models import Campaign, Segment
from tests.cast import MONDAY_TEN, make_customer
from tests.flows.marketing_world import MarketingWorld
from tests.flows.sales_world import TOM, words

HTMX = {"HX-Request": "true"}
LIZ = "+19735550155"
OFFER = "Hi {first}, this is {store}. Winter tires are in, reply with a day. Reply STOP to opt out."


def agrees(town: MarketingWorld, number: str) -> None:
    consent.give(
        store_id=town.cast.northside.pk, number=number, purpose=Purpose.MARKETING, how=consent.How.SIGNED,
        words="signed at delivery", now=MONDAY_TEN,
    )  # fmt: skip


def a_draft(town: MarketingWorld) -> Campaign:
    browser = town.browser(town.cast.max)
    saved = browser.post("/marketing/segments/new/", {"name": "English", "match": "all", "language": "en"})
    assert saved.status_code == 302, saved.content
    segment = Segment.objects.of_store(town.cast.northside.pk).get()
    form = {"name": "Tires", "segment": segment.pk, "department": "service", "words": OFFER}
    assert browser.post("/marketing/campaigns/new/", form | {"words": "Tires are in."}).status_code == 422
    assert browser.post("/marketing/campaigns/new/", form).status_code == 302
    return Campaign.objects.of_store(town.cast.northside.pk).get()


def test_the_count_follows_what_is_typed_and_says_who_is_left_out(town: MarketingWorld) -> None:
    town.tom()
    make_customer(town.cast.northside, "Liz Hart", LIZ, language="es")
    agrees(town, LIZ)
    browser = town.browser(town.cast.max)
    part = words(
        browser.get("/marketing/segments/count/?match=all&language=en", headers=HTMX).content.decode()
    )
    assert "Fit 1 customer" in part
    assert "1 Did not agree in writing to offers by text" in part
    part = words(browser.get("/marketing/segments/count/?match=any&language=es&consent=on").content.decode())
    assert "Can be texted an offer 1" in part
    whole = browser.get("/marketing/segments/new/?match=all&language=en")
    assert "Tom Okafor" in whole.content.decode()


def test_a_campaign_is_approved_by_a_second_sent_answered_and_opted_out_of(town: MarketingWorld) -> None:
    cast = town.cast
    town.tom()
    make_customer(cast.northside, "Liz Hart", LIZ)
    agrees(town, TOM)
    agrees(town, LIZ)
    campaign = a_draft(town)
    path = f"/marketing/campaigns/{campaign.pk}/"
    assert town.browser(cast.max).post(f"{path}approve/").status_code == 422
    assert town.browser(cast.gus).post(f"{path}approve/").status_code == 302
    town.work()
    town.phone_gets_it()
    assert sorted(town.texts()) == [
        OFFER.format(first=name, store="Northside Honda") for name in ("Liz", "Tom")
    ]
    town.customer_writes("Thursday please, and tell me the price", TOM)
    town.customer_writes("STOP", LIZ)
    assert town.promise("answer_service_text").owner == cast.sid
    page = words(town.browser(cast.max).get(path).content.decode())
    for figure in ("Received 2", "Answered 2", "Opted out 1", "Not sent 0"):
        assert figure in page
    opted_out = f"/marketing/campaigns/people/?campaign={campaign.pk}&amp;show=opted_out"
    assert f'href="{opted_out}"' in town.browser(cast.max).get(path).content.decode()
    people = town.browser(cast.rosa).get(opted_out.replace("&amp;", "&")).content.decode()
    assert "Liz Hart" in people
    assert "Tom Okafor" not in people


def test_a_campaign_that_waits_for_its_hour_is_stopped_at_once(town: MarketingWorld) -> None:
    town.tom()
    agrees(town, TOM)
    campaign = a_draft(town)
    town.jump(MONDAY_TEN.replace(hour=23).replace(day=24))
    path = f"/marketing/campaigns/{campaign.pk}/"
    town.browser(town.cast.gus).post(f"{path}approve/")
    town.clock.move_to(town.now)
    town.browser(town.cast.max).post(f"{path}stop/", {"why": "Wrong week"})
    town.jump(MONDAY_TEN.replace(day=25))
    assert town.texts() == []
    assert "Wrong week" in town.browser(town.cast.max).get(path).content.decode()


def test_a_campaign_that_the_carriers_filter_stops_itself(town: MarketingWorld) -> None:
    cast = town.cast
    numbers = [f"+1973555{3000 + n}" for n in range(8)]
    for n, number in enumerate(numbers):
        make_customer(cast.northside, f"Liz{n} Hart", number)
        agrees(town, number)
    campaign = a_draft(town)
    town.browser(cast.gus).post(f"/marketing/campaigns/{campaign.pk}/approve/")
    campaigns.send_waiting(now=MONDAY_TEN)
    said = Message.objects.of_store(cast.northside.pk).filter(subject=campaign.subject)
    left = [message.pk for message in said.order_by("pk")[:6]]
    said.filter(pk__in=left).update(called_at=MONDAY_TEN, state="undelivered", error_code="30007")

    said.filter(pk__in=left[:2]).update(error_code="30003")
    assert filtered.stop_unwanted(now=MONDAY_TEN) == 0  # four may be chance
    said.filter(pk__in=left[:2]).update(error_code="30034")
    assert filtered.stop_unwanted(now=MONDAY_TEN) == 1

    campaign.refresh_from_db()
    assert (campaign.state, campaign.stopped_by) == (Campaign.State.STOPPED, None)
    assert set(said.exclude(pk__in=left).values_list("state", flat=True)) == {"suppressed"}
    page = words(town.browser(cast.max).get(f"/marketing/campaigns/{campaign.pk}/").content.decode())
    assert "By itself" in page
    assert "the carriers filter it: 6 of the last 6 texts did not arrive" in page
