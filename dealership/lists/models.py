"""Views of lists that people keep, and what was done to many rows at once."""

from __future__ import annotations

from django.db import models

from dealership.scope import StoreOwned
from dealership.staff.models import StaffMember


class SavedView(StoreOwned):
    """A question to a list, under a name: a person's own, or the whole store's."""

    list_key = models.CharField(max_length=24)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=600, blank=True, help_text="The address behind the question mark.")
    owner = models.ForeignKey(
        StaffMember, on_delete=models.CASCADE, null=True, blank=True, help_text="Nobody: the whole store's."
    )
    made_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            # A name means one view to whoever sees it; its index also finds the views of a list.
            models.UniqueConstraint(
                fields=["store", "list_key", "owner", "name"], name="saved_view_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BulkAct(StoreOwned):
    """What one person did to many rows at once, and how it was before, so that it can be taken back."""

    act = models.CharField(max_length=40, help_text="Which of bulk.UNDOES takes it back.")
    says = models.CharField(max_length=200)
    n = models.PositiveIntegerField()
    before = models.JSONField(help_text="What each row was, as the act itself reads it.")
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.says
