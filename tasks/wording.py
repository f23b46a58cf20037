"""The rule book in words: what a person reads on the Playbook page and in docs/playbook.md, and what a machine gets as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from dealership.language import later
from tasks import due as due_times
from tasks import kinds, retold
from tasks.playbook import Prefer, Rule, Same, When

SAME_WORDS = {
    Same.SUBJECT: later("about the same thing"),
    Same.CUSTOMER: later("with the same customer"),
    Same.VEHICLE: later("about the same car"),
}

#: Words of rules that are fields or conditions of theirs; the departments' playbooks hold them.
WORDS = (
    later("lines"), later("red lines"), later("yellow lines"),
    later("is resolved"), later("needs customer"), later("milestone"), later("is unhappy"), later("asks more"),
    later("was answered"), later("is active"), later("has first service"), later("first service owed"),
    later("was delivered"), later("car is here"), later("needs person"), later("spoken"), later("survey kind"),
    later("visit is set"), later("week"), later("day"), later("month"), later("ssi"), later("csi"),
    later("fni"), later("service"), later("parts"), later("sales"), later("marketing"),
    later("a customer waits for the car"), later("a customer waits for the car and has no time"),
    later("red or yellow was found on a customer’s car"), later("a customer was asked"),
    later("a customer had the car here"), later("a customer had the car here and has no visit ahead"),
    later("a customer waits for it and there is a date"), later("a customer waits for it"),
    later("a customer waits for it and the car is not in"), later("it was ordered over the counter"),
    later("a lender pays"), later("the title is still to be sent"), later("the buyer is known"),
    later("it has three stars or fewer"),
)  # fmt: skip


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
        between=f"{retold.end(rule.seam_from)} → {retold.end(rule.seam_to)}",
        sentence=retold.said(rule.key, rule.sentence),
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
        words += _(", for each of its %(parts)s") % {"parts": _(rule.for_each.replace("_", " "))}
    if rule.only_if_words:
        words += _(", if %(condition)s") % {"condition": _(rule.only_if_words)}
    if rule.again:
        words += _(", and again each time it was kept")
    return words


def _who(rule: Rule) -> str:
    order = [
        _("whoever %(does)s") % {"does": retold.reason(prefer.value)}
        for prefer in rule.prefer
        if isinstance(prefer, Prefer)
    ]
    return _(", else ").join([*order, _("the next %(role)s in turn") % {"role": rule.owed_by.label}])


def _due(rule: Rule) -> str:
    said = rule.due_words or (due_times.words(rule.due) if not callable(rule.due) else "")
    words = retold.time(said) or _("as the fact says")
    if rule.warn_before is not None:
        words += _("; warned %(time)s before") % {"time": _time(rule.warn_before)}
    if rule.accept_within is not None:
        words += _("; taken on within %(time)s or offered to the next") % {"time": _time(rule.accept_within)}
    if rule.moved_on:
        words += _("; moved by %(facts)s, if the customer is told before its hour") % {
            "facts": _facts(rule.moved_on)
        }
    return words


def _step(rule: Rule, n: int) -> str:
    step = rule.tasks[n]
    at_once = getattr(step.after, "n", 1) == 0
    said = {"copy": step.copy, "time": _time(step.after)}
    if step.kind == "text":
        return (_("text %(copy)s at once") if at_once else _("text %(copy)s after %(time)s")) % said
    return (_("call at once") if at_once else _("call after %(time)s")) % said


def _ends(rule: Rule) -> str:
    parts = []
    if rule.waived_on:
        parts.append(_("waived by %(facts)s") % {"facts": _facts(rule.waived_on)})
    if rule.void_on:
        parts.append(_("no longer owed after %(facts)s") % {"facts": _facts(rule.void_on)})
    return "; ".join(parts)


def _otherwise(rule: Rule) -> tuple[str, ...]:
    return tuple(
        _("%(role)s after %(time)s") % {"role": rung.role.label, "time": _time(rung.after)}
        for rung in rule.ladder.rungs
    )


def _facts(triggers: tuple[When, ...]) -> str:
    """ "customer heard from person (sales) or call connected (sales; no department)"."""
    conditions: dict[str, list[str]] = {}
    for trigger in triggers:
        name = kinds.words(trigger.fact.__name__)
        words = ", ".join(_having(field, value) for field, value in trigger.having)
        conditions.setdefault(name, []).append(words)
    return _(" or ").join(
        f"{name} ({'; '.join(words)})" if all(words) else name for name, words in conditions.items()
    )


def _time(due: due_times.Expression) -> str:
    return retold.time(due_times.words(due))


def _having(field: str, value: Any) -> str:
    words = _(field.replace("_", " "))
    if value is True:
        return words
    if value is False:
        return _("not %(words)s") % {"words": words}
    if field == "department":
        return _(str(value)) if value else _("no department")
    return f"{words} {_(str(value))}"
