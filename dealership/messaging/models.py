"""Conversations, messages, consent, and the raw calls of the carrier."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from dealership.language import later
from dealership.line import InLine
from dealership.messaging.retold import retold
from dealership.messaging.simulator.models import SimulatedPhone as SimulatedPhone
from dealership.messaging.simulator.models import SimulatedText as SimulatedText
from dealership.scope import StoreOwned
from dealership.stores.models import Department

#: Stands for the wait of whoever does not wait: behind every wait there is.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class Purpose(models.TextChoices):
    """Why a message is sent; consent, hours and caps are judged by it."""

    CONVERSATIONAL = "conversational", later("Answer in a conversation")
    SERVICE = "service", later("About a service visit")
    SALES = "sales", later("About an inquiry or a deal")
    MARKETING = "marketing", later("Offer")


class Conversation(StoreOwned):
    """All texts between one number of the store and one number of a customer. A shared phone has one conversation."""

    class Asked(models.TextChoices):
        NONE = "none", "Nothing"
        CONFIRM = "confirm", "To confirm an appointment"
        APPROVE = "approve", "To approve work"
        SURVEY = "survey", "How it was"

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="conversations")
    our_number = models.CharField(max_length=16)
    their_number = models.CharField(max_length=16)
    department = models.CharField(max_length=12, choices=Department.choices, default=Department.SALES)
    holder = models.ForeignKey(
        "staff.StaffMember",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="conversations_held",
    )
    put_away_until = models.DateTimeField(
        null=True,
        help_text="Out of the lists until then; it comes back by itself, or with the customer's next text.",
    )
    put_away_by = models.ForeignKey(
        "staff.StaffMember", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    unhappy_since = models.DateTimeField(
        null=True, help_text="They said that something went wrong, and nobody has settled it."
    )
    asked = models.CharField(max_length=8, choices=Asked.choices, default=Asked.NONE)
    asked_about = models.CharField(
        max_length=80, blank=True, help_text='What the last question was about: "appointment:12".'
    )
    asked_at = models.DateTimeField(null=True, blank=True)
    last_in_at = models.DateTimeField(null=True, blank=True)
    last_human_out_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField(null=True, blank=True)
    last_body = models.CharField(max_length=160, blank=True)
    waiting_since = models.DateTimeField(
        null=True, blank=True, help_text="The first message that no person has answered."
    )
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "their_number"], name="conversation_once"),
        ]
        indexes = [
            # The inbox: those who wait before all others, newest first, and those waiting.
            models.Index(
                F("store"),
                Coalesce("waiting_since", Value(NEVER)),
                F("last_at").desc(),
                F("id").desc(),
                name="conversation_queue",
            ),
            models.Index(fields=["store", "-last_at"], name="conversation_newest"),
            models.Index(
                fields=["store", "waiting_since"],
                name="conversation_waiting",
                condition=models.Q(waiting_since__isnull=False),
            ),
            # The inbox of one person, of one department, of nobody in particular: newest first.
            models.Index(
                fields=["holder", "-last_at"],
                name="conversation_held",
                condition=models.Q(holder__isnull=False),
            ),
            models.Index(fields=["store", "department", "-last_at"], name="conversation_department"),
            models.Index(
                fields=["store", "-last_at"],
                name="conversation_unowned",
                condition=models.Q(holder__isnull=True),
            ),
            # What is put away, the first to come back first.
            models.Index(
                fields=["store", "put_away_until"],
                name="conversation_put_away",
                condition=models.Q(put_away_until__isnull=False),
            ),
            # Who is unhappy.
            models.Index(
                fields=["store", "-last_at"],
                name="conversation_unhappy",
                condition=models.Q(unhappy_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.their_number} with {self.our_number}"


class Message(StoreOwned):
    """One text, in or out. Out: claimed, marked sending and committed before the carrier is called; in doubt it is "unknown", never sent twice."""

    class State(models.TextChoices):
        RECEIVED = "received", later("received")  # in
        QUEUED = "queued", later("waiting")
        SENDING = "sending", later("leaving")
        ACCEPTED = "accepted", later("with the carrier")
        SENT = "sent", later("sent")
        DELIVERED = "delivered", later("received")
        UNDELIVERED = "undelivered", later("not delivered")
        FAILED = "failed", later("failed")
        UNKNOWN = "unknown", later("in doubt")
        SUPPRESSED = "suppressed", later("not sent")

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="messages")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="messages")
    is_inbound = models.BooleanField()
    body = models.TextField(blank=True)
    media = models.JSONField(
        default=list,
        help_text="Of pictures that came along: addresses and types; of those that go along: keys of photos.",
    )
    author = models.ForeignKey(
        "staff.StaffMember", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    purpose = models.CharField(max_length=16, choices=Purpose.choices, default=Purpose.CONVERSATIONAL)
    state = models.CharField(max_length=12, choices=State.choices)
    subject = models.CharField(
        max_length=80, blank=True, help_text='What it is about: "ro:48213", "lead:7", "appointment:12".'
    )
    promise_ref = models.BigIntegerField(
        null=True, help_text="The promise whose step this is: a plain number, tasks stands above."
    )
    department = models.CharField(
        max_length=12, choices=Department.choices, blank=True, help_text="Which department speaks."
    )
    asks = models.CharField(max_length=8, choices=Conversation.Asked.choices, default=Conversation.Asked.NONE)
    asked_about = models.CharField(max_length=80, blank=True, help_text="What its question is about.")
    uuid = models.UUIDField(unique=True, help_text="Our name for it, in the path of the status callback.")
    dedupe_key = models.CharField(max_length=120)
    carrier_sid = models.CharField(max_length=40, blank=True)
    send_after = models.DateTimeField(null=True)
    useless_after = models.DateTimeField(null=True, help_text="Too late to be worth sending.")
    claimed_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(
        null=True, help_text="Set just before the carrier is called. Without it, it surely was not."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    lookups = models.PositiveSmallIntegerField(
        default=0, help_text="How often the carrier was asked about it while in doubt."
    )
    error_code = models.CharField(max_length=10, blank=True)
    reasons = models.JSONField(default=list, help_text="Why it left, waited or did not leave, in sentences.")
    steps = models.JSONField(default=list, help_text="What happened to it: [[when, what], …], oldest first.")
    reading = models.JSONField(
        default=dict, help_text="How an inbound text was read: intent, sure, because, slots, lines, rating."
    )
    needs_person = models.BooleanField(
        default=False,
        help_text="Inbound that the product did not settle; outbound that a person must decide.",
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True, help_text="When the carrier said that the phone got it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "dedupe_key"], name="message_once"),
            models.UniqueConstraint(
                fields=["carrier_sid"], name="message_sid_once", condition=~models.Q(carrier_sid="")
            ),
        ]
        indexes = [
            # The sender's claim: offers wait for everything else.
            models.Index(
                fields=["send_after"],
                name="message_to_send",
                condition=models.Q(state="queued") & ~models.Q(purpose="marketing"),
            ),
            models.Index(
                fields=["send_after"],
                name="message_offer_to_send",
                condition=models.Q(state="queued", purpose="marketing"),
            ),
            # The reconciler's look at what is in doubt.
            models.Index(
                fields=["claimed_at"],
                name="message_in_doubt",
                condition=models.Q(state__in=["sending", "unknown"]),
            ),
            # A conversation, newest last; and what went to its number today.
            models.Index(fields=["conversation", "created_at"], name="message_thread"),
        ]

    def __str__(self) -> str:
        return f"{'in' if self.is_inbound else 'out'} {self.state} {self.body[:30]}"

    @property
    def reasons_said(self) -> list[str]:
        """Its reasons, in the reader's words."""
        return [retold(reason) for reason in self.reasons]

    @property
    def is_automatic(self) -> bool:
        """No person wrote it."""
        return not self.is_inbound and self.author_id is None


