"""What parts keeps: requests with their special orders and history, the shelf as the DMS tells it, and the ROs it has heard of."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.utils.translation import gettext

from dealership.language import later, later_as
from dealership.scope import StoreOwned

#: What is kept in English and said in its reader's language: why a day moved, what became of a part, what was done.
_SAID: dict[str, str] = {
    "on the shelf": later("on the shelf"),
    "no date yet": later("no date yet"),
    "no price": later("no price"),
    "it is here": later("it is here"),
    "comes on another day": later("comes on another day"),
    "as it was before": later("as it was before"),
    "backordered": later("backordered"),
    "replaced by a newer number": later("replaced by a newer number"),
    "the wrong part came": later("the wrong part came"),
    "arrived damaged": later("arrived damaged"),
    "went back to the source": later("went back to the source"),
    "went to the shelf": later("went to the shelf"),
    "was written off": later("was written off"),
    "the text told the day before that": later("the text told the day before that"),
    "Customer declined": later("Customer declined"),
    "Found another way": later("Found another way"),
    "Asked for twice": later("Asked for twice"),
}
#: What is done with a part, as its history keeps it.
ACTS = (
    later_as("part", "Asked for"),
    later_as("part", "Quoted"),
    later_as("part", "Approved"),
    later_as("part", "Fitted"),
    later_as("part", "Handed over"),
    later_as("part", "Not needed"),
    later_as("part", "Ordered"),
    later_as("part", "On its way"),
    later_as("part", "Date changed"),
    later_as("part", "Here"),
    later_as("part", "Told"),
    later_as("part", "Went back to the source"),
    later_as("part", "Went to the shelf"),
    later_as("part", "Was written off"),
)
_IF_ORDERED = " if ordered today"


def said(words: str) -> str:
    """What was kept, in its reader's language; what people typed stays as it is."""
    return ", ".join(_said(piece) for piece in words.split(", "))


def _said(piece: str) -> str:
    if piece.endswith(_IF_ORDERED):
        return gettext("%(day)s if ordered today") % {"day": piece.removesuffix(_IF_ORDERED)}
    return str(_SAID.get(piece, piece))


