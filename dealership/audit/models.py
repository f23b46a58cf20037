"""What was done, by whom, to what: entries that are only added, the seals that chain them, and what waits for a seal."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dealership.language import later
from dealership.scope import StoreOwned


class Action(models.TextChoices):
    """What somebody did."""

    SAW = "saw", "Opened"
    SEARCHED = "searched", "Searched"
    EXPORTED = "exported", "Exported"
    MADE = "made", "Made"
    CHANGED = "changed", "Changed"
    REMOVED = "removed", "Removed"
    SETTINGS = "settings", "Changed settings"
    MERGED = "merged", "Merged"
    SEPARATED = "separated", "Took a merge back"
    TEXTED = "texted", "Texted"
    CALLED = "called", "Called"
    CONSENT = "consent", "Wrote down consent"
    SIGNED_IN = "signed in", "Signed in"
    REFUSED = "refused", "Failed to sign in"
    SIGNED_OUT = "signed out", "Signed out"
    DID = "did", "Did"
    DEACTIVATED = "deactivated", "Let go"
    REINSTATED = "reinstated", "Let back in"


class Entry(StoreOwned):
    """One act. Never changed and never deleted: triggers refuse it. What was personal is named and not copied."""

    #: The product's role may add and read, and no more.
    append_only = True

    # Checked by nothing: an entry is written with every page, and outlives what it speaks of.
    store = models.ForeignKey(
        "stores.Store", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    at = models.DateTimeField()
    staff_id = models.BigIntegerField(
        null=True, help_text="Whoever did it: a StaffMember, perhaps of another store of the group."
    )
    agent = models.CharField(
        max_length=80, help_text="By what way: page, hook …, job …, command …, or database: past the product."
    )
    action = models.CharField(max_length=12, choices=Action.choices)
    kind = models.CharField(max_length=16, help_text="What kind of record: customer, ro, deal (kinds.py).")
    key = models.BigIntegerField(default=0, help_text="The record's key; 0: it has none.")
    ref = models.CharField(max_length=60, blank=True, help_text="The number the trade uses for it.")
    part = models.CharField(max_length=24, blank=True, help_text="Which part of the record: shifts, phones.")
    customer_id = models.BigIntegerField(null=True, help_text="Whose data this was.")
    details = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)
    session = models.CharField(max_length=12, blank=True, help_text="The start of a hash of the session.")
    address = models.CharField(max_length=60, blank=True, help_text="The URL name.")
    request = models.CharField(max_length=16, blank=True, help_text="The same for all that one request did.")
    hour = models.BigIntegerField(
        null=True, help_text="Hours since 1970: what is looked at again within the hour is noted once."
    )

    class Meta:
        indexes = [
            # The history of one record; the history of a customer is all that was theirs.
            models.Index(fields=["store", "kind", "key", "-at"], name="audit_of_record"),
            models.Index(
                fields=["store", "customer_id", "-at"],
                name="audit_of_customer",
                condition=models.Q(customer_id__isnull=False),
            ),
            # Who did what: everybody's, or one person's.
            models.Index(fields=["store", "-at", "-id"], name="audit_newest"),
            models.Index(fields=["store", "staff_id", "-at"], name="audit_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "staff_id", "kind", "key", "ref", "hour"],
                name="audit_once_an_hour",
                condition=models.Q(hour__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.ref or self.key}"


class Unsealed(StoreOwned):
    """An entry that no seal covers yet. Written with the entry, so whatever has committed is here, in whatever order it did."""

    store = models.ForeignKey(
        "stores.Store", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    id = models.BigIntegerField(primary_key=True, help_text="The entry's key.")

    def __str__(self) -> str:
        return str(self.pk)


class Seal(StoreOwned):
    """The hash over the seal before it and over these entries: whoever edits one breaks every seal from there on."""

    append_only = True

    number = models.PositiveBigIntegerField(help_text="1, 2, 3 … within the store.")
    at = models.DateTimeField()
    ids = ArrayField(models.BigIntegerField(), help_text="The entries it covers, in order.")
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "number"], name="seal_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:12]}"


class Alarm(StoreOwned):
    """Something worth a look: who, in which hour, how much of it. Once for a person and an hour; it grows while the hour lasts."""

    class What(models.TextChoices):
        MANY = "many", later("Opened many records within an hour")
        EXPORTS = "exports", later("Exported lists")
        OUTSIDE = "outside", later("Was here outside their hours")

    what = models.CharField(max_length=8, choices=What.choices)
    staff_id = models.BigIntegerField()
    hour = models.BigIntegerField(help_text="Hours since 1970.")
    n = models.PositiveIntegerField(help_text="Records, exports or acts in that hour.")
    noticed_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "what", "staff_id", "hour"], name="alarm_once"),
        ]
        indexes = [
            # What a general manager has not looked at yet.
            models.Index(
                fields=["store", "-hour"], name="alarm_unseen", condition=models.Q(seen_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.staff_id} {self.n}"

    @property
    def began_at(self) -> datetime:
        """When that hour began."""
        return datetime.fromtimestamp(self.hour * 3600, tz=UTC)