class Photo(InLine, StoreOwned):
    """A picture that came with a text, goes out with one, or shows a thing. Kept as our own drawing; until it is fetched, empty."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="photos")
    subject = models.CharField(max_length=80, blank=True, help_text='The thing that it shows: "ro:48213".')
    about = models.CharField(
        max_length=80, blank=True, help_text='Which part of it: "recommendation:12"; empty: the whole.'
    )
    n = models.PositiveSmallIntegerField(default=0, help_text="Its place among those of its text.")
    source = models.CharField(max_length=2000, blank=True, help_text="Where the carrier keeps it.")
    came_as = models.CharField(max_length=80, blank=True, help_text="What it was called; judged by nobody.")
    large = models.BinaryField(default=b"")
    small = models.BinaryField(default=b"")
    width = models.PositiveIntegerField(default=0, help_text="Of the large one; 0: there is no picture.")
    height = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=160, blank=True, help_text="Why it cannot be shown, for good.")
    by = models.ForeignKey(
        "staff.StaffMember", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Read twice, a text has its pictures once.
            models.UniqueConstraint(
                fields=["message", "n"], name="photo_once", condition=models.Q(message__isnull=False)
            ),
        ]
        indexes = [
            # Those that wait to be fetched.
            models.Index(
                fields=["next_try_at"], name="photo_to_fetch", condition=models.Q(next_try_at__isnull=False)
            ),
            # The photos of a thing, oldest first.
            models.Index(
                fields=["store", "subject", "id"], name="photo_of_subject", condition=~models.Q(subject="")
            ),
        ]

    def __str__(self) -> str:
        return f"photo {self.pk} of {self.subject or f'message {self.message_id}'}"


class Sender(StoreOwned):
    """A store's number as a sender: how fast the carrier lets it send, what it may send now, and whether it rests."""

    segments_per_second = models.DecimalField(
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="What the carrier lets this number send; empty: the usual.",
    )
    tokens = models.FloatField(default=0, help_text="Segments that it might send at `filled_at`.")
    filled_at = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True, help_text="Nothing leaves before.")
    rests_since = models.DateTimeField(null=True)
    rests_why = models.CharField(max_length=200, blank=True)
    n_rests = models.PositiveSmallIntegerField(
        default=0, help_text="How often in a row it was asked to slow down."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store"], name="sender_once")]

    def __str__(self) -> str:
        return f"number of store {self.store_id}"


class Call(StoreOwned):
    """A phone call that somebody logged. Connected: a person spoke with the customer."""

    class Outcome(models.TextChoices):
        CONNECTED = "connected", later("Spoke with them")
        VOICEMAIL = "voicemail", later("Left a message")
        NO_ANSWER = "no_answer", later("No answer")
        WRONG_NUMBER = "wrong_number", later("Wrong number")

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="calls")
    number = models.CharField(max_length=16, blank=True)
    by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    note = models.TextField(blank=True)
    subject = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["customer", "-at"], name="call_by_customer")]

    def __str__(self) -> str:
        return f"{self.outcome} {self.at:%Y-%m-%d %H:%M}"


