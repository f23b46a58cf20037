"""Roles: what a person is here for, and which parts of the house they may open."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext as _

from dealership.language import later
from dealership.stores.models import Department


class Role(models.TextChoices):
    """What somebody is hired for. Ladders and rules name roles, never people."""

    BDC_AGENT = "bdc_agent", later("BDC agent")
    BDC_MANAGER = "bdc_manager", later("BDC manager")
    SALESPERSON = "salesperson", later("Salesperson")
    SALES_MANAGER = "sales_manager", later("Sales manager")
    SERVICE_BDC = "service_bdc", later("Service BDC")
    ADVISOR = "advisor", later("Service advisor")
    TECHNICIAN = "technician", later("Technician")
    SERVICE_MANAGER = "service_manager", later("Service manager")
    PARTS_COUNTER = "parts_counter", later("Parts counter")
    PARTS_MANAGER = "parts_manager", later("Parts manager")
    FNI_MANAGER = "fni_manager", later("F&I manager")
    TITLE_CLERK = "title_clerk", later("Title clerk")
    MARKETING_MANAGER = "marketing_manager", later("Marketing manager")
    GENERAL_MANAGER = "general_manager", later("General manager")


DEPARTMENT_OF: dict[Role, Department | None] = {
    Role.BDC_AGENT: Department.SALES,
    Role.BDC_MANAGER: Department.SALES,
    Role.SALESPERSON: Department.SALES,
    Role.SALES_MANAGER: Department.SALES,
    Role.SERVICE_BDC: Department.SERVICE,
    Role.ADVISOR: Department.SERVICE,
    Role.TECHNICIAN: Department.SERVICE,
    Role.SERVICE_MANAGER: Department.SERVICE,
    Role.PARTS_COUNTER: Department.PARTS,
    Role.PARTS_MANAGER: Department.PARTS,
    Role.FNI_MANAGER: Department.FNI,
    Role.TITLE_CLERK: Department.FNI,
    Role.MARKETING_MANAGER: Department.MARKETING,
    Role.GENERAL_MANAGER: None,
}

#: Who answers when a role has nobody: the next role up, ending at the general manager, whom every store has.
UP: dict[Role, Role] = {
    Role.BDC_AGENT: Role.BDC_MANAGER,
    Role.BDC_MANAGER: Role.SALES_MANAGER,
    Role.SALESPERSON: Role.SALES_MANAGER,
    Role.SALES_MANAGER: Role.GENERAL_MANAGER,
    Role.SERVICE_BDC: Role.SERVICE_MANAGER,
    Role.ADVISOR: Role.SERVICE_MANAGER,
    Role.TECHNICIAN: Role.SERVICE_MANAGER,
    Role.SERVICE_MANAGER: Role.GENERAL_MANAGER,
    Role.PARTS_COUNTER: Role.PARTS_MANAGER,
    Role.PARTS_MANAGER: Role.SERVICE_MANAGER,
    Role.FNI_MANAGER: Role.GENERAL_MANAGER,
    Role.TITLE_CLERK: Role.FNI_MANAGER,
    Role.MARKETING_MANAGER: Role.GENERAL_MANAGER,
}


class May(StrEnum):
    """A thing that a role may do. Asked in views with `staff.may(May.SEE_LEADS)`."""

    SEE_CUSTOMERS = "see customers"
    WRITE_TO_CUSTOMERS = "write to customers"
    SEE_LEADS = "see leads"
    WORK_LEADS = "work leads"
    SEE_SERVICE = "see the service lane"
    WORK_SERVICE = "work the service lane"
    INSPECT = "inspect cars and say how far they are"
    SEE_DEALS = "see deals"
    WORK_DEALS = "work deals"
    SEE_PARTS = "see parts"
    ASK_PARTS = "ask for parts and tell customers when they come"
    WORK_PARTS = "work parts"
    SEE_FNI = "see deal jackets"
    WORK_FNI = "work deal jackets"
    SEE_MARKETING = "see surveys, sources and campaigns"
    WORK_MARKETING = "run campaigns"
    RECOVER = "write down how an unhappy customer was won back"
    SEE_SEAMS = "see where promises are dropped"
    BOOK = "book appointments"
    SEE_PLAYBOOK = "see the playbook"
    EDIT_PLAYBOOK = "change the store's numbers in the playbook"
    SEE_IMPORTS = "see imports"
    MEND_IMPORTS = "mend imports"
    SEE_FAILED_FACTS = "see facts that failed"
    SEE_OPERATIONS = "see how the installation works, and let what is parked be tried again"
    SEE_EVERYONES_PROMISES = "see everyone's promises"
    REASSIGN = "hand off other people's promises"
    MANAGE_STAFF = "manage staff"
    SEE_WHO_LOOKED = "see who looked at a record"
    SEE_TRAIL = "see who did what"
    PLAY_PHONES = "play the customers' phones"

    @property
    def words(self) -> str:
        """What may be done, within a sentence."""
        return _(self.value)


#: The words of `May`, as they are said in other languages.
MAY_WORDS = (
    later("see customers"),
    later("write to customers"),
    later("see leads"),
    later("work leads"),
    later("see the service lane"),
    later("work the service lane"),
    later("inspect cars and say how far they are"),
    later("see deals"),
    later("work deals"),
    later("see parts"),
    later("ask for parts and tell customers when they come"),
    later("work parts"),
    later("see deal jackets"),
    later("work deal jackets"),
    later("see surveys, sources and campaigns"),
    later("run campaigns"),
    later("write down how an unhappy customer was won back"),
    later("see where promises are dropped"),
    later("book appointments"),
    later("see the playbook"),
    later("change the store's numbers in the playbook"),
    later("see imports"),
    later("mend imports"),
    later("see facts that failed"),
    later("see how the installation works, and let what is parked be tried again"),
    later("see everyone's promises"),
    later("hand off other people's promises"),
    later("manage staff"),
    later("see who looked at a record"),
    later("see who did what"),
    later("play the customers' phones"),
)


_EVERYBODY = {May.SEE_CUSTOMERS, May.SEE_PLAYBOOK, May.PLAY_PHONES}
_TALKS = _EVERYBODY | {May.WRITE_TO_CUSTOMERS, May.BOOK}
_MANAGES = {
    May.SEE_EVERYONES_PROMISES,
    May.REASSIGN,
    May.EDIT_PLAYBOOK,
    May.SEE_IMPORTS,
    May.MEND_IMPORTS,
    May.SEE_FAILED_FACTS,
    May.SEE_SEAMS,
    May.SEE_MARKETING,
    May.SEE_WHO_LOOKED,
}
_LEADS = {May.SEE_LEADS, May.WORK_LEADS, May.SEE_DEALS}
_DEALS = _LEADS | {May.WORK_DEALS, May.SEE_FNI}
_SERVICE = {May.SEE_SERVICE, May.WORK_SERVICE, May.INSPECT, May.SEE_PARTS, May.ASK_PARTS}
_PARTS = {May.SEE_SERVICE, May.SEE_PARTS, May.ASK_PARTS, May.WORK_PARTS}
_FNI = {May.SEE_DEALS, May.SEE_FNI, May.WORK_FNI}

MATRIX: dict[Role, frozenset[May]] = {
    Role.BDC_AGENT: frozenset(_TALKS | _LEADS | {May.SEE_SERVICE}),
    Role.BDC_MANAGER: frozenset(_TALKS | _LEADS | _MANAGES | {May.SEE_SERVICE, May.SEE_MARKETING}),
    Role.SALESPERSON: frozenset(_TALKS | _DEALS),
    Role.SALES_MANAGER: frozenset(_TALKS | _DEALS | _MANAGES | {May.SEE_SERVICE, May.RECOVER}),
    Role.SERVICE_BDC: frozenset(_TALKS | _SERVICE),
    Role.ADVISOR: frozenset(_TALKS | _SERVICE),
    Role.TECHNICIAN: frozenset(
        {May.SEE_CUSTOMERS, May.SEE_SERVICE, May.INSPECT, May.SEE_PARTS, May.SEE_PLAYBOOK}
    ),
    Role.SERVICE_MANAGER: frozenset(_TALKS | _SERVICE | _MANAGES | {May.RECOVER}),
    Role.PARTS_COUNTER: frozenset(_EVERYBODY | _PARTS),
    Role.PARTS_MANAGER: frozenset(_TALKS | _PARTS | _MANAGES),
    Role.FNI_MANAGER: frozenset(_TALKS | _FNI | {May.SEE_LEADS, May.SEE_SEAMS}),
    Role.TITLE_CLERK: frozenset(_EVERYBODY | _FNI),
    Role.MARKETING_MANAGER: frozenset(
        _TALKS | {May.SEE_LEADS, May.SEE_DEALS, May.SEE_MARKETING, May.WORK_MARKETING, May.SEE_SEAMS}
    ),
    Role.GENERAL_MANAGER: frozenset(May),
}
