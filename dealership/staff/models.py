"""Who works here: sign-ins, people of a store, their teams, shifts and absences."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dealership.scope import StoreOwned
from dealership.staff.roles import MATRIX, May, Role
from dealership.stores.models import Department


class UserManager(BaseUserManager["User"]):
    """Makes sign-ins by e-mail."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A sign-in with this e-mail (stored in lower case) and password."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractUser):
    """A sign-in. What it may see hangs on the StaffMember rows that name it."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    sessions_epoch = models.PositiveIntegerField(
        default=0, help_text="Raised by one, every session and every link for a new password is dead at once."
    )

    language = models.CharField(
        max_length=5,
        blank=True,
        choices=settings.LANGUAGES,
        help_text="Of the pages; empty: as the browser asks.",
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta(AbstractUser.Meta):
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Compared at every request with this row, so that no cache keeps a session alive that was ended here.
        stamp = f"{self.password}\n{self.sessions_epoch}"
        return salted_hmac("dealership.staff.session", stamp, secret=secret, algorithm="sha256").hexdigest()


class Team(StoreOwned):
    """People who share a queue. Its lead answers for what nobody has taken yet."""

    name = models.CharField(max_length=60)
    department = models.CharField(max_length=12, choices=Department.choices)
    lead = models.ForeignKey("StaffMember", on_delete=models.PROTECT, related_name="leads_teams")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "name"], name="team_name_once")]

    def __str__(self) -> str:
        return self.name


class StaffMember(StoreOwned):
    """A person's place at one store. Somebody who works at two stores has two rows."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="places", null=True, blank=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=24, choices=Role.choices)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="members")
    dms_number = models.CharField(
        max_length=24, blank=True, help_text="The number the DMS knows this person by."
    )
    languages = models.CharField(max_length=40, default="en", help_text="Codes, separated by commas.")
    capacity = models.PositiveSmallIntegerField(
        default=40, help_text="Open promises that this person can carry."
    )
    is_active = models.BooleanField(default=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # The rota: who of this role works here.
            models.Index(fields=["store", "role"], name="staff_rota", condition=models.Q(is_active=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["store", "user"], name="staff_once_per_store"),
            models.UniqueConstraint(
                fields=["store", "dms_number"],
                name="staff_dms_number_once",
                condition=~models.Q(dms_number=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        """How colleagues and customers call them."""
        return self.name.split(" ")[0]

    @property
    def initials(self) -> str:
        """Two letters for the round mark."""
        parts = self.name.split()
        return (parts[0][:1] + parts[-1][:1]).upper() if len(parts) > 1 else self.name[:2].upper()

    @property
    def role_label(self) -> str:
        """The role in words."""
        return Role(self.role).label

    def may(self, thing: May) -> bool:
        """Whether this person's role allows the thing."""
        return self.is_active and thing in MATRIX[Role(self.role)]


class Shift(StoreOwned):
    """When somebody works, by weekday, in the store's time. Somebody without shifts works whenever the department is open."""

    staff = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="shifts")
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday.")
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("starts")), name="shift_end_after_start"
            ),
            models.UniqueConstraint(fields=["staff", "weekday", "starts"], name="shift_once"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.weekday} {self.starts:%H:%M}–{self.ends:%H:%M}"


class Absence(StoreOwned):
    """Time away: from, until (open end: null), and why."""

    staff = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=80, blank=True)
    begun_at = models.DateTimeField(
        null=True, help_text="When it was told that they are away, and their promises moved. None: not begun."
    )

    class Meta:
        indexes = [
            models.Index(fields=["store", "starts_at"], name="absence_by_store"),
            # The job that begins them.
            models.Index(
                fields=["starts_at"], name="absence_to_begin", condition=models.Q(begun_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} away from {self.starts_at:%Y-%m-%d %H:%M}"


class RotaTurn(StoreOwned):
    """Whose turn it was last, per role. Locking this row is the turn: two leads at once cannot take the same one."""

    role = models.CharField(max_length=24, choices=Role.choices)
    last_staff = models.ForeignKey(StaffMember, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "role"], name="rota_turn_once")]

    def __str__(self) -> str:
        return f"{self.role} after {self.last_staff_id}"


class StaffChange(StoreOwned):
    """Something about a person was changed: what, from what to what, who and when."""

    staff = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="changes")
    what = models.CharField(max_length=60)
    was = models.TextField(blank=True)
    became = models.TextField(blank=True)
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["staff", "-at"], name="staff_change_newest")]

    def __str__(self) -> str:
        return f"{self.staff_id}: {self.what}"

    @property
    def what_said(self) -> str:
        """`what`, as its reader says it."""
        return pgettext("from being away", "Back") if self.what == "Back" else _(self.what)

    @property
    def was_said(self) -> str:
        """`was`, as its reader says it."""
        return self._said(self.was)

    @property
    def became_said(self) -> str:
        """`became`, as its reader says it."""
        return self._said(self.became)

    def _said(self, value: str) -> str:
        # What people typed stands as they typed it.
        is_ours = value in ("none", "here") or self.what in ("Role", "Began here", "Shifts")
        return _(value) if is_ours and value else value
