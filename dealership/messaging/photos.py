"""Photos of customers and for them: kept in the database as our own drawing, so that one backup holds them and row security
covers them as it does the words they came with.

In: a text that comes with pictures leaves a row for each; a worker fetches them one by one, from the carrier alone, through the
one waiting line (`dealership/line.py`). What cannot be shown says why and is tried no more; what cannot be had now waits.
Out: drawn anew before it is kept, and handed to the carrier as an address that it alone needs: signed, and over in hours.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from dealership import doorbell, line, live
from dealership.clock import now as now_here
from dealership.clock import shown_length
from dealership.messaging import pictures
from dealership.messaging.models import Message, Photo
from dealership.messaging.retold import retold
from dealership.messaging.transports.carrier import Gone, Media
from dealership.staff.models import StaffMember

BATCH = 20
#: No other one is begun after this: a slow carrier is asked by the next run.
LONGEST_RUN = timedelta(seconds=10)
#: The carrier takes more; a customer looks at no more.
MOST_PHOTOS = 3
#: How long the address of a photo that goes out is good: the carrier may hold a text for four hours.
GOOD_FOR = timedelta(hours=6)
_SALT = "a photo for the carrier"


@dataclass(frozen=True)
class Shown:
    """A photo as a conversation or a story shows it: its address, or why it cannot be shown; neither while it is fetched."""

    pk: int
    url: str
    trouble: str
    words: str
    width: int
    height: int

    @property
    def small_width(self) -> int:
        """Of the small one, so that a page knows its place before it is there."""
        return round(self.width * min(1, pictures.SMALL / max(self.width, self.height, 1)))

    @property
    def small_height(self) -> int:
        """As `small_width`."""
        return round(self.height * min(1, pictures.SMALL / max(self.width, self.height, 1)))


# --- in -------------------------------------------------------------------------------------------------------------------


def expect(message: Message, *, now: datetime) -> None:
    """The pictures that came with a text will be fetched. In the caller's transaction; once per message."""
    Photo.objects.bulk_create(
        Photo(
            store_id=message.store_id,
            message=message,
            n=n,
            source=one["url"],
            came_as=one["type"],
            created_at=message.created_at,
            next_try_at=now,
        )
        for n, one in enumerate(message.media)
    )
    if message.media:
        doorbell.ring("photos")


def fetch_due(*, carrier: Media, clock: Any = now_here, limit: int = BATCH) -> dict[str, int]:
    """Fetches what is due, each by itself: one that fails stops nobody. Returns small figures."""
    tally, began = {"fetched": 0, "failed": 0}, clock()
    for pk in line.peek(_due(began), limit=limit):
        if clock() - began > shown_length(LONGEST_RUN):
            break
        done = fetch(pk, carrier=carrier, now=clock())
        if done is not None:
            tally["fetched" if done else "failed"] += 1
    return tally


def fetch(pk: int, *, carrier: Media, now: datetime) -> bool | None:
    """Fetches one that is due. True: it is here, or can never be; False: it waits, or is parked; None: somebody else has it.

    The carrier is called between two transactions: nothing is held while it answers, and the claim fences what is written.
    """
    claim = line.take(_due(now), pk, now=now)
    if claim is None:
        return None
    rows = Photo.objects.across_stores("photos of all stores are fetched by one job")
    source = rows.values_list("source", flat=True).get(pk=pk)
    try:
        found: dict[str, Any] = _drawn(pictures.read(carrier.picture(source, most=pictures.MOST_BYTES)))
    except (pictures.NotShown, Gone) as error:
        found = {"trouble": str(error)[:160]}
    except Exception as error:  # whatever is wrong with this one, it waits, is shown, and stops nobody
        line.failed(rows, claim, f"{type(error).__name__}: {error}", now=now)
        return False
    written = line.held(rows, claim).update(**found, next_try_at=None, last_error="")
    for store_id in rows.filter(pk=pk).values_list("store_id", flat=True):
        live.bump(store_id, "inbox")
    return bool(written)


def again(pk: int, store_id: int, now: datetime) -> bool:
    """What is parked waits in line again; False where this store has no such photo."""
    rows = Photo.objects.of_store(store_id).filter(pk=pk, parked_at__isnull=False)
    doorbell.ring("photos")
    return bool(line.again(rows, now=now))


