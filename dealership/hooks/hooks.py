"""A store's hooks: made, changed, switched, and given a new secret, each time with who did it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from dealership import doorbell, line
from dealership.hooks import egress, signing
from dealership.hooks.kinds import all_kinds
from dealership.hooks.models import Hook, HookCall
from dealership.staff.models import StaffMember
from dealership.stores import changes

#: Of one store.
MOST = 10
#: So long the secret before signs beside the new one.
BOTH_SIGN = timedelta(days=1)
AREA = "hook"


class TooMany(ValueError):
    """A store has as many as it may have."""


@transaction.atomic
def make(
    *, store_id: int, name: str, address: str, kinds: Sequence[str], by: StaffMember, now: datetime
) -> tuple[Hook, str]:
    """A hook, and its secret, which nobody can read again. Raises egress.Refused and TooMany."""
    egress.read(address)
    if Hook.objects.of_store(store_id).count() >= MOST:
        raise TooMany(_("A store calls %(n)s systems at most: change one of them.") % {"n": MOST})
    secret, stored = signing.new_secret()
    hook = Hook.objects.create(
        store_id=store_id,
        name=name,
        address=address,
        kinds=_known(kinds),
        secret=stored,
        made_by=by,
        made_at=now,
    )
    _note(hook, became=f"calls {_whom(hook)}", by=by, now=now)
    return hook, secret


@transaction.atomic
def change(
    hook: Hook, *, name: str, address: str, kinds: Sequence[str], by: StaffMember, now: datetime
) -> bool:
    """Calls that wait go to the new address. False where nothing was changed. Raises egress.Refused."""
    egress.read(address)
    locked = _locked(hook)
    wanted = (name, address, _known(kinds))
    if wanted == (locked.name, locked.address, locked.kinds):
        return False
    was = _whom(locked)
    if address != locked.address:
        locked.failing_since = None
    locked.name, locked.address, locked.kinds = wanted
    locked.save(update_fields=["name", "address", "kinds", "failing_since"])
    _note(locked, was=was, became=_whom(locked), by=by, now=now)
    return True


@transaction.atomic
def switch(hook: Hook, *, on: bool, by: StaffMember, now: datetime) -> bool:
    """Off: nothing is noted for it, and what waits stays. On: what waits goes on. False where it was so already."""
    locked = _locked(hook)
    if locked.is_on == on:
        return False
    locked.is_on, locked.off_why, locked.failing_since = on, "", None
    locked.save(update_fields=["is_on", "off_why", "failing_since"])
    _note(locked, was="off" if on else "on", became="on" if on else "off", by=by, now=now)
    if on:
        doorbell.ring("hooks")
    return True


@transaction.atomic
def replace_secret(hook: Hook, *, by: StaffMember, now: datetime) -> str:
    """A new secret, which nobody can read again; the one before signs beside it for a day."""
    locked = _locked(hook)
    secret, stored = signing.new_secret()
    locked.secret, locked.old_secret, locked.old_until = stored, locked.secret, now + BOTH_SIGN
    locked.save(update_fields=["secret", "old_secret", "old_until"])
    _note(locked, became="a new secret", by=by, now=now)
    return secret


@transaction.atomic
def end_old_secret(hook: Hook, *, by: StaffMember, now: datetime) -> bool:
    """The secret before signs no more; False where none did."""
    locked = _locked(hook)
    if not locked.old_secret:
        return False
    locked.old_secret, locked.old_until = "", None
    locked.save(update_fields=["old_secret", "old_until"])
    _note(locked, became="the old secret signs no more", by=by, now=now)
    return True


def again(pk: int, store_id: int, now: datetime) -> bool:
    """A call that is parked waits in line again; False where this store has no such call."""
    rows = HookCall.objects.of_store(store_id).filter(
        pk=pk, answered_at__isnull=True, parked_at__isnull=False
    )
    doorbell.ring("hooks")
    return bool(line.again(rows, now=now))


def _locked(hook: Hook) -> Hook:
    return Hook.objects.of_store(hook.store_id).select_for_update().get(pk=hook.pk)


def _known(kinds: Sequence[str]) -> list[str]:
    """In the catalogue's order, each once."""
    wanted = set(kinds)
    return [name for name in all_kinds() if name in wanted]


def _whom(hook: Hook) -> str:
    n = len(hook.kinds)
    return f"{egress.host_of(hook.address)}, of {n} kind{'' if n == 1 else 's'}"


def _note(hook: Hook, *, was: str = "", became: str, by: StaffMember, now: datetime) -> None:
    changes.record(
        store_id=hook.store_id, area=AREA, what=f"Hook {hook.name}", was=was, became=became, by=by, now=now
    )
