"""Pages of imports. Ten queries at most each, the rail's own counts apart."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealership import clock, limits
from dealership.dms import board, files, mending
from dealership.dms.file_list import FILES
from dealership.dms.forms import CodeForm, DropForm, UploadForm
from dealership.dms.models import Feed, FeedFile, StagedRecord
from dealership.dms.said import meanings_of
from dealership.lists import asking, many
from dealership.lists.page import turn
from dealership.web import May, StaffRequest, done, render_page, staff_only


@require_safe
@staff_only(May.SEE_IMPORTS)
def imports(request: StaffRequest) -> HttpResponse:
    """The feeds with their age, the files, and what a person must look at."""
    return _imports(request)


@require_POST
@staff_only(May.MEND_IMPORTS)
def upload(request: StaffRequest) -> HttpResponse:
    """A file by hand, as if the DMS had sent it."""
    form = UploadForm(request.POST, request.FILES, store_id=request.staff.store_id)
    if not form.is_valid() or form.feed is None:
        return _imports(request, form=form, status=422)
    name = form.cleaned_data["file"].name or ""
    file = files.take_in(feed=form.feed, name=name, data=form.data_read, now=clock.now())
    known = file.state in (FeedFile.State.APPLIED, FeedFile.State.REFUSED)
    say = (
        _("%(name)s is known already: the same bytes came before.") if known else _("%(name)s is being read.")
    ) % {"name": file.name}
    return done(request, say, to=reverse("dms:file_detail", args=[file.pk]), moves=True)


@require_safe
@staff_only(May.SEE_IMPORTS)
def file_list(request: StaffRequest) -> HttpResponse:
    """All files that ever came, as they are asked for."""
    context = {"list": turn(asking.read(FILES, request.GET), request.staff, clock.now())}
    return render_page(request, "dms/file_list.html", None, context)


@require_safe
@staff_only(May.SEE_IMPORTS)
@limits.limited(limits.EXPORT)
def file_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list, all pages of it."""
    return many.file(request, FILES, "imports")


