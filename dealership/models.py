"""The pulse of the house, tries that are counted, and the day that a demo plays."""

from django.db import models

from dealership.scope import StoreOwned


class Heartbeat(models.Model):
    """When a periodic job last ran and what it did: shown to managers, and proof that nobody is silent."""

    job = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()
    result = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.job} {self.at:%H:%M:%S}"


class Canary(models.Model):
    """A row every ten seconds, drained in one turn of the queue: proof that a worker takes what the broker has."""

    slot = models.DateTimeField(unique=True)
    drained_at = models.DateTimeField()
    drained_by = models.CharField(max_length=12, help_text="worker, or ticker where the broker is gone.")

    def __str__(self) -> str:
        return f"{self.slot:%H:%M:%S} {self.drained_by}"


class Bucket(models.Model):
    """How many tries somebody has left, by a hash of what for and who (`dealership.limits`). No address or e-mail stands in it."""

    key = models.CharField(max_length=64, primary_key=True)
    tokens = models.FloatField()
    # Whoever sweeps old rows away looks by it.
    filled_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.tokens:g}"


class PlayedDay(models.Model):
    """The one row of a demo's day: how fast its clock runs (`dealership.clock`), and whether the script is played.

    There is none but in a database that the demo has filled.
    """

    real_at = models.DateTimeField(null=True, help_text="Since then the clock runs at this speed.")
    shown_at = models.DateTimeField(null=True, help_text="What it showed then; null: the real clock.")
    speed = models.PositiveSmallIntegerField(default=1)
    is_playing = models.BooleanField(default=False)
    began_at = models.DateTimeField(null=True, help_text="Shown time at which the day that is played began.")
    until_at = models.DateTimeField(null=True, help_text="Shown time at which it pauses by itself.")
    seed = models.PositiveIntegerField(default=1)
    volume = models.FloatField(default=1.0, help_text="Of the usual number of leads and cars.")
    marks = models.JSONField(default=dict, help_text="How far the script has looked, by store and by table.")

    def __str__(self) -> str:
        return f"{'playing' if self.is_playing else 'paused'} at {self.speed}x"


class PlayedAct(StoreOwned):
    """Something that will happen in a demo's store, or has: the script is these rows, so it survives whatever is killed."""

    at = models.DateTimeField()
    scene = models.CharField(max_length=40)
    args = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)
    words = models.CharField(
        max_length=200, blank=True, help_text="What happened, as the page of the phones shows it."
    )

    class Meta:
        indexes = [
            # What is due, in order.
            models.Index(fields=["at"], name="act_due", condition=models.Q(done_at__isnull=True)),
            # What just happened, newest first.
            models.Index(
                fields=["store", "-done_at"], name="act_told", condition=models.Q(done_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scene} {self.at:%Y-%m-%d %H:%M}"
