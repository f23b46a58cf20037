"""Pages of people: who works here, adding, changing, shifts, being away, leaving and coming back; and who may not see them."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from dealership.staff import absences, people
from dealership.staff.models import Absence, Shift, StaffChange, StaffMember, Team, User
from dealership.staff.roles import MAY_WORDS, May, Role
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast
from tests.tasks.promised import promise

PEOPLE = reverse("staff:person_list")
NEW = reverse("staff:person_new")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def monday_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands at Monday, 10 am."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def at(person: StaffMember, name: str = "person_detail") -> str:
    return reverse(f"staff:{name}", args=[person.pk])


def typed(person: StaffMember | None = None, **other: Any) -> dict[str, Any]:
    """The form of a person as their page shows it, with what is typed over it."""
    shown = (
        {
            "name": person.name,
            "role": person.role,
            "email": person.user.email if person.user else "",
            "team": person.team_id or "",
            "dms_number": person.dms_number,
            "languages": person.languages.split(","),
            "capacity": person.capacity,
        }
        if person
        else {"role": "bdc_agent", "languages": ["en"], "capacity": 40}
    )
    return shown | other


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


# --- who may ----------------------------------------------------------------------------------------------------------


def test_only_who_manages_staff_sees_people(cast: Cast, signed_in: Any) -> None:
    team = Team.objects.of_store(cast.northside.pk).get()
    pages = [PEOPLE, NEW, at(cast.dana), at(cast.dana, "shift_week"), at(cast.dana, "leave")]
    pages += [reverse("staff:team_new"), reverse("staff:team_detail", args=[team.pk])]
    for page in pages:
        assert "/account/login" in Client().get(page).url
        assert signed_in(cast.bea).get(page).status_code == 403
        assert signed_in(cast.gus).get(page).status_code == 200


def test_a_stranger_finds_nobody_of_the_other_store_and_changes_nothing(cast: Cast, signed_in: Any) -> None:
    eve, team = signed_in(cast.eve), Team.objects.of_store(cast.northside.pk).get()
    away = people.leave_for(cast.ana, until=None, reason="sick", by=cast.gus, now=NOW)
    for name in ("person_detail", "shift_week", "leave"):
        assert eve.get(at(cast.dana, name)).status_code == 404
    for name in ("person_detail", "shift_week", "leave", "reinstate", "password_link", "be_away"):
        assert eve.post(at(cast.dana, name), typed(cast.dana, name="Taken")).status_code == 404
    assert eve.post(reverse("staff:come_back", args=[away.pk])).status_code == 404
    assert eve.post(reverse("staff:team_detail", args=[team.pk])).status_code == 404
    assert "Dana" not in text_of(eve.get(PEOPLE))
    cast.dana.refresh_from_db()
    away.refresh_from_db()
    assert (cast.dana.name, cast.dana.is_active, away.ends_at) == ("Dana Ruiz", True, None)


def test_no_page_asks_more_than_twelve_queries(
    cast: Cast, signed_in: Any, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    gus = signed_in(cast.gus)
    people.leave_for(cast.dana, until=None, reason="sick", by=cast.gus, now=NOW)
    gus.get("/")
    for page in (PEOPLE, NEW, at(cast.dana), at(cast.dana, "shift_week"), at(cast.dana, "leave")):
        with django_assert_max_num_queries(12):
            assert gus.get(page).status_code == 200


def test_people_are_narrowed_by_role_and_team_and_taken_along(cast: Cast, signed_in: Any) -> None:
    gus, team = signed_in(cast.gus), Team.objects.of_store(cast.northside.pk).get()
    inside = set(team.members.values_list("name", flat=True))
    page = text_of(gus.get(f"{PEOPLE}?role=advisor"))
    assert "Ana Moreno" in page
    assert "Tess Yoder" not in page.split('id="people"')[1]
    file = gus.get(f"{reverse('staff:person_export')}?team={team.pk}&cols=name&cols=role").content.decode()
    assert {line.split(",")[0] for line in file.splitlines()[1:]} == inside
    asked = gus.get(f"{PEOPLE}?sort=role&size=25&cols=name&cols=capacity")
    assert "dana@" not in text_of(asked)
    assert "Nobody fits" in text_of(gus.get(f"{PEOPLE}?role=advisor&team={team.pk}"))
    assert signed_in(cast.bea).get(reverse("staff:person_export")).status_code == 403


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_says_who_is_here_off_shift_away_and_gone_and_what_they_carry(
    cast: Cast, signed_in: Any
) -> None:
    promise(cast.dana)
    people.leave_for(cast.ana, until=NOW + 3 * HOUR, reason="dentist", by=cast.gus, now=NOW)
    people.deactivate(cast.max, by=cast.gus, now=NOW)
    Shift.objects.create(store=cast.northside, staff=cast.sam, weekday=0, starts=time(12), ends=time(20))
    page = text_of(signed_in(cast.gus).get(PEOPLE))
    assert "away until Mon 23 Nov 1:00 pm" in page
    assert "off shift" in page
    assert "here now" in page
    assert '1<span class="faint"> of 40' in page
    assert page.index("Max Weir") > page.index('id="left"')


# --- adding -----------------------------------------------------------------------------------------------------------


def test_a_person_is_added_chooses_a_password_by_the_link_and_signs_in(cast: Cast, signed_in: Any) -> None:
    gus = signed_in(cast.gus)
    posted = typed(name="Nia  Cole", email="Nia@Northside.example", dms_number="77", languages=["en", "es"])
    answer = gus.post(NEW, posted)
    nia = StaffMember.objects.of_store(cast.northside.pk).get(name="Nia Cole")
    assert (answer.status_code, answer.url) == (302, at(nia))
    assert (nia.languages, nia.dms_number, nia.role) == ("en,es", "77", Role.BDC_AGENT)
    first = gus.get(at(nia))
    link = first.context["link"]
    assert link in first.content.decode()
    assert gus.get(at(nia)).context["link"] == ""

    browser = Client()
    form = browser.get(link, follow=True)
    browser.post(
        form.request["PATH_INFO"],
        {"password1": "promises are to be kept", "password2": "promises are to be kept"},
    )
    browser.post("/account/login/", {"login": "nia@northside.example", "password": "promises are to be kept"})
    assert "Nia Cole" in browser.get("/").content.decode()
    assert b"has been used or is too old" in Client().get(link, follow=True).content


def test_a_technician_is_added_without_a_sign_in(cast: Cast, signed_in: Any) -> None:
    gus = signed_in(cast.gus)
    gus.post(NEW, typed(name="Theo Lund", role="technician"))
    theo = StaffMember.objects.of_store(cast.northside.pk).get(name="Theo Lund")
    assert theo.user is None
    assert "does not sign in" in text_of(gus.get(at(theo)))
    assert gus.post(at(theo, "password_link")).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "This field is required"),
        ({"name": "Nia", "email": "not an address"}, "valid email"),
        ({"name": "Nia", "email": "dana@northside-honda.example"}, "Dana Ruiz has this e-mail here"),
        ({"name": "Nia", "dms_number": "104"}, "Ana Moreno has the number 104"),
        ({"name": "Nia", "role": "king"}, "Select a valid choice"),
        ({"name": "Nia", "capacity": "0"}, "greater than or equal to 1"),
        ({"name": "Nia", "languages": ["xx"]}, "Select a valid choice"),
        ({"name": "Nia", "team": "999999"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    cast: Cast, signed_in: Any, wrong: dict[str, Any], words: str
) -> None:
    before = (StaffMember.objects.across_stores("a test").count(), User.objects.count())
    response = signed_in(cast.gus).post(NEW, typed(**{"email": "new@here.example"} | wrong))
    assert response.status_code == 422
    assert words in text_of(response)
    assert 'value="' + (wrong.get("email") or "new@here.example") in text_of(response)
    assert (StaffMember.objects.across_stores("a test").count(), User.objects.count()) == before


def test_somebody_of_another_store_of_the_group_keeps_their_sign_in_and_gets_no_link_from_here(
    cast: Cast, signed_in: Any
) -> None:
    eve = signed_in(cast.eve)
    eve.post(NEW, typed(name="Dana Ruiz", email="dana@northside-honda.example"))
    there = StaffMember.objects.of_store(cast.eastside.pk).get(name="Dana Ruiz")
    assert there.user == cast.dana.user
    answer = eve.post(at(there, "password_link"))
    assert answer.status_code == 422
    assert "also works at another store" in text_of(answer)
    moved = eve.post(at(there), typed(there, email="mine@eastside.example"))
    assert moved.status_code == 422
    cast.dana.user.refresh_from_db()
    assert cast.dana.user.email == "dana@northside-honda.example"


# --- changing ---------------------------------------------------------------------------------------------------------


def test_a_change_is_kept_with_what_was_before_and_who_did_it(cast: Cast, signed_in: Any) -> None:
    gus = signed_in(cast.gus)
    answer = gus.post(at(cast.sam), typed(cast.sam, role="sales_manager", email="sam.tully@new.example"))
    assert answer.status_code == 302
    cast.sam.refresh_from_db()
    assert (cast.sam.role, cast.sam.user.email) == (Role.SALES_MANAGER, "sam.tully@new.example")
    page = text_of(gus.get(at(cast.sam)))
    assert "Salesperson</span> → Sales manager" in page
    assert "sam.tully@new.example" in page
    row = StaffChange.objects.of_store(cast.northside.pk).get(staff=cast.sam, what="Role")
    assert (row.was, row.became, row.by, row.at) == ("Salesperson", "Sales manager", cast.gus, NOW)


def test_saving_what_is_there_changes_nothing(cast: Cast, signed_in: Any) -> None:
    gus = signed_in(cast.gus)
    assert gus.post(at(cast.ana), typed(cast.ana)).status_code == 302
    assert not StaffChange.objects.of_store(cast.northside.pk).exists()


def test_the_only_general_manager_keeps_the_role(cast: Cast, signed_in: Any) -> None:
    response = signed_in(cast.gus).post(at(cast.gus), typed(cast.gus, role="advisor"))
    assert response.status_code == 422
    assert "Gus Ortega is the only general manager" in text_of(response)
    cast.gus.refresh_from_db()
    assert cast.gus.role == Role.GENERAL_MANAGER


# --- shifts -----------------------------------------------------------------------------------------------------------


def test_shifts_of_several_stretches_a_day_are_set_and_taken_away(cast: Cast, signed_in: Any) -> None:
    gus, page = signed_in(cast.gus), at(cast.dana, "shift_week")
    answer = gus.post(page, {"opens-0": ["08:00", "1 pm"], "closes-0": ["12:00", "17:00"]})
    assert answer.status_code == 302
    rows = Shift.objects.of_store(cast.northside.pk).filter(staff=cast.dana).order_by("starts")
    assert [(row.weekday, row.starts, row.ends) for row in rows] == [
        (0, time(8), time(12)),
        (0, time(13), time(17)),
    ]
    assert "Mon 8:00 am – 12:00 pm, 1:00 pm – 5:00 pm" in text_of(gus.get(at(cast.dana)))
    gus.post(page, {"opens-0": [""], "closes-0": [""]})
    assert not rows.all().exists()
    assert "Whenever the department is open" in text_of(gus.get(at(cast.dana)))


def test_rows_are_added_copied_and_removed_without_saving(cast: Cast, signed_in: Any) -> None:
    gus, page = signed_in(cast.gus), at(cast.dana, "shift_week")
    one = {"opens-0": ["08:00"], "closes-0": ["17:00"]}
    added = gus.post(page, one | {"add": "0"})
    assert (added.status_code, text_of(added).count('name="opens-0"')) == (200, 2)
    assert "Not saved yet" in text_of(added)
    copied = gus.post(page, one | {"copy": "0"})
    assert text_of(copied).count('value="08:00"') == 5
    removed = gus.post(page, one | {"remove": "0-0"})
    assert 'name="opens-0"' not in text_of(removed)
    for odd in ({"add": "9"}, {"remove": "0-99"}, {"remove": "x-y"}, {"copy": "-1"}):
        assert gus.post(page, one | odd).status_code == 200
    assert not Shift.objects.of_store(cast.northside.pk).exists()


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        (["09:00"], [""], "give both the hour"),
        (["noonish"], ["17:00"], "write the hours as 8:00 am"),
        (["17:00"], ["09:00"], "does not end after it starts"),
        (["09:00", "11:00"], ["12:00", "14:00"], "overlap"),
        (["16:00"], ["00:00"], "a shift ends by 11:59 pm"),
    ],
)
def test_shifts_that_are_none_are_refused_with_what_was_typed(
    cast: Cast, signed_in: Any, opens: list[str], closes: list[str], words: str
) -> None:
    response = signed_in(cast.gus).post(at(cast.dana, "shift_week"), {"opens-2": opens, "closes-2": closes})
    assert response.status_code == 422
    assert words in text_of(response)
    assert f'value="{opens[0]}"' in text_of(response)
    assert not Shift.objects.of_store(cast.northside.pk).exists()


# --- away -------------------------------------------------------------------------------------------------------------


def test_being_away_from_now_moves_what_they_owe_and_being_back_ends_it(cast: Cast, signed_in: Any) -> None:
    gus, owed = signed_in(cast.gus), promise(cast.ana)
    answer = gus.post(
        at(cast.ana, "be_away"), {"until": "2026-11-23T15:00", "reason": "dentist"}, follow=True
    )
    assert "What they owe has moved." in text_of(answer)
    owed.refresh_from_db()
    assert owed.owner != cast.ana
    absence = Absence.objects.of_store(cast.northside.pk).get()
    assert absence.ends_at == NOW + 5 * HOUR
    gus.post(reverse("staff:come_back", args=[absence.pk]))
    absence.refresh_from_db()
    assert absence.ends_at == NOW


def test_an_absence_of_next_week_waits_and_can_be_called_off(cast: Cast, signed_in: Any) -> None:
    gus, owed = signed_in(cast.gus), promise(cast.ana)
    posted = {"starts_at": "2026-11-30T08:00", "until": "2026-12-04T18:00", "reason": "vacation"}
    assert "moves when it begins" in text_of(gus.post(at(cast.ana, "be_away"), posted, follow=True))
    owed.refresh_from_db()
    assert owed.owner == cast.ana
    absence = Absence.objects.of_store(cast.northside.pk).get()
    assert absence.begun_at is None
    assert "Call it off" in text_of(gus.get(at(cast.ana)))
    gus.post(reverse("staff:come_back", args=[absence.pk]))
    assert not Absence.objects.of_store(cast.northside.pk).exists()
    history = text_of(gus.get(at(cast.ana)))
    assert "Does not go away" in history


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"starts_at": "2026-11-30T08:00", "until": "2026-11-29T08:00"}, "It ends before it begins"),
        ({"starts_at": "someday"}, "Give a day and a time"),
        ({"until": "2039-11-29T08:00"}, "more than two years away"),
        ({"until": "9999-12-31T23:59"}, "more than two years away"),
        ({"starts_at": "2026-11-24T08:00"}, "They are away already: Tue 24 Nov 8:00 am – open end, school"),
    ],
)
def test_an_absence_that_cannot_be_is_refused_with_what_was_typed(
    cast: Cast, signed_in: Any, form: dict[str, str], words: str
) -> None:
    absences.plan(cast.dana, starts_at=NOW + 22 * HOUR, until=None, reason="school", by=cast.gus, now=NOW)
    response = signed_in(cast.gus).post(at(cast.dana, "be_away"), form | {"reason": "vacation in Ohio"})
    assert response.status_code == 422
    assert words in text_of(response)
    assert "vacation in Ohio" in text_of(response)
    assert Absence.objects.of_store(cast.northside.pk).count() == 1


# --- leaving ----------------------------------------------------------------------------------------------------------


def test_leaving_says_first_what_will_happen_then_does_it_and_can_be_undone(
    cast: Cast, signed_in: Any
) -> None:
    gus, owed = signed_in(cast.gus), [promise(cast.bea), promise(cast.bea)]
    before = text_of(gus.get(at(cast.bea, "leave")))
    assert "2 promises move" in before
    assert "A general manager leads <b>BDC</b>" in before
    after = gus.post(at(cast.bea, "leave"), follow=True)
    assert f'action="{at(cast.bea, "reinstate")}"' in text_of(after)
    cast.bea.refresh_from_db()
    cast.bea.user.refresh_from_db()
    assert (cast.bea.is_active, cast.bea.user.is_active) == (False, False)
    for one in owed:
        one.refresh_from_db()
        assert one.owner != cast.bea
    gus.post(at(cast.bea, "reinstate"))
    cast.bea.refresh_from_db()
    cast.bea.user.refresh_from_db()
    assert (cast.bea.is_active, cast.bea.left_at, cast.bea.user.is_active) == (True, None, True)
    assert "Works here again" in text_of(gus.get(at(cast.bea)))


def test_one_promise_moves_and_none_does_are_said_as_people_say_it(cast: Cast, signed_in: Any) -> None:
    gus = signed_in(cast.gus)
    assert "No promise moves" in text_of(gus.get(at(cast.sam, "leave")))
    promise(cast.sam)
    assert "1 promise moves" in text_of(gus.get(at(cast.sam, "leave")))


def test_the_last_general_manager_cannot_leave(cast: Cast, signed_in: Any) -> None:
    gus = signed_in(cast.gus)
    assert "is the only general manager" in text_of(gus.get(at(cast.gus, "leave")))
    response = gus.post(at(cast.gus, "leave"))
    assert response.status_code == 422
    assert "name another one first" in text_of(response)
    cast.gus.refresh_from_db()
    assert cast.gus.is_active


# --- teams ------------------------------------------------------------------------------------------------------------


def test_a_team_is_made_and_given_another_lead(cast: Cast, signed_in: Any) -> None:
    gus = signed_in(cast.gus)
    form = {"name": "Lane", "department": "service", "lead": cast.rosa.pk}
    assert gus.post(reverse("staff:team_new"), form).status_code == 302
    lane = Team.objects.of_store(cast.northside.pk).get(name="Lane")
    gus.post(reverse("staff:team_detail", args=[lane.pk]), form | {"lead": cast.ana.pk})
    lane.refresh_from_db()
    assert lane.lead == cast.ana
    again = gus.post(reverse("staff:team_new"), form | {"name": "bdc"})
    assert (again.status_code, "There is a team bdc already" in text_of(again)) == (422, True)
    theirs = gus.post(reverse("staff:team_new"), form | {"name": "Other", "lead": cast.eve.pk})
    assert theirs.status_code == 422


# --- languages --------------------------------------------------------------------------------------------------------


def test_who_reads_spanish_reads_it_and_what_they_change_is_kept_in_english(
    cast: Cast, in_spanish: Any, signed_in: Any
) -> None:
    client = in_spanish(cast.gus)
    page = text_of(client.get(at(cast.ana)))
    assert "Asesor de servicio" in page
    assert "Cambiar los turnos" in page
    response = client.post(at(cast.ana), typed(cast.ana, role="service_bdc"))
    assert response.status_code == 302
    kept = StaffChange.objects.of_store(cast.northside.pk).latest("pk")
    assert (kept.what, kept.was, kept.became) == ("Role", "Service advisor", "Service BDC")
    page = text_of(client.get(at(cast.ana)))
    assert "<b>Función</b>" in page
    assert "Asesor de servicio</span> → BDC de servicio" in page
    refused = signed_in(cast.ana).get(PEOPLE, headers={"accept-language": "es"})
    assert refused.status_code == 403
    assert "administrar al personal" in refused.content.decode()


def test_everything_that_roles_allow_is_said_in_other_languages() -> None:
    assert [str(words) for words in MAY_WORDS] == list(May)
