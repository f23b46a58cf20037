"""The icons of the package Lucide, drawn once a process; its archive is opened once a process too, where the package opens it for each icon.

To open it is to read the names of all its icons, some two thousand, which takes longer than to render a page.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from io import BytesIO
from xml.etree import ElementTree as Tree
from zipfile import ZipFile

from django.utils.safestring import SafeString, mark_safe

_SVG = "{http://www.w3.org/2000/svg}"


@cache
def draw(name: str, size: int, attributes: tuple[tuple[str, str], ...] = ()) -> SafeString:
    """The icon as an element of a page: `attributes` as keyword arguments write them. KeyError where there is no such icon."""
    svg = Tree.fromstring(_archive().read(f"{name}.svg"))  # noqa: S314 - the package's own drawing
    for node in svg.iter():
        node.tag = node.tag.removeprefix(_SVG)
    svg.attrib |= {"width": str(size), "height": str(size)}
    svg.attrib |= {key.replace("_", "-"): value for key, value in attributes}
    return mark_safe(Tree.tostring(svg, encoding="unicode"))  # noqa: S308 - written by ElementTree, which escapes


@cache
def _archive() -> ZipFile:
    # In memory: processes that are forked would move about in one open file.
    return ZipFile(BytesIO(files("lucide").joinpath("lucide.zip").read_bytes()))
