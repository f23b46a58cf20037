"""How far a car is, what its customer was told on purpose, what parts it waits for, and whether it is back for the same."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext

from dealership.language import later, later_as
from dealership.scope import StoreOwned

#: What is kept of a part in English, and said in its reader's language.
_SAID: dict[str, object] = {
    "asked for": later_as("part", "asked for"),
    "quoted": later_as("part", "quoted"),
    "ordered": later_as("part", "ordered"),
    "here": later_as("part", "here"),
    "installed": later_as("part", "installed"),
    "not needed": later_as("part", "not needed"),
}


class StageChange(StoreOwned):
    """A person moved a car to a stage of the shop."""

    ro = models.ForeignKey("RepairOrder", on_delete=models.CASCADE, related_name="stage_changes")
    stage = models.CharField(max_length=16)
    by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ro", "id"], name="stage_change_of_ro")]  # its history

    def __str__(self) -> str:
        return self.stage


class Telling(StoreOwned):
    """A text by a person that tells the customer one thing about an RO: true once the phone has it."""

    class Kind(models.TextChoices):
        READY = "ready", "that it is ready"
        NEW_TIME = "new_time", "a new time"

    ro = models.ForeignKey("RepairOrder", on_delete=models.CASCADE, related_name="tellings")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    message = models.OneToOneField("messaging.Message", on_delete=models.PROTECT, related_name="telling")
    promised_at = models.DateTimeField(null=True, help_text="The new time.")
    why = models.CharField(max_length=160, blank=True)
    by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["ro", "-id"], name="telling_of_ro")]  # the newest of an RO

    def __str__(self) -> str:
        return f"{self.kind} of {self.ro_id}"


class Comeback(StoreOwned):
    """A car that is back within thirty days for what it was here for: found once, settled in writing."""

    ro = models.OneToOneField("RepairOrder", on_delete=models.CASCADE, related_name="comeback")
    earlier_ro = models.ForeignKey(
        "RepairOrder", on_delete=models.CASCADE, null=True, related_name="followed_by"
    )
    concern = models.CharField(max_length=160, blank=True)
    found_at = models.DateTimeField()
    is_comeback = models.BooleanField(null=True, help_text="Null until somebody has looked.")
    first_wrong = models.CharField(max_length=300, blank=True, help_text="What was wrong the first time.")
    now_right = models.CharField(
        max_length=300, blank=True, help_text="What is right now, or why it is none."
    )
    settled_by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Those that nobody has settled.
            models.Index(
                fields=["store", "id"], name="comeback_open", condition=models.Q(settled_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.ro_id} after {self.earlier_ro_id}"


class ROPart(StoreOwned):
    """What service remembers of a part that an RO waits for: where it is, when it comes, whether the customer knows."""

    class State(models.TextChoices):
        REQUESTED = "requested", later_as("part", "asked for")
        QUOTED = "quoted", later_as("part", "quoted")
        ORDERED = "ordered", later_as("part", "ordered")
        CHANGED = "changed", later("date changed")
        HERE = "here", later_as("part", "here")
        INSTALLED = "installed", later_as("part", "installed")
        RETURNED = "returned", later_as("part", "returned")
        CANCELLED = "cancelled", later_as("part", "not needed")

    #: The car cannot be finished before these have come.
    AWAITED = (State.REQUESTED, State.QUOTED, State.ORDERED, State.CHANGED)

    ro_number = models.CharField(max_length=24)
    request_id = models.BigIntegerField()
    part = models.CharField(max_length=120)
    state = models.CharField(max_length=9, choices=State.choices)
    words = models.CharField(max_length=120, blank=True, help_text="What parts said last.")
    eta_at = models.DateTimeField(null=True)
    eta_since = models.DateTimeField(
        null=True, help_text="When this date, or that there is none, became known."
    )
    told_at = models.DateTimeField(null=True, help_text="When the customer was told of the date.")
    bin = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "request_id"], name="ro_part_once")]
        indexes = [
            models.Index(fields=["store", "ro_number"], name="ro_part_of_ro")
        ]  # the card, the RO's page

    def __str__(self) -> str:
        return f"{self.part} {self.state}"

    @property
    def words_said(self) -> str:
        """What parts said last, in its reader's language; a reason that was typed stays as it is."""
        return str(_SAID[self.words]) if self.words in _SAID else gettext(self.words)

    @property
    def is_awaited(self) -> bool:
        """The car cannot be finished without it yet."""
        return self.state in self.AWAITED

    @property
    def is_told(self) -> bool:
        """The customer knows the date that holds."""
        return self.told_at is not None and (self.eta_since is None or self.told_at >= self.eta_since)
