"""Cars in stock."""

from __future__ import annotations

from django.db import models

from dealership.language import later
from dealership.scope import StoreOwned


class InventoryUnit(StoreOwned):
    """A car that the store has to sell, or has sold, by its stock number."""

    class State(models.TextChoices):
        IN_STOCK = "in_stock", later("in stock")
        SOLD = "sold", later("sold")

    class How(models.TextChoices):
        MAKER = "maker", later("from the maker")
        TRADE = "trade", later("traded in")
        BOUGHT = "bought", later("bought")

    stock_number = models.CharField(max_length=24)
    vin = models.CharField(max_length=17, blank=True)
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, null=True, related_name="units")
    car = models.CharField(max_length=120, blank=True, help_text="The car in words.")
    condition = models.CharField(max_length=4, blank=True, help_text="new or used")
    how = models.CharField(max_length=8, choices=How.choices, blank=True)
    acquired_at = models.DateTimeField()
    front_line_ready_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.IN_STOCK)
    sold_at = models.DateTimeField(null=True)
    deal_number = models.CharField(max_length=24, blank=True, help_text="The deal it was sold with.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "stock_number"], name="unit_once"),
        ]
        indexes = [
            # The stock list, the oldest first.
            models.Index(
                fields=["store", "acquired_at"], name="unit_in_stock", condition=models.Q(state="in_stock")
            ),
            models.Index(fields=["store", "-sold_at"], name="unit_sold", condition=models.Q(state="sold")),
            # A car that is sold or traded under another number.
            models.Index(fields=["store", "vin"], name="unit_by_vin", condition=~models.Q(vin="")),
        ]

    def __str__(self) -> str:
        return f"{self.stock_number} {self.car}".strip()

    @property
    def subject(self) -> str:
        """How facts name it."""
        return f"unit:{self.stock_number}"

    @property
    def label(self) -> str:
        """The car, as people say it."""
        # A VIN alone tells the year and the make: whoever took it in may have said more.
        known = self.vehicle.label if self.vehicle else ""
        is_whole = self.vehicle is not None and self.vehicle.model
        return (known if is_whole else self.car or known) or self.vin or "a car"
