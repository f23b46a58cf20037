"""A deal from the desk to the delivery, what was promised with it, and the cars that were taken in trade."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _

from dealership.language import known_parts, later, later_as
from dealership.scope import StoreOwned
from sales.models.leads import Lead


class Deal(StoreOwned):
    """A car being sold, or sold. Written here at the desk or learned from the DMS; of F&I's part it remembers what it is told.

    `deal_number` names it in facts for good: the desk's own number where it was written here, else the DMS's.
    """

    class Stage(models.TextChoices):
        WRITTEN = "written", later("at the desk")
        AGREED = "agreed", later("waits for F&I")
        IN_FNI = "in_fni", later("in F&I")
        CONTRACTED = "contracted", later("contracted")
        DELIVERED = "delivered", later("delivered")
        LOST = "lost", later("lost")
        UNWOUND = "unwound", later("unwound")

    class Type(models.TextChoices):
        CASH = "cash", later("cash")
        FINANCE = "finance", later("finance")
        LEASE = "lease", later("lease")

    class Condition(models.TextChoices):
        NEW = "new", later("new")
        USED = "used", later("used")

    deal_number = models.CharField(max_length=24)
    desk_number = models.PositiveIntegerField(
        null=True, help_text="Counts the deals that were written here; none for those the DMS showed first."
    )
    dms_number = models.CharField(max_length=24, blank=True, help_text="The DMS's deal number, once known.")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="deals")
    co_buyer_name = models.CharField(max_length=160, blank=True)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, null=True, related_name="deals")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, null=True, related_name="deals")
    car = models.CharField(max_length=120, blank=True, help_text="The car in words, where no VIN is known.")
    stock_number = models.CharField(max_length=24, blank=True)
    condition = models.CharField(max_length=4, choices=Condition.choices, blank=True)
    deal_type = models.CharField(max_length=8, choices=Type.choices, blank=True)
    salesperson = models.ForeignKey(
        "staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="deals"
    )
    salesperson_number = models.CharField(max_length=24, blank=True)
    salesperson_name = models.CharField(max_length=80, blank=True, help_text="As the DMS writes it.")
    desk_manager = models.ForeignKey(
        "staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+"
    )
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.WRITTEN)
    stage_by_dms = models.BooleanField(
        default=False,
        help_text="The DMS said so: it may take it back. What people marked here it only outruns.",
    )
    status_raw = models.CharField(max_length=40, blank=True)
    price_cents = models.BigIntegerField(null=True, help_text="The car's price, as the DMS tells it.")
    lender = models.CharField(max_length=80, blank=True)

    written_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, help_text="Since then the customer waits for F&I.")
    taken_in_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(
        null=True, help_text="F&I handed it back, and nobody has mended it yet."
    )
    missing = models.TextField(blank=True, help_text="What F&I found missing.")
    contracted_at = models.DateTimeField(null=True)
    delivery_at = models.DateTimeField(null=True, help_text="When the car is to be handed over.")
    delivered_at = models.DateTimeField(null=True)
    funded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=160, blank=True)
    stips = models.JSONField(default=dict, help_text="{its key: [what, open, collected or dropped]}.")

    first_service_at = models.DateTimeField(null=True, help_text="The service visit that lies ahead.")
    first_service_number = models.BigIntegerField(null=True, help_text="That appointment's number.")
    first_service_owed = models.BooleanField(
        default=False, help_text="Promised since the delivery was planned without one, and not booked since."
    )
    n_milestones = models.PositiveSmallIntegerField(default=0, help_text="Told of day, week and month.")
    next_milestone_at = models.DateTimeField(null=True)

    is_history = models.BooleanField(
        default=False, help_text="Came with the first load: nothing was ever owed for it."
    )
    history = models.JSONField(
        default=list, help_text="Every version that came, in the DMS's order: [stamp, status, hash, days]."
    )
    content_hash = models.CharField(max_length=64, blank=True)
    stamp = models.DateTimeField(null=True, help_text="The version: time of the file that told it last.")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "deal_number"], name="deal_once"),
            models.UniqueConstraint(fields=["store", "desk_number"], name="deal_desk_number_once"),
            # A deal of the DMS is one deal here, whoever wrote it.
            models.UniqueConstraint(
                fields=["store", "dms_number"],
                name="deal_dms_number_once",
                condition=~models.Q(dms_number=""),
            ),
        ]
        indexes = [
            # The board: what is not over, a small part of all deals.
            models.Index(
                fields=["store", "-written_at"],
                name="deal_open",
                condition=models.Q(stage__in=["written", "agreed", "in_fni", "contracted"]),
            ),
            # The list of all, the newest first.
            models.Index(fields=["store", "-written_at"], name="deal_newest"),
            # The board's last column, and how many left with a service visit.
            models.Index(
                fields=["store", "-delivered_at"],
                name="deal_delivered",
                condition=models.Q(stage="delivered"),
            ),
            models.Index(fields=["customer", "-written_at"], name="deal_by_customer"),
            # The job that tells of a day, a week, a month.
            models.Index(
                fields=["next_milestone_at"],
                name="deal_milestone",
                condition=models.Q(next_milestone_at__isnull=False),
            ),
            # The visit that somebody moves or cancels.
            models.Index(
                fields=["first_service_number"],
                name="deal_first_service",
                condition=models.Q(first_service_number__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Deal {self.deal_number}"

    @property
    def subject(self) -> str:
        """How facts and promises name it."""
        return f"deal:{self.deal_number}"

    @property
    def label(self) -> str:
        """The car, as people say it."""
        return (self.vehicle.label if self.vehicle else "") or self.car or "a car"

    @property
    def is_open(self) -> bool:
        """Neither delivered nor over."""
        return self.stage in OPEN

    @property
    def is_ended(self) -> bool:
        """Lost or unwound."""
        return self.stage in ENDED

    @property
    def stage_words(self) -> str:
        """How far it is, as people say it."""
        return _("handed back by F&I") if self.refused_at is not None else self.get_stage_display()

    @property
    def missing_words(self) -> str:
        """What F&I found missing, in its reader's language as far as it stands on the checklist."""
        return known_parts(self.missing)

    @property
    def open_stips(self) -> list[str]:
        """What the lender still wants."""
        return [what for what, state in self.stips.values() if state == "open"]


