"""The style sheets: few, readable, in layers, and cheap to fetch."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.http import HttpResponse
from django.test import override_settings
from whitenoise.middleware import WhiteNoiseMiddleware

from dealership import styles

FOLDER = Path(settings.BASE_DIR) / "static" / "css"
LAYERS = re.search(r"@layer ([\w, ]+);", (FOLDER / "tokens.css").read_text())
#: Bytes that a browser fetches for all of them, compressed; a page has 100,000 for everything.
BUDGET = 20_500


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


def test_a_collected_file_is_named_by_what_is_in_it_and_kept_for_good(tmp_path: Path) -> None:
    """As the product runs: every address that a page or a sheet names is there, and another text would be another address."""
    finders = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    how = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
    with override_settings(STATIC_ROOT=tmp_path, STATICFILES_FINDERS=finders, STORAGES=how):
        call_command("collectstatic", interactive=False, verbosity=0)
        address = staticfiles_storage.url("kept.js")
        serving = WhiteNoiseMiddleware(lambda request: HttpResponse())
        assert re.fullmatch(r"/static/kept\.[0-9a-f]{12}\.js", address)
        for name in (
            "kept.js",
            "offline.js",
            "favicon.svg",
            *(f"css/{sheet}.css" for sheet in styles.SHEETS),
        ):
            url = staticfiles_storage.url(name)
            file = tmp_path / url.removeprefix("/static/")
            assert file.is_file()
            assert serving.immutable_file_test(str(file), url)
