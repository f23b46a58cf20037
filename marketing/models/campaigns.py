"""Segments and campaigns."""

from __future__ import annotations

from django.db import models

from dealership.language import later, later_as
from dealership.scope import StoreOwned
from dealership.stores.models import Department


class Segment(StoreOwned):
    """Customers by what is true of them, as data; counted anew whenever it is looked at."""

    class Match(models.TextChoices):
        ALL = "all", later("All of these")
        ANY = "any", later("Any of these")

    name = models.CharField(max_length=80)
    match = models.CharField(max_length=3, choices=Match.choices, default=Match.ALL)
    conditions = models.JSONField(default=list, help_text="[{'what': 'owns', 'make': 'Honda'}, …]")
    changed_by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "name"], name="segment_name_once")]
        # The list, last changed first; by name it goes by the constraint.
        indexes = [models.Index(fields=["store", "-changed_at", "-id"], name="segment_newest")]

    def __str__(self) -> str:
        return self.name


class SegmentVersion(StoreOwned):
    """How a segment stood from a moment on, and who made it so."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="versions")
    name = models.CharField(max_length=80)
    match = models.CharField(max_length=3, choices=Segment.Match.choices)
    conditions = models.JSONField(default=list)
    by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["segment", "-at"], name="segment_history")]

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M}"


class Campaign(StoreOwned):
    """Words for the people of a segment, approved once, sent as the gate allows, stopped at once."""

    class State(models.TextChoices):
        DRAFT = "draft", later_as("campaign", "draft")
        APPROVED = "approved", later_as("campaign", "approved")
        SENDING = "sending", later_as("campaign", "sending")
        DONE = "done", later_as("campaign", "done")
        STOPPED = "stopped", later_as("campaign", "stopped")

    class About(models.TextChoices):
        SALES = Department.SALES.value, later("Buying a car")
        SERVICE = Department.SERVICE.value, later("Service")

    name = models.CharField(max_length=80)
    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="campaigns")
    department = models.CharField(
        max_length=12, choices=About.choices, help_text="Who speaks, and answers what comes back."
    )
    words = models.TextField(help_text="English, with variables in braces.")
    words_es = models.TextField(
        blank=True, help_text="For those who speak Spanish; else they get the English."
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    written_by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        "staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    segment_words = models.JSONField(default=list, help_text="What the segment was when it was approved.")
    done_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+")
    stopped_at = models.DateTimeField(null=True)
    stopped_why = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "name"], name="campaign_name_once")]
        indexes = [
            # The list, newest first.
            models.Index(fields=["store", "-written_at", "-id"], name="campaign_newest"),
            # What the job has still to send.
            models.Index(
                fields=["approved_at"],
                name="campaign_leaving",
                condition=models.Q(state__in=["approved", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """How facts and texts name it."""
        return f"campaign:{self.pk}"

    @property
    def is_running(self) -> bool:
        """Texts are leaving, or will."""
        return self.state in (self.State.APPROVED, self.State.SENDING)


class CampaignPerson(StoreOwned):
    """One person of a campaign as they were frozen at its approval, and what came of it."""

    class State(models.TextChoices):
        WAITING = "waiting", later("waiting")
        QUEUED = "queued", later("handed to the outbox")
        LEFT_OUT = "left_out", later("left out")
        WITHDRAWN = "withdrawn", later("taken out")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="people")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=160, blank=True, help_text="Why they were left out or taken out.")
    message = models.ForeignKey("messaging.Message", on_delete=models.PROTECT, null=True, related_name="+")
    queued_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    booked_at = models.DateTimeField(null=True)
    opted_out_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Frozen once; asked once.
            models.UniqueConstraint(fields=["campaign", "customer"], name="campaign_person_once"),
        ]
        indexes = [
            # The job's claim.
            models.Index(
                fields=["campaign", "id"], name="campaign_waiting", condition=models.Q(state="waiting")
            ),
            # The list, and that of one campaign, as they are texted.
            models.Index(fields=["store", "-campaign", "id"], name="campaign_people"),
            # What a customer got, newest first; and whose answer or visit it is.
            models.Index(fields=["customer", "-queued_at"], name="campaign_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.campaign_id}"
