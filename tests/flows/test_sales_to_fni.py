"""Seams 16 and 17: whoever agreed is in F&I within half an hour, and what F&I misses is brought."""

from __future__ import annotations

from dealership.events.catalogue.fni import DealContracted, DealRefused, DealTakenIn
from tests.flows.deal_world import DealWorld
from tests.flows.sales_world import minute, words

BOX, MEND = "bring_to_fni", "mend_refused_deal"


def test_who_agreed_is_in_the_box_within_half_an_hour(agreed: DealWorld) -> None:
    promise = agreed.promise(BOX)
    assert (promise.owner, promise.due_at, promise.subject) == (agreed.cast.mo, minute(30), "deal:K-1001")
    agreed.at(12).fni_says(DealTakenIn)
    promise.refresh_from_db()
    assert (promise.state, promise.broken_at) == ("kept", None)
    assert agreed.deal.stage == "in_fni"
    assert "In F&amp;I" in agreed.browser(agreed.cast.mo).get("/sales/deals/").content.decode()


def test_who_waits_too_long_is_seen_and_it_climbs(agreed: DealWorld) -> None:
    agreed.at(31)
    promise = agreed.promise(BOX)
    assert (promise.state, promise.broken_at, promise.owner) == ("open", minute(30), agreed.cast.mo)
    mo = agreed.browser(agreed.cast.mo)
    assert "Waiting for F&amp;I over 30 min 1" in words(mo.get("/sales/deals/").content.decode())
    assert "Nina Park" in mo.get("/sales/deals/list/?show=waiting&ready=waits_long").content.decode()
    assert agreed.at(61).promise(BOX).owner == agreed.cast.gus
    agreed.fni_says(DealTakenIn)
    assert agreed.promise(BOX).is_recovered


def test_what_is_missing_is_brought_and_the_wait_begins_anew(agreed: DealWorld) -> None:
    agreed.at(10).fni_says(DealRefused, missing="proof of insurance")
    assert agreed.promise(BOX).state == "void"
    promise = agreed.promise(MEND)
    assert (promise.owner, promise.due_at) == (agreed.cast.sam, minute(130))
    assert "Missing: proof of insurance" in words(
        agreed.browser(agreed.cast.sam).get("/sales/deals/").content.decode()
    )

    agreed.at(40).posts(agreed.cast.sam, f"deals/{agreed.deal.pk}/mend/", what="insurance card")
    promise.refresh_from_db()
    assert promise.state == "kept"
    assert (agreed.promise(BOX).state, agreed.promise(BOX).due_at) == ("open", minute(70))
    agreed.at(45).fni_says(DealContracted, lender="Ally")
    assert agreed.promise(BOX).state == "kept"
    assert (agreed.deal.stage, agreed.deal.lender) == ("contracted", "Ally")


def test_a_deal_that_nobody_mends_climbs_to_the_sales_manager(agreed: DealWorld) -> None:
    agreed.at(1).fni_says(DealRefused, missing="second ID")
    agreed.at(122)
    assert agreed.promise(MEND).broken_at == minute(121)
    assert agreed.at(182).promise(MEND).owner == agreed.cast.mo


def test_a_deal_that_is_lost_owes_nothing_more(agreed: DealWorld) -> None:
    agreed.posts(agreed.cast.mo, f"deals/{agreed.deal.pk}/lose/", why="bought elsewhere")
    assert agreed.promise(BOX).state == "void"
    assert agreed.deal.stage == "lost"
