"""The demo's one job: the script of a day that is played. It rests wherever no demo is, and with a real carrier."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from dealership import clock
from dealership.demo import play
from dealership.periodic import periodic


@periodic()
def play_day() -> dict[str, Any]:
    """Does what is due in the script."""
    return play.run(now=clock.now()) if settings.PHONE_SIMULATOR else {"off": 1}
