"""What F&I keeps: deal jackets, what must be in them, stips, kick-backs, and what was done. Never the papers themselves."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext

from dealership.language import known_parts, later
from dealership.scope import StoreOwned
from fni import acts


class DealJacket(StoreOwned):
    """One deal on its way from "agreed" to paid and titled. Begun by what sales tells; driven on by F&I."""

    class DealType(models.TextChoices):
        CASH = "cash", later("cash")
        FINANCE = "finance", later("finance")
        LEASE = "lease", later("lease")

    class Stage(models.TextChoices):
        WAITING = "waiting", later("waiting for the box")
        IN_BOX = "in_box", later("in the box")
        REFUSED = "refused", later("handed back")
        CONTRACTED = "contracted", later("contracted")
        SENT = "sent", later("sent to the lender")
        KICKED_BACK = "kicked_back", later("kicked back")
        FUNDED = "funded", later("funded")
        TITLE_SENT = "title_sent", later("title is out")
        CLOSED = "closed", later("put away")
        UNWOUND = "unwound", later("ended without a sale")

    deal_number = models.CharField(max_length=40)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="deal_jackets"
    )
    vehicle = models.ForeignKey(
        "vehicles.Vehicle", on_delete=models.PROTECT, null=True, related_name="deal_jackets"
    )
    vehicle_words = models.CharField(max_length=120, blank=True, help_text="As sales said it.")
    stock_number = models.CharField(max_length=40, blank=True)
    salesperson = models.ForeignKey(
        "staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+"
    )
    deal_type = models.CharField(max_length=7, choices=DealType.choices, blank=True)
    condition = models.CharField(max_length=4, blank=True, help_text="new or used")
    has_trade = models.BooleanField(default=False)
    is_large_cash = models.BooleanField(default=False, help_text="Over $10,000 in cash: form 8300.")
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.WAITING)
    lender = models.CharField(max_length=80, blank=True)
    amount_financed_cents = models.BigIntegerField(null=True)
    missing = models.CharField(
        max_length=400, blank=True, help_text="What was missing when it was handed back."
    )
    agreed_at = models.DateTimeField(null=True)
    waiting_at = models.DateTimeField(null=True, help_text="Since when the customer waits for the box.")
    taken_in_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    contracted_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True, help_text="When it was sent last.")
    funded_at = models.DateTimeField(null=True)
    title_due_at = models.DateTimeField(null=True)
    title_sent_at = models.DateTimeField(null=True)
    title_proof = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "deal_number"], name="jacket_once")]
        indexes = [
            # The board: what F&I still has to do with.
            models.Index(
                fields=["store", "agreed_at"],
                name="jacket_live",
                condition=~models.Q(stage__in=["closed", "unwound"]),
            ),
            # Contracts in transit, the oldest first.
            models.Index(
                fields=["store", "delivered_at"],
                name="jacket_in_transit",
                condition=models.Q(deal_type__in=["finance", "lease"], funded_at__isnull=True),
            ),
            # What was funded lately: the share that passed at the first try.
            models.Index(
                fields=["store", "-funded_at"],
                name="jacket_funded",
                condition=models.Q(funded_at__isnull=False),
            ),
            # Titles that are still to be sent, the next date first.
            models.Index(
                fields=["store", "title_due_at"],
                name="jacket_title_due",
                condition=models.Q(title_due_at__isnull=False, title_sent_at__isnull=True),
            ),
            models.Index(fields=["customer", "-agreed_at"], name="jacket_by_customer"),
        ]

    def __str__(self) -> str:
        return f"deal {self.deal_number}"

    @property
    def subject(self) -> str:
        """How facts and promises name it."""
        return f"deal:{self.deal_number}"

    @property
    def missing_words(self) -> str:
        """What was missing, in its reader's language as far as it stands on the checklist."""
        return known_parts(self.missing)

    @property
    def has_lender(self) -> bool:
        """Somebody else pays: there is a contract to send, and one in transit after the delivery."""
        return self.deal_type in (self.DealType.FINANCE, self.DealType.LEASE)

    @property
    def is_in_transit(self) -> bool:
        """The car is gone and the money is not here."""
        return (
            self.has_lender
            and self.delivered_at is not None
            and self.funded_at is None
            and self.stage != self.Stage.UNWOUND
        )


