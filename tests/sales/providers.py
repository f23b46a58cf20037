"""Leads as providers post them, for the tests of what becomes of them."""

from __future__ import annotations

from html import escape


def adf(
    name: str = "Tom Okafor",
    *,
    phone: str = "(973) 555-0144",
    email: str = "",
    lead_id: str = "",
    vehicle: str = "<year>2026</year><make>Honda</make><model>Civic</model><trim>Sport</trim>",
    question: str = "Is it still on the lot?",
    source: str = "cars.example",
    status: str = "new",
    trade: str = "",
) -> bytes:
    """One prospect in one message."""
    inside = prospect(
        name, phone=phone, email=email, lead_id=lead_id, vehicle=vehicle, question=question, source=source,
        status=status, trade=trade,
    )  # fmt: skip
    return message(inside)


def message(*prospects: str) -> bytes:
    """Some prospects in one message."""
    return f'<?xml version="1.0"?><?adf version="1.0"?><adf>{"".join(prospects)}</adf>'.encode()


def prospect(
    name: str = "Tom Okafor",
    *,
    phone: str = "(973) 555-0144",
    email: str = "",
    lead_id: str = "",
    vehicle: str = "<year>2026</year><make>Honda</make><model>Civic</model><trim>Sport</trim>",
    question: str = "Is it still on the lot?",
    source: str = "cars.example",
    status: str = "new",
    trade: str = "",
) -> str:
    """One prospect."""
    ids = f'<id sequence="1" source="{source}">{lead_id}</id>' if lead_id else ""
    trade_in = f'<vehicle interest="trade-in" status="used">{trade}</vehicle>' if trade else ""
    phones = f'<phone type="cellphone">{phone}</phone>' if phone else ""
    emails = f"<email>{email}</email>" if email else ""
    return (
        f'<prospect status="{status}">{ids}<requestdate>2026-11-23T09:58:00-05:00</requestdate>'
        f'<vehicle interest="buy" status="new">{vehicle}</vehicle>{trade_in}'
        f'<customer><contact><name part="full">{escape(name)}</name>{phones}{emails}</contact>'
        f"<comments>{escape(question)}</comments></customer>"
        f"<vendor><vendorname>Northside Honda</vendorname></vendor>"
        f'<provider><name part="full">{source}</name></provider></prospect>'
    )
