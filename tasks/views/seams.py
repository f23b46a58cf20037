"""The Seams page: who keeps whose promise, where the chain broke, and the list behind each figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dealership import clock, limits, spreadsheet
from dealership.limits import limited
from dealership.lists import many
from dealership.lists.page import table, turn
from dealership.web import May, StaffRequest, render_page, staff_only
from tasks import broken, fates, periods, promise_rows, rollups, seam_lists, seam_shapes, tiles
from tasks import seam_export as files
from tasks import seams as reads
from tasks.forms import PeriodForm
from tasks.seam_lists import Asked
from tasks.tallies import LOOKS, Tally
from tasks.views.promise_list import HAND_OFF, WAIVE, acts_on_many

#: The page that a row's link leads to; a promise's line knows its own.
_PAGES_OF = {"visits": "appointments:appointment_detail", "happenings": "customers:customer_detail"}
#: Parts in which nothing is owed any more.
_ENDED = frozenset({"kept", "on_time", "moved", "recovered", "waived", "waived_late", "same_day", "in_five"})


@require_safe
@staff_only(May.SEE_SEAMS)
def seams(request: StaffRequest) -> HttpResponse:
    """All figures of a period: `?period=30&compare=on`, or `?period=custom&first=2026-10-01&last=2026-10-31`."""
    now = clock.now()
    form = _form(request, now)
    period, compare = form.span, form.compares
    rollups.settle(request.staff.store)
    counted = _counted(request, period, compare, now)
    facts, known = counted.facts, reads.people(request.staff)
    columns, lines = reads.grid(facts)
    context = {
        "now": now,
        "form": form,
        "period": period,
        "compare": compare,
        "names": periods.NAMES.items(),
        "query": urlencode({**period.query, "compare": "on" if compare else "off"}),
        "list_query": urlencode(period.query),
        "tiles": tiles.make(counted),
        "bars": tiles.bars(counted, facts.of_figure["answer"]),
        "n_answers": facts.of_figure["answer"].part("due"),
        "columns": columns,
        "grid": lines,
        "looks": [(css, word, least) for least, css, word in LOOKS],
        "how": _breaks(facts.now, ("nobody", "passed_on", "untaken", "warned", "unwarned")),
        "climbed": _breaks(facts.now, ("rung_0", "rung_1", "rung_2")),
        "n_broken": facts.now.part("broken"),
        "breaks": broken.latest(request.staff, period, known, now),
        "people": reads.lines_of_people(facts, known, reads.medians(request.staff, period))[:40],
        "teams": reads.lines_of_teams(facts, known),
    }
    status = 422 if form.errors else 200
    return render_page(request, "tasks/seams.html", "tasks/_seams.html", context, status=status)


@require_safe
@staff_only(May.SEE_SEAMS)
def seam_list(request: StaffRequest) -> HttpResponse:
    """The list behind a figure: `?figure=&part=`, the period, and `from`, `to`, `owner`, `team`, `bucket`, `rule`."""
    now, staff = clock.now(), request.staff
    form = _form(request, now)
    asked = _asked(request, form)
    question = seam_shapes.question(asked, request.GET)
    listed = turn(question, staff, now)
    context = {
        "now": now,
        "asked": asked,
        "list": listed,
        "page_of": _PAGES_OF.get(asked.kind, ""),
        "lines": promise_rows.lines(listed, now) if asked.kind == "promises" else [],
        "period": form.span,
        "is_now": asked.part == seam_lists.OWED_NOW,
        "back": f"{reverse('tasks:seams')}?{urlencode(form.span.query)}",
        "parts": [
            (words, name == asked.part, f"?{question.but(part=name).address()}")
            for name, words in _parts_shown(asked).items()
        ],
        "acts": acts_on_many("tasks:seam_hand_off_many", "tasks:seam_waive_many")
        if asked.kind == "promises" and asked.part not in _ENDED
        else [],
    }
    return render_page(request, "tasks/seam_list.html", None, context)


@require_safe
@staff_only(May.SEE_SEAMS)
@limited(limits.EXPORT)
def seam_list_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list behind a figure, all pages of it."""
    now = clock.now()
    form = _form(request, now)
    question = seam_shapes.question(_asked(request, form), request.GET)
    name = f"seams-list-{form.span.first}-{form.span.last}"
    return spreadsheet.answer(request, name, table(question, request.staff, now))


