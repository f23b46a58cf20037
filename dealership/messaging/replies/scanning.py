"""The patterns of the time grammar in their order, and the numbers that are times only because of what is beside them."""

import re

from dealership.messaging.replies import atoms, days
from dealership.messaging.replies import timewords as tw
from dealership.messaging.replies.atoms import (
    AM_PM,
    COUNT,
    HOUR,
    MINUTE_WORD,
    MONTH,
    USED,
    WEEKDAY,
    Atom,
    Build,
    Kind,
    Scan,
    Scene,
)

_ORDINAL_WORD = atoms.any_of(tw.ORDINALS)
_NTH = r"\d\d?(?:st|nd|rd|th)"
_DAY = rf"(?:(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?|{_ORDINAL_WORD})"
_DIA = rf"(?:[12]\d|3[01]|0?[1-9]|{atoms.any_of(tw.DAY_NUMBER_WORDS)})"
_NAMED = rf"(?:(?:el )?(?P<wd>{WEEKDAY})\.?,? (?:el |the )?)?"
_YEAR = r"(?:,? (?:de |del |of )?(?P<y>20\d\d|'\d\d))?"
_MINUTES = atoms.any_of(tw.UNIT_MINUTES)
_UNIT = rf"{_MINUTES}|{atoms.any_of(tw.UNIT_DAYS)}"
_FREE = r"(?<![\w.,:$#/%-])"
_NO_DATE_AFTER = (
    rf"(?![\w%$]|[.,:/-]\d)(?! ?(?:{_UNIT}|ton|inch|in|miles?|off|price|cup|tank|full|way|a|ish|[ap]\.?m|"
    rf"stars?|people|"
    r"kids|yes|no|times?|out|engine|quarts?)\b)"
)
_NO_CLOCK_BEFORE = r"(?<![\w$:.,#/])"
_GREETING = (
    r"\b(?:good|great|nice|happy|wonderful|lovely|blessed|awesome|gm) (?:morning|after ?noon|evening|night|"
    r"day|weekend|week|rest of (?:your|the) (?:day|week)|thanksgiving|new year|holidays?)\b|\bmerry "
    r"(?:christmas|xmas)\b|\bbuen[oa]s? (?:dias?|tardes?|noches?)\b|\bfeliz (?:navidad|dia|fin de "
    r"semana)\b|^morning\b(?=[,!.]| all| \w+,)|^after ?noon\b(?=[,!.])|\b24/7\b|\bsooner or later\b|"
    r"\b(?:see|talk|catch|text|call|know|maybe|perhaps|back|chat|do it|quizas|vez)\b(?: (?:you|ya|u|to|it|"
    r"about it|them|with you|soon|mas)){0,3} (?:later|tarde|luego)\b(?! (?:today|this))"
)
_PAST = (
    rf"\b(?:last|past|previous) (?:{WEEKDAY}|week|weekend|month|year|night|time|visit|{MONTH})\b|"
    rf"\byesterday\b|\bayer\b|\banteayer\b|\bantier\b|\banoche\b|\bday before yesterday\b|\bearlier "
    rf"(?:today|this \w+)\b|\b(?:a few|several|a couple(?: of)?|{COUNT}) ?(?:\w+ )?(?:ago|back)\b|\bhace "
    rf"{COUNT} \w+\b|\b(?:{WEEKDAY}|semana|mes|ano) pasad[oa]\b|\b(?:{WEEKDAY}) de la semana pasada\b"
)
_COUNTED_WEEKDAY = (
    rf"\b(?:the )?(?:first|second|third|fourth|last|1st|2nd|3rd|4th|closest) (?:{WEEKDAY}) (?:of|in|"
    rf"to)\b(?: \w+){{1,3}}|\b(?:\d|two|three|four) (?:{WEEKDAY}) from\b"
)
_PERIOD = (
    r"(?:(?:this|next|the following|following|coming|upcoming|esta|la proxima|proxima|siguiente|este|"
    r"proximo) (?:coming )?(?:week(?:end)?|semana|fin de semana|month|mes)|semana que viene|mes que viene|"
    r"the weekend|fin de semana)"
)
_WEEK_AFTER = (
    r"(?P<post>(?:of )?(?:this|next|the following) week|de esta semana|(?:de )?la semana que viene|de la "
    r"proxima semana|que viene|proximo)"
)

