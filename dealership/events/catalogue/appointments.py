"""Facts of appointments, of any department. Subjects are "appointment:<id>"."""

from dataclasses import dataclass
from datetime import datetime

from dealership.events.base import Fact
from dealership.language import later


@dataclass(frozen=True, kw_only=True)
class AppointmentFact(Fact):
    """What all of them carry."""

    appointment_id: int
    department: str
    starts_at: datetime
    person_id: int | None = None
    #: The time in the store's zone as people say it, for the timeline.
    when_words: str = ""


@dataclass(frozen=True, kw_only=True)
class AppointmentBooked(AppointmentFact):
    """A visit was set. Told by appointments.book, also when the DMS set it."""

    sentence = later("Visit booked: {when_words} ({department})")
    outside = ("appointment_id", "department", "starts_at", "person_id")
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class AppointmentConfirmed(AppointmentFact):
    """The customer said that they come."""

    sentence = later("Confirmed {when_words}")
    outside = ("appointment_id", "department", "starts_at", "person_id")


@dataclass(frozen=True, kw_only=True)
class AppointmentMoved(AppointmentFact):
    """Another time; `starts_at` is the new one, `moved_from` the old."""

    sentence = later("Moved to {when_words}")
    outside = ("appointment_id", "department", "starts_at", "person_id", "moved_from")
    moved_from: datetime


@dataclass(frozen=True, kw_only=True)
class AppointmentGiven(AppointmentFact):
    """Somebody else expects the customer, or whoever is free (`person_id` None). Told by appointments.giving."""

    sentence = later("Visit of {when_words} is with {to_name} now")
    outside = ("appointment_id", "department", "starts_at", "person_id", "from_id")
    to_name: str
    from_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class AppointmentCancelled(AppointmentFact):
    """It will not take place."""

    sentence = later("Cancelled the visit of {when_words} {why}")
    outside = ("appointment_id", "department", "starts_at", "person_id")
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class CustomerArrived(AppointmentFact):
    """They came: checked in, or their RO was opened."""

    sentence = later("Arrived for {when_words}")
    outside = ("appointment_id", "department", "starts_at", "person_id")


@dataclass(frozen=True, kw_only=True)
class AppointmentMissed(AppointmentFact):
    """They did not come: no arrival an hour after the time. Never told while the feed that would know is stale. `at` is start + 60 minutes."""

    sentence = later("Did not come at {when_words}")
    outside = ("appointment_id", "department", "starts_at", "person_id")


@dataclass(frozen=True, kw_only=True)
class BookingRequested(Fact):
    """A customer asks for a visit: by text, by phone (a person noted it), from a form. Subject "conversation:<id>" or "customer:<id>"."""

    sentence = later("Asks for a visit {wish}")
    personal = frozenset({"wish"})
    department: str
    how: str
    wish: str = ""


@dataclass(frozen=True, kw_only=True)
class SlotOverrun(AppointmentFact):
    """The DMS booked a visit where Kept saw no room left."""

    sentence = later("The DMS booked {when_words}, where there was no room")
