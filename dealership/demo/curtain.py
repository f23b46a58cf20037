"""What is going on when somebody first looks: leads of the last minutes, texts on their way, at whatever hour that is.

Nothing here has an answer yet: these acts are the last of the history, and whoever looks finds them on My day.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from dealership.demo.stage import Stage

#: What came up within so long nobody has seen to yet.
UNSEEN = timedelta(minutes=30)
#: minutes ago, scene, and what
SOON = (
    (62, "sales.lead", {"person": 1501}),
    (27, "sales.lead", {"person": 1502}),
    (14, "sales.unreadable", {"person": 1503}),
    (3, "sales.lead", {"person": 1504}),
)
#: department, minutes ago, scene, and what: while it is open; else before it closed last, and left for the morning.
AT_WORK: tuple[tuple[str, int, str, dict[str, object]], ...] = (
    ("sales", 55, "sales.walk_in", {"person": 1011}),
    ("parts", 17, "parts.counter", {}),
    ("parts", 8, "parts.ahead", {}),
    ("service", 21, "marketing.review", {"stars": 2}),
)
#: minutes ago, person of service, words
TEXTS = (
    (11, 4, "Can we do 3pm instead? stuck at work"),
    (6, 9, "here is the scratch on the bumper, does it matter for the trade?"),
    (4, 33, "Gracias, todo bien. ¿A qué hora cierran?"),
)


def _open_lately(on: Stage, department: str, now: datetime) -> datetime:
    """Now, or when the department closed last."""
    calendar, at = on.calendar(department), now
    while not calendar.is_open(at) and at > now - timedelta(days=6):
        at -= timedelta(minutes=10)
    return at


def raise_on(on: Stage, now: datetime) -> None:
    """Sets the acts of the last hour before `now`."""
    on.curtain = (now - UNSEEN, now)
    for minutes, scene, args in SOON:
        on.later(now - timedelta(minutes=minutes), scene, **args)
    for department, minutes, act, what in AT_WORK:
        on.later(_open_lately(on, department, now) - timedelta(minutes=minutes), act, **what)
    for minutes, person, body in TEXTS:
        on.later(now - timedelta(minutes=minutes), "customers.write", person=person, body=body)
