"""What the carrier of our own keeps: its texts and its handsets. Of no store, as a carrier's are."""

from __future__ import annotations

from django.db import models

from dealership.language import later


class SimulatedText(models.Model):
    """What the phone simulator holds: the carrier's side of each text, for the handsets on its page. Unused with a real carrier."""

    sid = models.CharField(max_length=40, unique=True)
    from_number = models.CharField(max_length=16)
    to_number = models.CharField(max_length=16)
    body = models.TextField(blank=True)
    status = models.CharField(max_length=12)
    error_code = models.CharField(max_length=10, blank=True)
    status_callback = models.CharField(max_length=300, blank=True)
    is_from_customer = models.BooleanField(default=False)
    media = models.JSONField(default=list, help_text="Addresses of the pictures of a text of ours.")
    photo = models.BinaryField(null=True, help_text="What the customer's phone sent along, as it is.")
    at = models.DateTimeField()
    calls_due = models.JSONField(default=list, help_text="Webhooks still to be made: [{'status', 'at'}].")
    next_call_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["to_number", "at"], name="simulated_to"),
            models.Index(fields=["from_number", "at"], name="simulated_from"),
            models.Index(
                fields=["next_call_at"],
                name="simulated_calls_due",
                condition=models.Q(next_call_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_number} to {self.to_number}: {self.status}"


class SimulatedPhone(models.Model):
    """How one handset of the phone simulator takes its texts. Unused with a real carrier."""

    class Behaviour(models.TextChoices):
        PROMPT = "prompt", later("Gets texts at once")
        LATE = "late", later("Gets texts a minute late")
        SHUFFLED = "shuffled", later("Reports out of order")
        TWICE = "twice", later("Reports everything twice")
        SILENT = "silent", later("Never reports")
        UNREACHABLE = "unreachable", later("Is switched off")
        LANDLINE = "landline", later("Is a landline")
        FILTERED = "filtered", later("Carrier filters our texts")

    number = models.CharField(max_length=16, unique=True)
    behaviour = models.CharField(max_length=12, choices=Behaviour.choices, default=Behaviour.PROMPT)

    def __str__(self) -> str:
        return f"{self.number} {self.behaviour}"
