"""Words of the calendar and the clock in English and Spanish, as data. Spelt as `folding.fold()` spells."""

from dealership.messaging.replies.folding import listed

WEEKDAYS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "monday mondays mon monda lunes lun",
            "tuesday tuesdays tues tue tusday tuseday teusday martes",
            "wednesday wednesdays weds wed wensday wednsday wendesday wedsnesday miercoles mie miercole",
            "thursday thursdays thurs thur thu thrusday thursady thurday thursd jueves jue",
            "friday fridays fri firday freday viernes vie vierne",
            "saturday saturdays sat saterday satuday saturaday sabado sabados sab",
            "sunday sundays sun sundy domingo domingos dom",
        )
    )
    for name in names.split()
}
SHY_WEEKDAYS = frozenset(listed("mon sat sun wed mie vie dom sab jue lun fri thu tue"))
"""Short forms that are also other words: not a day after "I", "we", "it", "the" and the like."""

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febuary febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sept sep septiembre setiembre",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
SHY_MONTHS = frozenset(listed("may mar ago jun sep dec"))
"""Never read as a month without a day beside it."""

_EN = listed("one two three four five six seven eight nine ten eleven twelve")
_ES = listed("una dos tres cuatro cinco seis siete ocho nueve diez once doce")
HOUR_WORDS: dict[str, int] = {word: i for names in (_EN, _ES) for i, word in enumerate(names, start=1)} | {
    "uno": 1
}

MINUTE_WORDS: dict[str, int] = (
    {"five": 5, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "quarter": 15}
    | {"a quarter": 15, "fourty": 40, "cinco": 5, "diez": 10, "quince": 15, "veinte": 20, "veinticinco": 25}
    | {"treinta": 30, "media": 30, "cuarto": 15, "cuarenta": 40, "cincuenta": 50}
    | {
        f"{tens}{gap}{unit}": value + i
        for tens, value in (("twenty", 20), ("thirty", 30), ("forty", 40), ("fifty", 50))
        for i, unit in enumerate(_EN[:9], start=1)
        for gap in (" ", "-")
    }
    | {
        f"{tens} y {unit}": value + i
        for tens, value in (("treinta", 30), ("cuarenta", 40), ("cincuenta", 50))
        for i, unit in enumerate(_ES[:9], start=1)
    }
)
COUNT_WORDS: dict[str, float] = {word: float(n) for word, n in HOUR_WORDS.items()} | {
    "a": 1.0,
    "an": 1.0,
    "un": 1.0,
    "half an": 0.5,
    "half a": 0.5,
    "half": 0.5,
    "1/2": 0.5,
    "1/2 an": 0.5,
    "media": 0.5,
    "fifteen": 15.0,
    "twenty": 20.0,
    "thirty": 30.0,
    "forty": 40.0,
    "quince": 15.0,
    "veinte": 20.0,
    "treinta": 30.0,
}
UNIT_MINUTES: dict[str, int] = {
    **dict.fromkeys(listed("min mins minute minutes minuto minutos"), 1),
    **dict.fromkeys(listed("h hr hrs hour hours hora horas"), 60),
}
UNIT_DAYS: dict[str, int] = {
    **dict.fromkeys(listed("day days dia dias"), 1),
    **dict.fromkeys(listed("week weeks wk wks semana semanas"), 7),
}
_ORDINAL_NAMES = listed(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
ORDINALS: dict[str, int] = (
    {name: i for i, name in enumerate(_ORDINAL_NAMES, start=1)}
    | {
        f"twenty{gap}{name}": 20 + i
        for i, name in enumerate(_ORDINAL_NAMES[:9], start=1)
        for gap in (" ", "-")
    }
    | {"thirtieth": 30, "thirty first": 31, "thirty-first": 31, "primero": 1, "primer": 1}
)
DAY_NUMBER_WORDS: dict[str, int] = (
    {word: n for word, n in HOUR_WORDS.items() if word in _ES or word == "uno"}
    | {"trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17, "dieciocho": 18}
    | {"diecinueve": 19, "veinte": 20, "veintiuno": 21, "veintidos": 22, "veintitres": 23, "veinticuatro": 24}
    | {
        "veinticinco": 25,
        "veintiseis": 26,
        "veintisiete": 27,
        "veintiocho": 28,
        "veintinueve": 29,
        "treinta": 30,
    }
)
TOMORROW = (
    "tomorrows?|tomorow|tommorow|tommorrow|tomorro|tomorrrow|tomarrow|tomoro|tomor|tmrw|tmrrw|tmmrw|tmr|tmw|tmrow|"
    "2moro|2morrow|2mrw|2mro|tomrw|tomorrw|manana"
)

PARTS: tuple[tuple[str, str, int, int, str], ...] = (
    (r"(?:in the )?(?:mid|late)[- ]?morning", "am", 9 * 60, 12 * 60, ""),
    (r"(?:in the )?(?:early|mid|late)[- ]?afternoon", "pm", 12 * 60, 17 * 60, ""),
    (r"early (?:in the |this )?morning|temprano (?:en|por) la manana|a primera hora", "am", -1, 10 * 60, ""),
    (
        r"first thing(?: (?:in the )?morning)?|right when (?:you|yall) open|when (?:you|yall) open",
        "am",
        -1,
        -2,
        "",
    ),
    (r"after lunch|despues del almuerzo|despues de comer", "pm", 13 * 60, -3, ""),
    (
        r"(?:around |at |during )?lunch ?(?:time|hour|break)?|a la hora del almuerzo",
        "pm",
        12 * 60,
        14 * 60,
        "",
    ),
    (r"after (?:work|school)|despues del trabajo|saliendo del trabajo", "pm", 17 * 60, -3, ""),
    (
        r"(?:at |by |the )*(?:end of (?:the )?(?:business )?day|eod|cob|close of business|closing(?: time)?)",
        "pm",
        -4,
        -3,
        "",
    ),
    (
        r"(?:in the |the |this )?mornings?|(?:por|en|de) (?:la|las) mananas?|de la madrugada",
        "am",
        -1,
        12 * 60,
        "this morning",
    ),
    (
        r"(?:in the |in |the |this )?after ?noons?|(?:por|en|de) (?:la|las) tardes?|del mediodia",
        "pm",
        12 * 60,
        17 * 60,
        "this",
    ),
    (r"(?:in the |the |this )?evenings?", "pm", 17 * 60, 21 * 60, "this"),
    (r"(?:at |in the )?nights?|(?:por|en|de) (?:la|las) noches?", "pm", 18 * 60, 21 * 60, ""),
)
"""Pattern, am or pm, first and last minute of the day (-1 opening, -2 an hour after, -3 closing, -4 an hour before)."""
