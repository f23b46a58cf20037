"""`manage.py due --store S --rule KEY --at ISO`: when a promise of this rule would be due, and what was counted."""

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dealership.stores import calendars
from dealership.stores.models import Store
from tasks import due as due_times
from tasks import rulebook


class Command(BaseCommand):
    help = "Computes the due time of a rule at a store, with the open ranges that were counted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--store", required=True, help="The store's slug or number.")
        parser.add_argument(
            "--rule", required=True, help="The rule's key, as `manage.py playbook` prints it."
        )
        parser.add_argument(
            "--at", required=True, help="When it is opened, ISO 8601; without a zone: the store's."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        store = _store(options["store"])
        rule = rulebook.rules().get(options["rule"])
        if rule is None:
            raise CommandError(
                f"No rule is called {options['rule']!r}. There are: {', '.join(rulebook.rules())}."
            )
        rule = rulebook.laid_over(rule, rulebook.overrides([store.pk]).get((store.pk, rule.key)))
        if callable(rule.due):
            raise CommandError(
                f"{rule.key} is due {rule.due_words}: it depends on the fact, not on a time alone."
            )
        at = _moment(options["at"], store)
        try:
            due = due_times.compute(rule.due, start=at, calendar=calendars.of(store.pk, rule.department))
        except (due_times.FactHasNoTime, ValueError) as error:
            raise CommandError(str(error)) from error
        local = due.at.astimezone(store.tz)
        answer = {
            "store": store.slug,
            "rule": rule.key,
            "opened_at": at.astimezone(store.tz).isoformat(),
            "due_at": local.isoformat(),
            "rule_words": due_times.words(rule.due),
            "because": due.words,
            "counted": [
                {
                    "from": piece.start.astimezone(store.tz).isoformat(),
                    "to": piece.end.astimezone(store.tz).isoformat(),
                    "minutes": piece.minutes,
                }
                for piece in due.counted
            ],
        }
        self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _store(name: str) -> Store:
    found = Store.objects.filter(slug=name).first() or (
        Store.objects.filter(pk=int(name)).first() if name.isdigit() else None
    )
    if found is None:
        raise CommandError(
            f"No store is called {name!r}. There are: {', '.join(Store.objects.values_list('slug', flat=True))}."
        )
    return found


def _moment(text: str, store: Store) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no time; write it as 2026-11-23T10:00.") from error
    return at if at.tzinfo else at.replace(tzinfo=store.tz)
