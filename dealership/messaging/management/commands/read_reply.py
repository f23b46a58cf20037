"""`manage.py read_reply`: what the product makes of a customer's text message. Needs no server and no database."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError

from dealership.messaging.replies.reading import read
from dealership.messaging.replies.reply import Asked, Reply


class Command(BaseCommand):
    """One JSON line per message on stdout; exit 1 with a reason where nothing could be read."""

    help = "Show how a customer's reply is read: intent, times, lines, rating, and whether the product would act on it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", nargs="?", help="the message; leave it out when --file is given")
        parser.add_argument(
            "--asked", choices=[a.value for a in Asked], default="none", help="what was last asked"
        )
        parser.add_argument(
            "--now", help="when the message came, ISO 8601; without an offset it is in --zone"
        )
        parser.add_argument("--zone", help="the store's time zone, such as America/Chicago")
        parser.add_argument("--appointment", help="the appointment asked about, ISO 8601")
        parser.add_argument(
            "--file", help="a file with one JSON object a line: text, asked, now, zone, appointment"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError, which exits 1, if no message could be read."""
        given = {
            key: options[key]
            for key in ("text", "asked", "now", "zone", "appointment")
            if options[key] is not None
        }
        if options["file"] is None:
            try:
                self.stdout.write(as_line(read_row(given)))
            except ValueError as error:
                raise CommandError(str(error)) from error
            return
        good = 0
        for number, row in enumerate(rows(options["file"]), start=1):
            try:
                self.stdout.write(as_line(read_row({**given, **parsed(row)})))
                good += 1
            except ValueError as error:
                self.stdout.write(json.dumps({"error": f"line {number}: {error}"}, ensure_ascii=False))
        if not good:
            raise CommandError(
                f"No line of {options['file']} could be read. Each line needs text, now and zone as JSON."
            )


def rows(path: str) -> Iterator[str]:
    """The lines of a file that hold anything. Raises CommandError if it cannot be opened."""
    try:
        content = Path(path).read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise CommandError(
            f"{path} cannot be opened: {error.strerror}. Name a file with one JSON object a line."
        ) from error
    yield from (line for line in content.split("\n") if line.strip())


def parsed(row: str) -> dict[str, Any]:
    """The object on one line, without its empty values. Raises ValueError if it is none."""
    try:
        found = json.loads(row)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is not JSON ({str(error)[:80]})") from error
    if not isinstance(found, dict):
        raise ValueError("is not a JSON object with text, asked, now, zone and appointment")
    return {key: value for key, value in found.items() if value is not None}


def read_row(row: dict[str, Any]) -> Reply:
    """The reply in one row. Raises ValueError that says which value is missing or wrong."""
    text = row.get("text")
    if not isinstance(text, str):
        raise ValueError("text is missing: give the message")
    if row.get("asked", "none") not in list(Asked):
        raise ValueError(f"asked is “{row['asked']}”: use confirm, approve, survey or none")
    try:
        zone = ZoneInfo(str(row["zone"]))
    except KeyError as error:
        raise ValueError(
            f"zone is {row.get('zone', 'missing')}: use a name such as America/Chicago"
        ) from error
    except (ValueError, OSError) as error:
        raise ValueError(f"zone “{row['zone']}” is unknown: use a name such as America/Chicago") from error
    booked = row.get("appointment")
    return read(
        text,
        asked=Asked(row.get("asked", "none")),
        now=moment(row.get("now"), "now", zone),
        zone=zone,
        appointment=moment(booked, "appointment", zone) if booked else None,
    )


def moment(value: object, name: str, zone: ZoneInfo) -> datetime:
    """An ISO 8601 time as an aware datetime. Raises ValueError naming the option."""
    try:
        found = datetime.fromisoformat(str(value)) if value else None
    except ValueError as error:
        raise ValueError(f"{name} is “{value}”: use ISO 8601 such as 2026-11-24T10:30-06:00") from error
    if found is None:
        raise ValueError(f"{name} is missing: give an ISO 8601 time such as 2026-11-24T10:30-06:00")
    if not 1971 <= found.year <= 9000:
        raise ValueError(f"{name} is “{value}”: the year is out of reach")
    return found if found.tzinfo else found.replace(tzinfo=zone)


def as_line(reply: Reply) -> str:
    """A reply as one line of JSON; a point in time has the same `from` and `to`."""
    return (
        json.dumps(
            {
                "text": reply.text,
                "intent": reply.intent.value,
                "slots": [{"from": s.start.isoformat(), "to": s.end.isoformat()} for s in reply.slots],
                "lines": list(reply.lines),
                "rating": reply.rating,
                "sure": reply.sure,
                "because": reply.because,
                "declined_lines": list(reply.declined_lines),
                "all_lines": reply.all_lines,
                "opt_out": reply.opt_out,
                "maybe_meant_appointment": reply.maybe_meant_appointment,
            },
            ensure_ascii=False,
        )
        .encode("utf-8", errors="replace")
        .decode()
    )
