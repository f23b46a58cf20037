"""A store in Chicago on a Tuesday morning, with an appointment on the Friday: where the replies of these tests arrive."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dealership.messaging.replies.reading import read
from dealership.messaging.replies.reply import Asked, Reply

ZONE = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=ZONE)
BOOKED = datetime(2026, 11, 27, 10, 0, tzinfo=ZONE)


def answer(text: str, asked: str = "none", appointment: datetime | None = None, now: datetime = NOW) -> Reply:
    return read(text, asked=Asked(asked), now=now, zone=ZONE, appointment=appointment)


def confirming(text: str) -> Reply:
    """The reply to "please confirm Friday at 10"."""
    return answer(text, "confirm", BOOKED)


def times(reply: Reply) -> list[str]:
    """The slots as "25 15:00" or "25 12:00-17:00"; a range over several days names both."""
    found = []
    for slot in reply.slots:
        start, end = slot.start.strftime("%d %H:%M"), slot.end.strftime("%H:%M")
        if slot.start.date() != slot.end.date():
            end = slot.end.strftime("%d %H:%M")
        found.append(start if slot.is_point else f"{start}-{end}")
    return found
