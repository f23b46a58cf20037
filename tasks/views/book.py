"""The playbook: what the house promises, what became of it, and a store's own numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dealership import clock
from dealership.language import is_own
from dealership.stores.models import Department
from dealership.web import May, StaffRequest, done, render_page, staff_only
from tasks import due as due_times
from tasks import numbers, overrides, promise_rows, retold, rulebook, wording
from tasks.forms import OverrideForm
from tasks.models import StoreOverride
from tasks.playbook import Rule


@dataclass(frozen=True)
class Entry:
    """One rule as this store runs it."""

    key: str
    words: wording.RuleWords
    figures: numbers.Figures
    own: StoreOverride | None


@require_safe
@staff_only(May.SEE_PLAYBOOK)
def playbook(request: StaffRequest) -> HttpResponse:
    """Every rule in words, by department, with what became of its promises here in the last 30 days."""
    now = clock.now()
    own = rulebook.overrides([request.staff.store_id])
    figures = numbers.of_store(request.staff, now)
    departments: dict[str, list[Entry]] = {}
    for key, rule in rulebook.rules().items():
        override = own.get((request.staff.store_id, key))
        words = wording.of(rulebook.laid_over(rule, override))
        entry = Entry(key, words, figures.get(key, numbers.Figures()), override)
        departments.setdefault(Department(rule.department).label, []).append(entry)
    context = {
        "now": now,
        "departments": departments,
        "by_hand": figures.get(rulebook.BY_HAND, numbers.Figures()),
        "may_open": request.staff.may(May.SEE_EVERYONES_PROMISES),
        "may_see_seams": request.staff.may(May.SEE_SEAMS),
    }
    return render_page(request, "tasks/playbook.html", None, context)


@staff_only(May.SEE_PLAYBOOK)
def rule_detail(request: StaffRequest, key: str) -> HttpResponse:
    """One rule, its figures, and for who may: the store's own numbers, dated and signed."""
    now, staff = clock.now(), request.staff
    rule = rulebook.rules().get(key)
    if rule is None:
        raise Http404(_("No such rule."))
    history = list(
        StoreOverride.objects.visible_to(staff)
        .filter(rule=key)
        .select_related("by")
        .order_by("-at", "-pk")[:30]
    )
    override = history[0] if history else None
    may_edit = staff.may(May.EDIT_PLAYBOOK)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied(f"{staff.role_label} may not {May.EDIT_PLAYBOOK}.")
    form = OverrideForm(request.POST or None, rule=rule, override=override)
    if request.method == "POST" and form.is_valid() and _laid(form, rule, request):
        return done(
            request,
            _("The store's numbers hold from now on."),
            to=reverse("tasks:rule_detail", args=[key]),
            moves=True,
        )
    figures = numbers.of_store(staff, now).get(key, numbers.Figures())
    shown = ("opened", "on_time", "recovered", "broken", "open", "waived")
    context = {
        "now": now,
        "rule": rule,
        "tiles": [(state, getattr(figures, state), numbers.LABELS[state]) for state in shown],
        "words": wording.of(rulebook.laid_over(rule, override)),
        "figures": figures,
        "override": override,
        "history": [(row, _said(row)) for row in history],
        "form": form if may_edit else None,
        "own_due": wording.of(rule).due,
        "may_open": staff.may(May.SEE_EVERYONES_PROMISES),
    }
    return render_page(request, "tasks/rule_detail.html", None, context, status=422 if form.errors else 200)


def _laid(form: OverrideForm, rule: Rule, request: StaffRequest) -> bool:
    data: dict[str, Any] = form.cleaned_data
    try:
        overrides.lay_over(
            rule.key,
            is_on=data["is_on"],
            due=data["due"],
            owner_role=data["owner_role"],
            why=data["why"],
            by=request.staff,
            now=clock.now(),
        )
    except (overrides.NoReason, overrides.NothingChanged) as refusal:
        form.add_error("why" if isinstance(refusal, overrides.NoReason) else None, str(refusal))
        return False
    return True


def _said(row: StoreOverride) -> str:
    """What a change said: "10 open minutes, owed by the BDC manager"."""
    if not row.is_on:
        return _("Not promised here")
    parts = [
        retold.time(due_times.words(due_times.from_json(row.due))) if row.due else _("the rule's own time")
    ]
    if row.owner_role:
        parts.append(_owed_by(row.owner_role))
    return ", ".join(parts)


def _owed_by(role: str) -> str:
    words = role.replace("_", " ") if is_own() else promise_rows.role_words(role)
    return _("owed by %(role)s") % {"role": words}