_PATTERNS: tuple[tuple[str, Build], ...] = (
    (_GREETING, atoms.idle),
    (r"(?<!\d)(?:\+?1[ .-]?)?(?:\(?\d{3}\)?[ .-]?)?\d{3}[ .-]\d{4}(?!\d)", atoms.idle),
    (_PAST, atoms.past),
    (_COUNTED_WEEKDAY, atoms.idle),
    (
        rf"\b(?:in|within|en|dentro de) (?:about |like |around |unos |unas |como )?(?P<n>{COUNT}) "
        rf"?(?P<u>{_UNIT})\b"
        r"(?: from now)?",
        atoms.delay,
    ),
    (rf"\b(?P<n>{COUNT}) ?(?P<u>{_UNIT}) from (?:now|today)\b", atoms.delay),
    (
        rf"\b(?P<n>{COUNT}) ?(?P<u>{_MINUTES}) (?P<way>later|earlier|sooner|mas tarde|mas temprano|antes)\b",
        atoms.shifted,
    ),
    (
        rf"\b(?:for |takes? |took |waited |por |waiting )?(?:about |over |like )?{COUNT} ?(?:more "
        rf")?(?:{_UNIT}|months?|"
        r"years?|yrs?|meses|anos?|seconds?|secs?)\b(?! ?(?:past|after|to|before|till?|until|noon)\b)",
        atoms.idle,
    ),
    (rf"{_FREE}(?P<y>20\d\d)[-/](?P<a>0?[1-9]|1[0-2])[-/](?P<b>[12]\d|3[01]|0?[1-9])(?!\d)", days.iso),
    (
        rf"\b{_NAMED}(?P<month>{MONTH})\.? ?(?:the )?(?P<d>{_DAY}) ?(?:-|to|thru|through|al?) ?"
        r"(?P<d2>\d\d?(?:st|nd|rd|th)?)\b(?![:/.]?\d| ?[ap]\.?m)",
        days.month_day,
    ),
    (
        rf"\b{_NAMED}(?P<d>\d\d?) ?(?:-|to|al?) ?(?P<d2>\d\d?) (?:of |de )?(?P<month>{MONTH})\b{_YEAR}",
        days.month_day,
    ),
    (
        rf"\b{_NAMED}(?P<month>{MONTH})\.? ?(?:the |el )?(?P<d>{_DAY})\b(?!:\d| ?[ap]\.?m\b|%){_YEAR}",
        days.month_day,
    ),
    (rf"\b{_NAMED}(?:the )?(?P<d>{_DAY}) ?(?:of |day of )?(?P<month>{MONTH})\b{_YEAR}", days.month_day),
    (rf"\b{_NAMED}(?:el )?(?:dia )?(?P<d>{_DIA}) (?:de )?(?P<month>{MONTH})\b{_YEAR}", days.month_day),
    (
        rf"{_FREE}(?:(?P<wd>{WEEKDAY})\.?,? )?(?P<el>\bel )?(?P<a>\d\d?) ?(?P<sep>[/-]) ?(?P<b>\d\d?)"
        rf"(?:(?P=sep)(?P<y>20\d\d|\d\d))?{_NO_DATE_AFTER}",
        days.numeric,
    ),
    (
        r"\b(?:the )?(?P<d>\d\d?(?:st|nd|rd|th)?)(?: day)? of (?P<of>(?:the )?next month|this month)\b",
        days.day_of_month,
    ),
    (rf"\b(?:el )?(?P<wd>{WEEKDAY})\.?,? (?:the |el )?(?P<d>{_NTH})\b", days.day_of_month),
    (rf"\bel (?P<wd>{WEEKDAY}) (?P<d>1[3-9]|2\d|3[01])\b(?![:.]\d)", days.day_of_month),
    (
        rf"\b(?:the|or|and|to) (?P<d>{_NTH})\b(?! (?:one|time|gear|row|cylinder|gen|street|st|ave|of|"
        rf"thing)\b)",
        days.day_of_month,
    ),
    (rf"\bon the (?P<d>{_ORDINAL_WORD})\b(?! \w)", days.day_of_month),
    (
        r"\bel (?:dia )?(?P<d>[12]\d|3[01]|0?[1-9])\b(?! ?(?:de|%|:|\d|y))(?![.,:/-]\d)(?= ?(?:$|[.,!?]|a las?|por|en|o ))",
        days.day_of_month,
    ),
    (rf"\b(?:el )?dia (?P<d>{_DIA})\b", days.day_of_month),
    (rf"\b(?:(?:the )?day after (?:{tw.TOMORROW})|pasado manana)\b", days.relative),
    (r"\b(?:(?:on |for )?(?:the |that )?same day|that day|(?:ese )?mismo dia)\b", days.same_day),
    (r"\b(?:tonight|tonite|2nite|esta noche|esta tarde|esta manana)\b", atoms.this_part),
    *(
        (rf"\b(?:{pattern})\b", atoms.part(half, low, high, when))
        for pattern, half, low, high, when in tw.PARTS
    ),
    (r"\b(?:later today|mas tarde hoy|hoy mas tarde)\b", days.relative),
    (rf"\b(?:on |el |next )?(?P<pre>this )?(?P<day>{WEEKDAY})\b\.?,? {_WEEK_AFTER}\b", days.weekday),
    (
        rf"\b(?P<pre>this )?(?P<post>next week|this week|la semana que viene|la proxima semana),? (?:on |el )?(?P<day>{WEEKDAY})\b",
        days.weekday,
    ),
    (rf"\b(?:today|tday|hoy|{tw.TOMORROW})\b", days.relative),
    (
        rf"\b(?:(?:early|late|later|sometime|anytime|around|all|(?:at )?(?:the )?(?:end|beginning) of|a "
        rf"fines de) )*(?:la |el |the )?{_PERIOD}\b|\bend of (?:the )?(?:week|month)\b|\bearly in the "
        rf"week\b|\blater "
        rf"this week\b",
        days.week,
    ),
    (
        rf"\b(?:(?:on |el |los )?(?P<pre>this coming|this|next|coming|upcoming|este|proximo|siguiente) |on "
        rf"|el )?"
        rf"(?P<day>{WEEKDAY})\b\.?(?:,? {_WEEK_AFTER}\b)?",
        days.weekday,
    ),
    (
        rf"\b(?:in|next|this|sometime in|early|late|mid|en) (?P<month>"
        rf"{atoms.any_of(m for m in tw.MONTHS if m not in tw.SHY_MONTHS)})\b",
        days.week,
    ),
    (
        r"\b(?:thanksgiving(?: day)?|christmas(?: eve| day)?|xmas|navidad|new years?(?: eve| day))\b",
        days.holiday,
    ),
    (
        rf"\b(?P<m>half|a quarter|{MINUTE_WORD}|\d\d?)(?P<unit> ?min(?:ute)?s?)? (?P<way>past|after|to|"
        rf"till?|before|of) "
        rf"(?:(?P<noon>noon|midday)|(?P<h>{HOUR})(?:{AM_PM})?)(?![\w:]|\.\d)",
        atoms.past_the_hour,
    ),
    (r"\b(?:noon|midday|noontime|(?:al |a )?medio ?dia|midnight)\b", atoms.noon),
    (
        rf"{_NO_CLOCK_BEFORE}(?P<h>[01]?\d|2[0-4]) ?[:h] ?(?P<m>[0-5]\d)(?::[0-5]\d)?(?:{AM_PM})?(?![\d%:])(?!h)",
        atoms.with_colon,
    ),
    (rf"{_NO_CLOCK_BEFORE}(?P<h>[01]?\d|2[0-4])\.(?P<m>[0-5]\d)(?:{AM_PM})(?![\d%])", atoms.with_colon),
    (r"\b(?:las?|at) (?P<h>1[3-9]|2[0-3])\.(?P<m>[0-5]\d)(?![\d%.])", atoms.with_colon),
    (
        rf"\blas? (?P<h>{HOUR}) (?P<way>y|menos) (?P<m>{MINUTE_WORD}|[0-5]\d)(?:{AM_PM})?(?![\w:])",
        atoms.spanish_minutes,
    ),
    (rf"\b(?P<h>{HOUR}) (?P<way>y) (?P<m>media|cuarto)(?:{AM_PM})?(?!\w)", atoms.spanish_minutes),
    (
        rf"{_NO_CLOCK_BEFORE}(?P<h>{HOUR}|1?\d[0-5]\d)(?: (?P<m>{MINUTE_WORD}))?"
        rf"(?: (?:oh?|0|cero|zero) (?P<oh>\d|{atoms.any_of(tw.HOUR_WORDS)}))?(?: ?ish| ?o "
        rf"?clock)?{AM_PM}(?!\w)",
        atoms.with_half,
    ),
    (rf"{_NO_CLOCK_BEFORE}(?P<h>{HOUR}) ?(?:o ?clock|hrs)\b", atoms.on_the_hour),
    (r"(?:\baround|\babout|\bat|@|\blike) ?(?P<h>\d\d?) ?/ ?(?P<h2>\d\d?)\b(?!/)", atoms.either_hour),
    (
        r"\b(?<!no )(?<!or )(?P<way>earlier|sooner|mas temprano|mas antes|later|mas tarde)\b(?! (?:on|than|or))",
        atoms.shift,
    ),
)
_COMPILED = tuple((re.compile(pattern), build) for pattern, build in _PATTERNS)

