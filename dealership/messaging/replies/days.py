"""Days in a text: weekdays, dates, "tomorrow", "next week". Builders for the patterns of `scanning.py`.

US order: 12/5 is December 5. A date without a year is the next one to come. What people mean differently ("next
Thursday" said on a Tuesday, the name of today, a date whose weekday does not fit) is read with a doubt.
"""

import re
from datetime import date, timedelta

from dealership.messaging.replies import timewords as tw
from dealership.messaging.replies.atoms import Atom, Kind, Scene

_CLOCKS_FOLLOW = re.compile(
    rf"(?:\b(?:around|about|at|like|after|before|between|today|hoy|{tw.TOMORROW})|@)\s*(?:around |about |"
    rf"at |@ ?)?$"
)
_SPANISH = re.compile(r"\b(?:el|la|las|los|para|por|cita|puedo|gracias|mejor|quiero|dia|si)\b")
FAR_AHEAD = 90
"""Days after which a wanted date is asked about."""


def day_atom(match: re.Match[str], first: date, *doubts: str, last: date | None = None) -> Atom:
    return Atom(Kind.DAY, match.start(), match.end(), first=first, last=last or first, doubts=doubts)


def safe_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def coming(month: int, day: int, today: date) -> date | None:
    """The next such date from today on, this year or next; None where neither has it (February 29)."""
    return next(
        (d for year in (today.year, today.year + 1) if (d := safe_date(year, month, day)) and d >= today),
        None,
    )


def relative(match: re.Match[str], scene: Scene) -> list[Atom]:
    """ "Today", "tomorrow", "day after tomorrow" and their Spanish."""
    word = match.group()
    if "after" in word or word.startswith("pasado"):
        days = 2
    elif word.startswith(("today", "tday", "hoy", "same", "later", "mas tarde")):
        days = 0
    else:
        days = 1
    atom = day_atom(match, scene.today + timedelta(days=days))
    if word.startswith(("later", "mas tarde")):
        return [Atom(Kind.DAY, atom.start, atom.end, first=atom.first, last=atom.last, bound="after")]
    return [atom]


def same_day(match: re.Match[str], scene: Scene) -> list[Atom]:
    """ "That day", "the same day": the appointment's."""
    if scene.appointment is None:
        return []
    return [day_atom(match, scene.appointment.date())]


def weekday(match: re.Match[str], scene: Scene) -> list[Atom]:
    name = match["day"]
    before, after = match["pre"] or "", match["post"] or ""
    lead = match.string[: match.start("day")].rstrip().rsplit(" ", 1)[-1]
    if name in tw.SHY_WEEKDAYS and lead in (
        "i",
        "we",
        "it",
        "the",
        "you",
        "he",
        "she",
        "a",
        "in",
        "just",
        "they",
        "de",
        "que",
    ):
        return []
    number, today = tw.WEEKDAYS[name], scene.today
    ahead = (number - today.weekday()) % 7
    monday = today - timedelta(days=today.weekday())
    doubts: list[str] = []
    if (
        name.endswith("s")
        and name[:-1] in tw.WEEKDAYS
        and name not in ("lunes", "martes", "miercoles", "jueves", "viernes")
    ):
        doubts += [] if name in ("tues", "weds", "thurs") else ["may mean every week"]
    if "week" in after or "semana" in after:
        this_week = after.startswith(("this", "of this", "de esta", "esta"))
        day = monday + timedelta(days=number + (0 if this_week else 7))
        doubts += ["weeks may start on Sunday"] if number == 6 else []
    elif before.startswith(("next", "proximo", "siguiente")) or after in ("que viene", "proximo"):
        day = monday + timedelta(days=number + 7)
        if ahead and ahead != (day - today).days:
            doubts.append(f"“{match.group().strip()}” may be this week's or next week's")
        doubts += ["weeks may start on Sunday"] if number == 6 else []
    else:
        day = today + timedelta(days=ahead or 7)
        if not ahead:
            day = today if before.startswith(("this", "este")) else day
            doubts.append("names today's weekday")
        if scene.appointment and not before:
            day, extra = _near_appointment(day, scene.appointment.date())
            doubts += extra
    return [day_atom(match, day, *doubts)]


def _near_appointment(day: date, booked: date) -> tuple[date, list[str]]:
    """A weekday said about an appointment a week or more away may be that week's."""
    if booked.weekday() == day.weekday() and booked >= day:
        return booked, [] if booked - day < timedelta(days=7) else [
            "may be the appointment's week or this week"
        ]
    if booked - day >= timedelta(days=3):
        week = booked - timedelta(days=booked.weekday()) + timedelta(days=day.weekday())
        return max(week, day), ["may be the appointment's week or this week"]
    return day, []


def _in_year(month: int, day: int, year_text: str | None, scene: Scene) -> tuple[date | None, list[str]]:
    if not year_text:
        return coming(month, day, scene.today), []
    year = int(year_text.lstrip("'"))
    return safe_date(year + 2000 if year < 100 else year, month, day), []


