"""Surveys, and how unhappy customers were won back."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from dealership.language import later, later_as
from dealership.scope import StoreOwned
from dealership.stores.models import Department


class Survey(StoreOwned):
    """One customer is asked how one visit or delivery was. Whoever closes an RO twice is asked twice: `cycle` tells them apart."""

    class Kind(models.TextChoices):
        CSI = "csi", later("Service")
        SSI = "ssi", later("Sales")

    class State(models.TextChoices):
        WAITING = "waiting", later_as("survey", "to be asked")
        HELD = "held", later_as("survey", "held back")
        ASKED = "asked", later_as("survey", "asked")
        ANSWERED = "answered", later_as("survey", "answered")
        DROPPED = "dropped", later_as("survey", "not asked")

    kind = models.CharField(max_length=3, choices=Kind.choices)
    about_subject = models.CharField(max_length=80, help_text='"ro:48213" or "deal:9041".')
    cycle = models.PositiveSmallIntegerField(default=0)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="surveys")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(
        "staff.StaffMember",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who dealt with the customer: the advisor, the salesperson.",
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    state_why = models.CharField(max_length=160, blank=True, help_text="Why it is held back or not asked.")
    happened_at = models.DateTimeField(help_text="When the RO closed, when the car was handed over.")
    ask_at = models.DateTimeField(null=True, help_text="When to ask what was held back before.")
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    rating = models.PositiveSmallIntegerField(null=True, help_text="1 to 5; null where only words came.")
    rating_words = models.CharField(max_length=40, blank=True, help_text="As it was given: “7 of 10”.")
    words = models.TextField(blank=True)
    is_unhappy = models.BooleanField(default=False)
    recovered_at = models.DateTimeField(null=True, help_text="When a manager wrote that it is settled.")
    review_due_at = models.DateTimeField(
        null=True, help_text="From when on they are asked for a public review. Never depends on the answer."
    )
    review_sent_at = models.DateTimeField(null=True, help_text="When the request was given to the outbox.")
    review_asked_at = models.DateTimeField(null=True, help_text="When the request reached their phone.")
    review_why = models.CharField(max_length=160, blank=True, help_text="Why no request could be written.")

    class Meta:
        constraints = [
            # Asked once per visit.
            models.UniqueConstraint(fields=["store", "about_subject", "cycle"], name="survey_once"),
            models.CheckConstraint(
                condition=models.Q(rating__isnull=True) | models.Q(rating__gte=1, rating__lte=5),
                name="survey_rating_of_five",
            ),
        ]
        indexes = [
            # The list as it opens, newest first.
            models.Index(fields=["store", "-happened_at", "-id"], name="survey_newest"),
            # Answers, newest first, and the averages of a period.
            models.Index(
                fields=["store", "-answered_at"],
                name="survey_answered",
                condition=models.Q(answered_at__isnull=False),
            ),
            # Who was won back, last first.
            models.Index(
                fields=["store", "-recovered_at"],
                name="survey_won_back",
                condition=models.Q(recovered_at__isnull=False),
            ),
            # Answers, worst first; words alone before all.
            models.Index(
                "store",
                Coalesce("rating", 0),
                "id",
                name="survey_worst",
                condition=models.Q(answered_at__isnull=False),
            ),
            # How many were asked in a period.
            models.Index(
                fields=["store", "-asked_at"], name="survey_asked", condition=models.Q(asked_at__isnull=False)
            ),
            # Unhappy customers whom nobody has won back: the tile, and whoever may not be asked meanwhile.
            models.Index(
                fields=["store", "customer"],
                name="survey_unhappy_open",
                condition=models.Q(is_unhappy=True, recovered_at__isnull=True),
            ),
            models.Index(fields=["customer", "-happened_at"], name="survey_by_customer"),
            # The job that asks for public reviews.
            models.Index(
                fields=["review_due_at"],
                name="survey_review_due",
                condition=models.Q(review_due_at__isnull=False, review_sent_at__isnull=True),
            ),
            # The job that asks what had been held back.
            models.Index(
                fields=["ask_at"], name="survey_ask_later", condition=models.Q(ask_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} survey about {self.about_words}"

    @property
    def subject(self) -> str:
        """How facts and promises name it."""
        return f"survey:{self.pk}"

    @property
    def about_words(self) -> str:
        """What was asked about: "RO 48213", "deal 9041"."""
        kind, _sep, number = self.about_subject.partition(":")
        return _("deal %(number)s") % {"number": number} if kind == "deal" else f"RO {number}"

    @property
    def department(self) -> Department:
        """Whose manager calls an unhappy customer."""
        return Department.SERVICE if self.kind == self.Kind.CSI else Department.SALES

    @property
    def is_open(self) -> bool:
        """An unhappy customer is still to be won back."""
        return self.is_unhappy and self.recovered_at is None


class Recovery(StoreOwned):
    """A manager spoke with an unhappy customer and wrote down what went wrong, what was done, and whether it is settled."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="recoveries")
    call = models.ForeignKey(
        "messaging.Call", on_delete=models.PROTECT, related_name="+", help_text="The proof that they spoke."
    )
    what_went_wrong = models.TextField()
    what_was_done = models.TextField()
    is_resolved = models.BooleanField()
    by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["survey", "-at"], name="recovery_by_survey")]

    def __str__(self) -> str:
        return self.what_was_done[:60]
