"""The words of the pages in other languages: `make words` finds what is marked in the code, and keeps each app's list of them.

An app's words are those of its modules and of its folder in `templates/`; the folders of no app belong to `dealership`. A list
(`locale/es/LC_MESSAGES/django.po`) is edited by hand between its quotes; `.mo` is made of it, and committed for the product.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import polib

HOUSE = Path(__file__).resolve().parents[1]
#: The languages beside the code's own.
OTHERS = ("es",)
GROUND = "dealership"
DEPARTMENTS = ("tasks", "sales", "service", "parts", "fni", "marketing")
#: How words are marked: by how many texts each takes, and whether a context comes first.
ONE, MANY, IN_CONTEXT = {"_", "gettext", "later"}, {"ngettext"}, {"pgettext", "later_as"}
HEAD = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


class Words(NamedTuple):
    """One text to be said in other languages."""

    text: str
    plural: str = ""
    context: str | None = None


def apps() -> dict[str, Path]:
    """Every app that has words, and its folder."""
    return {
        **{path.parent.name: path.parent for path in sorted((HOUSE / GROUND).glob("*/models.py"))},
        **{name: HOUSE / name for name in DEPARTMENTS},
        GROUND: HOUSE / GROUND,
    }


def sources(app: str) -> tuple[list[Path], list[Path]]:
    """The modules and the templates whose words are this app's."""
    every, templates = apps(), HOUSE / "templates"
    own = every[app]
    if app == GROUND:
        taken = [folder for name, folder in every.items() if name != GROUND]
        pages = [page for page in templates.rglob("*.*") if page.relative_to(templates).parts[0] not in every]
    else:
        taken, pages = [], list((templates / app).rglob("*.*"))
    modules = [
        path
        for path in own.rglob("*.py")
        if "migrations" not in path.parts and not any(path.is_relative_to(folder) for folder in taken)
    ]
    return sorted(modules), sorted(page for page in pages if page.suffix in (".html", ".txt"))


def of_module(text: str) -> Iterator[Words]:
    """What a module marks. Raises ValueError where a mark holds anything but texts."""
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        name = node.func.id
        n = 1 if name in ONE else 2 if name in MANY | IN_CONTEXT else 0
        if not n or (name == "_" and not node.args):
            continue
        said = [part.value for part in node.args[:n] if isinstance(part, ast.Constant)]
        if len(said) != n or not all(isinstance(part, str) for part in said):
            if name in ("gettext", "_") and isinstance(node.args[0], ast.Name | ast.Attribute | ast.Call):
                continue  # Words that were marked where they stand.
            raise ValueError(f"line {node.lineno}: mark a text as it stands, and fill it in afterwards")
        yield Words(said[1], context=said[0]) if name in IN_CONTEXT else Words(*map(str, said))


_MARK = re.compile(r"(?<![A-Za-z_])(_|gettext|ngettext|pgettext)\((?=u?['\"])")
_TEXT = re.compile(r"""u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")\s*[,)]""", re.DOTALL)


def of_template(text: str) -> Iterator[Words]:
    """What a template marks."""
    from django.utils.translation.template import templatize

    plain = templatize(text)
    for mark in _MARK.finditer(plain):
        at, said = mark.end(), []
        for _ in range(2 if mark[1] in MANY | IN_CONTEXT else 1):
            found = _TEXT.match(plain, at)
            if not found:
                raise ValueError(f"unreadable: {plain[mark.start() : mark.start() + 80]}")
            said.append(ast.literal_eval(found[1]))
            at = re.compile(r"\s*").match(plain, found.end()).end()  # type: ignore[union-attr]
        yield Words(said[1], context=said[0]) if mark[1] in IN_CONTEXT else Words(*said)


def marked(app: str) -> set[Words]:
    """All that an app marks."""
    found: set[Words] = set()
    modules, pages = sources(app)
    for paths, read in ((modules, of_module), (pages, of_template)):
        for path in paths:
            try:
                found |= set(read(path.read_text()))
            except ValueError as error:
                raise ValueError(f"{path.relative_to(HOUSE)}: {error}") from error
    return found


def list_of(app: str, language: str) -> Path:
    """Where the app's words are kept in this language."""
    return apps()[app] / "locale" / language / "LC_MESSAGES" / "django.po"


