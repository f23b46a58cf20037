"""The devices that ring for somebody, and what they rang for."""

from __future__ import annotations

from django.db import models

from dealership.scope import StoreOwned


class Device(StoreOwned):
    """A browser in which somebody said that it may ring for them. The newest who says so has it."""

    staff = models.ForeignKey("staff.StaffMember", on_delete=models.CASCADE, related_name="devices")
    endpoint = models.CharField(
        max_length=1000, unique=True, help_text="Where its maker takes what is meant for it; a secret."
    )
    browser = models.CharField(max_length=80)
    since = models.DateTimeField()
    rang_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True, help_text="Why it could not be reached last.")

    class Meta:
        # Whose devices ring, and a person's own.
        indexes = [models.Index(fields=["staff", "-since"], name="device_of_staff")]

    def __str__(self) -> str:
        return self.browser


class Nudge(StoreOwned):
    """Something that somebody should hear of now; told once, to all their devices. Kept for a day."""

    staff = models.ForeignKey("staff.StaffMember", on_delete=models.CASCADE, related_name="nudges")
    key = models.CharField(max_length=60, help_text="What it is about: the same is told once.")
    words = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "key"], name="nudge_once")]
        indexes = [
            # What has not been told yet; nearly always nothing.
            models.Index(fields=["at"], name="nudge_waiting", condition=models.Q(sent_at__isnull=True)),
            # What a device asks when it was woken.
            models.Index(fields=["staff", "-sent_at"], name="nudge_told"),
        ]

    def __str__(self) -> str:
        return self.words
