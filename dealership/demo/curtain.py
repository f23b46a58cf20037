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
#: minutes ago, person of service, words
TEXTS = (
    (11, 4, "Can we do 3pm instead? stuck at work"),
    (6, 9, "here is the scratch on the bumper, does it matter for the trade?"),
    (4, 33, "Gracias, todo bien. ¿A qué hora cierran?"),
)


def raise_on(on: Stage, now: datetime) -> None:
    """Sets the acts of the last hour before `now`."""
    on.curtain = (now - UNSEEN, now)
    for minutes, scene, args in SOON:
        on.later(now - timedelta(minutes=minutes), scene, **args)
    for minutes, person, body in TEXTS:
        on.later(now - timedelta(minutes=minutes), "customers.write", person=person, body=body)
