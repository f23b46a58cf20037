"""One deal through both departments' pages: agreed at the desk, mended, boxed, delivered, paid, titled. Seams 16 to 23 meet."""

from __future__ import annotations

from fni.models import ChecklistItem, DealJacket
from sales.models import DealTrade
from tasks.models import Promise
from tests.flows.deal_world import DealWorld
from tests.flows.sales_world import minute, words

DAY = 24 * 60


def states(desk: DealWorld) -> dict[str, str]:
    rows = Promise.objects.of_store(desk.cast.northside.pk).filter(subject="deal:K-1001", seam__lte=23)
    return {row.rule: row.state for row in rows.order_by("pk")}


def test_a_deal_goes_from_the_desk_to_the_title_and_every_promise_on_the_way_is_kept(desk: DealWorld) -> None:
    cast = desk.cast
    faye = desk.browser(cast.faye)
    desk.writes_deal()
    DealTrade.objects.create(store=cast.northside, deal=desk.deal, car="2015 Fit", vin="JHMGK5H7XFX000001")
    desk.posts(cast.sam, f"deals/{desk.deal.pk}/agree/")
    jacket = DealJacket.objects.of_store(cast.northside.pk).get(deal_number="K-1001")
    items = ChecklistItem.objects.of_store(cast.northside.pk).filter(jacket=jacket)
    assert {"trade_title", "payoff_letter"} <= set(items.values_list("key", flat=True))
    path = f"/fni/jackets/{jacket.pk}"

    items.exclude(key="payoff_letter").update(state="here")
    assert faye.post(f"{path}/refuse/", {"missing": "payoff_letter"}).status_code == 302
    assert states(desk) == {"bring_to_fni": "void", "mend_refused_deal": "open"}
    shown = desk.browser(cast.sam).get("/fni/deals/K-1001/").content.decode()
    assert "Missing: payoff letter of the trade" in words(shown)
    desk.at(20).posts(cast.sam, f"deals/{desk.deal.pk}/mend/", what="payoff letter")
    items.update(state="here")
    assert faye.post(f"{path}/take-in/").status_code == 302
    assert states(desk) == {"mend_refused_deal": "kept", "bring_to_fni": "kept"}
    assert desk.deal.stage == "in_fni"

    assert faye.post(f"{path}/contract/", {"lender": "Ally"}).status_code == 302
    assert faye.post(f"{path}/send/").status_code == 302
    desk.at(40).posts(cast.sam, f"deals/{desk.deal.pk}/deliver/")
    promise = desk.promise("fund_contract")
    assert (promise.state, promise.owner, promise.due_at) == ("open", cast.faye, minute(40 + 7 * DAY))
    desk.jump(minute(3 * DAY))
    faye = desk.browser(cast.faye)
    assert faye.post(f"{path}/fund/").status_code == 302
    assert desk.promise("send_title").owner == cast.tia
    assert desk.browser(cast.tia).post(f"{path}/title/", {"proof": "1Z 999"}).status_code == 302
    assert set(states(desk).values()) == {"kept"}
    assert (
        not Promise.objects.of_store(cast.northside.pk)
        .filter(subject="deal:K-1001", seam__lte=23, broken_at__isnull=False)
        .exists()
    )