def _due(now: datetime) -> QuerySet[Photo]:
    rows = Photo.objects.across_stores("photos of all stores are fetched by one job")
    return rows.filter(next_try_at__lte=now, parked_at__isnull=True)


# --- out, and by hand ---------------------------------------------------------------------------------------------------


def attach(message: Message, drawn: Sequence[pictures.Picture], *, by: StaffMember | None) -> None:
    """These go along with the text. In the transaction that writes it down."""
    rows = Photo.objects.bulk_create(
        Photo(
            store_id=message.store_id,
            message=message,
            n=n,
            by=by,
            created_at=message.created_at,
            **_drawn(one),
        )
        for n, one in enumerate(drawn)
    )
    message.media = [{"photo": row.pk, "type": pictures.MEDIA_TYPE} for row in rows]
    message.save(update_fields=["media"])


@transaction.atomic
def keep(
    *, store_id: int, subject: str, about: str = "", drawn: pictures.Picture, by: StaffMember, now: datetime
) -> Photo:
    """A photo of a thing ("ro:48213"), and of a part of it, that a person took."""
    return Photo.objects.create(
        store_id=store_id, subject=subject, about=about, by=by, created_at=now, **_drawn(drawn)
    )


def drawings(store_id: int, keys: Collection[int]) -> list[pictures.Picture]:
    """Photos that are here, to be sent along, in the order of their keys."""
    rows = Photo.objects.of_store(store_id).filter(pk__in=keys).exclude(small=b"").order_by("pk")
    return [pictures.Picture(bytes(row.large), bytes(row.small), row.width, row.height) for row in rows]


def address_for_carrier(photo_id: int, store_id: int) -> str:
    """Where the carrier fetches it: nobody can guess it, and it is good for hours."""
    token = signing.dumps([photo_id, store_id], salt=_SALT, compress=False)
    return settings.PUBLIC_BASE_URL + reverse("messaging:photo_for_carrier", args=[token])


def named_by(token: str) -> tuple[int, int] | None:
    """The photo and its store that a carrier's address names; None for one that is no longer good, or never was."""
    try:
        photo_id, store_id = signing.loads(token, salt=_SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return photo_id, store_id


# --- shown --------------------------------------------------------------------------------------------------------------


_SHOWN = (
    "pk",
    "message_id",
    "about",
    "trouble",
    "width",
    "height",
    "parked_at",
    "message__is_inbound",
    "by__name",
)


def of_messages(store_id: int, keys: Collection[int]) -> dict[int, list[Shown]]:
    """The photos of these messages, by message. One query, without the pictures themselves; none for no message."""
    found: dict[int, list[Shown]] = {}
    if keys:
        rows = Photo.objects.of_store(store_id).filter(message_id__in=keys).order_by("message_id", "n")
        for row in rows.values(*_SHOWN):
            found.setdefault(row["message_id"], []).append(_shown(row))
    return found


def of_subject(store_id: int, subject: str) -> dict[str, list[Shown]]:
    """The photos of a thing, by the part of it that they are about, oldest first. One query."""
    found: dict[str, list[Shown]] = {}
    rows = Photo.objects.of_store(store_id).filter(subject=subject).order_by("pk")
    for row in rows.values(*_SHOWN)[:60]:
        found.setdefault(row["about"], []).append(_shown(row))
    return found


def _shown(row: Mapping[str, Any]) -> Shown:
    who = (
        _("Photo from the customer")
        if row["message__is_inbound"]
        else _("Photo by %(name)s") % {"name": row["by__name"]}
        if row["by__name"]
        else _("Photo by the store")
    )
    trouble = retold(row["trouble"]) or (
        _("It cannot be had from the carrier now.") if row["parked_at"] else ""
    )
    url = reverse("messaging:photo", args=[row["pk"]]) if row["width"] else ""
    return Shown(row["pk"], url, trouble, who, row["width"], row["height"])


def _drawn(picture: pictures.Picture) -> dict[str, Any]:
    return {
        "large": picture.large,
        "small": picture.small,
        "width": picture.width,
        "height": picture.height,
    }
