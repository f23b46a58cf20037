"""Places in the lists behind the figures of the Seams page. Keyset pages, so that page 400 is as fast as page 1."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q

PAGE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BadPlace(ValueError):
    """The place in a list that an address names cannot be read."""


def beyond(column: str, ascending: bool, at: datetime, pk: int) -> Q:
    step = "gt" if ascending else "lt"
    return Q(**{f"{column}__{step}": at}) | Q(**{column: at, f"pk__{step}": pk})


def place(row: dict[str, Any], column: str) -> str:
    moment: datetime = row[column]
    micros = (moment - EPOCH) // timedelta(microseconds=1)
    return f"{micros}.{row['pk']}"


def read_place(text: str) -> tuple[datetime, int]:
    micros, _, pk = text.partition(".")
    if not (micros.isdecimal() and pk.isdecimal() and len(micros) < 18 and len(pk) < 19):
        raise BadPlace("That place in the list cannot be read: begin at its first page.")
    return EPOCH + timedelta(microseconds=int(micros)), int(pk)
