"""What the technician found, what it costs, and what the customer was asked and decided."""

from __future__ import annotations

from typing import Any

from django.db import models

from dealership.language import later
from dealership.scope import StoreOwned


class Inspection(StoreOwned):
    """A multi-point inspection of a car that is in: one for each time that its RO was open."""

    ro = models.ForeignKey("RepairOrder", on_delete=models.CASCADE, related_name="inspections")
    cycle = models.PositiveSmallIntegerField(default=0)
    technician = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="+")
    n_green = models.PositiveSmallIntegerField(default=0, help_text="How many points were fine.")
    note = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ro", "cycle"], name="inspection_once")]

    def __str__(self) -> str:
        return f"Inspection of {self.ro_id} at {self.done_at:%Y-%m-%d %H:%M}"


class Estimate(StoreOwned):
    """What the customer was asked to decide, as it was sent: numbered lines with their prices at that moment.

    `lines`: [number, key of the recommendation, description, cents] each.
    """

    class How(models.TextChoices):
        TEXT = "text", later("text")
        PHONE = "phone", later("phone")
        IN_PERSON = "in person", later("in person")

    ro = models.ForeignKey("RepairOrder", on_delete=models.CASCADE, related_name="estimates")
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="estimates"
    )
    message = models.ForeignKey("messaging.Message", on_delete=models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=9, choices=How.choices)
    lines = models.JSONField(default=list)
    total_cents = models.BigIntegerField()
    sent_by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True, help_text="When the customer had it.")

    class Meta:
        indexes = [
            # The newest estimate of an RO.
            models.Index(fields=["ro", "-id"], name="estimate_of_ro"),
            # Other estimates that the same customer may be answering.
            models.Index(fields=["customer", "-sent_at"], name="estimate_of_customer"),
        ]

    def __str__(self) -> str:
        return f"Estimate of {self.total_cents} cents"

    @property
    def subject(self) -> str:
        """What the customer's answer is about."""
        return f"estimate:{self.pk}"

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The lines by name, for pages."""
        return [
            {"number": number, "recommendation": key, "description": description, "price_cents": cents}
            for number, key, description, cents in self.lines
        ]


class Recommendation(StoreOwned):
    """One thing that the technician found: red now, yellow soon, green fine; with its price once the advisor has set it."""

    class Colour(models.TextChoices):
        RED = "red", later("red: now")
        YELLOW = "yellow", later("yellow: soon")
        GREEN = "green", later("green: fine")

    class State(models.TextChoices):
        OPEN = "open", later("not presented")
        SENT = "sent", later("waits for a decision")
        APPROVED = "approved", later("approved")
        DECLINED = "declined", later("declined")

    ro = models.ForeignKey("RepairOrder", on_delete=models.CASCADE, related_name="recommendations")
    inspection = models.ForeignKey(
        Inspection,
        on_delete=models.CASCADE,
        null=True,
        related_name="recommendations",
        help_text="None: the advisor added it.",
    )
    colour = models.CharField(max_length=6, choices=Colour.choices)
    description = models.CharField(max_length=120)
    op_code = models.CharField(max_length=24, blank=True)
    price_cents = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_how = models.CharField(max_length=9, blank=True, help_text="text, phone, in person")
    decided_cents = models.BigIntegerField(null=True, help_text="The price that was approved.")
    decided_by = models.ForeignKey(
        "staff.StaffMember",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who wrote it down.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="approved") | models.Q(decided_cents__isnull=False),
                name="approved_at_a_price",
            )
        ]
        indexes = [
            # The estimate of an RO, and what is undecided in the lane.
            models.Index(fields=["ro", "id"], name="recommendation_of_ro"),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def key(self) -> str:
        """What facts call it."""
        return f"rec:{self.pk}"
