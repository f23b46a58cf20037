"""The town in which the journeys take place: its people at their desks, its customers with their phones, and the machines that post."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from playwright.sync_api import Browser, Locator, Page, expect

from dealership import clock
from dealership.customers.models import Customer
from dealership.messaging import consent
from dealership.staff.models import StaffMember
from dealership.supervisor.process import wait_until
from dealership.vehicles import vin
from tests import cast as the_cast
from tests.cast import MONDAY_TEN, Cast, make_customer
from tests.dms.dealervault_files import sv_file
from tests.e2e.town import Visit
from tests.sales.providers import adf
from tests.service.feeds import OPEN_RO, Dms, name

if TYPE_CHECKING:
    from tests.journeys.hands import Hands
    from tests.journeys.product import Product

FIRST = ("Tom", "Nora", "Ines", "Abel", "Jude", "Vera", "Otis", "Lena", "Hugo", "Mina", "Theo", "Ruth")
LAST = ("Okafor", "Quist", "Marsh", "Lopez", "Brandt", "Sato", "Weller", "Haddad", "Novotny", "Price", "Ueda")
#: What books the first free time with one press.
FIRST_FREE = re.compile(r"^Book .* 1$")
_numbers = count()


@dataclass(frozen=True)
class Someone:
    """A customer: a name, a phone, and things of their own that no other has."""

    n: int
    name: str
    number: str

    @classmethod
    def new(cls) -> Someone:
        """Nobody whom the store knows."""
        n = next(_numbers)
        return cls(n, f"{FIRST[n % len(FIRST)]} {LAST[n % len(LAST)]}", f"+1973555{2000 + n}")

    @property
    def first_name(self) -> str:
        return self.name.partition(" ")[0]

    @property
    def vin(self) -> str:
        """Of a 2019 Civic."""
        bare = f"2HGFC2F5?KH{500_000 + self.n}".replace("?", "0")
        return bare[:8] + vin.check_digit(bare) + bare[9:]

    @property
    def ro_number(self) -> str:
        return str(61_000 + self.n)


class Desk:
    """Somebody at a browser of their own."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.page = visit, visit.page

    def open(self, path: str) -> Page:
        """The page, when all that it asks for has come."""
        return self.visit.open(path)

    @contextmanager
    def live(self) -> Iterator[None]:
        """What is awaited in the block comes by itself: the page is not loaded again."""
        self.page.evaluate("window.still = true")
        yield
        assert self.page.evaluate("window.still") is True, "the page was loaded again"

    def row(self, *words: str) -> Locator:
        """A row of a list in which all of this stands."""
        rows = self.page.locator("[data-rows] a.promise")
        for said in words:
            rows = rows.filter(has_text=said)
        return rows

    def opens(self, hands: Hands, *words: str) -> Locator:
        """The row is chosen, and what it is about stands beside the list."""
        detail = self.page.locator("#detail")
        hands.press(self.row(*words))
        expect(self.row(*words)).to_have_attribute("aria-current", "true")
        return detail


class Phone(Desk):
    """A customer's phone, as the simulator shows it."""

    def __init__(self, visit: Visit, owner: Someone) -> None:
        super().__init__(visit)
        self.owner = owner
        self.open(f"/phones/{owner.number}/")

    def gets(self, words: str) -> None:
        """A text with these words is on it, or comes while it is looked at."""
        with self.live():
            expect(self.texts(words)).to_have_count(1)

    def texts(self, words: str) -> Locator:
        """The store's texts with these words."""
        return self.page.locator("#phone-texts .msg:not(.us)", has_text=words)

    def says(self, words: str) -> None:
        """Its owner texts the store."""
        self.page.get_by_label(f"Text as {self.owner.name}").fill(words)
        self.page.get_by_role("button", name="Text the store").click()
        expect(self.page.locator("#phone-texts .msg.us", has_text=words)).to_be_visible()


class Town:
    """What one story sees of it."""

    def __init__(self, product: Product, cast: Cast, browser: Browser) -> None:
        self.product, self.cast, self.browser = product, cast, browser
        self.store = cast.northside
        self.visits: list[Visit] = []

    @staticmethod
    def build() -> Cast:
        """Both stores and their people, and the feeds of the DMS."""
        cast = the_cast.build()
        Dms(cast)
        return cast

    @property
    def now(self) -> datetime:
        """What the product's clock shows."""
        return clock.now()

    def desk(self, who: StaffMember) -> Desk:
        """Somebody of the store, signed in."""
        return Desk(self._visit(who))

    def phone(self, owner: Someone) -> Phone:
        """It is looked at with the eyes of the general manager, who may play any customer."""
        return Phone(self._visit(self.cast.gus), owner)

    def _visit(self, who: StaffMember) -> Visit:
        self.visits.append(Visit(self.browser, self.product.url, who))
        return self.visits[-1]

    def waits_for(self, rows: QuerySet[Any]) -> None:
        """Until the product has made such a row, where no page shows that it comes."""
        assert wait_until(rows.exists, 20), f"no {rows.model.__name__} came"

    def customer(self) -> tuple[Someone, Customer]:
        """Somebody whom the store knows, and may text."""
        someone = Someone.new()
        row = make_customer(self.store, someone.name, someone.number, now=MONDAY_TEN - timedelta(days=90))
        how = consent.How.REPAIR_ORDER
        consent.give(
            store_id=self.store.pk, number=someone.number, how=how, words="at write-up", now=self.now
        )
        return someone, row

    def post_lead(self, someone: Someone, question: str) -> None:
        """A provider of leads posts one."""
        lead = adf(someone.name, phone=someone.number, lead_id=f"L-{someone.n}", question=question)
        assert self.product.post(f"/hooks/adf/{self.store.lead_token}/", lead, "text/xml") == 201

    def post_ro(self, someone: Someone, given: Mapping[str, str] = OPEN_RO) -> None:
        """The DMS posts a file with one RO."""
        first, _, last = someone.name.partition(" ")
        row = {
            **given,
            "RO Number": someone.ro_number,
            "VIN": someone.vin,
            "Customer Number": str(someone.n),
            "Full Name": f"{last},{first}",
            "First Name": first,
            "Last Name": last,
            "Cell Phone": someone.number[2:],
            "Email 1": "",
        }
        stamp = self.now - timedelta(minutes=next(_numbers))
        path = f"/hooks/dms/{self.store.slug}-SV/?name={name(stamp, 'SV')}"
        assert self.product.post(path, sv_file([row]), "text/plain") == 202
