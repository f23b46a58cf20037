"""One row of a sales file as a deal: who bought which car, how far it is, what was given in. Pure.

Of the money only the price of the car and of the cars given in is read: terms, rates and grosses are nobody's business here.
"""

from collections.abc import Mapping
from datetime import date

from dealership.dms.readers import people
from dealership.dms.readers.records import DealRecord, DealStage, DealType, TradeRecord
from dealership.dms.readers.row import Row
from dealership.vehicles import makes, vin

STAGE_WORDS: Mapping[str, DealStage] = {
    "w": "written", "working": "written", "written": "written", "open": "written", "new": "written",
    "p": "written", "pending": "written", "quote": "written", "quoted": "written", "in process": "written",
    "agreed": "agreed", "approved": "agreed",
    "b": "contracted", "booked": "contracted", "contracted": "contracted", "signed": "contracted",
    "f": "delivered", "final": "delivered", "finalized": "delivered", "sold": "delivered", "delivered": "delivered",
    "dead": "lost", "lost": "lost", "void": "lost", "voided": "lost", "cancelled": "lost", "canceled": "lost",
    "deleted": "lost",
    "unwound": "unwound", "unwind": "unwound", "reversed": "unwound",
}  # fmt: skip
"""Status words that mean the same in every store; other codes are a store's own and belong in its mapping."""

_STAGES: Mapping[str, DealStage] = {stage: stage for stage in STAGE_WORDS.values()}
_TYPES: Mapping[str, DealType] = {
    "cash": "cash", "c": "cash",
    "finance": "finance", "financed": "finance", "retail": "finance", "loan": "finance", "f": "finance", "r": "finance",
    "lease": "lease", "l": "lease",
}  # fmt: skip


def deal(row: Row, key: str, status_codes: Mapping[str, str]) -> DealRecord:
    """The deal of a row; `status_codes` are the store's own codes in lower case."""
    entry, contract, delivery = row.day("Entry Date"), row.day("Contract Date"), row.day("Delivery Date")
    if delivery and entry and delivery < entry:
        row.notes.append(
            f"the car was delivered on {delivery}, before the deal was entered: that was another sale"
        )
        delivery = None
    booked = [day for name in ("Booked Date", "Finalized Date") if (day := row.day(name))]
    contract = contract or min(booked, default=None)
    status_raw = row.text("Deal Status")
    return DealRecord(
        deal_number=key,
        status_raw=status_raw,
        stage=_stage(row, status_raw, contract, delivery, status_codes),
        deal_type=_deal_type(row),
        entry_date=entry,
        contract_date=contract,
        delivery_date=delivery,
        inventory_date=row.day("Inventory Date"),
        salesperson_number=row.text("Salesman 1 Number"),
        salesperson_name=row.words("Salesman 1 Name"),
        manager_number=row.text("Salesman Manager Number") or row.text("Closing Manager Number"),
        lender=row.words("Bank Name"),
        price_cents=row.cents("Sales Price"),
        co_buyer_name=_co_buyer(row),
        trades=tuple(trade for n in (1, 2) if (trade := _trade(row, n)) is not None),
        customer=people.customer(row),
        vehicle=people.vehicle(row, row.miles("Mileage"), row.miles("Delivery Mileage")),
    )


def _stage(
    row: Row, raw: str, contract: date | None, delivery: date | None, status_codes: Mapping[str, str]
) -> DealStage:
    """How far the deal is. A delivery says more than a status that stands before it; without a status the dates decide."""
    word = " ".join(raw.casefold().split())
    if not word:
        return "delivered" if delivery else "contracted" if contract else "written"
    stage = _STAGES.get(status_codes.get(word, "")) or STAGE_WORDS.get(word)
    if stage is None:
        row.note("Deal Status", raw, "a code this store has not explained yet")
        return "unknown"
    if delivery and stage in ("written", "agreed", "contracted"):
        return "delivered"
    return stage


def _deal_type(row: Row) -> DealType | None:
    text = row.words("Deal Type")
    kind = _TYPES.get(text.casefold())
    if text and kind is None:
        row.note("Deal Type", text, "neither cash, finance nor lease")
    return kind


def _co_buyer(row: Row) -> str:
    full, first, last = (row.words(f"Co-Buyer {name}") for name in ("Full Name", "First Name", "Last Name"))
    return f"{first} {last}".strip() or full


def _trade(row: Row, n: int) -> TradeRecord | None:
    """A car given in; None where the row names none."""
    vin_raw, model = row.words(f"Trade {n} VIN"), row.words(f"Trade {n} Model")
    make = row.words(f"Trade {n} Make")
    if not (vin_raw or make or model):
        return None
    reading = vin.read(vin_raw)
    if vin_raw and not reading.valid:
        row.note(f"Trade {n} VIN", vin_raw, reading.why)
    return TradeRecord(
        vin=reading.vin if reading.usable else "",
        year=people.model_year(row, f"Trade {n} Year", reading.model_year) or reading.model_year,
        make=makes.full_name(make, maker=reading.maker),
        model=model,
        mileage=row.miles(f"Trade {n} Odometer"),
        acv_cents=row.cents(f"Trade {n} Actual Cash Value"),
        payoff_cents=row.cents(f"Trade {n} Payoff"),
    )
