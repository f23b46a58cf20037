"""The style sheets: few, readable, in layers, and cheap to fetch."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from dealership import styles

FOLDER = Path(settings.BASE_DIR) / "static" / "css"
LAYERS = re.search(r"@layer ([\w, ]+);", (FOLDER / "tokens.css").read_text())
#: Bytes that a browser fetches for all of them, compressed; a page has 100,000 for everything.
BUDGET = 20_000


def sheet(name: str) -> str:
    return (FOLDER / f"{name}.css").read_text()


def test_pages_name_every_sheet_and_tokens_first() -> None:
    assert {path.stem for path in FOLDER.glob("*.css")} == set(styles.SHEETS)
    assert styles.SHEETS[0] == "tokens"


@pytest.mark.parametrize("name", styles.SHEETS)
def test_a_sheet_says_what_belongs_there_and_can_be_read(name: str) -> None:
    text = sheet(name)
    assert text.startswith("/* ")
    assert [line for line in text.splitlines() if len(line) > 110] == []
    assert text.count("{") == text.count("}")
    crowded = [line for line in text.splitlines() if line.count("{") > 1 or line.count(";") > 3]
    assert crowded == []


@pytest.mark.parametrize("name", styles.SHEETS)
def test_every_rule_stands_in_a_layer_whose_place_is_known(name: str) -> None:
    assert LAYERS is not None
    blocks = re.findall(r"^(\S.*) \{$", sheet(name), re.MULTILINE)
    assert blocks
    assert {block.removeprefix("@layer ") for block in blocks} <= set(LAYERS[1].split(", "))


def test_they_are_cheap_to_fetch() -> None:
    assert sum(len(gzip.compress(sheet(name).encode(), 9)) for name in styles.SHEETS) < BUDGET


@pytest.mark.parametrize("name", [name for name in styles.SHEETS if name != "tokens"])
def test_colour_type_and_distance_come_from_the_tokens(name: str) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet(name), flags=re.DOTALL)
    colours = re.findall(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)\(", text)
    sizes = re.findall(r"font(?:-size|-weight)?: (?!var\(|inherit)[^;]*", text)
    # A hairline is no distance, and what reaches back over one is not either.
    gaps = re.findall(r"\b(?:padding|margin|gap)[a-z-]*: [^;]*(?<![\d.-])(?:[2-9]|\d\d+)px[^;]*", text)
    round_ones = re.findall(r"radius: [^;]*\dpx[^;]*", text)
    assert [*colours, *sizes, *round_ones, *gaps] == []
