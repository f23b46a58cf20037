"""`manage.py read_feed --kind SV|SV_APPT|PTINV FILE`: what the product makes of a DMS file."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dealership.dms.readers import dealervault
from dealership.dms.readers.dealervault import FeedReading, FeedRow
from dealership.dms.readers.layouts import LAYOUTS


class Command(BaseCommand):
    """Prints a JSON line per record, then `{"summary": …}` with counts and parked rows; needs no database.

    Ends with exit code 1 and a reason on stderr when no record could be read from a file that has rows.
    """

    help = "Read a DealerVault file: one JSON line per record, then a summary."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", required=True, choices=sorted(LAYOUTS))
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, kind: str, file: Path, **options: Any) -> None:
        try:
            data = file.read_bytes()
        except OSError as reason:
            raise CommandError(f"{file}: {reason.strerror}") from None
        reading = dealervault.read(data, kind, filename=file.name)
        if reading.refused:
            raise CommandError(f"{file}: {reading.refused}")
        n_records, parked = 0, []
        for row in reading.rows:
            if row.record is None:
                parked.append({"line": row.line, "key": row.key, "reason": row.parked})
            else:
                n_records += 1
                self.stdout.write(
                    _json({"line": row.line, "hash": dealervault.content_hash(row), **_shown(row)})
                )
        self.stdout.write(_json({"summary": _summary(reading, n_records, parked)}))
        if parked and not n_records:
            raise CommandError(
                f"{file}: none of {len(parked)} rows could be read; the first: {parked[0]['reason']}"
            )


def _shown(row: FeedRow) -> dict[str, Any]:
    return {"key": row.key, "record": asdict(row.record) if row.record else None, "notes": row.notes}


def _summary(reading: FeedReading, n_records: int, parked: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "kind": reading.kind,
        "encoding": reading.encoding,
        "rows": n_records + len(parked) + len(reading.superseded),
        "records": n_records,
        "parked": parked,
        "superseded": [asdict(row) for row in reading.superseded],
        "unknown_headers": reading.unknown_headers,
        "missing": reading.missing,
        "problems": reading.problems,
    }


def _json(value: object) -> str:
    """Dates and times as ISO text, decimal hours and quantities as text."""
    return json.dumps(
        value, default=lambda plain: plain.isoformat() if isinstance(plain, date) else str(plain)
    )
