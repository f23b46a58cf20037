"""Pages of people: who works here, what they do and when, who is away, who left; and which of one's own stores one is at."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dealership import clock, limits, rail
from dealership.lists import asking, many
from dealership.lists.page import turn
from dealership.staff import absences, board, carried, changes, people, second_factor, shifts, sign_in, teams
from dealership.staff.access import PLACE_KEY, places_of
from dealership.staff.forms import AbsenceForm, PersonForm, TeamForm
from dealership.staff.models import Absence, StaffMember, Team, User
from dealership.staff.person_list import PEOPLE
from dealership.stores.forms import WeekForm
from dealership.stores.hours import BadHours
from dealership.stores.said import trouble as trouble_of
from dealership.web import May, StaffRequest, done, render_page, staff_only

#: Whose password link the next look at their page shows, once.
LINK_KEY = "password_link_of"


@require_POST
@login_required
def switch_place(request: HttpRequest) -> HttpResponse:
    """Goes to another of one's own stores, and begins there at My day. 404 for a place that is not theirs."""
    chosen = request.POST.get("place", "")
    if chosen not in {str(place.pk) for place in places_of(cast(User, request.user))}:
        raise Http404("You do not work there.")
    request.session[PLACE_KEY] = int(chosen)
    return HttpResponseRedirect(reverse("tasks:my_day"))


@require_safe
@staff_only(May.MANAGE_STAFF)
def person_list(request: StaffRequest) -> HttpResponse:
    """Everybody of the store as they are asked for, where they are now, and what they carry."""
    now = clock.now()
    listed = turn(asking.read(PEOPLE, request.GET), request.staff, now)
    shown = board.board(request.staff.store_id, now)
    rows = {row.person.pk: row for row in shown.here}
    context = {
        "board": shown,
        "list": listed,
        "cols": listed.asked.columns,
        "rows": [rows[person.pk] for person in listed.rows if person.pk in rows],
        "now": now,
    }
    return render_page(request, "staff/person_list.html", None, context)


@require_safe
@staff_only(May.MANAGE_STAFF)
@limits.limited(limits.EXPORT)
def person_export(request: StaffRequest) -> HttpResponse:
    """Those who are seen on the list, all pages of them."""
    return many.file(request, PEOPLE, "people")


