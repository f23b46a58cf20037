"""Facts of service. Subjects are "ro:<RO number>"; one declined line is `about` its key."""

from dataclasses import dataclass
from datetime import datetime

from dealership.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class DeclinedWork:
    """One recommendation that was not bought, as a closed RO tells it. `key` is what makes it the same line when sent again."""

    key: str
    description: str
    colour: str
    price_cents: int | None = None
    op_code: str = ""


@dataclass(frozen=True, kw_only=True)
class RepairOrderFact(Fact):
    """What all of them carry."""

    ro_number: str
    #: The advisor who wrote it, where the store knows them.
    advisor_id: int | None = None
    vehicle: str = ""
    cycle: int = 0
    #: False for internal tickets: no customer waits for anything.
    customer_pays: bool = True


@dataclass(frozen=True, kw_only=True)
class RepairOrderOpened(RepairOrderFact):
    """A car is in. Told when a feed first shows the RO open."""

    sentence = "RO {ro_number} opened {complaint}"
    complaint: str = ""
    promised_at: datetime | None = None
    is_waiter: bool = False


@dataclass(frozen=True, kw_only=True)
class DeclinedWorkFact(RepairOrderFact):
    """What tells of declined work carries the lines; a safety line (red) is owed sooner than the rest."""

    declined_lines: tuple[DeclinedWork, ...] = ()

    @property
    def red_lines(self) -> tuple[DeclinedWork, ...]:
        """Safety work."""
        return tuple(line for line in self.declined_lines if line.colour == "red")

    @property
    def yellow_lines(self) -> tuple[DeclinedWork, ...]:
        """What can wait for a while."""
        return tuple(line for line in self.declined_lines if line.colour != "red")


@dataclass(frozen=True, kw_only=True)
class RepairOrderClosed(DeclinedWorkFact):
    """The RO is closed in the DMS: a trigger, not a finish line."""

    sentence = "RO {ro_number} closed{worth}"
    has_next_visit: bool = False
    worth: str = ""


@dataclass(frozen=True, kw_only=True)
class DeclinedWorkFound(DeclinedWorkFact):
    """The DMS corrected a closed RO, and the correction shows declined work that was not known at the close."""

    sentence = "RO {ro_number} was corrected: more declined work"


@dataclass(frozen=True, kw_only=True)
class RepairOrderReopened(RepairOrderFact):
    """A closed RO is open again; what its close called for is no longer owed."""

    sentence = "RO {ro_number} reopened"


@dataclass(frozen=True, kw_only=True)
class RepairOrderVoided(RepairOrderFact):
    """The RO never was."""

    sentence = "RO {ro_number} voided"


@dataclass(frozen=True, kw_only=True)
class StatusTold(RepairOrderFact):
    """A person told the customer how their car stands: a text about the RO was received, or a call connected."""

    sentence = "Told how RO {ro_number} stands"


@dataclass(frozen=True, kw_only=True)
class DeclinedWorkBooked(Fact):
    """A visit was booked that includes the declined line. Subject is the RO it was declined on, `about` the line's key."""

    sentence = "Declined work booked: {description}"
    description: str


@dataclass(frozen=True, kw_only=True)
class DeclinedWorkSold(Fact):
    """The declined line was bought after all, on a later RO. Subject is the RO it was declined on, `about` the line's key."""

    sentence = "Declined work recovered: {description}"
    description: str
    ro_number: str = ""


@dataclass(frozen=True, kw_only=True)
class DeclinedWorkClosed(Fact):
    """The customer gave a reason why the line will not be bought here: done elsewhere, car sold. Subject and `about` as above."""

    sentence = "Declined work closed: {description} ({why})"
    description: str
    why: str