class PartsRequest(StoreOwned):
    """Somebody needs a part: for a car in the shop (`ro_number`), or over the counter."""

    class State(models.TextChoices):
        REQUESTED = "requested", later("to quote")
        QUOTED = "quoted", later_as("part", "quoted")
        APPROVED = "approved", later("approved")
        ORDERED = "ordered", later("on order")
        BACKORDERED = "backordered", later("backordered")
        SHIPPED = "shipped", later("on its way")
        PARTIAL = "partial", later("partly here")
        RECEIVED = "received", later_as("part", "here")
        INSTALLED = "installed", later("fitted")
        RETURNED = "returned", later_as("part", "returned")
        CANCELLED = "cancelled", later_as("part", "not needed")

    key = models.UUIDField(help_text="Of the form that asked: pressed twice, it is asked once.")
    ro_number = models.CharField(max_length=24, blank=True, help_text="Empty: sold over the counter.")
    for_line = models.CharField(max_length=8, blank=True, help_text="The RO's line.")
    description = models.CharField(max_length=120)
    part_number = models.CharField(max_length=40, blank=True)
    part_key = models.CharField(
        max_length=40, blank=True, help_text="The number without what people write between its characters."
    )
    quantity = models.PositiveSmallIntegerField(default=1)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="parts_requests"
    )
    vehicle = models.ForeignKey(
        "vehicles.Vehicle", on_delete=models.PROTECT, null=True, related_name="parts_requests"
    )
    asked_by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="+")
    advisor = models.ForeignKey(
        "staff.StaffMember",
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who tells the customer: the advisor, or whoever stood at the counter.",
    )
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=11, choices=State.choices, default=State.REQUESTED)
    requested_at = models.DateTimeField()
    quote_due_at = models.DateTimeField(
        null=True, help_text="When the price was promised; empty where the store promises none."
    )
    quoted_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    price_cents = models.BigIntegerField(null=True, help_text="For all of them, as the customer is told it.")
    availability = models.CharField(max_length=80, blank=True)
    in_stock = models.BooleanField(default=False, help_text="On the shelf when it was quoted.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "key"], name="part_asked_once")]
        indexes = [
            # The board: what has not ended, a small part of all requests.
            models.Index(
                fields=["store", "state", "requested_at"],
                name="part_live",
                condition=~models.Q(state__in=["installed", "returned", "cancelled"]),
            ),
            # An RO's panel, and the facts about that RO.
            models.Index(fields=["store", "ro_number"], name="part_by_ro", condition=~models.Q(ro_number="")),
            models.Index(fields=["customer", "-requested_at"], name="part_by_customer"),
            # The list, ended ones too: newest first, and from its other end oldest first.
            models.Index(fields=["store", "-requested_at", "-id"], name="part_newest"),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def availability_said(self) -> str:
        """When it can be here, as it was quoted, in its reader's language."""
        return said(self.availability)

    @property
    def subject(self) -> str:
        """How facts and promises name it."""
        return f"part:{self.pk}"

    @property
    def is_over(self) -> bool:
        """Nobody waits for it any more."""
        return self.state in ENDED


#: States in which nobody waits for it any more.
ENDED = (PartsRequest.State.INSTALLED, PartsRequest.State.RETURNED, PartsRequest.State.CANCELLED)
#: It has been ordered and is not all here.
COMING = (
    PartsRequest.State.ORDERED,
    PartsRequest.State.BACKORDERED,
    PartsRequest.State.SHIPPED,
    PartsRequest.State.PARTIAL,
)


class SpecialOrderPart(StoreOwned):
    """The SOP of a request: where it was ordered, when it should come, what the customer was told, and where it lies."""

    class How(models.TextChoices):
        STOCK = "stock", later("Stock order")
        DAILY = "daily", later("Daily order")
        OVERNIGHT = "overnight", later("Overnight")

    request = models.OneToOneField(PartsRequest, on_delete=models.CASCADE, related_name="special_order")
    source = models.CharField(max_length=60, blank=True, help_text="Who sends it.")
    how = models.CharField(max_length=9, choices=How.choices, default=How.DAILY)
    ordered_at = models.DateTimeField()
    eta_at = models.DateTimeField(
        null=True, help_text="The end of the day on which it should be here; empty: nobody knows."
    )
    eta_changed_at = models.DateTimeField(null=True)
    eta_reason = models.CharField(max_length=12, blank=True, help_text="Why it changed last.")
    eta_told = models.DateTimeField(null=True, help_text="The ETA that the customer knows.")
    eta_told_at = models.DateTimeField(null=True)
    tell_by_at = models.DateTimeField(
        null=True, help_text="Something is to be told by then; empty when the customer knows what we know."
    )
    n_ordered = models.PositiveSmallIntegerField()
    n_received = models.PositiveSmallIntegerField(default=0)
    n_backordered = models.PositiveSmallIntegerField(default=0)
    superseded_by = models.CharField(max_length=40, blank=True)
    bin = models.CharField(max_length=24, blank=True)
    received_at = models.DateTimeField(null=True, help_text="When all of it was here.")
    hold_until = models.DateTimeField(null=True)
    returned_why = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(n_received__lte=models.F("n_ordered")), name="sop_no_more_than_ordered"
            ),
        ]
        indexes = [
            # The rail's count: whom something is to be told.
            models.Index(
                fields=["store", "tell_by_at"],
                name="sop_to_tell",
                condition=models.Q(tell_by_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"SOP {self.request_id}"

    @property
    def n_missing(self) -> int:
        """How many are still to come."""
        return self.n_ordered - self.n_received


class PartHistory(StoreOwned):
    """One act in the life of a request: who, when, what was, what became."""

    request = models.ForeignKey(PartsRequest, on_delete=models.CASCADE, related_name="history")
    at = models.DateTimeField()
    by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=40)
    was = models.CharField(max_length=120, blank=True)
    became = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            # A request's own story.
            models.Index(fields=["request", "at"], name="part_history_of"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.became}".strip()

    @property
    def was_said(self) -> str:
        """What was, in its reader's language."""
        return said(self.was)

    @property
    def became_said(self) -> str:
        """What became, in its reader's language."""
        return said(self.became)


class StockPart(StoreOwned):
    """One part number of one make on the shelf, as the DMS last told it: two makes may well use the same number."""

    part_key = models.CharField(max_length=40)
    part_number = models.CharField(max_length=40)
    make = models.CharField(
        max_length=24, blank=True, help_text="In capitals; empty where the file names none."
    )
    description = models.CharField(max_length=120, blank=True)
    on_hand = models.DecimalField(max_digits=10, decimal_places=3, null=True)
    on_order = models.DecimalField(max_digits=10, decimal_places=3, null=True)
    bin = models.CharField(max_length=24, blank=True)
    source = models.CharField(max_length=24, blank=True)
    price_cents = models.BigIntegerField(null=True)
    cost_cents = models.BigIntegerField(null=True, help_text="For people of parts; no customer is shown it.")
    last_sale_date = models.DateField(null=True)
    superseded_by = models.CharField(max_length=40, blank=True)
    stamp = models.DateTimeField(help_text="The version: time of the file that told it last.")
    line = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "part_key", "make"], name="stock_part_once")]
        indexes = [
            # The search: a number by its beginning, a description by the beginnings of its words.
            models.Index(
                fields=["store", "part_key"],
                name="stock_by_number",
                opclasses=["int8_ops", "varchar_pattern_ops"],
            ),
            GinIndex(SearchVector("description", config="simple"), name="stock_by_words"),
            # The list by bin, and longest unsold first; by number it reads `stock_part_once`.
            models.Index(fields=["store", "bin", "id"], name="stock_by_bin"),
            models.Index(
                fields=["store", "last_sale_date", "id"],
                name="stock_by_sale",
                condition=models.Q(last_sale_date__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.part_number

    @property
    def is_there(self) -> bool:
        """At least one lies on the shelf."""
        return self.on_hand is not None and self.on_hand > 0


class KnownRO(StoreOwned):
    """What parts remembers of an RO from what service told: whose it is, who writes it, whether the car is in."""

    class State(models.TextChoices):
        OPEN = "open", later_as("RO", "open")
        CLOSED = "closed", later_as("RO", "closed")
        VOIDED = "voided", later_as("RO", "voided")

    ro_number = models.CharField(max_length=24)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, null=True, related_name="+")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, null=True, related_name="+")
    advisor = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    state_at = models.DateTimeField(
        help_text="When it became so: what is told late and happened earlier changes nothing."
    )
    told_at = models.DateTimeField(help_text="When the newest fact that names its advisor became true.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "ro_number"], name="known_ro_once")]

    def __str__(self) -> str:
        return f"RO {self.ro_number}"

    @property
    def car_is_here(self) -> bool:
        """As far as the RO tells."""
        return self.state == self.State.OPEN
