"""What the stories may use."""

from __future__ import annotations

from tests.flows.beginnings import beginning
from tests.flows.deal_world import DealWorld
from tests.flows.fni_world import FniWorld
from tests.flows.marketing_world import MarketingWorld
from tests.flows.parts_world import PartsWorld
from tests.flows.sales_world import World
from tests.flows.service_world import ServiceWorld
from tests.service.feeds import CLOSED_RO, OPEN_RO


@beginning(World)
def world(world: World) -> None:
    """Northside on a Monday at ten; the clock stands until the story moves it."""


@beginning(ServiceWorld)
def lane(lane: ServiceWorld) -> None:
    """The same Monday in service, with feeds that have been loaded."""


@beginning(FniWorld)
def box(box: FniWorld) -> None:
    """The same Monday in F&I, with Tina Wells who buys."""


@beginning(PartsWorld)
def counter(counter: PartsWorld) -> None:
    """The same Monday at the parts counter, with one car in the lane."""


@beginning(DealWorld)
def desk(desk: DealWorld) -> None:
    """The same Monday at the desk, with a customer, Nina Park."""


@beginning(MarketingWorld)
def town(town: MarketingWorld) -> None:
    """The same Monday, and marketing asks how it was."""


# --- a little later ----------------------------------------------------------------------------------------------------


@beginning(World)
def asking(world: World) -> None:
    """Tom Okafor asks about a Civic."""
    world.post_lead()


@beginning(ServiceWorld)
def opened(lane: ServiceWorld) -> None:
    """Marlene's car is in: the DMS has told."""
    lane.dms_sends(OPEN_RO)


@beginning(ServiceWorld)
def closed(lane: ServiceWorld) -> None:
    """Marlene's car was in, and two lines are declined."""
    lane.dms_sends(CLOSED_RO)


@beginning(PartsWorld)
def ordered(counter: PartsWorld) -> None:
    """Ana asked for a caliper, and Pete has ordered it."""
    counter.ordered()


@beginning(FniWorld)
def contracted(box: FniWorld) -> None:
    """The papers are signed."""
    box.contracted()


@beginning(DealWorld)
def agreed(desk: DealWorld) -> None:
    """Nina has agreed to the numbers."""
    desk.agreed()


@beginning(DealWorld)
def delivered(desk: DealWorld) -> None:
    """Nina has driven away."""
    desk.delivered()
