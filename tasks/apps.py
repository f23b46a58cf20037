"""Django's handle on the engine. At start the rule book is read and checked: a rule that cannot work stops the start."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = "Promises"

    def ready(self) -> None:
        from tasks import counts, hand_offs, handovers, happenings, leave, queues, rulebook, steps, waivers  # noqa: F401

        rulebook.book()