OPEN = (Deal.Stage.WRITTEN, Deal.Stage.AGREED, Deal.Stage.IN_FNI, Deal.Stage.CONTRACTED)
ENDED = (Deal.Stage.LOST, Deal.Stage.UNWOUND)


class DealTrade(StoreOwned):
    """A car that the customer gives in with a deal; theirs until the deal is delivered."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="trades")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, null=True, related_name="+")
    vin = models.CharField(max_length=17, blank=True)
    car = models.CharField(max_length=120)
    mileage = models.PositiveIntegerField(null=True)
    acv_cents = models.BigIntegerField(null=True, help_text="Actual cash value.")
    payoff_cents = models.BigIntegerField(null=True, help_text="Still owed on it.")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # The same car is given in once with a deal, however often the deal is sent.
            models.UniqueConstraint(
                fields=["deal", "vin"], name="deal_trade_once", condition=~models.Q(vin="")
            ),
        ]
        indexes = [models.Index(fields=["vehicle"], name="deal_trade_by_vehicle")]

    def __str__(self) -> str:
        return self.car


class WeOwe(StoreOwned):
    """Something promised with a sale and delivered later, by a named person, on a day that the customer was told."""

    class State(models.TextChoices):
        OPEN = "open", later("owed")
        DELIVERED = "delivered", later("delivered")
        DROPPED = "dropped", later_as("we-owe", "dropped")

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="we_owes")
    item = models.CharField(max_length=160)
    owner = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="+")
    promised_date = models.DateField()
    promised_at = models.DateTimeField(help_text="The end of that day.")
    n_moved = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    written_by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    settled_by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=80, blank=True, help_text="Who took it over, by name.")
    dropped_why = models.CharField(max_length=160, blank=True)

    class Meta:
        indexes = [
            # What is owed, the next day first.
            models.Index(
                fields=["store", "promised_at"], name="we_owe_open", condition=models.Q(state="open")
            ),
            # What was settled, the last first.
            models.Index(
                fields=["store", "-settled_at"],
                name="we_owe_settled",
                condition=models.Q(settled_at__isnull=False),
            ),
            models.Index(fields=["deal", "promised_at"], name="we_owe_by_deal"),
        ]

    def __str__(self) -> str:
        return self.item

    @property
    def about(self) -> str:
        """How facts of its deal name it."""
        return f"we-owe:{self.pk}"
