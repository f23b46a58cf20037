"""Markup as it arrives, into a tree: a reader that forgives what senders get wrong, and knows no entities, files or addresses.

An XML library refuses a lead with one bare ampersand, and has to be told not to expand entities and not to fetch. This reader
has neither ability: it knows the five entities of XML and the names of HTML, nothing can be declared, nothing can be opened.
It passes over the text once; each step looks at most as far as the next `<` or `>`, so the time grows with the length alone.

The shape of ADF helps where tags are missing: a `year` holds no `make`, a `customer` stands in no `vehicle`, so the arrival of
the next element ends the one that was left open.
"""

import html
import html.entities
import re
from collections.abc import Iterator

from sales.adf.repairs import Refused, Repairs

DEEPEST = 50

ENVELOPES = frozenset(("adf", "prospect"))
_SECTIONS = frozenset(("prospect", "vehicle", "customer", "vendor", "provider"))
_CONTACTS = frozenset(("customer", "vendor", "provider"))
# What a person wrote: markup inside is the person's text, not structure.
FREE_TEXT = frozenset(("comments", "comment", "pricecomments", "notes", "note", "message"))
_LEAF_NAMES = (
    "requestdate id year make model vin stock stocknumber trim doors bodystyle transmission odometer imagetag price optionname "
    "manufacturercode weighting interiorcolor exteriorcolor preference method amount balance name email phone street apartment "
    "city regioncode postalcode country vendorname url service description earliestdate latestdate condition"
)
_LEAVES = frozenset(_LEAF_NAMES.split())
_KNOWN = (
    ENVELOPES
    | _SECTIONS
    | FREE_TEXT
    | _LEAVES
    | {"contact", "address", "colorcombination", "option", "finance", "timeframe"}
)
_HTML_VOID = frozenset(["br", "hr", "img", "meta", "link", "input", "col", "wbr", "area", "base"])

_NAME = r"<(/?)((?:[A-Za-z_][\w.-]{0,60}:)?[A-Za-z_][\w.-]{0,60})(?=[\s/>])"
_TAG = re.compile(_NAME + r"((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>")
_TAG_WITH_ODD_QUOTES = re.compile(_NAME + r"([^<>]*+)>")
_BROKEN_TAG = re.compile(r"</?[A-Za-z]|</?\Z")
_ATTRIBUTE = re.compile(
    r"(?<![\w.:-])([\w.:-]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|[“”]([^“”]*+)[“”]|([^\s\"'<>“”]++))"
)
_REFERENCE = re.compile(r"&(?:(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][\w.-]{0,60});)?")
_DECLARATION = re.compile(r"<!\s{0,20}(doctype|entity|element|attlist|notation|\[)", re.IGNORECASE)

ENTITIES_REFUSED = (
    "It declares entities or another document type of its own, which no lead needs and attackers use. "
    "Nothing in it was expanded or fetched."
)


