"""Appointments of any department, and how many fit."""

from __future__ import annotations

from django.db import models

from dealership.language import later, later_as
from dealership.scope import StoreOwned
from dealership.stores.models import Department


class Appointment(StoreOwned):
    """A customer comes at a time. Not arrived by then plus an hour: missed, which is a fact and opens a save."""

    class State(models.TextChoices):
        BOOKED = "booked", later_as("visit", "booked")
        CONFIRMED = "confirmed", later_as("visit", "confirmed")
        ARRIVED = "arrived", later_as("visit", "arrived")
        MISSED = "missed", later_as("visit", "did not come")
        CANCELLED = "cancelled", later_as("visit", "cancelled")

    class Transport(models.TextChoices):
        WAITER = "waiter", later("waits")
        DROP = "drop", later("drops off")
        LOANER = "loaner", later("loaner")
        SHUTTLE = "shuttle", later("shuttle")

    department = models.CharField(max_length=12, choices=Department.choices)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="appointments")
    vehicle = models.ForeignKey(
        "vehicles.Vehicle", on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    person = models.ForeignKey(
        "staff.StaffMember",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        help_text="Who expects the customer.",
    )
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    state = models.CharField(max_length=10, choices=State.choices, default=State.BOOKED)
    concern = models.TextField(blank=True)
    transport = models.CharField(max_length=8, choices=Transport.choices, blank=True)
    dms_number = models.CharField(max_length=40, blank=True)
    ro_number = models.CharField(max_length=24, blank=True)
    source = models.CharField(max_length=24, blank=True, help_text="Who booked: text, person, dms.")
    slot = models.ForeignKey(
        "Slot",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        help_text="Whose place it holds; none where the department has no limit, or once it is given back.",
    )
    is_overbooked = models.BooleanField(default=False, help_text="The DMS put it where Kept saw no room.")
    booked_by = models.ForeignKey(
        "staff.StaffMember", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "dms_number"],
                name="appointment_dms_number_once",
                condition=~models.Q(dms_number=""),
            ),
        ]
        indexes = [
            # The day's page.
            models.Index(fields=["store", "starts_at"], name="appointment_day"),
            # The no-show job.
            models.Index(
                fields=["starts_at"],
                name="appointment_awaited",
                condition=models.Q(state__in=["booked", "confirmed"]),
            ),
            models.Index(fields=["customer", "-starts_at"], name="appointment_customer"),
            # The list, booked last first; by time it reads `appointment_day`.
            models.Index(fields=["store", "-created_at", "-id"], name="appointment_booked"),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.starts_at:%Y-%m-%d %H:%M}"


class CapacityPlan(StoreOwned):
    """How many customers a department can take per slot. No plan: no limit."""

    department = models.CharField(max_length=12, choices=Department.choices)
    slot_minutes = models.PositiveSmallIntegerField(default=30)
    per_slot = models.PositiveSmallIntegerField(default=4)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "department"], name="capacity_plan_once")]

    def __str__(self) -> str:
        return f"{self.department}: {self.per_slot} per {self.slot_minutes} min"


class Slot(StoreOwned):
    """One slot's count. Taking a place is one conditional UPDATE, so two callers cannot take the last one."""

    department = models.CharField(max_length=12, choices=Department.choices)
    starts_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    n_booked = models.PositiveSmallIntegerField(default=0)
    n_over = models.PositiveSmallIntegerField(
        default=0, help_text="Places that the DMS took beyond capacity."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "department", "starts_at"], name="slot_once"),
            models.CheckConstraint(
                condition=models.Q(n_booked__lte=models.F("capacity")), name="slot_never_overbooked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.starts_at:%H:%M} {self.n_booked}/{self.capacity}"