_WEAK = re.compile(
    rf"(?<![\w$:.,#/%+])(?P<h>\d{{1,4}}|{atoms.any_of(tw.HOUR_WORDS)})(?: (?P<m>{MINUTE_WORD}))?(?P<ish> "
    rf"?ish\b)?(?!\w|[:.,/]\d|%)"
)
_AT = re.compile(
    r"(?:\b(?:instead of|rather than|at|by|after|before|around|about|til|till|until|till|between|past|antes de|despues de|a "
    r"partir de|than)|@|~|\blas|\ba la|\blike at)\s*$"
)
_WANTED = re.compile(
    r"(?:^|\b(?:do|make it|make|how about|what about|come in|come|to|or|book|try|for|say|from|be|prefer|"
    r"want|can|mejor|like|yes|no|ok|tipo|actually|instead|rather|set))[\s,.!:]*$"
)
_WORKS = re.compile(
    r"^ (?:works|would work|will work|is (?:good|fine|better|best|perfect|great)|instead|esta bien|me funciona)\b"
)
_NOUN_BEFORE = re.compile(
    r"(?:[$#]|\b(?:line|lines|ro|item|items|option|bay|exit|highway|hwy|route|rt|number|no|stock|model|ext|"
    r"apt|unit|suite|page|step|type|top|dept|code|zip|linea|numero|opcion|another|other|only|last|first|"
    r"next|all|these|those|both|about \$|over|under|the|my|have|had|got|has|need|bring|with|and a|"
    r"drive)[ #.:]*)$"
)
_MAY_FOLLOW = re.compile(
    rf"\s*(?:$|[.,!?;)(\"-]|{USED}|(?:works?|instead|is|it|if|please|pls|plz|or|and|would|will|then|thanks|"
    rf"thank|ty|ok|okay|"
    r"for|y|o|por favor|de la|en la|por la|sharp|but|pero|that|better|good|best|fine|great|perfect|to|too|"
    r"maybe|so|until|til|till|funciona|esta|mejor|seria|because|since|cuz|cause|should|on|in the|at the|me|"
    r"i|we|ill|sounds|does|do|a|instead|rather|though|i think|onwards?|en punto|mas o menos|than|"
    r"emoji\w*)\b)"
)
_JOINED_LEFT = re.compile(
    rf"{USED}[\s,.]*(?:(?:at|@|around|about|or|and|-|to|y|o|a|by|entre|like|for|till?|until|para|maybe|"
    rf"hasta|be)\s*)*$"
)
_JOINED_RIGHT = re.compile(
    rf"^\s*(?:ish)?\s*(?:(?:-|or|to|and|y|o|a|on|of|in the|till?|until|,|hasta|que)\s*)*{USED}"
)


