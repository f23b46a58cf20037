"""What figures are made of: the counts of a day, the days to be counted again, and things that are no promise."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dealership.scope import StoreOwned


def _count() -> models.PositiveIntegerField[int, int]:
    return models.PositiveIntegerField(default=0)


class PromiseDay(StoreOwned):
    """What became of the promises of one rule and owner whose first hour fell on one day of the store. Written by `tasks.rollups`.

    The counts are named, and defined, in `tasks.fates`. What is void counts nowhere.
    """

    day = models.DateField(help_text="The store's day of the hour that was promised first.")
    rule = models.CharField(max_length=60)
    seam = models.PositiveSmallIntegerField(help_text="0: promised by hand.")
    seam_from = models.CharField(max_length=24)
    seam_to = models.CharField(max_length=24)
    department = models.CharField(max_length=12)
    owner = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="+")

    on_time = _count()
    moved = _count()
    recovered = _count()
    late = _count()
    waived_late = _count()
    waived = _count()
    open = _count()
    nobody = _count()
    passed_on = _count()
    untaken = _count()
    warned = _count()
    unwarned = _count()
    rung_0 = _count()
    rung_1 = _count()
    rung_2 = _count()
    same_day = _count()
    in_five = _count()
    seconds = ArrayField(
        models.PositiveIntegerField(), default=list, help_text="How long each kept one took, by the wall."
    )
    open_seconds = ArrayField(
        models.PositiveIntegerField(),
        default=list,
        help_text="The same in open time, for first answers.",
    )

    class Meta:
        constraints = [
            # One row a key; led by store and day, it also serves every period that is looked at.
            models.UniqueConstraint(
                fields=["store", "day", "rule", "seam", "seam_from", "seam_to", "department", "owner"],
                name="promise_day_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.day}"


class StaleDay(StoreOwned):
    """A promise of this day has changed since the day was counted. Only ever inserted beside the change, so that nobody waits for it."""

    day = models.DateField()

    class Meta:
        indexes = [
            # Which days of a store must be counted again.
            models.Index(fields=["store", "day"], name="stale_day")
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class Happening(StoreOwned):
    """A thing that figures count and that is no promise: a delivery, a contract in transit, a declined line. Kept by facts."""

    class Kind(models.TextChoices):
        DELIVERY = "delivery", "delivery"
        CONTRACT = "contract", "contract"
        DECLINED = "declined", "declined line"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    subject = models.CharField(max_length=80)
    about = models.CharField(max_length=80, blank=True)
    words = models.CharField(max_length=160, blank=True, help_text="The car, the line.")
    customer = models.ForeignKey("customers.Customer", on_delete=models.SET_NULL, null=True, related_name="+")
    person = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(
        null=True, help_text="Delivered, declined; none while only what came after it has been told."
    )
    good_at = models.DateTimeField(null=True, help_text="First service set, funded, bought after all.")
    gone_at = models.DateTimeField(
        null=True, help_text="Undone: counts no more, unless told anew after that."
    )
    cents = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "kind", "subject", "about"], name="happening_once")
        ]
        indexes = [
            # The figures and the lists behind them.
            models.Index(fields=["store", "kind", "at"], name="happening_day")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.about}".strip()