@require_http_methods(["GET", "POST"])
@staff_only(May.SEE_SEAMS)
def seam_hand_off_many(request: StaffRequest) -> HttpResponse:
    """What is still owed among those behind a figure is a colleague's: as on the list of promises."""
    return many.answer(request, _of_list(request, HAND_OFF))


@require_http_methods(["GET", "POST"])
@staff_only(May.SEE_SEAMS)
def seam_waive_many(request: StaffRequest) -> HttpResponse:
    """What is still owed among those behind a figure need not be kept: as on the list of promises."""
    return many.answer(request, _of_list(request, WAIVE))


@require_safe
@staff_only(May.SEE_SEAMS)
@limited(limits.EXPORT)
def seam_export(request: StaffRequest) -> HttpResponse:
    """A table of the page as a file: `?table=grid`, `people` or `teams`."""
    form, which = _form(request, clock.now()), request.GET.get("table", "grid")
    if which not in files.TABLES:
        raise Http404(_("There is no such table."))
    rollups.settle(request.staff.store)
    found = files.of_page(which, request.staff, form.span)
    return spreadsheet.answer(request, f"seams-{which}-{form.span.first}-{form.span.last}", found)


def _of_list(request: StaffRequest, deed: many.Deed) -> many.Deed:
    """The same act on the rows that this address means."""
    asked = _asked(request, _form(request, clock.now()))
    if asked.kind != "promises":
        raise Http404(_("This figure has no such part."))
    return replace(deed, shape=seam_shapes.shape_of(asked))


def _form(request: StaffRequest, now: datetime) -> PeriodForm:
    zone = request.staff.store.tz
    return PeriodForm(request.GET, today=now.astimezone(zone).date(), zone=zone)


def _asked(request: StaffRequest, form: PeriodForm) -> Asked:
    wanted = {name: str(value) for name, value in request.GET.items()}
    try:
        return seam_lists.read(wanted, form.span, reads.people(request.staff))
    except seam_lists.NoSuchList as none:
        raise Http404(str(none)) from none


def _counted(request: StaffRequest, period: periods.Period, compare: bool, now: datetime) -> tiles.Counted:
    staff, trend = request.staff, tiles.trend_of(period)
    span = periods.Period(
        min(trend.first, period.before.first if compare else period.first), period.last, period.zone
    )
    happened = [period, period.before, *trend.pieces(tiles.FEW_POINTS)]
    return tiles.Counted(
        period=period,
        compare=compare,
        facts=reads.promises(staff, period, compare=compare),
        days=reads.by_day(staff, trend),
        answers=reads.answers(staff, span),
        visits=reads.visits(staff, span),
        happened=reads.happened(staff, happened),
        now=now,
    )


def _breaks(tally: Tally, names: tuple[str, ...]) -> list[dict[str, Any]]:
    whole = sum(tally[name] for name in names) or 1
    return [
        {
            "name": name,
            "words": fates.WORDS[name],
            "n": tally[name],
            "percent": round(100 * tally[name] / whole),
        }
        for name in names
        if tally[name]
    ]


def _parts_shown(asked: Asked) -> dict[str, str]:
    """What may be chosen over the list: of promises the parts that say what became of them."""
    if asked.kind != "promises":
        return asked.figure.parts
    if asked.part == seam_lists.OWED_NOW:
        return {}
    names = ["due", "on_time", "moved", "recovered", "late", "waived_late", "open", "waived"]
    shown = dict.fromkeys([asked.part, asked.figure.good, *names])
    return {name: fates.WORDS[name] for name in shown}
