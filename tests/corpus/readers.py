"""The readers, and what each owes whatever it is given: an answer, of which nothing is lost and nothing is made up."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dealership.customers import phones
from dealership.dms.readers import dealervault
from dealership.messaging.replies import reading
from dealership.messaging.replies.reply import Asked, Intent
from dealership.vehicles import vin
from sales import adf
from tests.corpus import files, texts
from tests.dms import dealervault_files as dms
from tests.sales import adf_leads as leads

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
DUE = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
PART = {
    "DV Dealer ID": "DVD00417",
    "Part Number": "15400-PLM-A02",
    "Part Description": "FILTER, OIL",
    "Quantity On Hand": "12",
    "Quantity On Order": "0",
    "Part Price": "8.95",
}


@dataclass(frozen=True)
class Reader:
    """`owes` raises AssertionError where the answer to an input is none."""

    samples: tuple[bytes, ...]
    owes: Callable[[bytes], None]


def _lead(data: bytes) -> None:
    answer = adf.read(data)
    json.dumps(answer.as_dict(), ensure_ascii=False).encode()
    assert not (answer.unreadable and answer.prospects), "read, and a reason why not"
    assert answer.prospects or answer.unreadable or answer.repairs, "no lead, and no word why"


def _feed(kind: str) -> Callable[[bytes], None]:
    def owes(data: bytes) -> None:
        answer = dealervault.read(data, kind)
        rows = list(answer.rows)
        assert not (answer.refused and rows), "refused, and read all the same"
        for row in rows:
            assert (row.record is None) != (row.parked is None), f"line {row.line} is neither read nor parked"
            dealervault.content_hash(row)
            if row.record is not None:
                assert dealervault.from_raw(row.raw, kind) is not None
        seen = [row.line for row in rows]
        assert len(seen) == len(set(seen)), "a line is read twice"
        assert not {row.line for row in answer.superseded} & set(seen), "a line is left out, and read"

    return owes


def _text(data: bytes) -> None:
    said = data.decode("utf-8", "surrogateescape")
    for asked in Asked:
        answer = reading.read(said, asked=asked, now=NOW, zone=ZONE, appointment=DUE)
        assert answer.because, "an answer says why"
        if answer.sure and answer.intent is Intent.MOVE:
            assert answer.slots, "moved to no time"
        if answer.sure:
            assert all(slot.end >= NOW for slot in answer.slots), "a time that is over"


def _phone(data: bytes) -> None:
    said = data.decode("utf-8", "surrogateescape")
    for number in (phones.read(said), *phones.find_in(said)):
        assert number.valid == bool(re.fullmatch(r"\+[1-9]\d{6,14}", number.e164, re.ASCII)), number


def _vin(data: bytes) -> None:
    answer = vin.read(data.decode("utf-8", "surrogateescape"))
    if answer.valid:
        assert re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", answer.vin, re.ASCII), answer
    else:
        assert answer.why


def _feed_samples(rows: Sequence[Mapping[str, str]], written: Callable[..., bytes]) -> tuple[bytes, ...]:
    return (written(rows), written([row for row in rows for _ in range(2)]))


def _again(row: Mapping[str, str], column: str, *values: str) -> list[Mapping[str, str]]:
    return [row, *({**row, column: value} for value in values)]


READERS: Mapping[str, Reader] = {
    "leads": Reader(
        (leads.LEAD.encode(), leads.mail(leads.LEAD), leads.IN_A_PAGE.encode(), *files("leads").values()),
        _lead,
    ),
    "SV": Reader(
        (
            *_feed_samples(_again(dms.CLOSED_RO, "RO Number", "048214", "048215"), dms.sv_file),
            *files("feeds").values(),
        ),
        _feed("SV"),
    ),
    "SV_APPT": Reader(
        _feed_samples(_again(dms.APPOINTMENT, "Appointment Number", "90018"), dms.appt_file), _feed("SV_APPT")
    ),
    "SL": Reader(_feed_samples(_again(dms.DEAL, "Deal Number", "0005002"), dms.sl_file), _feed("SL")),
    "PTINV": Reader(_feed_samples(_again(PART, "Part Number", "08798-9036"), dms.stock_file), _feed("PTINV")),
    "texts": Reader(
        (
            b"C",
            b"yes, see you tomorrow at 9:30",
            b"can we do friday after 3 instead? my wife needs the car",
            b"approve 1 and 3, not the tires",
            b"STOP",
            "no puedo mañana, mejor el lunes a las 10".encode(),
            b"4 out of 5, but nobody called me back",
            b"who is this? wrong number",
            *texts().values(),
        ),
        _text,
    ),
    "phones": Reader(
        (b"+1 (973) 555-0177 x12", b"973.555.0177", b"call 973-555-0177 or 973-555-0178"), _phone
    ),
    "VINs": Reader((b"1HGCM82633A004352", b"vin 1HGCM 82633 A004352"), _vin),
}
