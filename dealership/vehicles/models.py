"""Vehicles, and who owned them when."""

from __future__ import annotations

from django.db import models

from dealership.scope import StoreOwned
from dealership.vehicles.retold import retold


class Vehicle(StoreOwned):
    """A car as this store knows it. The VIN is kept as read, even when its check digit fails: the car exists."""

    vin = models.CharField(max_length=17)
    vin_trouble = models.CharField(
        max_length=120, blank=True, help_text="What is wrong with the VIN, in words; empty if nothing."
    )
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    make = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=60, blank=True)
    trim = models.CharField(max_length=60, blank=True)
    color = models.CharField(max_length=40, blank=True)
    plate = models.CharField(max_length=16, blank=True)
    stock_number = models.CharField(max_length=24, blank=True)
    mileage = models.PositiveIntegerField(null=True, blank=True)
    mileage_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "vin"], name="vehicle_vin_once")]

    def __str__(self) -> str:
        return self.label or self.vin

    @property
    def said_vin_trouble(self) -> str:
        """What is wrong with the VIN, in the reader's language."""
        return retold(self.vin_trouble)

    @property
    def label(self) -> str:
        """As people say it: "2019 Civic EX"."""
        return " ".join(str(part) for part in (self.year, self.model or self.make, self.trim) if part)


class Ownership(StoreOwned):
    """A customer had this car from then until then (null: still)."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="ownerships")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="ownerships")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    how = models.CharField(max_length=40, blank=True, help_text="How we know: RO, deal, trade-in, told.")

    class Meta:
        constraints = [
            # One present owner: a new one ends the period of the old.
            models.UniqueConstraint(
                fields=["vehicle"], name="one_present_owner", condition=models.Q(until__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} of {self.customer_id} since {self.since}"
