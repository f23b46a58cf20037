"""Sign-in by e-mail and password. Nobody signs themselves up: people are added by their store, and choose their own password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from dealership import clock, limits, sight
from dealership.language import later
from dealership.staff import sessions
from dealership.staff.models import StaffMember, User
from dealership.stores.models import Store

JUST_NOW = timedelta(minutes=5)


class LinkTokens(PasswordResetTokenGenerator):
    """Links with which a password is chosen: dead with the sign-in's sessions, and for somebody who has left."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.sessions_epoch}{user.is_active}"


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes the door of signing up, and counts wrong passwords by account and by address."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": later("This e-mail and this password do not belong together."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account without a place at a store could see nothing anyway."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The sign-in, or None. Raises limits.TooMany: a wrong password is a try, the right one is none."""
        tries = (
            (limits.PASSWORD_IP, limits.ip_of(request)),
            (limits.PASSWORD, str(credentials.get("email", "")).strip().lower()),
        )
        for limit, who in tries:
            limits.take(limit, who)
        user = super().authenticate(request, **credentials)
        for limit, who in tries if user else ():
            limits.give_back(limit, who)
        return user

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether somebody must say again who they are before they change how they sign in; not if they have just done so."""
        records = get_authentication_records(self.request, self.request.user)
        return not records or clock.own().timestamp() - records[-1]["at"] > JUST_NOW.total_seconds()

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Whether this is the password of somebody who is signed in: by the e-mail of the sign-in itself."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk


class EmailTaken(ValueError):
    """Another sign-in has this e-mail, or somebody of this store has it already."""

    field = "email"


class NotOurs(ValueError):
    """A sign-in that also opens another store is not this store's to change."""

    field = "email"


def user_for(email: str, *, store_id: int) -> User:
    """The sign-in with this e-mail: a new one without a password, or the one of somebody who works at another store of
    this group. Raises EmailTaken.
    """
    email = email.lower()
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        try:
            with transaction.atomic():
                return User.objects.create_user(email)
        except IntegrityError:
            raise EmailTaken(_TAKEN) from None
    places = _places(user)
    here = next((place for place in places if place.store_id == store_id), None)
    if here:
        words = _("%(name)s has this e-mail here.") % {"name": here.name}
        again = "" if here.is_active else " " + _("They left: let them work here again instead.")
        raise EmailTaken(words + again)
    group_id = Store.objects.values_list("group_id", flat=True).get(pk=store_id)
    if not any(place.store.group_id == group_id for place in places):
        raise EmailTaken(_TAKEN)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
    return user


def change_email(staff: StaffMember, email: str) -> User:
    """Gives this person's sign-in another e-mail, or makes them one. Raises EmailTaken and NotOurs."""
    if staff.user is None:
        return user_for(email, store_id=staff.store_id)
    if not email:
        raise NotOurs(_("Who signs in keeps an e-mail: change it, or let them leave."))
    if not is_only_here(staff):
        words = _("%(name)s also works at another store: their e-mail is not changed from here.")
        raise NotOurs(words % {"name": staff.name})
    # The sign-in's library, imported here since it reads the user model.
    from allauth.account.models import EmailAddress

    email = email.lower()
    if User.objects.filter(email__iexact=email).exclude(pk=staff.user.pk).exists():
        raise EmailTaken(_TAKEN)
    user = staff.user
    user.email = email
    user.save(update_fields=["email"])
    # It remembers addresses of its own: the old one would still open the door.
    EmailAddress.objects.filter(user=user).delete()
    return user


def is_only_here(staff: StaffMember) -> bool:
    """Whether this person's sign-in opens no other store."""
    if staff.user is None:
        return False
    return all(place.pk == staff.pk for place in _places(staff.user))


def password_link(staff: StaffMember) -> str:
    """An address where this person chooses a password: good once, and for three days (PASSWORD_RESET_TIMEOUT).

    Raises NotOurs for somebody without a sign-in, who left, or whose sign-in opens another store too.
    """
    from allauth.account.forms import (
        default_token_generator,  # reads the user model, so not before it is there
    )
    from allauth.account.utils import user_pk_to_url_str

    if staff.user is None or not staff.is_active:
        words = _("%(name)s has no sign-in here: give them an e-mail first.")
        raise NotOurs(words % {"name": staff.name})
    if not is_only_here(staff):
        raise NotOurs(
            _(
                "%(name)s also works at another store, so no password is set from here: "
                "they sign in as before, or ask for a new one on the sign-in page."
            )
            % {"name": staff.name}
        )
    uid, key = user_pk_to_url_str(staff.user), default_token_generator.make_token(staff.user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key})
    return f"{settings.PUBLIC_BASE_URL}{path}"


def close(staff: StaffMember) -> None:
    """After they left: a sign-in without another place is closed, its sessions and links with it, in the caller's transaction."""
    user = staff.user
    if user is None:
        return
    if not any(place.is_active for place in _places(user)):
        user.is_active = False
        user.save(update_fields=["is_active"])
        sessions.end_all(user)


def open_again(staff: StaffMember) -> None:
    """After they came back."""
    if staff.user and not staff.user.is_active:
        staff.user.is_active = True
        staff.user.save(update_fields=["is_active"])


def _places(user: User) -> list[StaffMember]:
    """All that this sign-in has or had, at whatever store."""
    with sight.beyond_the_store("a sign-in's other places"):
        rows = StaffMember.objects.across_stores("a sign-in's other places").filter(user=user)
        return list(rows.select_related("store"))


_TAKEN = later("This e-mail belongs to another sign-in: use another one.")
