"""What is written into every row of a store, and nowhere else; and where its rows are found."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from dealership.customers.models import Customer
from dealership.staff.models import StaffMember
from dealership.stores.models import Store
from dealership.vehicles.models import Vehicle
from tests.cast import MONDAY_TEN

#: When people look at what was built.
LOOKED_AT = MONDAY_TEN + timedelta(minutes=20)
#: No two of what was built are the same.
COUNTED = count(1)


@dataclass(frozen=True)
class Marks:
    """What is written into every row of a store, and nowhere else."""

    word: str
    digits: str
    area: str
    vin: str

    def phone(self, n: int) -> str:
        """The store's n-th number, E.164."""
        return f"+1{self.area}55501{n:02d}"

    @property
    def canaries(self) -> tuple[str, ...]:
        """In lower case: the word, the number that its ROs, leads and visits begin with, its phones as pages write them, its VINs."""
        numbers = [self.phone(n) for n in range(40, 50)]
        shown = [f"({number[2:5]}) {number[5:8]}-{number[8:]}" for number in numbers]
        return (self.word.lower(), self.digits, *numbers, *shown, self.vin[-8:].lower())


NORTH = Marks("Kestrelwick", "662810", "973", "1HGFE1F52KL771007")
EAST = Marks("Quillfeather", "771904", "312", "1FTFW1E5XNFA77341")
MORE = Marks("Wrenhollow", "553917", "862", "1HGCV1F32JA771021")


@dataclass
class Rows:
    """One row of each kind, by the name that the table of addresses uses; most are keys, `phone` is a number."""

    store: Store
    marks: Marks
    pk: dict[str, int | str] = field(default_factory=dict)


class Filler:
    """Fills one store."""

    otto: Customer
    car: Vehicle

    def __init__(self, rows: Rows, *, boss: StaffMember, agent: StaffMember, advisor: StaffMember) -> None:
        self.rows, self.marks, self.store = rows, rows.marks, rows.store
        self.boss, self.agent, self.advisor = boss, agent, advisor
        self.now = MONDAY_TEN
