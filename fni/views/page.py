"""One jacket's page, as every view of it renders it: also the views of what went wrong there."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from dealership import clock
from dealership.web import May, StaffRequest, render_page
from fni import board, jackets, stipulations
from fni.checklists import Door
from fni.forms import (
    COMMON_STIPS,
    HOW,
    AskForm,
    ContractForm,
    DescribeForm,
    DropForm,
    FundForm,
    ItemForm,
    KickBackForm,
    RefuseForm,
    StipForm,
    TitleForm,
)
from fni.models import DealJacket, Stipulation

#: So many of the newest acts stand on its page; a jacket has some twenty.
MOST_ACTS = 200


def jacket_of(request: StaffRequest, pk: int) -> DealJacket:
    """The jacket, if this person may see it; else 404."""
    rows = DealJacket.objects.visible_to(request.staff)
    beside = ("customer__merged_into__merged_into", "vehicle", "salesperson", "store")
    return get_object_or_404(rows.select_related(*beside), pk=pk)


def address(jacket: DealJacket) -> str:
    """Where its page is."""
    return reverse("fni:jacket_detail", args=[jacket.pk])


def render(
    request: StaffRequest,
    jacket: DealJacket,
    *,
    trouble: str = "",
    asked: Stipulation | None = None,
    status: int = 200,
    **forms: Any,
) -> HttpResponse:
    """The page. `forms` are those that failed, by name; `asked` the stip that one of them is about; `trouble` what cannot be."""
    staff, may_work = request.staff, request.staff.may(May.WORK_FNI)
    things = board.things(jacket)
    lacking = [thing.item.key for thing in things if thing.item.state == "missing"]
    context: dict[str, Any] = {
        "jacket": jacket,
        "car": jackets.label(jacket),
        "things": things,
        "n_missing": len(lacking),
        "n_missing_for_box": sum(
            thing.door is Door.BOX and thing.item.state == "missing" for thing in things
        ),
        "stips": _stips(request, jacket, asked, forms),
        "kick_backs": list(jacket.kick_backs.select_related("by", "corrected_by").order_by("-pk")),
        "acts": list(jacket.acts.select_related("by").order_by("-at", "-pk")[:MOST_ACTS]),
        "subject": jacket.subject,
        "days": (clock.now() - jacket.delivered_at).days
        if jacket.is_in_transit and jacket.delivered_at
        else None,
        "trouble": trouble,
        "may_work": may_work,
        "may_write": staff.may(May.WRITE_TO_CUSTOMERS),
        "sees_money": board.sees_money(staff),
        "common_stips": COMMON_STIPS,
        "asked_how": HOW,
        "now": clock.now(),
    }
    if may_work:
        context |= _forms(jacket, things, lacking)
    return render_page(request, "fni/jacket_detail.html", "fni/_jacket.html", context | forms, status=status)


def _forms(jacket: DealJacket, things: list[board.Thing], lacking: list[str]) -> dict[str, Any]:
    at_the_box = [thing.item.key for thing in things if thing.door is Door.BOX]
    missing = [key for key in at_the_box if key in lacking]
    return {
        "refuse_form": RefuseForm(keys=at_the_box, initial={"missing": missing}),
        "item_form": ItemForm(),
        "describe_form": DescribeForm.of(jacket),
        "contract_form": ContractForm(jacket=jacket, initial={"lender": jacket.lender}),
        "kick_back_form": KickBackForm(),
        "fund_form": FundForm(),
        "title_form": TitleForm(),
        "stip_form": StipForm(),
    }


def _stips(
    request: StaffRequest, jacket: DealJacket, asked: Stipulation | None, forms: dict[str, Any]
) -> list[dict[str, Any]]:
    rows, language = [], stipulations.language_of(jacket)
    for stip in jacket.stips.select_related("asked_by", "verified_by", "text").order_by("-pk"):
        failed = forms if asked is not None and asked.pk == stip.pk else {}
        can_ask = stip.is_open and stip.asked_at is None and not stipulations.is_being_asked(stip)
        body = stipulations.half_written(stip, jacket, request.staff) if can_ask else ""
        rows.append(
            {
                "stip": stip,
                "can_ask": can_ask,
                "is_being_asked": stip.is_open and stip.asked_at is None and not can_ask,
                "ask_form": failed.get("ask_form")
                or AskForm(language=language, initial={"body": body}, auto_id=f"ask-{stip.pk}-%s"),
                "drop_form": failed.get("drop_form") or DropForm(auto_id=f"drop-{stip.pk}-%s"),
                "ask_failed": "ask_form" in failed,
                "drop_failed": "drop_form" in failed,
            }
        )
    return rows
