"""Feeds of the DMS, the files that came, and each record of them, kept raw."""

from __future__ import annotations

from django.db import models

from dealership.dms.said import codes, said
from dealership.language import later, later_as
from dealership.scope import StoreOwned


class Feed(StoreOwned):
    """One kind of file that this store's DMS sends. Stale when nothing came for longer than `stale_after_minutes` of open time."""

    class Kind(models.TextChoices):
        REPAIR_ORDERS = "SV", later("Repair orders")
        APPOINTMENTS = "SV_APPT", later("Service appointments")
        DEALS = "SL", later("Deals")
        PARTS_STOCK = "PTINV", later("Parts stock")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    dialect = models.CharField(max_length=24, default="dealervault")
    token = models.CharField(
        max_length=64, unique=True, help_text="The secret in the address that files are posted to."
    )
    stale_after_minutes = models.PositiveIntegerField(default=120)
    last_file_at = models.DateTimeField(null=True, blank=True)
    first_loaded_at = models.DateTimeField(
        null=True, blank=True, help_text="Before this, a file is history: it tells nobody anything."
    )
    header_aliases = models.JSONField(
        default=dict, blank=True, help_text="This store's own column names: {its name: DealerVault's name}."
    )
    status_codes = models.JSONField(
        default=dict, blank=True, help_text="What its own status codes mean: {code in lower case: open…}."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "kind"], name="feed_once")]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def codes_said(self) -> list[tuple[str, str]]:
        """Its own status codes, and what they mean for whoever reads it."""
        known = codes()
        return [(code, known.get(meaning, meaning)) for code, meaning in self.status_codes.items()]


class FeedFile(StoreOwned):
    """A file as it came. The same bytes of the same time are one file."""

    class State(models.TextChoices):
        RECEIVED = "received", later("waiting to be read")
        HELD = "held", later("held for a person")
        STAGED = "staged", later("being applied")
        APPLIED = "applied", later("applied")
        REFUSED = "refused", later("refused")

    feed = models.ForeignKey(
        Feed,
        on_delete=models.PROTECT,
        null=True,
        related_name="files",
        help_text="None: refused, because no feed of this store sends such a file.",
    )
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()
    stamp = models.DateTimeField(help_text="The time in the file's name, else when it came: later wins.")
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    is_backfill = models.BooleanField(
        default=False, help_text="The first load of history: nothing is sent to anybody."
    )
    why = models.TextField(blank=True, help_text="Why it was refused, or what was odd.")
    n_records = models.PositiveIntegerField(default=0)
    n_applied = models.PositiveIntegerField(default=0)
    n_same = models.PositiveIntegerField(default=0)
    n_older = models.PositiveIntegerField(default=0)
    n_parked = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "staff.StaffMember",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who let a held file through, or refused it.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "sha256", "stamp"], name="feed_file_once"),
            models.UniqueConstraint(
                fields=["store", "sha256"],
                name="feed_file_of_no_feed_once",
                condition=models.Q(feed__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"],
                name="feed_file_open",
                condition=models.Q(state__in=["received", "staged"]),
            ),
            models.Index(fields=["store", "-received_at"], name="feed_file_newest"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def why_said(self) -> str:
        """`why` for whoever reads it."""
        return said(self.why)


class StagedRecord(StoreOwned):
    """One record of a file, raw by header name. Applied by the department that owns the kind."""

    class State(models.TextChoices):
        STAGED = "staged", later("waiting")
        APPLIED = "applied", later("applied")
        SAME = "same", later("nothing new")
        OLDER = "older", later("older than what is known")
        PARKED = "parked", later_as("rows", "parked")
        DROPPED = "dropped", later("set aside by a person")

    file = models.ForeignKey(FeedFile, on_delete=models.CASCADE, related_name="records")
    kind = models.CharField(max_length=12, choices=Feed.Kind.choices)
    line = models.PositiveIntegerField()
    key = models.CharField(max_length=60, help_text="RO number, appointment number.")
    content_hash = models.CharField(max_length=64)
    stamp = models.DateTimeField()
    raw = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.STAGED)
    why = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    applied_at = models.DateTimeField(null=True)
    mended_by = models.ForeignKey(
        "staff.StaffMember",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who looked at it.",
    )
    mended_at = models.DateTimeField(null=True)
    mended_why = models.CharField(
        max_length=200, blank=True, help_text="Why it was set aside, in their words."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "line"], name="staged_line_once")]
        indexes = [
            # The departments' pull, in the order of the DMS.
            models.Index(
                fields=["kind", "stamp", "line"], name="staged_to_apply", condition=models.Q(state="staged")
            ),
            # What a person must look at.
            models.Index(
                fields=["store", "-stamp"], name="staged_parked", condition=models.Q(state="parked")
            ),
            models.Index(fields=["store", "kind", "key", "-stamp"], name="staged_history"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def why_said(self) -> str:
        """`why` for whoever reads it."""
        return said(self.why)

    @property
    def mended_said(self) -> str:
        """`mended_why` for whoever reads it."""
        return said(self.mended_why)
