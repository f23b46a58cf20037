"""An answer to "shall we do these lines?": which are approved, which declined. Money never moves on a guess."""

import re
from dataclasses import dataclass, field

from dealership.messaging.replies.folding import listed
from dealership.messaging.replies.numbers import NUMBER_WORDS

_HIGHEST_LINE = 30
_YES = listed(
    "yes yep yeah yup ya yea yess sure approve approved approves approving do fix go proceed authorize "
    "authorized okay ok si haga hagan hagalo haganlo apruebo aprobado autorizo adelante emojiyes "
    "absolutely definitely complete perform dale arregle arreglen proceda"
)
_PLAIN = listed("no nope nah nop")
_NOT = listed(
    "not dont decline declined declining skip except without hold wait pass never minus sin menos excepto emojino "
    "emojistop cant wont leave rechazo tampoco besides ignore forget"
)
_ALL = listed("all everything todo todos todas entire")
_FILLER = listed(
    "please pls plz thanks thank you ty gracias por favor the it them that those these of on with to for "
    "me us my our car and y e & line lines number numbers item items numero numeros linea lineas las los "
    "la el con ahead today now work repairs repair job jobs list i id ill like we lets let get guys hi "
    "hello hey also as well this quoted estimate so very sir maam quiero que se lo a un de good is are "
    "sounds great perfect fine forward one ones at both"
)
_SAME = (
    (re.compile(r"\bno (?:problem|rush|hurry|worries|prob|hay problema)\b"), ""),
    (re.compile(r"\b(?:absolutely|definitely|of course|certainly|sure as \w+) not\b|\bclaro que no\b"), "no"),
    (
        re.compile(
            r"\b(?:i )?(?:want|get|have) (?:it|them|that|those|everything|all of it) (?:all )?(?:done|fixed)\b"
        ),
        "do it",
    ),
    (re.compile(r"\bhold off(?: on)?\b"), "not"),
    (re.compile(r"\b(?:but|pero) (?=not|dont|skip|no\b)"), ""),
)
"""Wordings that are put in a plainer way before anything is decided."""
_STRONG_YES = re.compile(
    r"^y[.! ]*$|\b(?:yes|yep|yeah|yup|yea|yess|sure|approved?|go ahead|proceed|do it|do (?:them )?all|do "
    r"everything|do that|do them|do the (?:work|repairs?)|please do|fix it|fix (?:them )?all|authorized?|"
    r"absolutely|definitely|lets do (?:it|all|everything|them)|get it done|si|adelante|hagan?lo|hagan? "
    r"todo|apruebo|aprobado|autorizo|claro(?: que si)?|dale|proceda)\b"
)
_WEAK_YES = re.compile(
    r"^(?:ok(?:ay)?|k|kk|fine|cool|sounds (?:good|great|fine)|perfect|great|good|alright|emojiyes|vale|"
    r"esta bien|bueno|bien|all|everything|todo|y|works|that works|okey)\b"
)
_EVERYTHING = re.compile(
    r"^(?:please )?(?:do )?(?:all|everything|all of (?:it|them)|todos?|todas?)(?: please| por favor)?[.! ]*$"
)
_PLAIN_NO = re.compile(
    r"^(?:no+|nope|nah|no,? (?:thanks?|thank you|ty|gracias|sir|maam|not today|not now|not right now|not "
    r"this time|none|nada|nothing|dont|i dont want it|dont do (?:it|any of it|any|anything|them|that))|not "
    r"(?:today|now|right now|this time|at this time|interested|yet)|none(?: of (?:them|it|those|that))?|"
    r"nothing|decline(?:d)?(?: all| everything| it| them)?|no to (?:all|everything|both)(?: of (?:it|"
    r"them))?|skip (?:it|all|everything|them)|dont do (?:it|any|anything|any of it|any of them|them|that)|"
    r"do not (?:do it|do any|proceed)|i decline|i ?ll pass|pass|por ahora no|hoy no|no por ahora|no "
    r"gracias|nada|ninguno|ninguna|no lo hagan?|no hagan? nada|emojino|not approved|no approval|i (?:do "
    r"not|dont) (?:approve|authorize|want)(?: (?:it|this|that|them|anything))?)(?:,? (?:please|thanks|"
    r"thank you|gracias|sir|maam|for now|today|por favor|at this time|right now))*[.! ]*$"
)
_DOUBT = re.compile(
    r"\b(?:if|unless|maybe|perhaps|think|guess|probably|might|depends|but|how much|what|when|why|which|"
    r"wait|until|after|first|before|call|could|would|should|less|cheaper|discount|price|cost|total|under|"
    r"max|only if|as long as|hopefully|later|except|tomorrow|next|another|instead|either|or|either|pero|"
    r"cuanto|quizas|tal vez|despues|o|cuando|wife|husband|esposa|esposo|warranty|free|covered|insurance|"
    r"supposed|already|right|whatever|lol|emojiwry|emoji|minus|rest)\b|[?$]|\d[.:/]\d"
)
_WORD_OR_SIGN = re.compile(r"#?\d+(?:st|nd|rd|th)?|[^\W\d_]+|[.,;:!?$%/&+-]")
_UNIT = frozenset(
    listed(
        "tires tire wheels wheel hours hour hrs hr min mins minutes days day weeks miles mi k pm am oclock "
        "percent dollars bucks quarts of people cylinder cyl rotors pads brakes llantas horas dias months "
        "years mm psi"
    )
)
_ORDINALS = {f"{n}{s}" for n, s in ((1, "st"), (2, "nd"), (3, "rd"))} | {f"{n}th" for n in range(4, 21)}


