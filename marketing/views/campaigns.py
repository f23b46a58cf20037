"""Campaigns: the list, one being written, one being approved, its results and the people behind each of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dealership import clock
from dealership.lists import asking
from dealership.lists.page import turn
from dealership.web import May, StaffRequest, done, render_page, staff_only
from marketing import campaigns, conditions, results, segments
from marketing.campaign_list import CAMPAIGNS
from marketing.forms import CampaignForm, StopForm, WordsForm
from marketing.models import Campaign, Segment
from marketing.people_list import PEOPLE


@require_safe
@staff_only(May.SEE_MARKETING)
def campaign_list(request: StaffRequest) -> HttpResponse:
    """The store's campaigns as they are asked, with what came of them."""
    now = clock.now()
    asked = asking.read(CAMPAIGNS, request.GET)
    listed = turn(asked, request.staff, now)
    figures = [column for column in listed.columns if column.key in results.SHOWN]
    context = {
        "list": listed,
        "rows": [
            (one, [(column, n[column.key]) for column in figures])
            for one, n in results.with_figures(request.staff, listed.rows)
        ],
        "cols": asked.columns,
        "figures": figures,
        "may_work": request.staff.may(May.WORK_MARKETING),
        "now": now,
    }
    return render_page(request, "marketing/campaign_list.html", "marketing/_campaign_list.html", context)


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_MARKETING)
def campaign_new(request: StaffRequest) -> HttpResponse:
    """A campaign is written."""
    return _write(request, None)


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_MARKETING)
def campaign_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """A draft is changed; what was approved is frozen."""
    campaign = _get(request, pk)
    if campaign.state != Campaign.State.DRAFT and request.method == "GET":
        return done(request, _("Its words are frozen: it was approved."), to=_address(campaign), moves=True)
    return _write(request, campaign)


@require_safe
@staff_only(May.WORK_MARKETING)
def campaign_check(request: StaffRequest) -> HttpResponse:
    """Part of the page that writes one: how the words read, how long they are, what is wrong with them."""
    form = WordsForm(request.GET)
    form.is_valid()
    words = form.cleaned_data.get("words", "")
    context = {
        "faults": list(campaigns.faults(words)) if words else [],
        "sample": campaigns.sample(words, request.staff.store) if words else None,
    }
    return render_page(request, "marketing/_campaign_check.html", None, context)


