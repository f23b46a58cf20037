"""What the ground itself does in a demo: lays out each day, lets somebody leave or be away."""

from __future__ import annotations

from datetime import date, timedelta

from dealership.demo import stage
from dealership.demo.stage import Stage
from dealership.staff import absences, people
from dealership.staff.models import StaffMember

DAY_BEGINS = 4.5


@stage.scene("house.day")
def begin_day(on: Stage, day: str) -> str:
    """The day is laid out, and the next one will be."""
    today = date.fromisoformat(day)
    stage.plan(on, today)
    tomorrow = today + timedelta(days=1)
    on.later(on.wall(tomorrow, DAY_BEGINS), "house.day", day=tomorrow.isoformat())
    return ""


@stage.scene("house.leave")
def leave(on: Stage, name: str) -> str:
    """Somebody no longer works here: what was theirs moves to others in the same moment."""
    person = StaffMember.objects.of_store(on.store.pk).filter(name=name, is_active=True).first()
    if person is None:
        return ""
    people.deactivate(person, by=None, now=on.now)
    return f"{name} left. Everything that was theirs has another owner."


@stage.scene("house.away")
def be_away(on: Stage, name: str, hours: float, reason: str) -> str:
    """Somebody is away for so many hours."""
    person = StaffMember.objects.of_store(on.store.pk).filter(name=name, is_active=True).first()
    if person is None:
        return ""
    try:
        absences.plan(
            person, starts_at=None, until=on.now + timedelta(hours=hours), reason=reason, by=None, now=on.now
        )
    except absences.BadAbsence:
        return ""
    return f"{name} is away ({reason})."
