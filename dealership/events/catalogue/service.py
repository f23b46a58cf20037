"""Facts of service. Subjects are "ro:<RO number>"; one declined line is `about` its key."""

from dataclasses import dataclass
from datetime import datetime

from dealership.events.base import Fact
from dealership.language import later


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

    sentence = later("RO {ro_number} opened {complaint}")
    outside = ("ro_number", "advisor_id", "promised_at", "is_waiter")
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

    sentence = later("RO {ro_number} closed{worth}")
    outside = ("ro_number", "advisor_id", "has_next_visit")
    has_next_visit: bool = False
    worth: str = ""


@dataclass(frozen=True, kw_only=True)
class DeclinedWorkFound(DeclinedWorkFact):
    """The DMS corrected a closed RO, and the correction shows declined work that was not known at the close."""

    sentence = later("RO {ro_number} was corrected: more declined work")


@dataclass(frozen=True, kw_only=True)
class RepairOrderReopened(RepairOrderFact):
    """A closed RO is open again; what its close called for is no longer owed."""

    sentence = later("RO {ro_number} reopened")
    outside = ("ro_number", "advisor_id")


@dataclass(frozen=True, kw_only=True)
class RepairOrderVoided(RepairOrderFact):
    """The RO never was."""

    sentence = later("RO {ro_number} voided")
    outside = ("ro_number", "advisor_id")


@dataclass(frozen=True, kw_only=True)
class StatusTold(RepairOrderFact):
    """A person told the customer how their car stands: a text about the RO was received, or a call connected."""

    sentence = later("Told how RO {ro_number} stands")


@dataclass(frozen=True, kw_only=True)
class DeclinedWorkBooked(Fact):
    """A visit was booked that includes the declined line. Subject is the RO it was declined on, `about` the line's key."""

    sentence = later("Declined work booked: {description}")
    outside = ()
    description: str


@dataclass(frozen=True, kw_only=True)
class DeclinedWorkSold(Fact):
    """The declined line was bought after all, on a later RO. Subject is the RO it was declined on, `about` the line's key."""

    sentence = later("Declined work recovered: {description}")
    outside = ("ro_number",)
    description: str
    ro_number: str = ""


@dataclass(frozen=True, kw_only=True)
class DeclinedWorkClosed(Fact):
    """The customer gave a reason why the line will not be bought here: done elsewhere, car sold. Subject and `about` as above."""

    sentence = later("Declined work closed: {description} ({why})")
    description: str
    why: str


# --- the lane --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class StageReached(RepairOrderFact):
    """The car moved on in the shop: checked_in, dispatched, in_work, waiting_parts, waiting_approval, quality_check."""

    sentence = later("RO {ro_number}: {stage_words}")
    stage: str
    stage_words: str = ""


@dataclass(frozen=True, kw_only=True)
class PromiseTimeSet(RepairOrderFact):
    """The customer was told when the car will be ready. Told once for each first time; a later one is PromiseTimeMoved."""

    sentence = later("Promised for {when_words} (RO {ro_number})")
    outside = ("ro_number", "advisor_id", "promised_at")
    promised_at: datetime
    when_words: str = ""


@dataclass(frozen=True, kw_only=True)
class PromiseTimeAtRisk(RepairOrderFact):
    """It is about to be missed, and the reason is known: parts come later, nobody decided, work has not begun."""

    sentence = later("RO {ro_number} may not be ready by {when_words}: {why}")
    promised_at: datetime
    why: str
    when_words: str = ""


@dataclass(frozen=True, kw_only=True)
class PromiseTimeMoved(RepairOrderFact):
    """The customer was told a new time. `at` is when they were told; in time only if that was before the old one."""

    sentence = later("Told a new time: {when_words} (RO {ro_number})")
    outside = ("ro_number", "advisor_id", "promised_at", "moved_from")
    promised_at: datetime
    moved_from: datetime
    when_words: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class RepairOrderReady(RepairOrderFact):
    """The work is done and the car can be picked up."""

    sentence = later("RO {ro_number} is ready")
    outside = ("ro_number", "advisor_id")


@dataclass(frozen=True, kw_only=True)
class ReadyTold(RepairOrderFact):
    """The customer knows that the car is ready: a person told them, or the text that says so was received."""

    sentence = later("Told that RO {ro_number} is ready")


@dataclass(frozen=True, kw_only=True)
class Recommended:
    """One line of an estimate. `key` is "rec:<id>"; `colour` red, yellow or green."""

    key: str
    description: str
    colour: str
    price_cents: int | None = None


@dataclass(frozen=True, kw_only=True)
class InspectionDone(RepairOrderFact):
    """The technician finished the multi-point inspection."""

    sentence = later("RO {ro_number} inspected: {n_red} red, {n_yellow} yellow, {n_green} green")
    n_red: int = 0
    n_yellow: int = 0
    n_green: int = 0


@dataclass(frozen=True, kw_only=True)
class EstimateSent(RepairOrderFact):
    """The customer was asked to decide on these lines, with their prices."""

    sentence = later("Estimate sent on RO {ro_number}: {n_lines} to decide, {total}")
    lines: tuple[Recommended, ...] = ()
    n_lines: int = 0
    total: str = ""


@dataclass(frozen=True, kw_only=True)
class RecommendationApproved(RepairOrderFact):
    """The customer said yes to one line at its price. `about` its key. `how`: text, phone, in person."""

    sentence = later("Approved: {description} {price}")
    description: str
    price_cents: int | None = None
    price: str = ""
    how: str = ""


@dataclass(frozen=True, kw_only=True)
class RecommendationDeclined(RepairOrderFact):
    """The customer said no to one line for now. `about` its key."""

    sentence = later("Declined for now: {description}")
    description: str
    how: str = ""


@dataclass(frozen=True, kw_only=True)
class ComebackFound(RepairOrderFact):
    """The same car is back within thirty days with the same concern, or the DMS says so."""

    sentence = later("RO {ro_number} is a comeback of RO {earlier_ro}: {concern}")
    earlier_ro: str
    concern: str = ""


@dataclass(frozen=True, kw_only=True)
class ComebackSettled(RepairOrderFact):
    """The foreman wrote down what was wrong the first time and that it is right now; or that it is no comeback."""

    sentence = later("Comeback on RO {ro_number} settled: {what}")
    what: str


@dataclass(frozen=True, kw_only=True)
class RepairOrderHandedOver(RepairOrderFact):
    """Another advisor answers for the car now; `advisor_id` is the new one."""

    sentence = later("RO {ro_number} is with {to_name} now {why}")
    outside = ("ro_number", "advisor_id", "from_id")
    to_name: str
    from_id: int | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class RepairOrderNoted(RepairOrderFact):
    """A person wrote something down about the car, for colleagues: nobody was sent it."""

    sentence = later("Note on RO {ro_number}: {note}")
    personal = frozenset({"note"})
    note: str


@dataclass(frozen=True, kw_only=True)
class RepairOrderPhotographed(RepairOrderFact):
    """A person took photos of the car, or of one thing that was found: they stand on the RO's page, and nobody was sent them by this."""

    sentence = later("Photo on RO {ro_number}: {of}")
    n: int
    of: str