class ChecklistItem(StoreOwned):
    """One thing that must be in a jacket, and whether it is: who saw it, and when."""

    class State(models.TextChoices):
        MISSING = "missing", later("missing")
        HERE = "here", later("here")
        NOT_NEEDED = "not_needed", later("not needed")

    jacket = models.ForeignKey(DealJacket, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=24, help_text="A key of fni.checklists.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.MISSING)
    by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+")
    marked_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=120, blank=True, help_text="Why it is not needed.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["jacket", "key"], name="checklist_item_once")]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_state_display()}"


class Stipulation(StoreOwned):
    """One more paper that the lender wants: asked of the customer, collected and verified, or dropped."""

    jacket = models.ForeignKey(DealJacket, on_delete=models.CASCADE, related_name="stips")
    what = models.CharField(max_length=120)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+")
    asked_how = models.CharField(max_length=12, blank=True, help_text="text, phone, in person")
    text = models.ForeignKey(
        "messaging.Message",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The text that asks; it counts when the phone has it.",
    )
    n_texts = models.PositiveSmallIntegerField(default=0)
    collected_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(
        "staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+"
    )
    dropped_at = models.DateTimeField(null=True)
    dropped_why = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(collected_at__isnull=True) | models.Q(dropped_at__isnull=True),
                name="stip_ends_once",
            ),
        ]
        indexes = [
            # The list of what is still owed to lenders.
            models.Index(
                fields=["store", "issued_at"],
                name="stip_open",
                condition=models.Q(collected_at__isnull=True, dropped_at__isnull=True),
            ),
            # Those that lenders have, or no longer want.
            models.Index(
                fields=["store", "issued_at"],
                name="stip_ended",
                condition=~models.Q(collected_at__isnull=True, dropped_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def key(self) -> str:
        """What its facts are `about`."""
        return f"stip:{self.pk}"

    @property
    def asked_how_words(self) -> str:
        """How the customer was asked."""
        known = {
            "text": pgettext("how a customer was asked", "text"),
            "phone": pgettext("how a customer was asked", "phone"),
            "in person": pgettext("how a customer was asked", "in person"),
        }
        return known.get(self.asked_how, self.asked_how)

    @property
    def is_open(self) -> bool:
        """The lender still wants it."""
        return self.collected_at is None and self.dropped_at is None


class KickBack(StoreOwned):
    """The lender sent the jacket back: why, whether the customer must sign again, when it was put right."""

    jacket = models.ForeignKey(DealJacket, on_delete=models.CASCADE, related_name="kick_backs")
    why = models.CharField(max_length=200)
    needs_customer = models.BooleanField(default=False)
    kicked_back_at = models.DateTimeField()
    by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+")
    corrected_at = models.DateTimeField(null=True)
    corrected_by = models.ForeignKey(
        "staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            # It lies with us, or with the lender.
            models.UniqueConstraint(
                fields=["jacket"], name="kick_back_open_once", condition=models.Q(corrected_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.why


class JacketAct(StoreOwned):
    """One act in the life of a jacket. Rows are never changed."""

    jacket = models.ForeignKey(DealJacket, on_delete=models.CASCADE, related_name="acts")
    at = models.DateTimeField()
    by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=300)

    class Meta:
        indexes = [models.Index(fields=["jacket", "-at"], name="jacket_story")]

    def __str__(self) -> str:
        return self.words

    @property
    def said(self) -> str:
        """Its words in their reader's language, where they are fixed ones."""
        return acts.said(self.words)