@require_safe
@staff_only(May.SEE_MARKETING)
def campaign_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One campaign: its words, who gets it and who does not and why, and what came of it."""
    return _campaign(request, _get(request, pk))


@require_POST
@staff_only(May.WORK_MARKETING)
def campaign_approve(request: StaffRequest, pk: int) -> HttpResponse:
    """Words and people are frozen, and texts begin to leave as the gate allows."""
    campaign = _get(request, pk)
    try:
        campaigns.approve(campaign, by=request.staff, now=clock.now())
    except (campaigns.OwnWork, campaigns.Nobody, campaigns.NotADraft) as error:
        return _campaign(request, campaign, trouble=str(error), status=422)
    return done(
        request, _("Approved: texts leave as hours and consent allow."), to=_address(campaign), moves=True
    )


@require_POST
@staff_only(May.WORK_MARKETING)
def campaign_stop(request: StaffRequest, pk: int) -> HttpResponse:
    """What has not left does not leave."""
    campaign = _get(request, pk)
    form = StopForm(request.POST)
    if form.is_valid():
        try:
            n = campaigns.stop(campaign, why=form.cleaned_data["why"], by=request.staff, now=clock.now())
        except campaigns.NotRunning as error:
            form.add_error(None, str(error))
        else:
            say = ngettext("Stopped: %(n)s text did not leave.", "Stopped: %(n)s texts did not leave.", n)
            return done(request, say % {"n": n}, to=_address(campaign), moves=True)
    return _campaign(request, campaign, stop_form=form, status=422)


@require_safe
@staff_only(May.SEE_MARKETING)
def campaign_people(request: StaffRequest) -> HttpResponse:
    """The people behind a figure of a campaign, or of all of them, as they are asked."""
    asked = asking.read(PEOPLE, request.GET)
    listed = turn(asked, request.staff, clock.now())
    campaign = asked.filters["campaign"]
    names = next(dict(choice.options) for choice in listed.choices if choice.key == "campaign")
    context = {
        "list": listed,
        "campaign": campaign if campaign in names else "",
        "name": names.get(campaign),
        "label": results.SHOWN.get(asked.filters["show"], results.SHOWN["people"])[0],
    }
    return render_page(request, "marketing/campaign_people.html", None, context)


def _write(request: StaffRequest, campaign: Campaign | None) -> HttpResponse:
    of_store = Segment.objects.visible_to(request.staff).order_by("name")
    known = CampaignForm.known(campaign) if campaign else {"segment": request.GET.get("segment")}
    form = CampaignForm(request.POST if request.method == "POST" else None, initial=known, segments=of_store)
    if request.method == "POST" and form.is_valid():
        try:
            saved = campaigns.write(
                store_id=request.staff.store_id,
                campaign=campaign,
                **form.cleaned_data,
                by=request.staff,
                now=clock.now(),
            )
        except campaigns.BadWords as error:
            form.add_error("words", error.faults)
        except campaigns.NameTaken as error:
            form.add_error("name", str(error))
        except campaigns.NotADraft as error:
            form.add_error(None, str(error))
        else:
            return done(request, _("Saved as a draft."), to=_address(saved), moves=True)
    words = form["words"].value() or ""
    context = {
        "campaign": campaign,
        "form": form,
        "has_segments": of_store.exists(),
        "faults": list(campaigns.faults(words)) if words and not form.is_bound else [],
        "sample": campaigns.sample(words, request.staff.store) if words else None,
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "marketing/campaign_edit.html", None, context, status=status)


def _campaign(
    request: StaffRequest, campaign: Campaign, *, trouble: str = "", stop_form: Any = None, status: int = 200
) -> HttpResponse:
    staff, is_draft = request.staff, campaign.state == Campaign.State.DRAFT
    size = None
    if is_draft:
        segment = campaign.segment
        rows = segments.people(
            segment.conditions, match=segment.match, store_id=staff.store_id, now=clock.now()
        )
        size = segments.size(rows, exact=True)
    figures = results.of(campaign) if not is_draft else {}
    n_people = (
        size.n_reached if size else figures["people"].n - figures["not_sent"].n - figures["withdrawn"].n
    )
    context = {
        "campaign": campaign,
        "size": size,
        "figures": figures,
        "reasons": results.reasons(campaign) if not is_draft else [],
        "cost": campaigns.cost(campaign, n_people),
        "segment_words": conditions.words(campaign.segment.conditions)
        if is_draft
        else campaign.segment_words,
        "sample": campaigns.sample(campaign.words, staff.store),
        "sample_es": campaigns.sample(campaign.words_es, staff.store) if campaign.words_es else None,
        "may_work": staff.may(May.WORK_MARKETING),
        "may_approve": staff.may(May.WORK_MARKETING) and is_draft and campaigns.may_approve(campaign, staff),
        "can_stop": campaign.is_running or bool(figures and figures["on_the_way"].n),
        "stop_form": stop_form or StopForm(),
        "trouble": trouble,
        "now": clock.now(),
    }
    page, part = "marketing/campaign_detail.html", "marketing/_campaign.html"
    return render_page(request, page, part, context, status=status)


def _get(request: StaffRequest, pk: int) -> Campaign:
    rows = Campaign.objects.visible_to(request.staff)
    return get_object_or_404(
        rows.select_related("segment", "written_by", "approved_by", "stopped_by", "store"), pk=pk
    )


def _address(campaign: Campaign) -> str:
    return reverse("marketing:campaign_detail", args=[campaign.pk])
