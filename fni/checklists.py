"""What belongs into a jacket, by the kind of deal. Pure.

Each thing is needed at one of two doors: before the customer is taken into the box (sales brings it), or before the jacket
leaves for the lender. What is kept of it is that it is here, who saw it and when; never the paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dealership.language import later


class Door(StrEnum):
    """Where a missing thing holds the deal up."""

    BOX = "box"
    LENDER = "lender"


@dataclass(frozen=True)
class Item:
    """One thing of a jacket."""

    key: str
    words: str
    door: Door


@dataclass(frozen=True)
class Deal:
    """What decides which things a deal needs."""

    deal_type: str = ""
    condition: str = ""
    has_trade: bool = False
    is_large_cash: bool = False


_EVERY = (
    Item("buyers_order", later("Signed buyer’s order"), Door.BOX),
    Item("id_every_party", later("ID of every party"), Door.BOX),
    Item("insurance", later("Proof of insurance"), Door.BOX),
    Item("privacy_notice", later("Privacy notice given"), Door.LENDER),
    Item("ofac", later("OFAC check of every party, cleared"), Door.LENDER),
    Item("odometer", later("Odometer statement"), Door.LENDER),
    Item("power_of_attorney", later("Power of attorney"), Door.LENDER),
    Item("title_application", later("Title and registration application"), Door.LENDER),
    Item("products", later("Product contracts or signed waiver menu"), Door.LENDER),
    Item("due_bill", later("Due bill"), Door.LENDER),
)
_CREDIT = (
    Item("credit_application", later("Credit application sent to the lender’s portal"), Door.BOX),
    Item("red_flags", later("Red flags cleared"), Door.LENDER),
    Item("score_notice", later("Risk-based pricing or score notice given"), Door.LENDER),
    Item("lender_approval", later("Lender’s approval"), Door.LENDER),
)
_CONTRACT = {
    "finance": Item("retail_contract", later("Signed retail contract"), Door.LENDER),
    "lease": Item("lease_contract", later("Signed lease"), Door.LENDER),
}
_TRADE = (
    Item("trade_title", later("Title of the trade"), Door.BOX),
    Item("payoff_letter", later("Payoff letter of the trade"), Door.BOX),
)
_USED = Item("buyers_guide", later("Buyers Guide, signed"), Door.LENDER)
_LARGE_CASH = Item("form_8300", later("Form 8300 (cash over $10,000)"), Door.LENDER)

ALL: dict[str, Item] = {
    item.key: item for item in (*_EVERY, *_CREDIT, *_CONTRACT.values(), *_TRADE, _USED, _LARGE_CASH)
}


def needed(deal: Deal) -> tuple[Item, ...]:
    """What a deal of this kind needs, in the order in which it is looked for: the box first.

    A deal whose type is not known yet is asked for what every deal needs; the rest comes when the type does.
    """
    items = list(_EVERY)
    if deal.deal_type in _CONTRACT:
        items += [*_CREDIT, _CONTRACT[deal.deal_type]]
    if deal.has_trade:
        items += _TRADE
    if deal.condition == "used":
        items.append(_USED)
    if deal.is_large_cash:
        items.append(_LARGE_CASH)
    return tuple(sorted(items, key=lambda item: item.door is Door.LENDER))


def words_of(keys: list[str]) -> str:
    """These things in a sentence of its reader's language: "signed buyer’s order, proof of insurance"."""
    words = [str(ALL[key].words) for key in keys if key in ALL]
    return ", ".join(word if word[:2].isupper() else f"{word[:1].lower()}{word[1:]}" for word in words)