@require_http_methods(["GET", "POST"])
@staff_only(May.MANAGE_STAFF)
def person_new(request: StaffRequest) -> HttpResponse:
    """Somebody begins here. With an e-mail they get an address where they choose their password, shown to the manager once."""
    store_id = request.staff.store_id
    form = PersonForm(request.POST or None, store_id=store_id)
    if request.method == "POST" and form.is_valid():
        limits.take(limits.INVITE, request.staff.pk)
        try:
            person = people.add(store_id=store_id, details=form.details, by=request.staff, now=clock.now())
        except (people.CannotChange, sign_in.EmailTaken) as error:
            form.add_error(error.field, str(error))
        else:
            if person.user:
                rail.forget_places(person.user.pk)
                if not person.user.has_usable_password():
                    request.session[LINK_KEY] = person.pk
            return done(
                request, _("%(name)s works here now.") % {"name": person.name}, to=_page(person), moves=True
            )
    status = 422 if request.method == "POST" else 200
    return render_page(request, "staff/person_new.html", None, {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@staff_only(May.MANAGE_STAFF)
def person_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One person: what they are, when they work, when they are away, what was changed. A post changes what they are."""
    person = _find(request, pk)
    form = PersonForm(request.POST or None, store_id=person.store_id, staff=person)
    if request.method == "GET":
        link = ""
        if request.session.get(LINK_KEY) == person.pk:
            del request.session[LINK_KEY]
            link = sign_in.password_link(person)
        return _person(request, person, form=form, link=link)
    if form.is_valid():
        try:
            different = people.change(person, form.details, by=request.staff, now=clock.now())
        except (people.CannotChange, sign_in.EmailTaken, sign_in.NotOurs) as error:
            form.add_error(error.field, str(error))
        else:
            what = ", ".join(_(one) for one in different).lower()
            say = _("Changed: %(what)s.") % {"what": what} if different else _("Nothing was changed.")
            return done(request, say, to=_page(person), moves=True)
    return _person(request, person, form=form, status=422)


@require_POST
@staff_only(May.MANAGE_STAFF)
def password_link(request: StaffRequest, pk: int) -> HttpResponse:
    """A new address where this person chooses a password; the page shows it once."""
    person = _find(request, pk)
    limits.take(limits.INVITE, request.staff.pk)
    try:
        sign_in.password_link(person)
    except sign_in.NotOurs as error:
        return _person(request, person, trouble=str(error), status=422)
    if person.user:
        limits.forget(limits.PASSWORD, person.user.email)
    request.session[LINK_KEY] = person.pk
    changes.record(person, "Password link made", by=request.staff, now=clock.now())
    return HttpResponseRedirect(f"{_page(person)}#sign-in")


@require_POST
@staff_only(May.MANAGE_STAFF)
def take_away_second_factor(request: StaffRequest, pk: int) -> HttpResponse:
    """A lost second factor is forgotten, with the reason; this person is signed out everywhere."""
    person = _find(request, pk)
    try:
        second_factor.take_away(person, why=request.POST.get("why", ""), by=request.staff, now=clock.now())
    except (second_factor.NoReason, sign_in.NotOurs) as error:
        return _person(request, person, trouble=str(error), status=422)
    say = _("%(name)s is signed out and sets up another second factor at the next sign-in.")
    say = say % {"name": person.first_name}
    return done(request, say, to=f"{_page(person)}#sign-in", moves=True)


@require_http_methods(["GET", "POST"])
@staff_only(May.MANAGE_STAFF)
def shift_week(request: StaffRequest, pk: int) -> HttpResponse:
    """When this person works; adding and removing rows saves nothing yet."""
    person = _find(request, pk)
    form = WeekForm(shifts.week_of(person), request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and not form.is_redraw:
        if form.is_valid():
            try:
                changed = shifts.set_week(person, form.week, by=request.staff, now=clock.now())
                told = {"name": person.first_name, "when": shifts.said(form.week)}
                say = _("%(name)s works %(when)s.") % told if changed else _("Nothing was changed.")
                return done(request, say, to=_page(person), moves=True)
            except BadHours as error:
                form.error = trouble_of(error)
        status = 422
    context = {"person": person, "form": form}
    return render_page(request, "staff/shift_week.html", None, context, status=status)


@require_POST
@staff_only(May.MANAGE_STAFF)
def be_away(request: StaffRequest, pk: int) -> HttpResponse:
    """A time away, from now or later."""
    person, now = _find(request, pk), clock.now()
    form = AbsenceForm(request.POST, zone=person.store.tz)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            absence = absences.plan(
                person,
                starts_at=typed["starts_at"],
                until=typed["until"],
                reason=typed["reason"],
                by=request.staff,
                now=now,
            )
        except absences.BadAbsence as error:
            form.add_error(error.field, str(error))
        else:
            words = (
                _("%(name)s is away. What they owe has moved.")
                if absence.begun_at
                else _("%(name)s is away. What they owe moves when it begins.")
            )
            return done(request, words % {"name": person.first_name}, to=_page(person), moves=True)
    return _person(request, person, away_form=form, status=422)


@require_POST
@staff_only(May.MANAGE_STAFF)
def come_back(request: StaffRequest, pk: int) -> HttpResponse:
    """An absence ends now; one that has not begun is called off."""
    absence = get_object_or_404(Absence.objects.visible_to(request.staff).select_related("staff"), pk=pk)
    absences.end(absence, by=request.staff, now=clock.now())
    say = _("%(name)s is here. What moved to others stays with them.")
    say = say % {"name": absence.staff.first_name}
    return done(request, say, to=_page(absence.staff), moves=True)


@require_http_methods(["GET", "POST"])
@staff_only(May.MANAGE_STAFF)
def leave(request: StaffRequest, pk: int) -> HttpResponse:
    """Says what will happen when this person leaves; a post lets it happen, with a way back."""
    person, trouble = _find(request, pk), ""
    if request.method == "POST":
        try:
            people.deactivate(person, by=request.staff, now=clock.now())
        except people.LastGeneralManager as error:
            trouble = str(error)
        else:
            _forget_places(person)
            undo = reverse("staff:reinstate", args=[person.pk])
            say = _("%(name)s no longer works here.") % {"name": person.name}
            return done(request, say, to=reverse("staff:person_list"), undo=undo, moves=True)
    elif people.is_last_manager(person):
        trouble = people.only_manager(person)
    context = {
        "person": person,
        "trouble": trouble,
        "n_open": carried.open_of(person.store_id).get(person.pk, 0),
        "leads": Team.objects.of_store(person.store_id).filter(lead=person),
    }
    return render_page(
        request, "staff/leave.html", None, context, status=422 if request.method == "POST" else 200
    )


@require_POST
@staff_only(May.MANAGE_STAFF)
def reinstate(request: StaffRequest, pk: int) -> HttpResponse:
    """Undo of leaving, also long after."""
    person = _find(request, pk)
    people.reinstate(person, by=request.staff, now=clock.now())
    _forget_places(person)
    say = _("%(name)s works here again. What moved to others stays with them.") % {"name": person.name}
    return done(request, say, to=_page(person), moves=True)


@require_http_methods(["GET", "POST"])
@staff_only(May.MANAGE_STAFF)
def team_new(request: StaffRequest) -> HttpResponse:
    """A new team."""
    return _team(request, None)


@require_http_methods(["GET", "POST"])
@staff_only(May.MANAGE_STAFF)
def team_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """A team's name, department and lead. Who belongs to it is set with each person."""
    rows = Team.objects.visible_to(request.staff).select_related("lead")
    return _team(request, get_object_or_404(rows, pk=pk))


def _team(request: StaffRequest, team: Team | None) -> HttpResponse:
    here = list(StaffMember.objects.visible_to(request.staff).filter(is_active=True).order_by("name"))
    initial = {"name": team.name, "department": team.department, "lead": team.lead_id} if team else None
    form = TeamForm(request.POST or None, people=here, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        lead = next(person for person in here if person.pk == typed["lead"])
        try:
            saved = teams.save(
                store_id=request.staff.store_id,
                team=team,
                name=typed["name"],
                department=typed["department"],
                lead=lead,
            )
        except teams.NameTaken as error:
            form.add_error("name", str(error))
        else:
            say = _("%(name)s answers for %(team)s.") % {"name": lead.first_name, "team": saved.name}
            return done(request, say, to=f"{reverse('staff:person_list')}#teams", moves=True)
    context = {"form": form, "team": team}
    status = 422 if request.method == "POST" else 200
    return render_page(request, "staff/team_detail.html", None, context, status=status)


def _find(request: StaffRequest, pk: int) -> StaffMember:
    rows = StaffMember.objects.visible_to(request.staff).select_related("store", "user", "team")
    return get_object_or_404(rows, pk=pk)


def _page(person: StaffMember) -> str:
    return reverse("staff:person_detail", args=[person.pk])


def _forget_places(person: StaffMember) -> None:
    if person.user_id:
        rail.forget_places(person.user_id)


def _person(
    request: StaffRequest,
    person: StaffMember,
    *,
    form: PersonForm | None = None,
    away_form: AbsenceForm | None = None,
    link: str = "",
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    context: dict[str, Any] = {
        "now": now,
        "person": person,
        "form": form or PersonForm(store_id=person.store_id, staff=person),
        "away_form": away_form or AbsenceForm(zone=person.store.tz),
        "link": link,
        "has_second_factor": person.user is not None and second_factor.has_one(person.user),
        "trouble": trouble,
        "n_open": carried.open_of(person.store_id).get(person.pk, 0),
        "shifts": shifts.said(shifts.week_of(person)).split("; "),
        "absences": absences.coming(person, now),
        "changes": changes.of(person),
    }
    return render_page(request, "staff/person_detail.html", None, context, status=status)
