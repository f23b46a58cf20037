"""What is done with marketing's lists: taken away as files; what is owed about many rows handed to a colleague."""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dealership import limits
from dealership.limits import limited
from dealership.lists import many
from dealership.lists.shape import Rows
from dealership.web import May, StaffRequest, staff_only
from marketing.campaign_list import CAMPAIGNS
from marketing.models import Review, Survey
from marketing.people_list import PEOPLE
from marketing.playbook import playbook
from marketing.review_list import REVIEWS
from marketing.segment_list import SEGMENTS
from marketing.source_lead_list import SOURCE_LEADS
from marketing.survey_list import SURVEYS
from tasks.hand_offs import Thing
from tasks.owed_about import About, hand_off

RULES = frozenset(rule.key for rule in playbook.rules)


@require_safe
@staff_only(May.SEE_MARKETING)
@limited(limits.EXPORT)
def survey_export(request: StaffRequest) -> HttpResponse:
    """The surveys that are seen, all pages of them."""
    return many.file(request, SURVEYS, "surveys")


@require_safe
@staff_only(May.SEE_MARKETING)
@limited(limits.EXPORT)
def review_export(request: StaffRequest) -> HttpResponse:
    """The reviews that are seen, all pages of them."""
    return many.file(request, REVIEWS, "reviews")


@require_safe
@staff_only(May.SEE_MARKETING)
@limited(limits.EXPORT)
def campaign_export(request: StaffRequest) -> HttpResponse:
    """The campaigns that are seen with what came of them, all pages of them."""
    return many.file(request, CAMPAIGNS, "campaigns")


@require_safe
@staff_only(May.SEE_MARKETING)
@limited(limits.EXPORT)
def campaign_people_export(request: StaffRequest) -> HttpResponse:
    """The people of campaigns that are seen, all pages of them."""
    return many.file(request, PEOPLE, "campaign-people")


@require_safe
@staff_only(May.SEE_MARKETING)
@limited(limits.EXPORT)
def source_lead_export(request: StaffRequest) -> HttpResponse:
    """The leads behind the sources that are seen, all pages of them."""
    return many.file(request, SOURCE_LEADS, "source-leads")


@require_safe
@staff_only(May.SEE_MARKETING)
@limited(limits.EXPORT)
def segment_export(request: StaffRequest) -> HttpResponse:
    """The segments that are seen, in words, all pages of them."""
    return many.file(request, SEGMENTS, "segments")


@require_http_methods(["GET", "POST"])
@staff_only(May.SEE_MARKETING)
def hand_off_surveys(request: StaffRequest) -> HttpResponse:
    """The promises to win back whom is ticked, or all that match, are a colleague's."""
    return many.answer(request, ABOUT_SURVEYS)


@require_http_methods(["GET", "POST"])
@staff_only(May.SEE_MARKETING)
def hand_off_reviews(request: StaffRequest) -> HttpResponse:
    """The promises to answer the reviews that are ticked, or all that match, are a colleague's."""
    return many.answer(request, ABOUT_REVIEWS)


def _surveys(rows: Rows) -> Collection[Thing]:
    return [(f"survey:{pk}", None) for pk in rows.order_by().values_list("pk", flat=True)]


def _reviews(rows: Rows) -> Collection[Thing]:
    return [(f"review:{pk}", None) for pk in rows.order_by().values_list("pk", flat=True)]


def _surveys_ordered(rows: Rows) -> Rows:
    return rows.select_related("customer").order_by("happened_at", "pk")


def _reviews_ordered(rows: Rows) -> Rows:
    return rows.select_related("customer").order_by("posted_at", "pk")


def _survey(row: Survey) -> tuple[str, str, str]:
    beside = f"{row.about_words} · {row.get_state_display()}"
    return reverse("marketing:survey_detail", args=[row.pk]), row.customer.full_name, beside


def _review(row: Review) -> tuple[str, str, str]:
    who = row.customer.full_name if row.customer else row.who
    beside = " · ".join(filter(None, (who, row.site)))
    return reverse("marketing:review_detail", args=[row.pk]), row.words[:80] or _("No words"), beside


ABOUT_SURVEYS = hand_off(About(SURVEYS, _surveys, RULES, _surveys_ordered, _survey))
ABOUT_REVIEWS = hand_off(About(REVIEWS, _reviews, RULES, _reviews_ordered, _review))
