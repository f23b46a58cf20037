"""Single values out of elements: cleaned of what encodings and forms did to them."""

import html
import re

from sales.adf.markup import Element
from sales.adf.repairs import Repairs, shortened

# A line of a lead is a name, a street, a model. What is longer is a mistake, and is cut for the columns it goes into.
LONGEST_LINE = 255

_STILL_ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>,;:\"'()\[\]]{1,64}@[^\s@<>,;:\"'()\[\]/]{1,190}")
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_][\w-]{0,61}[^\W_]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def line(element: Element | None, repairs: Repairs) -> str:
    """The text of `element` on one line, at most 255 characters; empty for no element."""
    if element is None:
        return ""
    return one_line(element.text(), repairs)


def one_line(written: str, repairs: Repairs) -> str:
    joined = " ".join(mended(written, repairs).split())
    if len(joined) > LONGEST_LINE:
        repairs.note(f"A value was longer than {LONGEST_LINE} characters and was cut: “{shortened(joined)}”.")
        joined = joined[:LONGEST_LINE].rstrip()
    return joined


def prose(element: Element, repairs: Repairs) -> str:
    """Free text as it was written, line breaks and any markup kept."""
    return mended(element.text(), repairs).strip()


def mended(text: str, repairs: Repairs) -> str:
    """`text` with entities that were escaped twice, and letters that were encoded twice, put right."""
    if _STILL_ESCAPED.search(text):
        repairs.note("Characters were escaped twice.")
        text = html.unescape(text)
    if not text.isascii():
        try:
            once = text.encode("cp1252").decode("utf-8")
        except UnicodeError:
            return text
        repairs.note("Letters were encoded twice.")
        return once
    return text


def attribute(element: Element, *names: str) -> str:
    """The first of these attributes that says anything, in lower case."""
    return next((value.lower() for name in names if (value := element.attributes.get(name, ""))), "")


def emails(written: str) -> list[str]:
    """The e-mail addresses in a value: `mailto:` and display names dropped, several divided by commas allowed."""
    found: dict[str, str] = {}
    for candidate in _ADDRESS.findall(written.replace("mailto:", " ")):
        address = candidate.strip(".")
        domain = address.rpartition("@")[2]
        if _DOMAIN.fullmatch(domain) and ".." not in address and not address.partition("@")[0].endswith("."):
            found.setdefault(address.lower(), address)
    return list(found.values())


def number(written: str) -> str:
    """A count or an amount without signs and thousands' commas: "$13,995.00" is "13995.00"; empty for anything else."""
    bare = re.sub(r"[\s,$€£]|usd|cad|mxn|miles|mi\b|km\b", "", written.lower())
    return bare if _NUMBER.fullmatch(bare) else ""
