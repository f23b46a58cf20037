"""The rule book in words: what a person reads on the Playbook page and in docs/playbook.md, and what a machine gets as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from tasks import due as due_times
from tasks.playbook import Prefer, Rule, Same, When

SAME_WORDS = {
    Same.SUBJECT: "about the same thing",
    Same.CUSTOMER: "with the same customer",
    Same.VEHICLE: "about the same car",
}


@dataclass(frozen=True)
class RuleWords:
    """A rule, read aloud."""

    key: str
    seam: int
    department: str
    between: str
    sentence: str
    when: str
    who: str
    due: str
    how: tuple[str, ...]
    kept: str
    ends: str
    otherwise: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """A JSON dict; `seam` is the number in the catalogue of seams."""
        return asdict(self)


def of(rule: Rule) -> RuleWords:
    """The rule in words."""
    return RuleWords(
        key=rule.key,
        seam=rule.seam,
        department=str(rule.department.label),
        between=f"{rule.seam_from} → {rule.seam_to}",
        sentence=rule.sentence,
        when=_when(rule),
        who=_who(rule),
        due=_due(rule),
        how=tuple(_step(rule, n) for n in range(len(rule.tasks))),
        kept=f"{_facts(rule.kept_on)}, {SAME_WORDS[rule.same]}",
        ends=_ends(rule),
        otherwise=_otherwise(rule),
    )


def _when(rule: Rule) -> str:
    words = _facts(rule.opens_on)
    if rule.for_each:
        words += f", for each of its {rule.for_each.replace('_', ' ')}"
    if rule.only_if_words:
        words += f", if {rule.only_if_words}"
    if rule.again:
        words += ", and again each time it was kept"
    return words


def _who(rule: Rule) -> str:
    order = [f"whoever {prefer.value}" for prefer in rule.prefer if isinstance(prefer, Prefer)]
    return ", else ".join([*order, f"the next {rule.owed_by.label} in turn"])


def _due(rule: Rule) -> str:
    words = rule.due_words or (due_times.words(rule.due) if not callable(rule.due) else "as the fact says")
    if rule.warn_before is not None:
        words += f"; warned {due_times.words(rule.warn_before)} before"
    if rule.accept_within is not None:
        words += f"; taken on within {due_times.words(rule.accept_within)} or offered to the next"
    if rule.moved_on:
        words += f"; moved by {_facts(rule.moved_on)}, if the customer is told before its hour"
    return words


def _step(rule: Rule, n: int) -> str:
    step = rule.tasks[n]
    after = due_times.words(step.after)
    soon = "at once" if getattr(step.after, "n", 1) == 0 else f"after {after}"
    return f"text {step.copy} {soon}" if step.kind == "text" else f"call {soon}"


def _ends(rule: Rule) -> str:
    parts = []
    if rule.waived_on:
        parts.append(f"waived by {_facts(rule.waived_on)}")
    if rule.void_on:
        parts.append(f"no longer owed after {_facts(rule.void_on)}")
    return "; ".join(parts)


def _otherwise(rule: Rule) -> tuple[str, ...]:
    return tuple(f"{rung.role.label} after {due_times.words(rung.after)}" for rung in rule.ladder.rungs)


def _facts(triggers: tuple[When, ...]) -> str:
    """ "customer heard from person (sales) or call connected (sales; no department)"."""
    conditions: dict[str, list[str]] = {}
    for trigger in triggers:
        name = "".join(
            f" {mark.lower()}" if mark.isupper() else mark for mark in trigger.fact.__name__
        ).strip()
        words = ", ".join(_having(field, value) for field, value in trigger.having)
        conditions.setdefault(name, []).append(words)
    return " or ".join(
        f"{name} ({'; '.join(words)})" if all(words) else name for name, words in conditions.items()
    )


def _having(field: str, value: Any) -> str:
    words = field.replace("_", " ")
    if value is True:
        return words
    if value is False:
        return f"not {words}"
    if field == "department":
        return str(value) or "no department"
    return f"{words} {value}"
