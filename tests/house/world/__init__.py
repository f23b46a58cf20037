"""Two stores that have everything, built through the product's own doors, so that whatever a page can show is there to be shown.

Each store's names, words and numbers carry marks of its own (`Rows.canaries`): a mark of one store in an answer to a person of
the other is a leak, wherever it appears.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Value
from django.db.models.functions import Concat

from dealership.appointments.models import CapacityPlan
from dealership.models import PlayedDay
from dealership.staff.models import StaffMember, Team
from dealership.stores.models import Department
from tests import cast as the_cast
from tests.cast import Cast
from tests.house.world.desk import Desk
from tests.house.world.marks import EAST, LOOKED_AT, MORE, NORTH, Marks, Rows
from tests.house.world.shop import Shop


@dataclass
class World:
    """The cast, and what each store has."""

    cast: Cast
    north: Rows
    east: Rows


def build() -> World:
    """Both stores, with the same in each. Takes about a second; to be built once for many questions."""
    cast = the_cast.build()
    PlayedDay.objects.create()
    StaffMember.objects.of_store(cast.eastside.pk).update(name=Concat(F("name"), Value(f" {EAST.word}")))
    for name in ("eve", "earl", "edie"):
        cast.people[name].refresh_from_db()
    cast.edie.dms_number = "201"
    cast.edie.save(update_fields=["dms_number"])
    Team.objects.create(store=cast.eastside, name=EAST.word, department=Department.SALES, lead=cast.eve)
    north = Builder(Rows(cast.northside, NORTH), boss=cast.gus, agent=cast.dana, advisor=cast.ana).fill()
    east = Builder(Rows(cast.eastside, EAST), boss=cast.eve, agent=cast.earl, advisor=cast.edie).fill()
    return World(cast, north, east)


def fill_again(world: World) -> None:
    """Northside has everything twice."""
    cast = world.cast
    Builder(Rows(cast.northside, MORE), boss=cast.gus, agent=cast.dana, advisor=cast.ana).fill()


class Builder(Shop, Desk):
    """Fills one store."""

    def fill(self) -> Rows:
        """Everything, in an order in which it could have happened."""
        CapacityPlan.objects.of_store(self.store.pk).get_or_create(
            store=self.store,
            department=Department.SERVICE,
            defaults={"slot_minutes": 30, "per_slot": 3},
        )
        self._people()
        self._told()
        self._customers()
        self._leads()
        self._repair_orders()
        self._said()
        self._parts()
        self._offered()
        self._texts()
        self._visits()
        self._deals()
        self._promises()
        self._jackets()
        self._trouble()
        return self.rows


__all__ = ["LOOKED_AT", "Marks", "Rows", "World", "build", "fill_again"]