_STEPS = (
    dict.fromkeys(_PLAIN, "no")
    | dict.fromkeys(_NOT, "not")
    | dict.fromkeys(_YES, "yes")
    | dict.fromkeys(_ALL, "all")
    | dict.fromkeys(("just", "only", "solo"), "only")
    | dict.fromkeys(".,;!:", ",")
)


@dataclass(slots=True)
class Approval:
    """What was said about the lines; `said` is "yes", "no" or "" and `sure` says that it may be acted on."""

    said: str = ""
    lines: list[int] = field(default_factory=list)
    declined: list[int] = field(default_factory=list)
    all_lines: bool = False
    sure: bool = False
    because: str = ""


@dataclass(slots=True)
class _Walk:
    """Numbers and polarities in the order said."""

    steps: list[int | str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def read_approval(folded: str) -> Approval | None:
    """The decision in an answer to an approval request, or None where none is made."""
    for pattern, plain in _SAME:
        folded = pattern.sub(plain, folded)
    folded = folded.strip(" ,.")
    if re.search(r"\b(?:not|un)[- ]?(?:\w+ )?sure\b|\bno estoy segur", folded):
        return None
    if _PLAIN_NO.match(folded):
        return Approval("no", all_lines=True, sure=True, because="a plain no")
    walk = _walked(folded)
    if any(isinstance(step, int) for step in walk.steps):
        return _by_number(folded, walk)
    return _as_a_whole(folded, walk)


def _walked(folded: str) -> _Walk:
    words = _WORD_OR_SIGN.findall(folded)
    walk = _Walk()
    skip = 0
    for i, word in enumerate(words):
        if skip:
            skip -= 1
            continue
        line = _line_number(words, i)
        joins = words[i + 1] if line and len(words) > i + 2 else ""
        until = _line_number(words, i + 2) if joins in ("-", "through", "thru", "to") else 0
        if until > line:
            walk.steps += list(range(line, until + 1))
            walk.unknown += ["-"] if joins == "-" else []  # "1-3" may be two lines or three
            skip = 2
        elif line:
            walk.steps.append(line)
        elif word in _STEPS:
            walk.steps.append(_STEPS[word])
        elif word not in _FILLER and word not in "&-+/":
            walk.unknown.append(word)
    return walk


def _line_number(words: list[str], i: int) -> int:
    """The line that word `i` names, or 0."""
    if i >= len(words):
        return 0
    word, before = words[i].lstrip("#"), words[i - 1] if i else ""
    after = words[i + 1] if i + 1 < len(words) else ""
    if (
        after in _UNIT
        or after == "%"
        or before == "$"
        or (word in _ORDINALS and after not in ("one", "line", "item", ""))
    ):
        return 0
    if before in ("by", "at", "until", "before", "after", "@", "around"):
        return 0
    if word in _ORDINALS:
        return int(word[:-2])
    if word.isascii() and word.isdigit():
        return int(word) if len(word) <= 2 and 1 <= int(word) <= _HIGHEST_LINE else 0
    if word in NUMBER_WORDS and word not in ("tree", "tne"):
        named = before in (
            "line",
            "number",
            "item",
            "linea",
            "numero",
            "do",
            "approve",
            "and",
            "y",
            "yes",
            "fix",
            "just",
            "only",
        )
        if word == "one" and (not named or after in ("of", "thing", "at", "more")):
            return 0
        return NUMBER_WORDS[word] if named or word not in ("one", "una", "uno") else 0
    return 0


def _by_number(folded: str, walk: _Walk) -> Approval:
    steps = [s for s in walk.steps if s != ","]
    head = next((i for i, s in enumerate(steps) if isinstance(s, int)), 0)
    marks = [s for s in steps if isinstance(s, str) and s != "only"]
    trailing = bool(marks) and not any(isinstance(s, str) for s in steps[:head])
    yes, no, loose = (_trailing if trailing else _leading)(walk.steps)
    found = Approval("yes" if yes or steps[0] == "yes" else "no", sorted(set(yes)), sorted(set(no)))
    bare = not marks
    doubt = _DOUBT.search(re.sub(r"\bbut (?:not|dont|skip|no)\b", "no", folded))
    if "all" in steps:
        found.lines, found.because = [], "all lines and single lines in one answer"
    elif doubt:
        found.because = f"“{doubt.group()}” leaves a doubt"
    elif walk.unknown:
        found.because = f"“{walk.unknown[0]}” is not a line or a yes or no"
    elif loose or set(yes) & set(no):
        found.because = "yes and no are mixed"
    elif bare and len(yes) < 2:
        found.because = "a lone number may be an answer or a line"
    else:
        found.sure = True
        found.because = "the lines are named with a clear yes or no"
    return found


def _leading(steps: list[int | str]) -> tuple[list[int], list[int], bool]:
    """ "Yes do 1 and 3, no 2", "do 1 not 2". A "no" that may stand for itself ("no, just 1") leaves it open."""
    yes: list[int] = []
    no: list[int] = []
    run: list[str] = []
    says_yes, loose = True, False
    for step in steps:
        if isinstance(step, str):
            run.append(step)
            continue
        marks = [s for s in run if s not in (",", "only")]
        if "no" in run:
            rest = run[run.index("no") + 1 :]
            loose = loose or bool(rest)
        if marks:
            negative = next((i for i, s in enumerate(marks) if s != "yes"), len(marks))
            loose = loose or ("yes" in marks[:negative] and negative < len(marks))
            loose = loose or ("not" in marks and marks[-1] == "yes" and run[-2:-1] == [","])
            says_yes = "no" not in marks and "not" not in marks
        run = []
        (yes if says_yes else no).append(step)
    tail = {s for s in run if s not in (",", "only")}
    return yes, no, loose or bool(tail - ({"yes"} if says_yes else {"no", "not"}))


def _trailing(steps: list[int | str]) -> tuple[list[int], list[int], bool]:
    """ "1 yes 2 no", "1 and 3 yes, 2 no". Several numbers before one "no" leave it open whether all are meant."""
    yes: list[int] = []
    no: list[int] = []
    pending: list[int] = []
    settled, loose = "", False
    for step in steps:
        if isinstance(step, int):
            pending.append(step)
            settled = ""
        elif step in ("yes", "no", "not"):
            side = "yes" if step == "yes" else "no"
            loose = loose or bool(settled and settled != side) or (side == "no" and len(pending) > 1)
            (yes if side == "yes" else no).extend(pending)
            pending, settled = [], side
    return yes + pending, no, loose or bool(pending)


def _as_a_whole(folded: str, walk: _Walk) -> Approval | None:
    if _EVERYTHING.match(folded):
        return Approval("yes", all_lines=True, sure=True, because="everything asked")
    says_no = "no" in walk.steps or "not" in walk.steps
    strong = _STRONG_YES.search(folded)
    doubt = _DOUBT.search(folded)
    if says_no and not strong:
        if {"no", "not"} & set(walk.steps[:2]) and not doubt:
            return Approval("no", because="a no with more beside it")
        return None
    if strong and not says_no and not doubt and not walk.unknown:
        if re.search(r"\b(?:just|only|solo|one|ones|both|that one|this one)\b", folded):
            return Approval("yes", because="names a part without its line number")
        return Approval(
            "yes", all_lines=True, sure=True, because=f"“{strong.group()}” approves everything asked"
        )
    if says_no or ("?" in folded and not strong):
        return None
    if strong or _WEAK_YES.match(folded) or {"yes", "only"} & set(walk.steps):
        why = f"“{doubt.group()}” leaves a doubt" if doubt else "not a clear yes to everything"
        if walk.unknown:
            why = f"“{walk.unknown[0]}” is not a line number"
        return Approval("yes", because=why)
    return None
