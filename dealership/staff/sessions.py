"""Where somebody is signed in, and the end of it. Ending is a number on the sign-in's own row, which every request reads.

Rows of sessions and their copies in the cache may live on: none of them opens anything. The list that people see is the
library's (`allauth.usersessions`); the number decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _

from dealership.staff.models import User


@dataclass(frozen=True)
class Place:
    """One browser in which somebody is signed in."""

    browser: str
    ip: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


@transaction.atomic
def end_all(user: User) -> None:
    """Every session of this sign-in, and every link for a new password, ends when the transaction commits."""
    from allauth.usersessions.models import UserSession  # reads the user model, so not before it is there

    User.objects.filter(pk=user.pk).update(sessions_epoch=F("sessions_epoch") + 1)
    user.refresh_from_db(fields=["sessions_epoch"])
    UserSession.objects.filter(user=user).delete()


@transaction.atomic
def end_others(request: HttpRequest, user: User) -> None:
    """As end_all, but for the session that asks."""
    from allauth.usersessions.models import UserSession

    end_all(user)
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)


def of(request: HttpRequest, user: User) -> list[Place]:
    """Where this sign-in is used now, the last used first."""
    from allauth.usersessions.models import UserSession

    rows = UserSession.objects.purge_and_list(user)
    return [
        Place(
            browser=_said(row.user_agent),
            ip=row.ip,
            began_at=row.created_at,
            seen_at=row.last_seen_at,
            is_this=row.session_key == request.session.session_key,
        )
        for row in sorted(rows, key=lambda row: row.last_seen_at, reverse=True)
    ]


def seen(request: HttpRequest, at: datetime) -> None:
    """Notes for the list that the session was used."""
    from allauth.usersessions.models import UserSession

    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=at)


_BROWSERS = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip


def in_words(agent: str) -> str:
    """A browser's long name, short: "Chrome on Windows"; as it is kept."""
    browser, system = _names(agent)
    browser = browser or "A browser"
    return f"{browser} on {system}" if system else browser


def _said(agent: str) -> str:
    browser, system = _names(agent)
    browser = browser or _("A browser")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser


def _names(agent: str) -> tuple[str, str]:
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    return browser, next((name for mark, name in _SYSTEMS if mark in agent), "")