def _weak(match: re.Match[str], scene: Scene) -> list[Atom]:
    """A number with no mark of time on it, where its neighbours make it one."""
    left, right = match.string[: match.start()], match.string[match.end() :]
    digits = match["h"]
    marked = bool(match["ish"]) or _AT.search(left) or _WORKS.match(right)
    if not _MAY_FOLLOW.match(right) or re.match(r"\s*-\s*\d+\.\d", right):
        return []
    if _NOUN_BEFORE.search(left) and not marked:
        return []
    asked = scene.time_asked and _WANTED.search(left) and not digits.startswith("0")
    joined = _JOINED_LEFT.search(left) or _JOINED_RIGHT.match(right)
    if not (marked or asked or joined):
        return []
    if digits.isdigit() and len(digits) > 2:
        if not joined and not marked and len(digits) == 4 and digits.startswith(("19", "20")):
            return []
        return atoms.clock(match, int(digits[:-2]), int(digits[-2:]))
    hour = atoms.hour_of(digits)
    minute = tw.MINUTE_WORDS.get(match["m"] or "", 0)
    doubts = () if hour <= 12 else ("a bare number",)
    return atoms.clock(match, hour, minute, "", *doubts) if 1 <= hour <= 23 else []


_AROUND = re.compile(
    r"(?:\b(?:around|about|roughly|approx\w*|like|sobre|como|tipo|alrededor de|say|maybe)(?: at)?(?: "
    r"a)?(?: las?)?|~)\s*$"
)
_AFTER = re.compile(
    r"\b(?:(?:any ?time |sometime )?(?:after|past|later than)|starting at|from|despues de|a partir de|"
    r"desde|no earlier than|no sooner than)(?: las?)?\s*(?:around |about |like )?$"
)
_BEFORE = re.compile(
    r"\b(?:(?:any ?time |sometime )?before|by|until|till?|no later than|antes de|hasta|para antes de|up "
    r"to)(?: las?)?\s*$"
)
_LEAD = re.compile(r"(?:\b(?:at|las?|a las?|para las?|@)|@)\s*$")
_TAIL = re.compile(
    r"^ ?(?:(?P<ish>ish|or so|mas o menos|approximately|y pico)|(?P<up>or (?:later|after)|onwards?|en adelante|and "
    r"(?:after|later))|(?P<down>or (?:earlier|before|sooner))|(?P<sharp>sharp|en punto|on "
    r"the dot))\b"
)


