"""Where other systems are called, and each call."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dealership.hooks.said import trouble
from dealership.line import InLine
from dealership.scope import StoreOwned


class Hook(StoreOwned):
    """A system of the store's that is called when a fact of one of these kinds becomes true."""

    name = models.CharField(max_length=80)
    address = models.CharField(max_length=500)
    kinds = ArrayField(models.CharField(max_length=60))
    secret = models.TextField(help_text="What its calls are signed with; encrypted.")
    old_secret = models.TextField(blank=True, help_text="The one before, which signs beside it; encrypted.")
    old_until = models.DateTimeField(null=True, help_text="Until when the old one signs too.")
    is_on = models.BooleanField(default=True)
    off_why = models.CharField(
        max_length=200, blank=True, help_text="Why it was switched off by itself; empty: by a person."
    )
    failing_since = models.DateTimeField(
        null=True, help_text="Since when no call was taken. Until one is, its calls are tried one at a time."
    )
    made_by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        # Found by the triggers on facts and promises, and on the page *Store*.
        indexes = [models.Index(fields=["store", "is_on"], name="hook_of_store")]

    def __str__(self) -> str:
        return self.name

    @property
    def off_said(self) -> str:
        """`off_why` for whoever reads it."""
        return trouble(self.off_why)


class HookCall(StoreOwned, InLine):
    """One fact that one hook is told. Written by the database in the fact's transaction; `body` never changes."""

    class Source(models.TextChoices):
        FACT = "fact", "fact"
        PROMISE = "promise", "act of a promise"

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="calls")
    source = models.CharField(max_length=7, choices=Source.choices)
    source_id = models.BigIntegerField(help_text="The fact in the log, or the act of the promise.")
    kind = models.CharField(max_length=60)
    subject = models.CharField(
        max_length=80, help_text="Calls about the same one are made one after another."
    )
    body = models.JSONField()
    at = models.DateTimeField(help_text="When it became true.")
    answered_at = models.DateTimeField(null=True, help_text="When it was taken (2xx).")
    status = models.PositiveSmallIntegerField(null=True, help_text="What was answered last.")
    ms = models.PositiveIntegerField(null=True, help_text="How long the last answer took.")

    class Meta:
        constraints = [
            # Everything may run twice: a hook is told a fact by one call.
            models.UniqueConstraint(fields=["hook", "source", "source_id"], name="hook_call_once")
        ]
        indexes = [
            # The line: what is due.
            models.Index(
                fields=["next_try_at"],
                name="hook_call_due",
                condition=models.Q(answered_at__isnull=True, parked_at__isnull=True),
            ),
            # Whether an earlier one is still under way, about the same or at all.
            models.Index(
                fields=["hook", "subject", "id"],
                name="hook_call_before",
                condition=models.Q(answered_at__isnull=True, parked_at__isnull=True),
            ),
            # What a person must look at.
            models.Index(
                fields=["store", "parked_at"],
                name="hook_call_parked",
                condition=models.Q(parked_at__isnull=False),
            ),
            # The store's calls, in both orders.
            models.Index(fields=["store", "-id"], name="hook_call_newest"),
            # A hook's last calls.
            models.Index(fields=["hook", "-id"], name="hook_call_last"),
            # What is old enough to be forgotten.
            models.Index(fields=["answered_at"], name="hook_call_old"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def error_said(self) -> str:
        """`last_error` for whoever reads it."""
        return trouble(self.last_error)

    @property
    def key(self) -> str:
        """Its name for the receiver, the same at each try (`Kept-Id`)."""
        return f"{self.source}-{self.source_id}"
