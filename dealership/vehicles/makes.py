"""Makes of cars, as people write them. Pure.

Systems cut makes to four letters ("DODG") and write them in any case; a make is shown by its own name.
"""

MAKES = (
    "Acura", "Alfa Romeo", "Aston Martin", "Audi", "Bentley", "BMW", "Buick", "Cadillac", "Chevrolet", "Chrysler",
    "Dodge", "Ducati", "Ferrari", "Fiat", "Ford", "Freightliner", "Genesis", "GMC", "Harley-Davidson", "Honda",
    "Hummer", "Hyundai", "Infiniti", "Isuzu", "Jaguar", "Jeep", "Kawasaki", "Kia", "Lamborghini", "Land Rover",
    "Lexus", "Lincoln", "Lotus", "Lucid", "Maserati", "Mazda", "McLaren", "Mercedes-Benz", "Mercury", "MINI",
    "Mitsubishi", "Nissan", "Oldsmobile", "Plymouth", "Polestar", "Pontiac", "Porsche", "Ram", "Rivian",
    "Rolls-Royce", "Saab", "Saturn", "Scion", "Smart", "Subaru", "Suzuki", "Tesla", "Toyota", "Triumph",
    "Volkswagen", "Volvo", "Yamaha",
)  # fmt: skip

_NICKNAMES = {
    "chevy": "Chevrolet",
    "vw": "Volkswagen",
    "merz": "Mercedes-Benz",
    "mb": "Mercedes-Benz",
    "landrover": "Land Rover",
    "harley": "Harley-Davidson",
    "hd": "Harley-Davidson",
    "infinity": "Infiniti",
    "hyndai": "Hyundai",
}
_SHORTEST_CUT = 4


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


_BY_LETTERS = {_letters(make): make for make in MAKES}


def full_name(text: str, *, maker: str | None = None) -> str:
    """The make that `text` means, or `text` without outer spaces when no single make fits.

    `maker` (from the VIN) decides where a cut make fits several, as "MERC" does.
    """
    letters = _letters(text)
    known = _BY_LETTERS.get(letters) or _NICKNAMES.get(letters)
    if known:
        return known
    if len(letters) >= _SHORTEST_CUT:
        fitting = [make for key, make in _BY_LETTERS.items() if key.startswith(letters)]
        if len(fitting) > 1 and maker:
            fitting = [make for make in fitting if _letters(make) == _letters(maker)]
        if len(fitting) == 1:
            return fitting[0]
    return text.strip()
