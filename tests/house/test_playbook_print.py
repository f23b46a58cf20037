"""The rule book is checked in as people read it: a changed promise shows in the diff as a changed sentence."""

import json
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from tasks import rulebook
from tasks.management.commands.playbook import printed

DOCS = Path(__file__).resolve().parents[2] / "docs" / "playbook.md"


def test_the_checked_in_rule_book_is_what_the_code_promises() -> None:
    assert DOCS.read_text() == printed(), "run: manage.py playbook > docs/playbook.md"


def test_the_command_prints_words_and_json() -> None:
    words, data = StringIO(), StringIO()
    call_command("playbook", stdout=words)
    call_command("playbook", "--json", stdout=data)
    assert words.getvalue() == printed()
    rules = json.loads(data.getvalue())
    assert {rule["key"] for rule in rules} == set(rulebook.rules())
    assert {1, 2, 7, 10, 38, 41, 47, 54, 55, 56} <= {rule["seam"] for rule in rules}
