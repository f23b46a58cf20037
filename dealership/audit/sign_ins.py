"""Who came in, who did not, who left: heard from the sign-in itself, by whichever door (password, passkey, link).

Django tells it by signal alone, and has no other place that every door passes.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from dealership import clock, sight
from dealership.audit import entries
from dealership.audit.models import Action
from dealership.staff.models import StaffMember, User


def listen() -> None:
    """From now on."""
    user_logged_in.connect(_came_in)
    user_logged_out.connect(_left)
    user_login_failed.connect(_was_refused)


def _came_in(*, user: User, **_signal: Any) -> None:
    _record(user, Action.SIGNED_IN)


def _left(*, user: User | None, **_signal: Any) -> None:
    if user is not None:
        _record(user, Action.SIGNED_OUT)


def _was_refused(*, credentials: dict[str, Any], **_signal: Any) -> None:
    """An e-mail that nobody has is nobody's store's: the door counts those, and nothing is written here."""
    email = credentials.get("email") or credentials.get("username") or credentials.get("login") or ""
    user = User.objects.filter(email__iexact=str(email)[:254]).first() if email else None
    if user is not None:
        _record(user, Action.REFUSED)


def _record(user: User, action: Action) -> None:
    """At each store where they work; who failed is not known to be them."""
    with sight.beyond_the_store("a sign-in's own places"):
        places = StaffMember.objects.across_stores("a sign-in's own places").filter(user=user, is_active=True)
        for pk, store_id in places.values_list("pk", "store_id"):
            entries.record(
                store_id=store_id,
                staff_id=None if action is Action.REFUSED else pk,
                action=action,
                kind="staff",
                key=pk,
                now=clock.now(),
            )
