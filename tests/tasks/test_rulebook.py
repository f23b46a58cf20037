"""What the rule book refuses at start: a rule that could not work."""

from dataclasses import replace

import pytest

from dealership.staff.roles import Role
from tasks import rulebook, wording
from tasks.due import open_minutes
from tasks.playbook import Ladder, text, to, when
from tests.tasks import small_playbook

RULE = small_playbook.playbook.rules[0]


def test_a_rule_that_can_work_is_let_in() -> None:
    rulebook._check(RULE)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"opens_on": ()}, "which fact opens it"),
        ({"kept_on": ()}, "could never be kept"),
        ({"ladder": Ladder()}, "a ladder needs a rung"),
        ({"again": True, "void_on": ()}, "say which fact ends that"),
        ({"kept_on": RULE.opens_on}, "would keep it at once"),
        (
            {"tasks": (text("sales/copy/no_such_copy", after=open_minutes(0)),)},
            "there is no copy sales/copy/no_such_copy",
        ),
    ],
)
def test_a_rule_that_cannot_work_stops_the_start(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(rulebook.BadPlaybook, match=complaint):
        rulebook._check(replace(RULE, **change))  # type: ignore[arg-type]


def test_every_ladder_ends_where_the_general_manager_follows() -> None:
    for role in Role:
        rulebook._check(replace(RULE, ladder=to(role, after=open_minutes(1))))


def test_a_condition_on_a_field_that_a_fact_does_not_have_is_refused() -> None:
    with pytest.raises(AttributeError, match="has no field colour"):
        when(RULE.opens_on[0].fact, colour="red")


def test_a_rule_reads_aloud() -> None:
    words = wording.of(RULE)
    assert words.between == "Marketing → BDC"
    assert words.when == "lead received"
    assert words.due == "5 open minutes; warned 2 minutes before"
    assert words.kept == "customer heard from person or call connected, with the same customer"
    assert words.ends == "no longer owed after lead closed"
    assert words.otherwise == ("BDC manager after 10 open minutes", "General manager after 30 open minutes")
