"""What marketing remembers of facts that other departments told."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce

from dealership.scope import StoreOwned


class SourceLead(StoreOwned):
    """A lead as marketing counts it: where it came from, and how far it got."""

    lead_id = models.BigIntegerField(help_text="Sales' own number: a plain one, departments share no keys.")
    source = models.CharField(max_length=80, blank=True)
    vehicle = models.CharField(max_length=200, blank=True)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="source_leads"
    )
    received_at = models.DateTimeField()
    person_at = models.DateTimeField(null=True, help_text="When a person first reached them.")
    person_minutes = models.PositiveIntegerField(null=True, help_text="Open minutes of sales until then.")
    booked_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "lead_id"], name="source_lead_once")]
        indexes = [
            # The sources of a period, and the list behind each of their figures.
            models.Index(fields=["store", "-received_at", "-id"], name="source_lead_newest"),
            # That list of one source, and what it offers to choose from; and the fastest answered first.
            models.Index(fields=["store", "source"], name="source_lead_source"),
            models.Index("store", Coalesce("person_minutes", 2**31 - 1), "id", name="source_lead_fastest"),
            models.Index(fields=["customer", "-received_at"], name="source_lead_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.source or 'somewhere'}: {self.vehicle or 'a question'}"


class KnownCustomer(StoreOwned):
    """When a customer was last in service and last bought."""

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.PROTECT, related_name="known_to_marketing"
    )
    serviced_at = models.DateTimeField(null=True)
    bought_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Segments by last service and by last purchase.
            models.Index(fields=["store", "serviced_at"], name="known_serviced"),
            models.Index(fields=["store", "bought_at"], name="known_bought"),
        ]

    def __str__(self) -> str:
        return f"customer {self.customer_id}"


class DeclinedKnown(StoreOwned):
    """Work that a customer declined and has neither bought nor booked since."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=80, help_text='The RO on which it was declined: "ro:48213".')
    key = models.CharField(max_length=80)
    colour = models.CharField(max_length=6)
    description = models.CharField(max_length=200)
    at = models.DateTimeField()
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "subject", "key"], name="declined_known_once")
        ]
        indexes = [
            # Segments by open declined work.
            models.Index(
                fields=["customer", "colour"], name="declined_known_open", condition=models.Q(is_open=True)
            ),
        ]

    def __str__(self) -> str:
        return self.description
