"""Promises, what happened to them, the steps toward keeping them, and a store's own numbers."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dealership.language import later_as
from dealership.line import InLine
from dealership.scope import StoreOwned
from dealership.stores.models import Department


class Promise(StoreOwned):
    """Something owed: what, to whom, by whom, by when, and who gets it if not. Changed by `tasks.promises` only."""

    class State(models.TextChoices):
        OPEN = "open", later_as("promise", "open")
        KEPT = "kept", later_as("promise", "kept")
        WAIVED = "waived", later_as("promise", "waived")
        VOID = "void", later_as("promise", "void")

    rule = models.CharField(
        max_length=60, help_text='Key of the rule; "by_hand" for a promise that a person made.'
    )
    seam = models.PositiveSmallIntegerField(null=True)
    department = models.CharField(max_length=12, choices=Department.choices, help_text="Who owes it.")
    seam_from = models.CharField(max_length=24)
    seam_to = models.CharField(max_length=24)
    sentence = models.CharField(max_length=160)
    detail = models.CharField(
        max_length=240, blank=True, help_text="About whom and what, for the second line."
    )

    subject = models.CharField(max_length=80, help_text='"lead:17", "ro:48213", "conversation:5".')
    about = models.CharField(
        max_length=80, blank=True, help_text="One of several of the same subject: a declined line."
    )
    epoch = models.PositiveSmallIntegerField(default=0, help_text="The how-manieth time this is owed.")
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="promises"
    )
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, null=True, related_name="+")
    opened_by = models.ForeignKey("events.EventRecord", on_delete=models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey(
        "staff.StaffMember",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who made it by hand.",
    )

    owner = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="promises")
    queue = models.ForeignKey(
        "staff.Team",
        on_delete=models.SET_NULL,
        null=True,
        related_name="promises",
        help_text="Offered to this team.",
    )
    assigned_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    n_offers = models.PositiveSmallIntegerField(default=1, help_text="To how many it was offered so far.")
    offered_until = models.DateTimeField(
        null=True, help_text="Taken or acted on by then, or offered to the next."
    )

    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    original_due_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    renegotiated_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(
        null=True, help_text="Set once, to the due time, not to the time of the sweep."
    )
    nobody_free = models.BooleanField(
        default=False, help_text="Nobody was on shift with room when it was promised."
    )
    open_seconds = models.PositiveIntegerField(
        null=True, help_text="A first answer: the open time that it took; the customer's clock is closed_at."
    )
    rung = models.PositiveSmallIntegerField(default=0, help_text="Steps of the ladder already climbed.")
    rung_ats = ArrayField(models.DateTimeField(), default=list, help_text="When it climbs, rung by rung.")
    closed_at = models.DateTimeField(
        null=True, help_text="When it became true that it is kept, waived or void."
    )
    closed_by_event = models.ForeignKey(
        "events.EventRecord", on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+")
    closed_why = models.CharField(max_length=240, blank=True)

    next_step_at = models.DateTimeField(
        null=True, help_text="The next moment at which the sweep has something to do."
    )
    sweep_attempts = models.PositiveSmallIntegerField(default=0)
    parked_at = models.DateTimeField(
        null=True, help_text="Set aside by the sweep after failing again and again."
    )
    sweep_error = models.TextField(blank=True)
    why = models.JSONField(
        default=dict, help_text="Why it exists, why this owner, why this time; in sentences."
    )

    class Meta:
        constraints = [
            # Everything may run twice: the same thing is owed once at a time.
            models.UniqueConstraint(
                fields=["store", "rule", "subject", "about", "epoch"], name="promise_once"
            ),
            models.UniqueConstraint(
                fields=["rule", "opened_by", "subject", "about"],
                name="promise_once_per_fact",
                # Checked at commit: when facts come in another order, the times a thing was owed are renumbered.
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at__isnull=True)
                | (~models.Q(state="open") & models.Q(closed_at__isnull=False)),
                name="promise_closed_has_time",
            ),
        ]
        indexes = [
            # The sweep: the one queue of due steps.
            models.Index(
                fields=["next_step_at"],
                name="promise_sweep",
                condition=models.Q(state="open", parked_at__isnull=True, next_step_at__isnull=False),
            ),
            # My day.
            models.Index(fields=["owner", "due_at"], name="promise_my_day", condition=models.Q(state="open")),
            # Late in the store, for managers.
            models.Index(
                fields=["store", "due_at"], name="promise_store_open", condition=models.Q(state="open")
            ),
            # What is owed to a customer; what a fact about a customer may close.
            models.Index(fields=["customer", "state"], name="promise_customer"),
            models.Index(fields=["store", "subject"], name="promise_subject"),
            # Kept today; the playbook's numbers.
            models.Index(fields=["store", "rule", "opened_at"], name="promise_numbers"),
            # The list of promises, newest first; and those kept today.
            models.Index(fields=["store", "-opened_at"], name="promise_newest"),
            models.Index(
                fields=["store", "-closed_at"], name="promise_kept", condition=models.Q(state="kept")
            ),
            # The seams: a day's promises counted again, and the list behind a figure.
            models.Index(fields=["store", "original_due_at"], name="promise_day"),
            models.Index(
                fields=["owner", "closed_at"],
                name="promise_closed_by_owner",
                condition=models.Q(state="kept"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sentence} ({self.state})"

    @property
    def is_broken(self) -> bool:
        """Its hour passed. It may still be owed, or have been recovered."""
        return self.broken_at is not None

    @property
    def late_by(self) -> timedelta:
        """How long after its hour it was closed; nothing if before, or while it is open."""
        return max(timedelta(0), self.closed_at - self.due_at) if self.closed_at else timedelta(0)

    @property
    def is_recovered(self) -> bool:
        """Kept, but after its hour."""
        return self.state == self.State.KEPT and self.is_broken


class Transition(StoreOwned):
    """One act in the life of a promise. Rows are never changed or deleted."""

    class Act(models.TextChoices):
        OPENED = "opened", later_as("promise", "promised")
        OFFERED = "offered", later_as("promise", "offered")
        ACCEPTED = "accepted", later_as("promise", "taken on")
        HANDED_OFF = "handed_off", later_as("promise", "handed off")
        MOVED = "moved", later_as("promise", "moved to cover")
        WARNED = "warned", later_as("promise", "warned")
        RENEGOTIATED = "renegotiated", later_as("promise", "new time told")
        BROKEN = "broken", later_as("promise", "not kept in time")
        CLIMBED = "climbed", later_as("promise", "climbed")
        REMINDED = "reminded", later_as("promise", "everybody named was told")
        KEPT = "kept", later_as("promise", "kept")
        RECOVERED = "recovered", later_as("promise", "kept late")
        WAIVED = "waived", later_as("promise", "waived")
        VOIDED = "voided", later_as("promise", "no longer owed")
        REOPENED = "reopened", later_as("promise", "owed again")
        STEP = "step", later_as("promise", "step taken")

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="transitions")
    act = models.CharField(max_length=14, choices=Act.choices)
    at = models.DateTimeField()
    owner_before = models.ForeignKey(
        "staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+"
    )
    owner_after = models.ForeignKey(
        "staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+"
    )
    by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+")
    event = models.ForeignKey("events.EventRecord", on_delete=models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["promise", "at"], name="transition_story")]

    def __str__(self) -> str:
        return f"{self.act} {self.at:%Y-%m-%d %H:%M}"


class Task(StoreOwned, InLine):
    """One step toward keeping a promise: a text that the machine sends, or a call that a person makes."""

    class Kind(models.TextChoices):
        TEXT = "text", later_as("step", "text")
        CALL = "call", later_as("step", "call")

    class State(models.TextChoices):
        WAITING = "waiting", later_as("step", "waiting")
        DONE = "done", later_as("step", "done")
        SKIPPED = "skipped", later_as("step", "not needed")
        FAILED = "failed", later_as("step", "failed")

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="tasks")
    n = models.PositiveSmallIntegerField(help_text="Its place in the plan, from 0.")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    copy = models.CharField(
        max_length=120, blank=True, help_text="The file of copy that a text is made from."
    )
    asks = models.CharField(
        max_length=8, default="none", help_text="What the text asks: none, confirm, survey."
    )
    run_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    settled_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["promise", "n"], name="task_once")]
        indexes = [
            # The sweep of texts that are due.
            models.Index(
                fields=["run_at"], name="task_due", condition=models.Q(state="waiting", kind="text")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.run_at:%Y-%m-%d %H:%M} ({self.state})"


class Notice(StoreOwned):
    """A person was told about a promise: warned, handed, climbed to. Shown until seen."""

    staff = models.ForeignKey("staff.StaffMember", on_delete=models.CASCADE, related_name="notices")
    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="notices")
    act = models.CharField(max_length=14, choices=Transition.Act.choices)
    words = models.CharField(max_length=200)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["staff", "-at"], name="notice_unseen", condition=models.Q(seen_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.words


class StoreOverride(StoreOwned):
    """A store's own numbers for a rule. Never edited: the newest row holds, the older ones are the history."""

    rule = models.CharField(max_length=60)
    is_on = models.BooleanField(default=True)
    due = models.JSONField(
        null=True, help_text="A due time as `tasks.due.to_json` writes it; null: the rule's own."
    )
    owner_role = models.CharField(max_length=24, blank=True, help_text="Empty: the rule's own.")
    by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["store", "rule", "-at"], name="override_newest")]

    def __str__(self) -> str:
        return f"{self.rule} since {self.at:%Y-%m-%d}"