class Element:
    """An element with lower-case name, without name space; `broken_off` when the message ended inside it."""

    __slots__ = ("attributes", "broken_off", "children", "name")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Element | str] = []
        self.broken_off = False

    def elements(self, *names: str) -> "list[Element]":
        """Children with one of these names, in order."""
        return [child for child in self.children if isinstance(child, Element) and child.name in names]

    def first(self, *names: str) -> "Element | None":
        found = self.elements(*names)
        return found[0] if found else None

    def descendants(self, *names: str) -> "Iterator[Element]":
        """Elements with one of these names at any depth, in the order of the text."""
        for child in self.children:
            if isinstance(child, Element):
                if child.name in names:
                    yield child
                yield from child.descendants(*names)

    def text(self) -> str:
        """All text inside, as written."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)


def parse(text: str, repairs: Repairs) -> Element:
    """The tree of `text` under a nameless root. Raises `Refused` for declarations, undefined entities and deep nesting."""
    return _Builder(text, repairs).build()


class _Builder:
    def __init__(self, text: str, repairs: Repairs) -> None:
        self.whole = text
        self.repairs = repairs
        self.root = Element("", {})
        self.open: list[Element] = [self.root]
        self.ahead: dict[str, int] = {}

    def build(self) -> Element:
        position = 0
        while True:
            mark = self.whole.find("<", position)
            if mark < 0:
                self.add_text(self.whole[position:])
                break
            if mark > position:
                self.add_text(self.whole[position:mark])
            position = self.read_markup(mark)
        self.finish()
        return self.root

    def end_of(self, terminator: str, start: int) -> int:
        """Where `terminator` next begins, -1 if nowhere. Remembered, so that no stretch is searched twice."""
        known = self.ahead.get(terminator)
        if known is None or 0 <= known < start:
            known = self.ahead[terminator] = self.whole.find(terminator, start)
        return known

    def read_markup(self, mark: int) -> int:
        """Takes in the markup at `mark`; the position after it."""
        whole = self.whole
        tag = _TAG.match(whole, mark) or _TAG_WITH_ODD_QUOTES.match(whole, mark)
        if tag:
            self.add_tag(tag)
            return tag.end()
        if whole.startswith("<!--", mark):
            return self.skip_past("-->", mark, 4, "A comment was never closed.")
        if whole.startswith("<![CDATA[", mark):
            end = self.end_of("]]>", mark)
            if end < 0:
                self.repairs.note("A CDATA section was never closed.")
                return mark + 9
            self.open[-1].children.append(whole[mark + 9 : end])
            return end + 3
        if whole.startswith("<?", mark):
            return self.skip_past(">", mark, 2, "A processing instruction was never closed.")
        if _DECLARATION.match(whole, mark) and not whole[mark : mark + 30].lower().startswith(
            "<!doctype html"
        ):
            raise Refused(ENTITIES_REFUSED)
        if _BROKEN_TAG.match(whole, mark) and self.end_of(">", mark) < 0:
            return len(whole)
        self.add_text("<")
        return mark + 1

    def skip_past(self, terminator: str, mark: int, length: int, note: str) -> int:
        end = self.end_of(terminator, mark)
        if end < 0:
            self.repairs.note(note)
            return mark + length
        return end + len(terminator)

    def add_text(self, text: str) -> None:
        self.open[-1].children.append(_REFERENCE.sub(self.resolved, text) if "&" in text else text)

    def resolved(self, reference: re.Match[str]) -> str:
        name = reference[1]
        if not name:
            self.repairs.note("A bare “&” was read as the character.")
            return "&"
        if name.startswith("#"):
            return html.unescape(reference[0])
        known = html.entities.html5.get(name + ";")
        if known is not None:
            return known
        if len(self.open) > 1 and self.open[-1].name not in FREE_TEXT:
            raise Refused(
                f"It refers to “{reference[0]}”, which it does not define. Read the original and enter the lead by hand."
            )
        return reference[0]

    def add_tag(self, tag: re.Match[str]) -> None:
        name = tag[2].rpartition(":")[2].lower()
        if tag[1]:
            self.close(name, tag[0])
            return
        top = self.open[-1]
        if top.name in FREE_TEXT and name not in _SECTIONS:
            top.children.append(tag[0])
        elif name in _HTML_VOID and name not in _KNOWN:
            top.children.append("\n")
        elif len(self.open) > 1 or name in ENVELOPES:
            self.start(name, tag[3])

    def start(self, name: str, inside: str) -> None:
        self.make_room_for(name)
        element = Element(name, _attributes(inside))
        self.open[-1].children.append(element)
        if not inside.rstrip().endswith("/"):
            self.open.append(element)
            if len(self.open) > DEEPEST:
                raise Refused(f"Its elements are nested more than {DEEPEST} deep, which no lead is.")

    def make_room_for(self, name: str) -> None:
        """Ends what was left open and cannot hold an element of this name."""
        if name == "prospect":
            self.end_until(frozenset(("", "adf")))
        elif name in _SECTIONS:
            self.end_until(frozenset(("", *ENVELOPES)))
        elif name == "contact" and any(element.name in _CONTACTS for element in self.open):
            self.end_until(_CONTACTS)
        elif name in _KNOWN and self.open[-1].name in _LEAVES:
            self.end_one()

    def end_until(self, parents: frozenset[str]) -> None:
        while self.open[-1].name not in parents:
            self.end_one()

    def end_one(self) -> None:
        self.repairs.note(f"<{self.open.pop().name}> was never closed.")

    def close(self, name: str, written: str) -> None:
        position = next((at for at in range(len(self.open) - 1, 0, -1) if self.open[at].name == name), 0)
        top = self.open[-1]
        if top.name in FREE_TEXT and (not position or (name != top.name and name not in _KNOWN)):
            top.children.append(written)
        elif position:
            while len(self.open) > position + 1:
                self.end_one()
            self.open.pop()
        elif len(self.open) > 1 and name in _KNOWN:
            self.repairs.note(f"A closing </{name}> had no beginning.")

    def finish(self) -> None:
        for element in self.open[1:]:
            element.broken_off = self.root.broken_off = True
        left_open = [element.name for element in self.open[1:]]
        if left_open and ENVELOPES.issuperset(left_open):
            self.repairs.note("The closing tags at the end were missing.")
        elif left_open:
            self.repairs.note(f"The message breaks off inside <{left_open[-1]}>.")
        if any(isinstance(child, str) and child.strip() for child in self.root.children):
            self.repairs.note("Text after the ADF was passed over.")


def _attributes(inside: str) -> dict[str, str]:
    """Attributes by lower-case name without name space; the first of a name counts."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(inside):
        value = next((part for part in match.groups()[1:] if part is not None), "")
        found.setdefault(match[1].rpartition(":")[2].lower(), html.unescape(value).strip())
    return found
