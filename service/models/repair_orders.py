"""What service keeps of the DMS: repair orders with their lines, and work that was recommended and not bought; and how far a car is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext

from dealership.language import later, later_as
from dealership.scope import StoreOwned


class RepairOrder(StoreOwned):
    """An RO, as the DMS last told it."""

    class State(models.TextChoices):
        OPEN = "open", later_as("RO", "open")
        CLOSED = "closed", later_as("RO", "closed")
        VOIDED = "voided", later_as("RO", "voided")

    class Stage(models.TextChoices):
        CHECKED_IN = "checked_in", later("checked in")
        DISPATCHED = "dispatched", later("dispatched")
        IN_WORK = "in_work", later("in work")
        WAITING_PARTS = "waiting_parts", later("waiting for parts")
        WAITING_APPROVAL = "waiting_approval", later("waiting for approval")
        QUALITY_CHECK = "quality_check", later("quality check")
        READY = "ready", later("ready")

    ro_number = models.CharField(max_length=24)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="repair_orders"
    )
    vehicle = models.ForeignKey(
        "vehicles.Vehicle", on_delete=models.PROTECT, null=True, related_name="repair_orders"
    )
    advisor = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+")
    advisor_number = models.CharField(max_length=24, blank=True)
    advisor_name = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    status_raw = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    cycle = models.PositiveSmallIntegerField(default=0, help_text="Grows when a closed RO is reopened.")
    promised_at = models.DateTimeField(null=True)
    tag = models.CharField(max_length=16, blank=True)
    appointment_number = models.CharField(max_length=40, blank=True)
    mileage = models.PositiveIntegerField(null=True)
    is_waiter = models.BooleanField(default=False)
    total_cents = models.BigIntegerField(null=True)
    customer_pay_cents = models.BigIntegerField(null=True)
    warranty_cents = models.BigIntegerField(null=True)
    internal_cents = models.BigIntegerField(null=True)
    told_at = models.DateTimeField(null=True, help_text="When a person last told the customer how it stands.")
    stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.CHECKED_IN)
    stage_at = models.DateTimeField(null=True, help_text="Since when; null until a person has moved it.")
    promised_set_at = models.DateTimeField(
        null=True, help_text="When the customer was told the time that holds."
    )
    dms_promised_at = models.DateTimeField(null=True, help_text="The promised time in the DMS.")
    risk_at = models.DateTimeField(null=True, help_text="When it was noticed that the time may be missed.")
    risk_for = models.DateTimeField(null=True, help_text="The promised time that may be missed.")
    risk_why = models.CharField(max_length=160, blank=True)
    ready_told_at = models.DateTimeField(null=True, help_text="When the customer knew that it is ready.")
    handed_over_at = models.DateTimeField(
        null=True, help_text="Its advisor left, and another has it: the DMS still names the old one."
    )
    is_history = models.BooleanField(
        default=False, help_text="Came with the first load: nothing was ever owed for it."
    )
    customer_pays = models.BooleanField(
        default=True, help_text="False for internal tickets: nobody outside waits for anything."
    )
    comments = models.TextField(blank=True)
    history = models.JSONField(
        default=list,
        help_text="Every version that came, in the DMS's order: [stamp, status, hash, day closed].",
    )
    content_hash = models.CharField(max_length=64, blank=True)
    stamp = models.DateTimeField(help_text="The version: time of the file that told it last.")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "ro_number"], name="ro_once")]
        indexes = [
            # The list, newest first, closed ones too.
            models.Index(fields=["store", "-opened_at"], name="ro_newest"),
            # The lane.
            models.Index(fields=["store", "opened_at"], name="ro_lane", condition=models.Q(state="open")),
            models.Index(fields=["customer", "-opened_at"], name="ro_by_customer"),
            # An appointment that came after its RO.
            models.Index(
                fields=["store", "appointment_number"],
                name="ro_by_appointment",
                condition=~models.Q(appointment_number=""),
            ),
            models.Index(
                fields=["store", "-closed_at"], name="ro_closed", condition=models.Q(state="closed")
            ),
            # Was it here lately for the same?
            models.Index(
                fields=["vehicle", "-closed_at"], name="ro_by_vehicle", condition=models.Q(state="closed")
            ),
            # The job that looks for promised times in danger.
            models.Index(
                fields=["promised_at"],
                name="ro_promised",
                condition=models.Q(state="open", promised_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"RO {self.ro_number}"


class RepairLine(StoreOwned):
    """One line of an RO: complaint, cause, correction; who pays; for how much."""

    ro = models.ForeignKey(RepairOrder, on_delete=models.CASCADE, related_name="lines")
    number = models.CharField(max_length=8)
    op_code = models.CharField(max_length=24, blank=True)
    description = models.TextField(blank=True)
    complaint = models.TextField(blank=True)
    cause = models.TextField(blank=True)
    correction = models.TextField(blank=True)
    sale_type = models.CharField(
        max_length=4, blank=True, help_text="C customer, W warranty, I internal; as the DMS says."
    )
    sale_cents = models.BigIntegerField(null=True)
    sold_hours = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    tech_number = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ro", "number"], name="ro_line_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.description or self.op_code}"


class DeclinedLine(StoreOwned):
    """Work that was recommended on an RO and not bought, therefore owed a follow-up."""

    class Colour(models.TextChoices):
        RED = "red", later("red: now")
        YELLOW = "yellow", later("yellow: soon")

    class State(models.TextChoices):
        OPEN = "open", later_as("declined work", "open")
        BOOKED = "booked", later_as("declined work", "booked")
        SOLD = "sold", later_as("declined work", "sold")
        CLOSED = "closed", later_as("declined work", "closed")

    ro = models.ForeignKey(RepairOrder, on_delete=models.CASCADE, related_name="declined_lines")
    vehicle = models.ForeignKey(
        "vehicles.Vehicle", on_delete=models.PROTECT, null=True, related_name="declined_lines"
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="declined_lines"
    )
    key = models.CharField(
        max_length=60, help_text="What makes it the same recommendation when the RO is sent again."
    )
    op_code = models.CharField(max_length=24, blank=True)
    description = models.CharField(max_length=200)
    colour = models.CharField(max_length=6, choices=Colour.choices, default=Colour.YELLOW)
    price_cents = models.BigIntegerField(null=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    settled_at = models.DateTimeField(null=True)
    settled_why = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ro", "key"], name="declined_once")]
        indexes = [
            models.Index(
                fields=["vehicle"],
                name="declined_by_vehicle",
                condition=models.Q(state__in=["open", "booked"]),
            ),
            models.Index(fields=["store", "-id"], name="declined_open", condition=models.Q(state="open")),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def why_said(self) -> str:
        """Why it is settled, in its reader's language; what people typed stays as it is."""
        on, _, number = self.settled_why.rpartition(" ")
        return (
            gettext("On RO %(number)s") % {"number": number} if on == "On RO" else gettext(self.settled_why)
        )