def _bounded(atom: Atom, text: str) -> Atom:
    """The clock atom with what stands around it: "after", "by", "around", "-ish", "or later"."""
    start, end, bound = atom.start, atom.end, atom.bound
    if "ish" in text[start:end]:
        bound = "around"
    left = text[:start]
    said_at = _LEAD.search(left)
    if said_at:
        start, left = said_at.start(), left[: said_at.start()]
    plain = said_at is not None and said_at.group().strip() in ("at", "@")  # "stop by at 3" is no "by 3"
    for pattern, kind in (
        ((_AROUND, "around"),) if plain else ((_AFTER, "after"), (_BEFORE, "before"), (_AROUND, "around"))
    ):
        if match := pattern.search(left):
            start, bound = match.start(), kind
            break
    if match := _TAIL.match(text[end:]):
        end += match.end()
        bound = "around" if match["ish"] else "after" if match["up"] else "before" if match["down"] else bound
    return Atom(
        atom.kind,
        start,
        end,
        hour=atom.hour,
        minute=atom.minute,
        half=atom.half,
        bound=bound,
        doubts=atom.doubts,
    )


def scan(folded: str, scene: Scene) -> list[Atom]:
    """Every time expression of a folded text, in the order written."""
    work = Scan(folded, scene)
    for pattern, build in _COMPILED:
        work.run(pattern, build)
    found = -1
    while found != len(work.atoms):
        found = len(work.atoms)
        work.run(_WEAK, _weak)
    ordered = sorted(work.atoms, key=lambda a: a.start)
    return [_bounded(a, folded) if a.kind is Kind.CLOCK else a for a in ordered]
