"""Words to customers live in files of copy, one per language, with their variables named. Nothing here knows Django.

A file `<app folder>/copy/<name>.<language>.txt` starts with its heads, then an empty line, then the text:

    variables: first, store, when
    note: ucs-2

    Hi {first}, this is {store}. ...

`note: ucs-2` admits marks outside the GSM alphabet (they make a text's segments shorter). A file that breaks a rule of
`faults()` is a fault of the product and fails a house test.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FALLBACK = "en"
MAX_CHARACTERS = 320

#: What copy may speak of, each with a long sample value: lengths are judged with these.
KNOWN = {
    "first": "Maximiliano",
    "store": "Northside Honda of Springfield",
    "person": "Guadalupe",
    "department": "service",
    "phone": "(973) 555-0100",
    "when": "Wednesday 23 September at 10:30 am",
    "old_when": "Wednesday 23 September at 10:30 am",
    "day": "Wednesday 23 September",
    "time": "10:30 am",
    "slots": "10:30 am, 1:15 pm or 4:45 pm",
    "vehicle": "2026 Honda Accord Sport Hybrid",
    "work": "front brake pads and rotors",
    "price": "$1,240.50",
    "lines": "1, 2 and 3",
    "rest": "4 and 5",
    "ro_number": "48213007",
    "link": "https://kept.example/r/Ab3dE6gH",
    "minutes": "120",
    "paper": "a corrected page of the contract to sign",
}

# GSM 03.38: the basic table, and the marks that take two places.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWO = frozenset("^{}\\[~]|€\f")

#: What a segment holds: of a text that is one, and of one that is joined from several.
ROOM = {"GSM-7": (160, 153), "UCS-2": (70, 67)}

_STOP_WORDS = (
    r"stop|stopall|unsubscribe|cancel|end|quit|revoke|opt-?out|arr[eê]t|alto|parar|cancelar|baja|fin"
)
_INVITED = re.compile(
    r"\b(?:reply|text|send|write|answer|respond|type|say|responda|conteste|env[ií]e|escriba|mande|diga)\b"
    rf"(?:\s+(?:with|back|us|the\s+word|a|con|la\s+palabra))*\s*[\"'“”‘’]?\b(?P<word>{_STOP_WORDS})\b(?P<rest>[^.!?]*)",
    re.IGNORECASE,
)
_OPTS_OUT = re.compile(
    r"\b(?:to\s+(?:stop|opt\s+out|end|unsubscribe)|para\s+(?:no|dejar|cancelar\s+los\s+mensajes))\b",
    re.IGNORECASE,
)


class CopyMissing(LookupError):
    """There is no such file of copy, in this language or in English."""


class VariableMissing(LookupError):
    """A variable that the copy names was not given, or is empty."""


class BadCopy(ValueError):
    """A file of copy cannot be read: no variables named, or a variable used that it does not name."""


@dataclass(frozen=True)
class Copy:
    """One file, read: the text with its variables in braces, the variables it names, and its notes."""

    path: str
    language: str
    text: str
    variables: frozenset[str]
    notes: frozenset[str]


@dataclass(frozen=True)
class Size:
    """How a text travels: its length in the alphabet it needs, and in how many segments it is billed."""

    alphabet: str
    length: int
    segments: int


def render(path: str, language: str = FALLBACK, **values: object) -> str:
    """The text of `path` ("sales/copy/lead_received") in this language (else English) with these values.

    Values beyond the named ones are ignored. Raises CopyMissing, VariableMissing, BadCopy.
    """
    return fill(load(path, language), **values)


def load(path: str, language: str = FALLBACK) -> Copy:
    """The file for a language ("es", "es-MX"), else the English one. Raises CopyMissing, BadCopy."""
    for code in dict.fromkeys((language.lower().split("-")[0] or FALLBACK, FALLBACK)):
        found = _load(path, code)
        if found is not None:
            return found
    raise CopyMissing(f"There is no copy {path}.{FALLBACK}.txt.")


def exists(path: str) -> bool:
    """Whether there is English copy of this name: asked at start for every step of a playbook."""
    return _file(path, FALLBACK).is_file()


@lru_cache(maxsize=512)
def _load(path: str, language: str) -> Copy | None:
    file = _file(path, language)
    return read(path, language, file.read_text(encoding="utf-8")) if file.is_file() else None


def _file(path: str, language: str) -> Path:
    name = path.removesuffix(".txt")
    parts = name.split("/")
    if len(parts) < 3 or parts[-2] != "copy" or not all(re.fullmatch(r"\w+", part) for part in parts):
        raise CopyMissing(f"{path!r} is no name of copy: write it as app/copy/name.")
    if not re.fullmatch(r"[a-z]{2,3}", language):
        language = FALLBACK
    return ROOT.joinpath(*parts[:-1], f"{parts[-1]}.{language}.txt")


def read(path: str, language: str, source: str) -> Copy:
    """One file's source, read. Raises BadCopy."""
    head, _, body = source.replace("\r\n", "\n").partition("\n\n")
    heads: dict[str, str] = {}
    for line in head.splitlines():
        name, colon, value = line.partition(":")
        if not colon:
            raise BadCopy(f"{path}.{language}: start with “variables: …”, then an empty line, then the text.")
        heads[name.strip().lower()] = value.strip()
    if "variables" not in heads or not body.strip():
        raise BadCopy(f"{path}.{language}: name its variables and give it a text.")
    variables = frozenset(name.strip() for name in heads["variables"].split(",") if name.strip())
    text = " ".join(body.split())
    used = _used(path, text)
    if used != variables:
        odd = ", ".join(sorted(used ^ variables))
        raise BadCopy(f"{path}.{language}: {odd} is named and not used, or used and not named.")
    notes = frozenset(note.strip().lower() for note in heads.get("note", "").split(",") if note.strip())
    return Copy(path, language, text, variables, notes)