def month_day(match: re.Match[str], scene: Scene) -> list[Atom]:
    """ "Dec 5th", "5 de mayo", "March third 2027", "July 13-15", with an optional weekday before it."""
    found = match.groupdict()
    text = found["d"]
    number = tw.ORDINALS.get(text) or tw.DAY_NUMBER_WORDS.get(text) or int(re.sub(r"\D", "", text) or 0)
    first, doubts = _in_year(tw.MONTHS[found["month"]], number, found.get("y"), scene)
    if first is None:
        return []
    last = first
    if found.get("d2"):
        until = safe_date(first.year, first.month, int(re.sub(r"\D", "", found["d2"])))
        if until is None or until <= first:
            return []
        last = until
    return [_checked(match, first, last, doubts, scene)]


def _checked(match: re.Match[str], first: date, last: date, doubts: list[str], scene: Scene) -> Atom:
    named = match.groupdict().get("wd")
    if named and tw.WEEKDAYS[named] != first.weekday():
        doubts = [*doubts, "weekday and date do not fit"]
    if (first - scene.today).days > FAR_AHEAD:
        doubts = [*doubts, "far ahead"]
    return day_atom(match, first, *doubts, last=last)


def numeric(match: re.Match[str], scene: Scene) -> list[Atom]:
    """ "12/5", "12/5/26", "12-15": month first, as written in the US."""
    a, b, year = int(match["a"]), int(match["b"]), match["y"]
    if match["sep"] == "-" and not year and b <= 12 and not match["el"]:
        return []
    lead = match.string[: match.start()]
    if (a, b) in ((24, 7), (1, 2)) and not year:
        return []
    if not year and not match["wd"] and _CLOCKS_FOLLOW.search(lead):
        return []
    doubts: list[str] = []
    if a > 12 or (match["el"] and a <= 31 and b <= 12):
        a, b = b, a
        doubts.append("day or month first?")
    elif b <= 12 and a != b and _SPANISH.search(match.string):
        doubts.append("day or month first?")
    first, more = _in_year(a, b, year, scene) if 1 <= a <= 12 else (None, [])
    return [_checked(match, first, first, doubts + more, scene)] if first else []


def iso(match: re.Match[str], scene: Scene) -> list[Atom]:
    first = safe_date(int(match["y"]), int(match["a"]), int(match["b"]))
    return [_checked(match, first, first, [], scene)] if first else []


def day_of_month(match: re.Match[str], scene: Scene) -> list[Atom]:
    """ "The 15th", "on the first", "el 20", "Thu 15th", "20th of next month"."""
    found = match.groupdict()
    text = found["d"]
    number = tw.ORDINALS.get(text) or tw.DAY_NUMBER_WORDS.get(text) or int(re.sub(r"\D", "", text) or 0)
    if not 1 <= number <= 31:
        return []
    start = scene.today
    tail = found.get("of") or ""
    doubts: list[str] = []
    if "next" in tail or "proximo" in tail or "que viene" in tail:
        start = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    elif tail:
        start = start.replace(day=1)
        doubts = ["already gone"] if number < scene.today.day else []
    candidates = (start + timedelta(days=i) for i in range(70))
    first = next((d for d in candidates if d.day == number), None)
    return [_checked(match, first, first, doubts, scene)] if first else []


def week(match: re.Match[str], scene: Scene) -> list[Atom]:
    """ "Next week", "this weekend", "la proxima semana", "next month", "in March"."""
    said, today = match.group(), scene.today
    monday = today - timedelta(days=today.weekday())
    following = re.search(r"next|proxim|que viene|siguiente|following|coming|upcoming", said) is not None
    if "weekend" in said or "fin de semana" in said:
        saturday = monday + timedelta(days=12 if "next" in said else 5)
        first, last = max(saturday, today), saturday + timedelta(days=1)
    elif "week" in said or "semana" in said:
        first = monday + timedelta(days=7) if following else today
        last = (monday + timedelta(days=13)) if following else monday + timedelta(days=6)
        if "end of" in said or "late" in said or "fines" in said:
            first = max(first, last - timedelta(days=3))
            last = max(first, last - timedelta(days=2))
        elif "early" in said or "beginning" in said:
            last = max(first, first + timedelta(days=2))
    elif "month" in said or "mes" in said:
        start = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        end = (start + timedelta(days=32)).replace(day=1)
        first, last = (start, end - timedelta(days=1)) if following else (today, start - timedelta(days=1))
        if "end of" in said:
            first = max(first, last - timedelta(days=6))
    else:
        found = coming(tw.MONTHS[match["month"]], 1, today.replace(day=1))
        if found is None:
            return []
        first, last = max(found, today), (found + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return [day_atom(match, first, "several days", last=last)]


def holiday(match: re.Match[str], scene: Scene) -> list[Atom]:
    said, today = match.group(), scene.today
    if "thanksgiving" in said:
        found = next(
            d
            for year in (today.year, today.year + 1)
            if (d := date(year, 11, 22) + timedelta(days=(3 - date(year, 11, 22).weekday()) % 7)) >= today
        )
    else:
        month, day = (12, 24) if "eve" in said and "new" not in said else (12, 25)
        if "new" in said:
            month, day = (12, 31) if "eve" in said else (1, 1)
        found = coming(month, day, today) or today
    return [day_atom(match, found, "a holiday")]