def keep(app: str, language: str) -> list[str]:
    """Brings the app's list up to what is marked, and makes the product's file of it. Which words are still to be said."""
    path, wanted = list_of(app, language), marked(app)
    known = (
        {Words(e.msgid, e.msgid_plural, e.msgctxt): e for e in polib.pofile(str(path))}
        if path.exists()
        else {}
    )
    if not wanted:
        return []
    path.parent.mkdir(parents=True, exist_ok=True)
    words = polib.POFile(wrapwidth=0)
    words.metadata = {"Language": language, **HEAD}
    for one in sorted(wanted, key=lambda one: (one.text, one.context or "")):
        plurals = {0: "", 1: ""} if one.plural else {}
        fresh = polib.POEntry(
            msgid=one.text, msgid_plural=one.plural, msgctxt=one.context, msgstr_plural=plurals
        )
        entry = known.get(one, fresh)
        # blocktranslate writes % as %% and asks for its names; other words have neither.
        entry.flags = ["python-format"] if "%(" in one.text else []
        words.append(entry)
    words.save(str(path))
    words.save_as_mofile(str(path.with_suffix(".mo")))
    return [entry.msgid for entry in words if not entry.translated()]


# ── What is not marked ───────────────────────────────────────────────────────────────────────────────────────────────────

_GONE = re.compile(
    r"{#.*?#}|{%\s*block top_class\s*%}.*?endblock\s*%}|{%\s*comment.*?endcomment\s*%}|{%\s*blocktranslate.*?endblocktranslate\s*%}|<!--.*?-->",
    re.DOTALL,
)
_TAG = re.compile(r"{%\s*(\w+)(.*?)%}", re.DOTALL)
_SHOWN = re.compile(r"{{(.*?)}}", re.DOTALL)
_STRING = re.compile(r"""\bcss="[^"]*"|_\((?:"[^"]*"|'[^']*')\)|("[^"]*"|'[^']*')""")
#: Tags whose texts are names of things, never words.
NAMES = {
    "url",
    "static",
    "load",
    "extends",
    "lucide",
    "translate",
    "block",
    "live",
    "if",
    "elif",
    "for",
    "now",
}
#: How dates and times are written.
_WRITTEN = re.compile(r"""\|(date|time):("[^"]*"|'[^']*')""")
_LETTERS = re.compile(r"[A-Za-zÀ-ÿ]{2}")
SPOKEN = {
    "aria-label",
    "title",
    "placeholder",
    "alt",
    "aria-description",
    "aria-roledescription",
    "data-label",
}
#: What is said alike everywhere.
ALIKE = {"Kept", "Ctrl", "Esc", "VIN", "CSV", "XLSX", "Excel", "URL", "SMS", "MMS", "RO", "DMS"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.mute: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in ("script", "style", "kbd", "code") or said.get("translate") == "no":
            self.mute.append(tag)
        for name, value in attrs:
            if name in SPOKEN or (name == "value" and tag == "input" and said.get("type") == "submit"):
                self._hear(value or "")

    def handle_endtag(self, tag: str) -> None:
        if self.mute and self.mute[-1] == tag:
            self.mute.pop()

    def handle_data(self, data: str) -> None:
        if not self.mute:
            self._hear(data)

    def _hear(self, text: str) -> None:
        text = " ".join(text.split())
        words = set(re.findall(r"[A-Za-zÀ-ÿ]{2,}", text))
        if words - ALIKE:
            self.found.append(text)


def unmarked(text: str) -> list[str]:
    """Words that a template says in the code's own language only."""
    text = _GONE.sub(" ", text)
    found: list[str] = []
    for kind, inside in [(m[1], m[2]) for m in _TAG.finditer(text)] + [
        ("", m[1]) for m in _SHOWN.finditer(text)
    ]:
        if kind in NAMES:
            continue
        found += ["pluralize"] * ("|pluralize" in inside) + ["yesno"] * ("|yesno" in inside)
        for string in _STRING.findall(_WRITTEN.sub("", inside)):
            said = string[1:-1]
            if said in ALIKE:
                continue
            if re.match(r"[A-Z][a-z]", said) or re.search(r"[a-z] [a-z]", said):
                found.append(said)
    reader = _Reader()
    reader.feed(_SHOWN.sub("0", _TAG.sub(" ", text)))
    return found + reader.found


def main(asked: list[str]) -> int:
    """`python -m tests.words [app …]`: keeps the lists, prints what is still to be said and what is not marked."""
    from django.conf import settings

    settings.configure()
    for app in asked or apps():
        for language in OTHERS:
            for words in keep(app, language):
                print(f"{app}: in {language}: {words}")
        for page in sources(app)[1]:
            for words in unmarked(page.read_text()):
                print(f"{page.relative_to(HOUSE)}: not marked: {words}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