def typed(text: str, language: str = FALLBACK) -> Copy:
    """Words that a person typed, as copy: they may use any variable that is known. Raises BadCopy."""
    line = " ".join(text.split())
    return Copy("typed", language, line, _used("These words", line), frozenset({"ucs-2"}))


def fill(copy: Copy, **values: object) -> str:
    """The text of a copy at hand with these values. Raises VariableMissing."""
    given = {name: str(value).strip() for name, value in values.items() if value is not None}
    missing = sorted(name for name in copy.variables if not given.get(name))
    if missing:
        raise VariableMissing(f"{copy.path}.{copy.language}.txt needs {', '.join(missing)}.")
    return copy.text.format(**{name: given[name] for name in copy.variables})


def says_how_to_opt_out(text: str) -> bool:
    """Whether a text says which word ends it: "Reply STOP to opt out", "Responda ALTO para no recibir mas"."""
    return bool(re.search(r"\b(?:stop|alto|parar)\b", text, re.IGNORECASE) and _OPTS_OUT.search(text))


def longest(copy: Copy) -> Size:
    """How long it may become, with long values."""
    return size(copy.text.format(**{name: KNOWN.get(name, "") for name in copy.variables}))


def _used(path: str, text: str) -> frozenset[str]:
    try:
        fields = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise BadCopy(f"{path}: {error}.") from error
    if any(not re.fullmatch(r"[a-z_]+", name) for name in fields):
        raise BadCopy(f"{path}: a variable is a plain word in braces.")
    return frozenset(fields)


def every_file() -> list[Path]:
    """Every file of copy in the product's app folders."""
    return sorted(
        file
        for file in ROOT.glob("**/copy/*.txt")
        if not file.relative_to(ROOT).parts[0].startswith((".", "test"))
    )


def faults(copy: Copy) -> Iterator[str]:
    """What is wrong with a file, in sentences: unknown variables, a stop word invited, too long, marks not admitted."""
    for name in sorted(copy.variables - set(KNOWN)):
        yield f"“{name}” is no variable that copy knows."
    if word := invited_stop_word(copy.text):
        yield f"It asks for “{word}”, which opts the customer out of everything. Ask for another word."
    sample = copy.text.format(**{name: KNOWN.get(name, "") for name in copy.variables})
    measured = longest(copy)
    if measured.length > MAX_CHARACTERS:
        yield f"With long values it takes {measured.length} characters; {MAX_CHARACTERS} are the most."
    if measured.alphabet == "UCS-2" and "ucs-2" not in copy.notes:
        odd = "".join(sorted({mark for mark in sample if mark not in _GSM | _GSM_TWO}))
        yield f"“{odd}” is outside the GSM alphabet: write it otherwise, or say “note: ucs-2”."


def invited_stop_word(text: str) -> str:
    """The carrier's opt-out word that a text asks the customer to send, "" if none.

    "Reply STOP to opt out" is no trap but a duty, and is allowed: it says what the word does.
    """
    for match in _INVITED.finditer(text):
        opts_out = _OPTS_OUT.search(match["rest"])
        if not (match["word"].lower() in ("stop", "alto", "parar") and opts_out):
            return match["word"]
    return ""


def odd_mark(text: str) -> str:
    """The first mark that is in no GSM alphabet, and makes every segment of the text shorter; "" if there is none."""
    return next((mark for mark in text if mark not in _GSM and mark not in _GSM_TWO), "")


def alphabet() -> tuple[str, str]:
    """The marks that take one place in GSM-7, and those that take two: for who counts elsewhere."""
    return "".join(sorted(_GSM - {"\r"})), "".join(sorted(_GSM_TWO - {"\f"}))


def size(text: str) -> Size:
    """How long a text is for the carrier: GSM-7 holds 160 (153 when joined), UCS-2 70 (67 when joined)."""
    if all(mark in _GSM or mark in _GSM_TWO for mark in text):
        length = len(text) + sum(mark in _GSM_TWO for mark in text)
        return Size("GSM-7", length, _segments(length, *ROOM["GSM-7"]))
    length = len(text.encode("utf-16-be", "replace")) // 2
    return Size("UCS-2", length, _segments(length, *ROOM["UCS-2"]))


def _segments(length: int, alone: int, joined: int) -> int:
    return 1 if length <= alone else -(-length // joined)
