"""What sales keeps: leads, the cars offered in trade, and each lead as it arrived."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dealership.language import later, later_as
from dealership.scope import StoreOwned


class Lead(StoreOwned):
    """Somebody asked. Two clocks run from `received_at`: the first automatic answer and the first answer by a person."""

    class State(models.TextChoices):
        FRESH = "fresh", later_as("lead", "fresh")
        TALKING = "talking", later("talking")
        APPOINTMENT = "appointment", later("appointment set")
        SOLD = "sold", later("sold")
        LOST = "lost", later("lost")
        JUNK = "junk", later("not a lead")

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="leads")
    owner = models.ForeignKey(
        "staff.StaffMember",
        on_delete=models.PROTECT,
        null=True,
        related_name="leads",
        help_text="Who answers.",
    )
    owner_why = models.JSONField(default=list, help_text="Why this owner, in sentences.")
    state = models.CharField(max_length=12, choices=State.choices, default=State.FRESH)
    source = models.CharField(max_length=80, blank=True, help_text="The provider: cars.com, own site.")
    service = models.CharField(max_length=80, blank=True)
    external_key = models.CharField(
        max_length=160, blank=True, help_text="source:value of the prospect's id, to know a resend."
    )
    interest = models.CharField(
        max_length=12, blank=True, help_text="buy, lease, sell, trade-in, test-drive."
    )
    year = models.CharField(max_length=10, blank=True)
    make = models.CharField(max_length=60, blank=True)
    model = models.CharField(max_length=80, blank=True)
    trim = models.CharField(max_length=80, blank=True)
    stock_number = models.CharField(max_length=40, blank=True)
    vin = models.CharField(max_length=17, blank=True)
    condition = models.CharField(max_length=8, blank=True, help_text="new or used")
    comments = models.TextField(blank=True)
    preferred_contact = models.CharField(max_length=8, blank=True, help_text="email, sms or phone.")
    preferred_time = models.CharField(max_length=12, blank=True)
    timeframe = models.CharField(max_length=160, blank=True)
    numbers_as_written = models.CharField(
        max_length=160, blank=True, help_text="Numbers that are none as they stand, for a person to try."
    )
    requested_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    n_resent = models.PositiveSmallIntegerField(default=0)
    first_automatic_at = models.DateTimeField(null=True)
    first_human_at = models.DateTimeField(null=True)
    first_human_minutes = models.PositiveIntegerField(
        null=True, help_text="Wall-clock minutes to the first person."
    )
    first_human_open_minutes = models.PositiveIntegerField(
        null=True, help_text="Open minutes to the first person."
    )
    lost_why = models.CharField(max_length=120, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # One prospect, one lead: a resend updates.
            models.UniqueConstraint(
                fields=["store", "external_key"], name="lead_once", condition=~models.Q(external_key="")
            ),
        ]
        indexes = [
            # The list, newest first; with and without a state.
            models.Index(fields=["store", "-received_at"], name="lead_newest"),
            models.Index(fields=["store", "state", "-received_at"], name="lead_by_state"),
            models.Index(fields=["customer", "-received_at"], name="lead_by_customer"),
            # The list as it opens: what has not ended, a small part of all leads.
            models.Index(
                fields=["store", "-received_at", "-id"],
                name="lead_open",
                condition=models.Q(state__in=["fresh", "talking", "appointment"]),
            ),
            # Somebody's own leads.
            models.Index(fields=["owner", "-received_at"], name="lead_by_owner"),
            # What each person has still to answer: the rota's question for every new lead.
            models.Index(fields=["owner"], name="lead_to_answer", condition=models.Q(state="fresh")),
        ]

    def __str__(self) -> str:
        source = _(self.source) if self.source else _("somewhere")
        return _("%(car)s from %(source)s") % {"car": self.vehicle_label or _("a question"), "source": source}

    @property
    def is_closed(self) -> bool:
        """Sold, lost, or never was one."""
        return self.state in CLOSED

    @property
    def subject(self) -> str:
        """How facts and promises name it."""
        return f"lead:{self.pk}"

    @property
    def vehicle_label(self) -> str:
        """The car asked about, as people say it."""
        return " ".join(part for part in (self.year, self.make, self.model, self.trim) if part)

    @property
    def interest_words(self) -> str:
        """What the customer wants with that car."""
        known = {
            "buy": pgettext("what a customer wants", "buy"),
            "lease": pgettext("what a customer wants", "lease"),
            "sell": pgettext("what a customer wants", "sell"),
            "trade-in": pgettext("what a customer wants", "trade-in"),
            "test-drive": pgettext("what a customer wants", "test-drive"),
        }
        return known.get(self.interest, self.interest) or pgettext("what a customer wants", "about")

    @property
    def preferred_time_words(self) -> str:
        """When they would rather be reached."""
        known = {
            "morning": pgettext("best time", "morning"),
            "afternoon": pgettext("best time", "afternoon"),
            "evening": pgettext("best time", "evening"),
            "day": pgettext("best time", "day"),
            "nopreference": pgettext("best time", "nopreference"),
        }
        return known.get(self.preferred_time, self.preferred_time)


#: A lead that ended. `leads.reopen` brings it back.
CLOSED = (Lead.State.SOLD, Lead.State.LOST, Lead.State.JUNK)


class TradeIn(StoreOwned):
    """A car that the customer wants to give in."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="trade_ins")
    year = models.CharField(max_length=10, blank=True)
    make = models.CharField(max_length=60, blank=True)
    model = models.CharField(max_length=80, blank=True)
    trim = models.CharField(max_length=80, blank=True)
    vin = models.CharField(max_length=17, blank=True)
    mileage = models.CharField(max_length=24, blank=True)
    comments = models.TextField(blank=True)

    def __str__(self) -> str:
        return " ".join(part for part in (self.year, self.make, self.model, self.trim) if part) or _(
            "a car in trade"
        )