@require_safe
@staff_only(May.SEE_IMPORTS)
def file_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One file and its records, those of one state where a count was followed."""
    rows = FeedFile.objects.visible_to(request.staff).defer("data").select_related("feed")
    file = get_object_or_404(rows, pk=pk)
    state = request.GET.get("state", "")
    records = all_of_it = StagedRecord.objects.visible_to(request.staff).filter(file=file)
    if state in StagedRecord.State.values:
        records = records.filter(state=state)
    after = request.GET.get("after", "")
    if after.isdecimal() and len(after) < 10:
        records = records.filter(line__gt=int(after))
    found = list(records.select_related("mended_by").order_by("line")[: board.PER_PAGE + 1])
    context = {
        "file": file,
        "records": found[: board.PER_PAGE],
        "next_after": found[board.PER_PAGE - 1].line if len(found) > board.PER_PAGE else 0,
        "n_set_aside": all_of_it.filter(state=StagedRecord.State.DROPPED).count(),
        "state": state,
        "state_words": dict(StagedRecord.State.choices).get(state, ""),
        "may_mend": request.staff.may(May.MEND_IMPORTS),
    }
    return render_page(request, "dms/file_detail.html", None, context)


@require_POST
@staff_only(May.MEND_IMPORTS)
def decide_held(request: StaffRequest, pk: int) -> HttpResponse:
    """A person has looked at a held file: apply it, or refuse it (`refuse`)."""
    rows = FeedFile.objects.visible_to(request.staff).defer("data")
    file = get_object_or_404(rows, pk=pk)
    refused = bool(request.POST.get("refuse"))
    decide = mending.refuse_held if refused else mending.let_through
    back = reverse("dms:file_detail", args=[pk])
    try:
        decide(file, by=request.staff, now=clock.now())
    except mending.CannotMend as error:
        return done(request, str(error), to=back, moves=True)
    say = _("%(name)s is refused.") if refused else _("%(name)s is applied.")
    return done(request, say % {"name": file.name}, to=back, moves=True)


@require_POST
@staff_only(May.MEND_IMPORTS)
def retry(request: StaffRequest, pk: int) -> HttpResponse:
    """The department tries a parked record again."""
    record = get_object_or_404(StagedRecord.objects.visible_to(request.staff), pk=pk)
    try:
        mending.retry(record, by=request.staff, now=clock.now())
    except mending.CannotMend as error:
        return _imports(request, trouble={pk: str(error)}, status=422)
    return done(request, _said(_("%(row)s is tried again."), record), to=reverse("dms:imports"))


@require_POST
@staff_only(May.MEND_IMPORTS)
def drop(request: StaffRequest, pk: int) -> HttpResponse:
    """A parked record is not needed, and why."""
    record = get_object_or_404(StagedRecord.objects.visible_to(request.staff), pk=pk)
    form = DropForm(request.POST)
    try:
        if not form.is_valid():
            raise mending.CannotMend(_("Say why it is not needed, so that the next person knows."))
        mending.drop(record, why=form.cleaned_data["why"], by=request.staff, now=clock.now())
    except mending.CannotMend as error:
        return _imports(request, trouble={pk: str(error)}, status=422)
    say = _said(_("%(row)s is set aside."), record)
    return done(request, say, to=reverse("dms:imports"), undo=reverse("dms:take_back", args=[pk]))


@require_POST
@staff_only(May.MEND_IMPORTS)
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Undo of drop."""
    record = get_object_or_404(StagedRecord.objects.visible_to(request.staff), pk=pk)
    try:
        mending.take_back(record, by=request.staff, now=clock.now())
    except mending.CannotMend as error:
        return _imports(request, trouble={pk: str(error)}, status=422)
    return done(request, _said(_("%(row)s is parked again."), record), to=reverse("dms:imports"))


@require_POST
@staff_only(May.MEND_IMPORTS)
def explain_code(request: StaffRequest, pk: int) -> HttpResponse:
    """What a status code of this store means; whatever waited for it is tried again."""
    feed = get_object_or_404(Feed.objects.visible_to(request.staff), pk=pk)
    form = CodeForm(request.POST, kind=feed.kind)
    if not form.is_valid():
        return _imports(request, code_form=form, code_feed=pk, status=422)
    typed = form.cleaned_data
    n = mending.explain_code(
        feed, code=typed["code"], meaning=typed["meaning"], by=request.staff, now=clock.now()
    )
    meaning = meanings_of(feed.kind)[typed["meaning"]].lower()
    say = _("“%(code)s” means %(meaning)s from now on. Tried again: %(n)s.") % {
        "code": typed["code"],
        "meaning": meaning,
        "n": n,
    }
    return done(request, say, to=reverse("dms:imports"))


def _said(words: str, record: StagedRecord) -> str:
    """The row by its number, where it has one."""
    return words % {"row": record.key or _("The row")}


def _imports(
    request: StaffRequest,
    *,
    form: UploadForm | None = None,
    code_form: CodeForm | None = None,
    code_feed: int = 0,
    trouble: dict[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    shown = board.board(request.staff, now)
    context: dict[str, Any] = {
        "board": shown,
        "now": now,
        "form": form or UploadForm(store_id=request.staff.store_id),
        # One form per kind of file whose status codes are a store's own.
        "codes": [
            (
                feed,
                code_form
                if code_form and feed.pk == code_feed
                else CodeForm(kind=feed.kind, auto_id=f"{feed.kind}_%s"),
            )
            for feed in (item.feed for item in shown.feeds)
            if feed.kind in mending.MEANINGS
        ],
        "trouble": trouble or {},
        "may_mend": request.staff.may(May.MEND_IMPORTS),
    }
    return render_page(request, "dms/imports.html", "dms/_imports.html", context, status=status)
