"""Pages of a store's hooks: what there is, one with its last calls, a new one, and what can be done with it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dealership import clock, limits
from dealership.hooks import delivery, egress, said
from dealership.hooks import hooks as store_hooks
from dealership.hooks.calls import STATES
from dealership.hooks.forms import HookForm
from dealership.hooks.kinds import all_kinds
from dealership.hooks.models import Hook, HookCall
from dealership.stores import changes
from dealership.web import May, StaffRequest, done, refused, render_page, staff_only

SHOWN = 30


@require_safe
@staff_only(May.MANAGE_STAFF)
def overview(request: StaffRequest) -> HttpResponse:
    """The store's hooks, and how each fares."""
    context = {
        "hooks": _rows(request),
        "most": store_hooks.MOST,
        "changes": changes.latest(request.staff.store_id, areas=(store_hooks.AREA,), limit=8),
    }
    return render_page(request, "hooks/overview.html", None, context)


@require_safe
@staff_only(May.MANAGE_STAFF)
def card(request: StaffRequest) -> HttpResponse:
    """Part of the page *Store*: the hooks, and which of them are in trouble."""
    return render_page(request, "hooks/_card.html", None, {"hooks": _rows(request)})


@require_http_methods(["GET", "POST"])
@staff_only(May.MANAGE_STAFF)
def hook_new(request: StaffRequest) -> HttpResponse:
    """A new hook. What it is answered with shows its secret, this once."""
    form = HookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hook, secret = store_hooks.make(
                store_id=request.staff.store_id, by=request.staff, now=clock.now(), **form.cleaned_data
            )
            return _hook(request, hook, secret=secret)
        except store_hooks.TooMany as error:
            form.add_error(None, str(error))
    status = 422 if request.method == "POST" else 200
    return render_page(request, "hooks/hook_new.html", None, {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@staff_only(May.MANAGE_STAFF)
def hook_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One hook with its last calls; a post changes it."""
    hook = _found(request, pk)
    if request.method != "POST":
        return _hook(request, hook)
    form = HookForm(request.POST)
    if not form.is_valid():
        return _hook(request, hook, form=form, status=422)
    changed = store_hooks.change(hook, by=request.staff, now=clock.now(), **form.cleaned_data)
    say = _("It is called so from now on.") if changed else _("Nothing was changed.")
    return done(request, say, to=_page(hook), moves=True)


@require_POST
@staff_only(May.MANAGE_STAFF)
def switch(request: StaffRequest, pk: int) -> HttpResponse:
    """It is called from now on, or no more."""
    hook, on = _found(request, pk), request.POST.get("on") == "on"
    store_hooks.switch(hook, on=on, by=request.staff, now=clock.now())
    say = _("%(name)s is called again.") if on else _("%(name)s is called no more.")
    return done(request, say % {"name": hook.name}, to=_page(hook), moves=True)


@require_POST
@staff_only(May.MANAGE_STAFF)
def try_out(request: StaffRequest, pk: int) -> HttpResponse:
    """A call that means nothing, and what it is answered with."""
    hook = _found(request, pk)
    limits.take(limits.TRY_OUT, request.staff.store_id)
    ping = delivery.ping(hook)
    words = f" “{ping.words[:200].strip()}”" if ping.words.strip() else ""
    if not ping.is_taken:
        return refused(
            request, f"{_('It was not taken.')} {said.trouble(ping.trouble)}{words}", to=_page(hook)
        )
    taken = _("It was taken (%(status)s, %(ms)s ms).") % {"status": ping.status, "ms": ping.ms}
    return done(request, f"{taken}{words}", to=_page(hook), moves=True)


@require_POST
@staff_only(May.MANAGE_STAFF)
def replace_secret(request: StaffRequest, pk: int) -> HttpResponse:
    """A new secret. What it is answered with shows it, this once."""
    hook = _found(request, pk)
    secret = store_hooks.replace_secret(hook, by=request.staff, now=clock.now())
    return _hook(request, _found(request, pk), secret=secret)


@require_POST
@staff_only(May.MANAGE_STAFF)
def end_old_secret(request: StaffRequest, pk: int) -> HttpResponse:
    """The secret before the last signs no more, at once."""
    hook = _found(request, pk)
    store_hooks.end_old_secret(hook, by=request.staff, now=clock.now())
    return done(request, _("The old secret signs no more."), to=_page(hook), moves=True)


@require_POST
@staff_only(May.MANAGE_STAFF)
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """A call that is parked is made again."""
    call = get_object_or_404(HookCall.objects.visible_to(request.staff).select_related("hook"), pk=pk)
    if not store_hooks.again(call.pk, request.staff.store_id, clock.now()):
        raise Http404("It is not parked.")
    return done(request, _("It is called again now."), to=_page(call.hook), moves=True)


def _found(request: StaffRequest, pk: int) -> Hook:
    return get_object_or_404(Hook.objects.visible_to(request.staff).select_related("store", "made_by"), pk=pk)


def _page(hook: Hook) -> str:
    return reverse("hooks:hook_detail", args=[hook.pk])


def _rows(request: StaffRequest) -> QuerySet[Hook]:
    of_hook = HookCall.objects.visible_to(request.staff).filter(hook=OuterRef("pk")).order_by()
    taken = of_hook.filter(STATES["taken"]).order_by("-pk")
    return (
        Hook.objects.visible_to(request.staff)
        .annotate(
            n_waiting=_how_many(of_hook.filter(STATES["waiting"])),
            n_parked=_how_many(of_hook.filter(STATES["parked"])),
            taken_at=Subquery(taken.values("answered_at")[:1]),
        )
        .order_by("pk")
    )


def _how_many(calls: QuerySet[HookCall]) -> Coalesce:
    return Coalesce(Subquery(calls.values("hook").annotate(n=Count("pk")).values("n")), 0)


def _hook(
    request: StaffRequest,
    hook: Hook,
    *,
    form: HookForm | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    calls = HookCall.objects.visible_to(request.staff).filter(hook=hook)
    parked = calls.filter(STATES["parked"])
    context: dict[str, Any] = {
        "hook": hook,
        "host": egress.host_of(hook.address),
        "form": form or HookForm(hook=hook),
        "secret": secret,
        "old_signs": bool(hook.old_until and now < hook.old_until),
        "kinds": [all_kinds()[name] for name in hook.kinds if name in all_kinds()],
        "calls": calls.order_by("-pk")[:SHOWN],
        "parked": parked.order_by("parked_at")[:SHOWN],
        "n_parked": parked.count(),
        "n_waiting": calls.filter(STATES["waiting"]).count(),
    }
    return render_page(request, "hooks/hook_detail.html", None, context, status=status)