def came_words(came_by: str) -> str:
    """How an arrival came."""
    known = {
        "post": pgettext("how a lead came", "post"),
        "mail": pgettext("how a lead came", "mail"),
        "person": pgettext("how a lead came", "person"),
    }
    return known.get(came_by, came_by)


def why_words(why: str) -> str:
    """Why an arrival could not be read, and what a person said of it."""
    why, _mark, no_lead = why.partition(" No lead: ")
    return f"{_(why)} {_('No lead: %(why)s') % {'why': no_lead}}" if no_lead else _(why)


class LeadArrival(StoreOwned):
    """What was posted or mailed, as it came. Unreadable: shown to an owner with its raw text until a person settles it."""

    class State(models.TextChoices):
        NEW = "new", later("not read yet")
        READ = "read", later("read")
        UNREADABLE = "unreadable", later("unreadable")
        SETTLED = "settled", later("settled by a person")
        NO_LEAD = "no_lead", later("no lead, says a person")

    raw = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    came_by = models.CharField(max_length=12, help_text="post, mail, person")
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices)
    why = models.TextField(blank=True, help_text="Why it could not be read.")
    repairs = models.JSONField(default=list)
    hints = models.JSONField(default=dict, help_text="Phones and e-mails found in the raw text.")
    n_times = models.PositiveSmallIntegerField(default=1, help_text="How often the same bytes came.")
    n_taken = models.PositiveSmallIntegerField(
        default=0, help_text="Prospects of it that are leads already: where reading goes on after a crash."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    settled_by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    leads = models.ManyToManyField(Lead, related_name="arrivals")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "sha256"], name="lead_arrival_once")]
        indexes = [
            models.Index(
                fields=["store", "-received_at"],
                name="arrival_unreadable",
                condition=models.Q(state="unreadable"),
            ),
            # What a person has settled, the last first.
            models.Index(
                fields=["store", "-settled_at"],
                name="arrival_settled",
                condition=models.Q(settled_at__isnull=False),
            ),
            # What a crash left unread, for the job that reads it again.
            models.Index(fields=["received_at"], name="arrival_unread", condition=models.Q(state="new")),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.received_at:%Y-%m-%d %H:%M}"

    @property
    def subject(self) -> str:
        """How facts and promises name it."""
        return f"arrival:{self.pk}"

    @property
    def came_words(self) -> str:
        """How it came."""
        return came_words(self.came_by)

    @property
    def why_words(self) -> str:
        """Why it could not be read, and what a person said of it."""
        return why_words(self.why)

    @property
    def raw_text(self) -> str:
        """What came, as text that can be shown: what is no UTF-8 is shown as a mark."""
        return bytes(self.raw).decode("utf-8", "replace").replace("\x00", "\N{REPLACEMENT CHARACTER}")
