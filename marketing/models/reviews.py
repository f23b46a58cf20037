"""Public reviews, and where a store asks for them."""

from __future__ import annotations

from django.db import models

from dealership.language import later
from dealership.scope import StoreOwned
from dealership.stores.models import Department


class ReviewSite(StoreOwned):
    """Where this store asks its customers for a public review. None: nobody is asked."""

    name = models.CharField(max_length=40, help_text="Google, DealerRater.")
    url = models.URLField(max_length=120)
    set_by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store"], name="review_site_once")]

    def __str__(self) -> str:
        return self.name


class Review(StoreOwned):
    """What somebody wrote in public, written down here by a person of the store."""

    class Contact(models.TextChoices):
        REACHED = "reached", later("We spoke or wrote with them")
        UNKNOWN = "unknown", later("Nobody knows who it is")

    site = models.CharField(max_length=40)
    stars = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    who = models.CharField(max_length=120, blank=True, help_text="The name that stands on the site.")
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="reviews"
    )
    department = models.CharField(max_length=12, choices=Department.choices)
    posted_at = models.DateTimeField(help_text="When it was written down here: from then on it is owed.")
    entered_by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="+")
    reply = models.TextField(blank=True, help_text="What was replied in public.")
    contact = models.CharField(max_length=8, choices=Contact.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        "staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(stars__gte=1, stars__lte=5), name="review_stars"),
        ]
        indexes = [
            # The list, newest first.
            models.Index(fields=["store", "-posted_at", "-id"], name="review_newest"),
            # Worst first; and which sites there are.
            models.Index(fields=["store", "stars", "id"], name="review_worst"),
            models.Index(fields=["store", "site"], name="review_site"),
            # Those that wait for a reply.
            models.Index(
                fields=["store", "posted_at"],
                name="review_to_answer",
                condition=models.Q(answered_at__isnull=True, stars__lte=3),
            ),
            models.Index(fields=["customer", "-posted_at"], name="review_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.stars} stars on {self.site}"

    @property
    def subject(self) -> str:
        """How facts and promises name it."""
        return f"review:{self.pk}"