class ConsentEvent(StoreOwned):
    """Consent is a ledger: given, taken back, never edited. What holds is the fold of a number's events; the most restrictive wins."""

    class Act(models.TextChoices):
        GIVEN = "given", "given"
        REVOKED = "revoked", "taken back"

    number = models.CharField(max_length=16)
    act = models.CharField(max_length=8, choices=Act.choices)
    purpose = models.CharField(
        max_length=16, choices=Purpose.choices, blank=True, help_text="Empty: all purposes."
    )
    how = models.CharField(max_length=40, help_text="text, lead form, RO, told a person, DMS, carrier.")
    words = models.TextField(blank=True, help_text="The exact words, as evidence.")
    by = models.ForeignKey(
        "staff.StaffMember", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["store", "number", "at"], name="consent_ledger")]

    def __str__(self) -> str:
        return f"{self.number} {self.act} {self.purpose or 'all'}"


class CarrierCall(InLine):
    """A webhook as it came, kept before anything is made of it. Belongs to no store until its number says which."""

    class Kind(models.TextChoices):
        INBOUND = "inbound", "Inbound"
        STATUS = "status", "Status"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    external_id = models.CharField(
        max_length=120, help_text="MessageSid, or MessageSid:status:error for a callback."
    )
    payload = models.JSONField()
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # The carrier repeats itself; the second time changes nothing.
            models.UniqueConstraint(fields=["kind", "external_id"], name="carrier_call_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="carrier_call_open",
                condition=models.Q(settled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"


class CarrierCheck(StoreOwned):
    """One look into the carrier's own list of what came in, or of what went out, beside our rows. Kept for a month."""

    class Kind(models.TextChoices):
        INBOUND = "inbound", later("What came in")
        FATES = "fates", later("What went out")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField()
    since = models.DateTimeField(help_text="How far back it looked.")
    n_listed = models.PositiveIntegerField(default=0)
    n_found = models.PositiveIntegerField(
        default=0, help_text="Texts or fates that nobody had called us about."
    )
    n_strange = models.PositiveIntegerField(default=0, help_text="Only the carrier has them.")
    n_absent = models.PositiveIntegerField(default=0, help_text="Only we have them.")
    named = models.JSONField(default=list, help_text="Which, the first of them.")
    trouble = models.CharField(max_length=300, blank=True, help_text="Why the list could not be read.")

    class Meta:
        # The newest of each kind.
        indexes = [models.Index(fields=["store", "kind", "-at"], name="carrier_check_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
