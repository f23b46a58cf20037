"""`manage.py playbook`: the rule book in words. No server is needed."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tasks import rulebook, wording


def printed() -> str:
    """The rule book as a page of text, a block a rule; docs/playbook.md is a checked-in copy."""
    lines = [
        "# The playbook",
        "",
        "What each department promises. Printed by `manage.py playbook`; numbers are defaults.",
        "",
    ]
    department = ""
    for words in (wording.of(rule) for rule in rulebook.rules().values()):
        if words.department != department:
            department = words.department
            lines += [f"## {department}", ""]
        lines += [f"### {words.sentence}", "", f"Seam {words.seam}, {words.between}. Key `{words.key}`.", ""]
        lines += [f"- When: {words.when}", f"- Who: {words.who}", f"- By when: {words.due}"]
        lines += [f"- How: {'; '.join(words.how)}"] if words.how else []
        lines += [f"- Kept by: {words.kept}"]
        lines += [f"- Ends: {words.ends}"] if words.ends else []
        lines += [f"- If not: {', then '.join(words.otherwise)}, then a reminder each open day", ""]
    return "\n".join(lines).rstrip() + "\n"


class Command(BaseCommand):
    help = "Prints the rule book in words, or as JSON: a list of rules with their seam."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="A JSON list of rules.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["json"]:
            rules = [wording.of(rule).as_json() for rule in rulebook.rules().values()]
            self.stdout.write(json.dumps(rules, ensure_ascii=False))
        else:
            self.stdout.write(printed(), ending="")
