"""The event log: what was told, in the order it was told, and whether the engine has heard it."""

from django.db import models

from dealership.line import InLine
from dealership.scope import StoreOwned


class EventRecord(StoreOwned, InLine):
    """One fact. Written in the transaction that made it true; never changed but for the marks of its application."""

    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    about = models.CharField(max_length=80, blank=True)
    # Plain numbers: the log stands below the apps whose rows they name.
    customer_id = models.BigIntegerField(null=True)
    vehicle_id = models.BigIntegerField(null=True)
    by = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField(help_text="When it became true.")
    told_at = models.DateTimeField(help_text="When it was published.")

    applied_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # The replay job: facts that the engine has not heard.
            models.Index(
                fields=["next_try_at"], name="event_unapplied", condition=models.Q(applied_at__isnull=True)
            ),
            # What a person must look at.
            models.Index(
                fields=["store", "parked_at"],
                name="event_parked",
                condition=models.Q(parked_at__isnull=False),
            ),
            # A customer's story, newest first; the engine's look back for evidence.
            models.Index(fields=["store", "customer_id", "-at"], name="event_customer_story"),
            # The story of one RO, lead or conversation.
            models.Index(fields=["store", "subject", "-at"], name="event_subject_story"),
            # Evidence about a vehicle.
            models.Index(
                fields=["store", "vehicle_id", "kind"],
                name="event_vehicle",
                condition=models.Q(vehicle_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
