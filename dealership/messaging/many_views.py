"""Many conversations of the inbox at once: those that are ticked, or a whole list of it; assigned, or put away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dealership import clock
from dealership.language import later
from dealership.lists import bulk, many
from dealership.lists.models import BulkAct
from dealership.lists.shape import Rows
from dealership.messaging import conversations, put_away
from dealership.messaging import many as acts
from dealership.messaging.inbox_list import INBOX
from dealership.staff.models import StaffMember
from dealership.staff.roles import MATRIX
from dealership.stores import calendars
from dealership.stores.moments import WIRE, StoreMoment
from dealership.web import May, StaffRequest, staff_only


class AssignForm(many.ToColleagueForm):
    """Who talks with them from now on."""

    def colleagues(self) -> QuerySet[StaffMember]:
        """Who may write to customers."""
        able = [role for role, may in MATRIX.items() if May.WRITE_TO_CUSTOMERS in may]
        return super().colleagues().filter(role__in=able)


class PutAwayManyForm(many.ManyForm):
    """Until when."""

    until = StoreMoment(
        label=later("Until"),
        help_text=later("When you are closed then, they come back as you open."),
        error_messages={"required": later("Say until when.")},
    )

    def __init__(self, *args: Any, staff: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, staff=staff, **kwargs)
        cast(StoreMoment, self.fields["until"]).zone = staff.store.tz


@require_http_methods(["GET", "POST"])
@staff_only(May.WRITE_TO_CUSTOMERS)
def assign_many(request: StaffRequest) -> HttpResponse:
    """One person talks with all of these from now on; what others hold a manager alone gives away."""
    return many.answer(request, ASSIGN)


@require_http_methods(["GET", "POST"])
@staff_only(May.WRITE_TO_CUSTOMERS)
def put_many_away(request: StaffRequest) -> HttpResponse:
    """All of these are out of the lists until then."""
    return many.answer(request, PUT_AWAY)


def _see(rows: Rows, **words: Any) -> many.Seen:
    keys = list(rows.values_list("pk", flat=True))
    named = rows.order_by("-last_at", "-pk").select_related("customer", "holder")[: many.NAMED]
    return many.Seen(
        n=len(keys),
        named=[
            (
                reverse("messaging:conversation_detail", args=[row.pk]),
                row.customer.full_name,
                row.holder.name if row.holder else _("nobody’s"),
            )
            for row in named
        ],
        keys=keys,
        **words,
    )


def _see_assigned(rows: Rows, staff: StaffMember) -> many.Seen:
    if not staff.may(May.REASSIGN):
        rows = rows.filter(Q(holder__isnull=True) | Q(holder=staff))
        if not rows.exists():
            raise bulk.BulkError(_("Others hold these: whoever holds one hands it over, or a manager."))
    counted = INBOX.count_of(rows.count())
    return _see(
        rows,
        title=_("Assign %(what)s") % {"what": counted},
        sub=_("One person talks with them from now on; what is promised about them goes along"),
        button=_("Assign %(what)s") % {"what": counted},
        hint=_("It can be taken back for an hour, where nothing has happened since."),
    )


def _see_away(rows: Rows, staff: StaffMember) -> many.Seen:
    counted = INBOX.count_of(rows.count())
    return _see(
        rows,
        title=_("Put %(what)s away") % {"what": counted},
        sub=_("Out of the lists until then; what is promised stays promised"),
        button=_("Put %(what)s away") % {"what": counted},
        hint=_("Whoever writes is back at once. It can be taken back for an hour."),
        asks=_("Until when"),
        quick=_times(rows, staff),
    )


def _times(rows: Rows, staff: StaffMember) -> list[many.Quick]:
    """Times that are often meant, by the hours of their department; of the store, where they are of several."""
    departments = list(rows.order_by().values_list("department", flat=True).distinct()[:2])
    calendar = calendars.of(staff.store_id, departments[0] if len(departments) == 1 else "")
    zone = staff.store.tz
    return [
        many.Quick("until", choice.words, choice.at.astimezone(zone).strftime(WIRE), choice.at)
        for choice in put_away.choices(calendar, clock.now())
    ]


def _assign(keys: Sequence[int], told: dict[str, Any], staff: StaffMember, now: datetime) -> BulkAct:
    return acts.assign(keys=keys, to=told["to"], by=staff, now=now)


def _put_away(keys: Sequence[int], told: dict[str, Any], staff: StaffMember, now: datetime) -> BulkAct:
    return acts.keep_until(keys=keys, until=told["until"], by=staff, now=now)


ASSIGN = many.Deed(
    INBOX,
    AssignForm,
    _see_assigned,
    _assign,
    refuses=(conversations.HeldByAnother, conversations.CannotHold),
    most=acts.MOST,
)
PUT_AWAY = many.Deed(
    INBOX, PutAwayManyForm, _see_away, _put_away, refuses=(put_away.BadTime,), most=acts.MOST
)
