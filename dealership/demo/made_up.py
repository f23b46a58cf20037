"""People and cars that never were: the n-th of a store is always the same. Numbers are 555 numbers, VINs have true check digits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random

from dealership.vehicles import vin


def dice_of(*what: object) -> Random:
    """Dice that always fall the same way for the same thing."""
    return Random("|".join(map(str, what)))  # noqa: S311 - nothing is secret here


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST = _words(
    "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph Jessica "
    "Thomas Sarah Charles Karen Christopher Lisa Daniel Nancy Matthew Betty Anthony Sandra Mark Margaret Donald Ashley "
    "Steven Kimberly Andrew Emily Paul Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian Melissa George Deborah "
    "Timothy Stephanie Ronald Rebecca Jason Laura Edward Sharon Jeffrey Cynthia Ryan Kathleen Jacob Amy Nicholas Angela "
    "Eric Shirley Jonathan Brenda Stephen Emma Larry Anna Justin Pamela Scott Nicole Brandon Samantha Benjamin Katherine "
    "Samuel Christine Gregory Helen Alexander Debra Patrick Rachel Frank Carolyn Raymond Janet Jack Maria Dennis Olivia "
    "Tyrone Aisha Priya Arjun Mei Wei Hana Omar Leila Chidi Ngozi Kwame Ingrid Lars Fatima Yusuf Rutendo Dmitri Svetlana"
)
LAST = _words(
    "Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Thomas Moore Jackson Martin Lee Thompson "
    "White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Nelson Baker Hall Campbell "
    "Mitchell Carter Roberts Turner Phillips Evans Parker Collins Edwards Stewart Morris Murphy Cook Rogers Morgan "
    "Peterson Cooper Reed Bailey Bell Kelly Howard Ward Cox Richardson Watson Brooks Bennett Gray Hughes Price Myers Long "
    "Foster Sanders Ross Powell Sullivan Russell Fisher Henderson Cole West Jordan Reynolds Hamilton Graham Kowalski "
    "Novak Rossi Esposito Okafor Mensah Nguyen Tran Patel Shah Singh Chen Wang Park Kim Haddad Rahman Idris Mbeki Anders "
    "Lindqvist Petrov Cohen"
)
PRIMER = _words(
    "José Guadalupe Juan María Luis Carmen Carlos Rosa Jorge Ana Miguel Lucía Pedro Elena Rafael Isabel Hector Marisol "
    "Ramón Yolanda Sergio Pilar Andrés Ximena Diego Paloma Esteban Beatriz Ignacio Graciela"
)
APELLIDO = _words(
    "García Rodríguez Martínez Hernández López González Pérez Sánchez Ramírez Torres Flores Rivera Gómez Díaz Reyes "
    "Morales Cruz Ortiz Gutiérrez Chávez Ramos Ruiz Mendoza Castillo Vargas Romero Herrera Medina Aguilar Delgado"
)
CITIES = {
    "northside-honda": ("973", "NJ", (("Newark", "07102"), ("Bloomfield", "07003"), ("Montclair", "07042"),
                        ("Kearny", "07032"), ("Belleville", "07109"), ("Nutley", "07110"), ("Clifton", "07011"),
                        ("Orange", "07050"), ("Passaic", "07055"), ("Irvington", "07111"), ("Union", "07083"))),
    "eastside-ford": ("312", "IL", (("Chicago", "60601"), ("Cicero", "60804"), ("Oak Park", "60302"),
                      ("Berwyn", "60402"), ("Evanston", "60201"))),
}  # fmt: skip
STREETS = _words(
    "Maple Oak Elm Cedar Park Broad Main Union Franklin Walnut Grove Prospect Highland Washington Mill"
)
#: The front of a VIN (world maker, line, body), the year it began, make and model.
MODELS = {
    "northside-honda": (
        ("2HGFE1F5", "HONDA", "CIVIC"), ("1HGCV1F3", "HONDA", "ACCORD"), ("2HKRW2H5", "HONDA", "CR-V"),
        ("5FNYF6H5", "HONDA", "PILOT"), ("5FNRL6H7", "HONDA", "ODYSSEY"), ("3CZRZ1H5", "HONDA", "HR-V"),
        ("5FPYK3F5", "HONDA", "RIDGELINE"),
    ),
    "eastside-ford": (
        ("1FTFW1E8", "FORD", "F-150"), ("1FMCU9G6", "FORD", "ESCAPE"), ("1FMSK8DH", "FORD", "EXPLORER"),
        ("3FMCR9B6", "FORD", "BRONCO SPORT"), ("1FA6P8CF", "FORD", "MUSTANG"), ("1FM5K8D8", "FORD", "EXPEDITION"),
    ),
}  # fmt: skip
YEAR_CODES = {2014: "E", 2015: "F", 2016: "G", 2017: "H", 2018: "J", 2019: "K", 2020: "L", 2021: "M", 2022: "N",
              2023: "P", 2024: "R", 2025: "S", 2026: "T", 2027: "V"}  # fmt: skip
SPEAK_SPANISH = 0.16
MANY = 1800
#: The serial numbers of cars in stock, and of new cars that are sold, begin here.
STOCK_CARS, SOLD_CARS = 50_000, 70_000


@dataclass(frozen=True)
class Car:
    """A car by its VIN."""

    vin: str
    year: str
    make: str
    model: str


def model_words(model: str) -> str:
    """A model as people write it: "Civic", but "CR-V" and "F-150"."""
    return " ".join(word if "-" in word else word.title() for word in model.split())


@dataclass(frozen=True)
class Person:
    """Somebody who might be a customer; `n` is their place among all of that store."""

    n: int
    first: str
    last: str
    language: str
    phone: str
    email: str
    street: str
    city: str
    state: str
    postal_code: str
    car: Car

    @property
    def name(self) -> str:
        """First and last."""
        return f"{self.first} {self.last}"

    @property
    def number(self) -> str:
        """Their phone in E.164."""
        return f"+1{self.phone}"

    @property
    def dms_number(self) -> str:
        """By which the DMS knows them."""
        return f"C{1000 + self.n}"


@lru_cache(maxsize=4 * MANY)
def person(slug: str, n: int) -> Person:
    """The n-th person around this store, 0 to MANY."""
    dice = dice_of(slug, "person", n)
    spanish = dice.random() < SPEAK_SPANISH
    first = dice.choice(PRIMER if spanish else FIRST)
    last = dice.choice(APELLIDO if spanish or dice.random() < 0.08 else LAST)
    area, state, cities = CITIES[slug]
    city, postal_code = dice.choice(cities)
    plain = "".join(mark for mark in f"{first}.{last}".lower() if mark.isascii())
    return Person(
        n=n,
        first=first,
        last=last,
        language="es" if spanish else "en",
        phone=f"{area}555{1000 + n}",
        email=f"{plain}{n}@example.com",
        street=f"{dice.randrange(2, 980)} {dice.choice(STREETS)} {dice.choice(('St', 'Ave', 'Rd'))}",
        city=city,
        state=state,
        postal_code=postal_code,
        car=car(slug, n, year=dice.randrange(2014, 2026)),
    )


def car(slug: str, n: int, *, year: int) -> Car:
    """A car of this store's make; `n` is its serial number."""
    front, make, model = MODELS[slug][n % len(MODELS[slug])]
    body = f"{front}0{YEAR_CODES[year]}H{n % 1_000_000:06d}"
    return Car(body[:8] + vin.check_digit(body) + body[9:], str(year), make, model)


@dataclass(frozen=True)
class Unit:
    """A car that the store has to sell, by its stock number."""

    stock_number: str
    condition: str
    how: str
    car: Car


@lru_cache(maxsize=512)
def unit(slug: str, n: int) -> Unit:
    """The n-th car that comes into this store's stock."""
    dice = dice_of(slug, "unit", n)
    if dice.random() < 0.45:
        return Unit(f"N{2101 + n}", "new", "maker", car(slug, STOCK_CARS + n, year=2027))
    how = dice.choice(("trade", "trade", "bought"))
    number = f"{4101 + 3 * n}{'A' if how == 'trade' else 'P'}"
    return Unit(number, "used", how, car(slug, STOCK_CARS + n, year=dice.randrange(2017, 2025)))


def whose(number: str) -> int | None:
    """Whose phone this E.164 number is; None for nobody of ours."""
    digits = number[-4:]
    n = int(digits) - 1000 if number[-7:-4] == "555" and digits.isdecimal() else -1
    return n if 0 <= n < MANY else None
