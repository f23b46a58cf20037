"""Groups, their stores, the hours that departments keep, and the days they do not."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext as _

from dealership.language import in_language, later
from dealership.scope import StoreOwned


class Department(models.TextChoices):
    """The departments of a store, and the two that are not one: everybody, and the customer."""

    SALES = "sales", later("Sales")
    SERVICE = "service", later("Service")
    PARTS = "parts", later("Parts")
    FNI = "fni", later("F&I")
    MARKETING = "marketing", later("Marketing")

    def in_texts(self, language: str) -> str:
        """As a text to a customer names it, in their language: "service", "servicio", "F&I"."""
        said = in_language(self.label, language)
        return said if said.isupper() else said.lower()


class Group(models.Model):
    """An owner of one or more stores."""

    name = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class Store(models.Model):
    """A rooftop: one location with its own time zone, numbers, people and customers."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="stores")
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    zone = models.CharField(max_length=60, default="America/New_York", help_text="IANA name.")
    state = models.CharField(
        max_length=2, blank=True, help_text="Two letters; decides holidays and texting law."
    )
    postal_code = models.CharField(max_length=10, blank=True)
    text_number = models.CharField(
        max_length=16, unique=True, help_text="E.164 number that texts go out from."
    )
    lead_token = models.CharField(
        max_length=64, unique=True, help_text="The secret in the address that leads are posted to."
    )
    makes = models.CharField(max_length=120, blank=True)
    texting_on = models.BooleanField(default=True, help_text="Off: no text leaves this store at all.")
    needs_second_factor = models.BooleanField(
        default=True, help_text="Nobody opens a page of this store by a password alone."
    )
    idle_minutes = models.PositiveSmallIntegerField(
        default=30, help_text="After so long without a hand on it, a page asks for the password again."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "name"], name="store_name_once_in_group"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        """The store's time zone."""
        return ZoneInfo(self.zone)


class OpenHours(StoreOwned):
    """One range of opening on one weekday. A department without ranges of its own keeps those of the store (department empty)."""

    department = models.CharField(max_length=12, choices=Department.choices, blank=True)
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday.")
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [
            # Midnight at the end of the day is written 00:00.
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")) | models.Q(closes=time(0)),
                name="hours_end_after_start",
            ),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="hours_weekday"),
            models.UniqueConstraint(
                fields=["store", "department", "weekday", "opens"], name="hours_range_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department or 'store'} {self.weekday} {self.opens:%H:%M}–{self.closes:%H:%M}"


class DayException(StoreOwned):
    """A day that differs: a holiday (no range) or other hours. Empty department: the whole store."""

    department = models.CharField(max_length=12, choices=Department.choices, blank=True)
    date = models.DateField()
    name = models.CharField(max_length=80)
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "department", "date", "opens"],
                name="day_exception_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(opens__isnull=True, closes__isnull=True)
                | models.Q(closes__gt=models.F("opens")),
                name="day_exception_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


#: How the change that takes another one back is called, after that one's name.
PUT_BACK = ", put back"


class StoreChange(StoreOwned):
    """Somebody changed how the store is run: what, from what to what, who and when. `undo` is what puts it back, if anything can."""

    area = models.CharField(
        max_length=40, help_text="What is changed by the same form: hours:sales, days, texting."
    )
    what = models.CharField(max_length=120)
    was = models.TextField(blank=True)
    became = models.TextField(blank=True)
    # A plain number and a name: stores stand below the people who work at them.
    by = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    undo = models.JSONField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["store", "-at"], name="store_change_newest")]

    def __str__(self) -> str:
        return self.what

    @property
    def what_said(self) -> str:
        """`what`, as its reader says it."""
        if self.what.endswith(PUT_BACK):
            return _("%(what)s, put back") % {"what": _(self.what.removesuffix(PUT_BACK))}
        return _(self.what)

    @property
    def was_said(self) -> str:
        """`was`, as its reader says it."""
        return _(self.was) if self.was else ""

    @property
    def became_said(self) -> str:
        """`became`, as its reader says it."""
        return _(self.became) if self.became else ""
