"""Seams 16 and 17: whoever agreed is in F&I within half an hour, and what F&I misses is brought."""

from __future__ import annotations

from dealership.events.catalogue.fni import DealContracted, DealRefused, DealTakenIn
from tests.flows.deal_world import DealWorld
from tests.flows.sales_world import minute, words

BOX, MEND = "bring_to_fni", "mend_refused_deal"


def test_who_agreed_is_in_the_box_within_half_an_hour(desk: DealWorld) -> None:
    desk.agreed()
    promise = desk.promise(BOX)
    assert (promise.owner, promise.due_at, promise.subject) == (desk.cast.mo, minute(30), "deal:K-1001")
    desk.at(12).fni_says(DealTakenIn)
    promise.refresh_from_db()
    assert (promise.state, promise.broken_at) == ("kept", None)
    assert desk.deal.stage == "in_fni"
    assert "In F&amp;I" in desk.browser(desk.cast.mo).get("/sales/deals/").content.decode()


def test_who_waits_too_long_is_seen_and_it_climbs(desk: DealWorld) -> None:
    desk.agreed()
    desk.at(31)
    promise = desk.promise(BOX)
    assert (promise.state, promise.broken_at, promise.owner) == ("open", minute(30), desk.cast.mo)
    page = words(desk.browser(desk.cast.mo).get("/sales/deals/?list=waiting").content.decode())
    assert "Nina Park" in page
    assert "Waiting for F&amp;I over 30 min 1" in page
    assert desk.at(61).promise(BOX).owner == desk.cast.gus
    desk.fni_says(DealTakenIn)
    assert desk.promise(BOX).is_recovered


def test_what_is_missing_is_brought_and_the_wait_begins_anew(desk: DealWorld) -> None:
    desk.agreed()
    desk.at(10).fni_says(DealRefused, missing="proof of insurance")
    assert desk.promise(BOX).state == "void"
    promise = desk.promise(MEND)
    assert (promise.owner, promise.due_at) == (desk.cast.sam, minute(130))
    assert "Missing: proof of insurance" in words(
        desk.browser(desk.cast.sam).get("/sales/deals/").content.decode()
    )

    desk.at(40).posts(desk.cast.sam, f"deals/{desk.deal.pk}/mend/", what="insurance card")
    promise.refresh_from_db()
    assert promise.state == "kept"
    assert (desk.promise(BOX).state, desk.promise(BOX).due_at) == ("open", minute(70))
    desk.at(45).fni_says(DealContracted, lender="Ally")
    assert desk.promise(BOX).state == "kept"
    assert (desk.deal.stage, desk.deal.lender) == ("contracted", "Ally")


def test_a_deal_that_nobody_mends_climbs_to_the_sales_manager(desk: DealWorld) -> None:
    desk.agreed()
    desk.at(1).fni_says(DealRefused, missing="second ID")
    desk.at(122)
    assert desk.promise(MEND).broken_at == minute(121)
    assert desk.at(182).promise(MEND).owner == desk.cast.mo


def test_a_deal_that_is_lost_owes_nothing_more(desk: DealWorld) -> None:
    desk.agreed()
    desk.posts(desk.cast.mo, f"deals/{desk.deal.pk}/lose/", why="bought elsewhere")
    assert desk.promise(BOX).state == "void"
    assert desk.deal.stage == "lost"
