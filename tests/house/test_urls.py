"""Every address, walked as nobody, as each role, and as the stranger from the other store. An address without a decision fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Q
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from dealership import limits
from dealership.limits import Limit
from dealership.scope import StoreOwned
from dealership.staff.models import StaffMember, User
from dealership.staff.roles import MATRIX, Role
from dealership.stores.models import Store
from tests import cast as the_cast
from tests.house import columns
from tests.house.addresses import ENTRANCES, EVERYBODY, MACHINES, PEOPLE, PRESSED, TAKE_A_FILE, TYPED
from tests.house.test_limits import older, tries
from tests.house.world import Rows, World

pytestmark = pytest.mark.django_db
SignedIn = Callable[[StaffMember], Client]
HTMX = {"HX-Request": "true"}

#: Of those with the same rights, the first by name: they are let in to the same places.
ONE_OF_EACH = sorted(
    {MATRIX[the_cast.NORTHSIDE[key][1]]: key for key in sorted(EVERYBODY, reverse=True)}.values()
)
OWN = [name for name, door in PEOPLE.items() if door.row]

#: What one may ask for beside the address: {name} is a row of the other store.
ASKED = (
    "/?of={boss}",
    "/?of=store",
    "/commands/?q=quill",
    "/commands/?at=/customers/{customer}/",
    "/commands/?at=/promises/{promise}/",
    "/commands/?at=/inbox/{conversation}/",
    "/promises/?of={boss}",
    "/promises/?of=store&state=kept",
    "/promises/?of=store&state=open",
    "/promises/new/?customer={customer}",
    "/promises/new/?q=qui",
    "/promises/new/customers/?q=quillf",
    "/customers/?q=quill",
    "/customers/?q=5550140",
    "/customers/?q=7719",
    "/customers/?q=NFA7734",
    "/customers/search/?q=quill",
    "/customers/search/?q=0140",
    "/sales/arrivals/many/no-leads/?all=on",
    "/sales/?show=all",
    "/sales/?owner={agent}",
    "/sales/leads.csv?show=all",
    "/sales/leads/new/?customer={customer}",
    "/sales/we-owes/?show=late",
    "/sales/deals/list/?show=delivered&delivery=done30",
    "/sales/deals/list/?ready=waits_long",
    "/sales/deals/list/?ready=stips&cols=stips",
    "/sales/deals/list/hand-off/?all=on&show=all",
    "/sales/deals/new/?customer={customer}",
    "/sales/deals/new/?lead={lead}",
    "/sales/deals/new/?q=quill",
    "/sales/stock/?show=not_ready",
    "/appointments/?day=2026-11-24&department=service",
    "/appointments/?day=2026-11-24&department=sales",
    "/appointments/?day=2026-11-24&department=service&view=week",
    "/appointments/?day=2026-11-24&department=service&view=week&by=person",
    "/appointments/?day=2026-11-24&department=service&by=person",
    "/appointments/book/?customer={customer}",
    "/appointments/book/?q=quill",
    "/inbox/?show=waiting",
    "/service/repair-orders/?q=7719",
    "/service/?list=open",
    "/service/?list=approval",
    "/service/?list=comebacks",
    "/service/?list=parts",
    "/parts/?list=untold",
    "/parts/stock/?q=quill",
    "/parts/stock/?q=7719",
    "/parts/stock/?sort=unsold&sold=over365&size=25",
    "/parts/requests/?state=all&advisor={agent}&sort=oldest",
    "/parts/requests/?lies=14&told=told",
    "/parts/requests/export/?state=all&cols=description&cols=source",
    "/parts/requests/new/?customer={customer}",
    "/parts/requests/new/?q=quill",
    "/seams/?period=90",
    "/seams/list/?figure=kept&part=all&period=90",
    "/seams/list/?figure=show&part=due&period=90",
    "/seams/list/?figure=declined&part=declined&period=90",
    "/seams/list/?figure=kept&part=owed_now&owner={boss}",
    "/seams/seams.csv?table=people&period=90",
    "/seams/list/export/?figure=kept&part=all&period=90",
    "/inbox/inbox.csv?show=waiting",
    "/fni/jackets/?show=waiting",
    "/fni/jackets/?show=funded",
    "/fni/jackets/hand-off/?all=on&show=live",
    "/fni/in-transit/?over=7",
    "/fni/stips/?show=unasked",
    "/marketing/surveys/?show=unhappy&days=90",
    "/marketing/surveys/?show=answered&sort=worst&size=25",
    "/marketing/surveys/export/?show=all",
    "/marketing/reviews/?show=all",
    "/marketing/reviews/export/?show=all&sort=worst",
    "/marketing/campaigns/export/",
    "/marketing/sources/?days=90&sort=close",
    "/marketing/sources/export/?days=90&sort=delivered",
    "/marketing/sources/leads/?days=90&what=in_time&sort=fastest",
    "/marketing/segments/?used=yes&sort=newest",
    "/marketing/segments/new/?match=all&model=Civic",
    "/marketing/segments/count/?match=any&model=Civic&consent=on&exact=1",
    "/marketing/campaigns/people/?campaign={campaign}&show=not_sent",
    "/marketing/campaigns/people/export/?campaign={campaign}",
    "/marketing/reviews/new/?customer={customer}",
    "/trail/?who={boss}",
    "/trail/?since=2026-11-01&until=2026-11-30",
    "/trail/?action=saw&kind=customer&sort=oldest&size=30&cols=at&cols=who",
    "/trail/trail.csv?since=2026-11-01&until=2026-11-30",
    "/trail/affected/?who={boss}&since=2026-11-01",
    "/trail/affected.csv?who={boss}&since=2026-11-01",
    "/live/?t=promises:1,inbox:1,leads:1",
    "/phones/",
    "/nowhere/",
    "/inbox/99999999/",
)

#: Forms that name a row of the other store: who posts what where ({own} of the poster's store, {name} of the other).
SMUGGLED = (
    ("tasks:hand_off", {"to": "{boss}", "why": "smuggled"}),
    (
        "tasks:make",
        {"sentence": "smuggled", "due_at": "2026-11-24T15:00", "owner": "{boss}", "customer": ""},
    ),
    ("messaging:hold_conversation", {"holder": "{agent}"}),
    ("customers:merge", {"other": "{twin}"}),
    ("customers:not_twins", {"other": "{twin}"}),
    ("customers:join_household", {"other": "{twin}"}),
    ("customers:part_household", {"other": "{twin}"}),
    ("sales:lead_hand_over", {"to": "{agent}", "why": "smuggled"}),
    ("sales:deal_new", {"customer": "{customer}", "car": "smuggled", "salesperson": "{boss}"}),
    ("sales:we_owe_new", {"item": "smuggled", "on": "2026-11-27", "owner": "{boss}"}),
    ("staff:switch_place", {"place": "{boss}"}),
    (
        "parts:request_new",
        {"description": "smuggled", "quantity": "1", "key": PRESSED, "customer": "{customer}"},
    ),
    (
        "marketing:campaign_new",
        {
            "name": "smuggled",
            "segment": "{segment}",
            "department": "sales",
            "words": "{{store}}. Reply STOP to opt out.",
        },
    ),
    ("staff:team_detail", {"name": "smuggled", "department": "sales", "lead": "{boss}"}),
    (
        "staff:person_detail",
        {"name": "smuggled", "role": "advisor", "languages": "en", "capacity": "7", "team": "{team}"},
    ),
    (
        "appointments:book",
        {"customer": "{customer}", "day": "2026-11-25", "time": "10:00", "department": "service"},
    ),
)


DECIDED = {**PEOPLE, **MACHINES, **ENTRANCES}


def named(patterns: list[Any], space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern with the name by which it is reversed."""
    for item in patterns:
        if isinstance(item, URLResolver):
            yield from named(item.url_patterns, f"{item.namespace}:" if item.namespace else space)
        else:
            yield f"{space}{item.name}" if item.name else "", item


def address(name: str, rows: Rows) -> str:
    """The address, for a row of this store."""
    door = PEOPLE[name]
    key = door.key or (rows.pk[door.row] if door.row else None)
    return reverse(name, args=[] if key is None else [key])


def filled(form: Any, rows: Rows, me: StaffMember, world: World) -> dict[str, str]:
    """The form with the keys of that store's rows and people."""
    north = rows is world.north
    people = {
        "boss": world.cast.gus if north else world.cast.eve,
        "agent": world.cast.dana if north else world.cast.earl,
    }
    keys = {name: person.pk for name, person in people.items()} | rows.pk | {"me": me.pk}
    return {name.format_map(keys): value.format_map(keys) for name, value in form.items()}


def said(response: HttpResponse) -> str:
    """All that an answer tells, in lower case: its headers and its body."""
    headers = " ".join(f"{name}: {value}" for name, value in response.items())
    return f"{headers} {response.content.decode('utf-8', 'replace')}".lower()


#: What every answer says to a browser.
SAID = {
    "Content-Security-Policy": ("frame-ancestors 'none'", "script-src 'self'", "object-src 'none'"),
    "X-Content-Type-Options": ("nosniff",),
    "Referrer-Policy": ("same-origin",),
    "Permissions-Policy": ("camera=()", "geolocation=()"),
    "Cross-Origin-Opener-Policy": ("same-origin",),
}


def unsaid(response: HttpResponse) -> list[str]:
    """Which of its headers this answer lacks; and whether a browser may keep what was made for one session."""
    missing = [
        name
        for name, parts in SAID.items()
        if not all(part in response.headers.get(name, "") for part in parts)
    ]
    policy = response.headers.get("Content-Security-Policy", "")
    if "unsafe" in policy or "*" in policy:
        missing.append("a policy that allows nothing inline")
    if "cookie" in response.headers.get("Vary", "").lower() and "no-store" not in response.headers.get(
        "Cache-Control", ""
    ):
        missing.append("Cache-Control")
    return missing


def leaks(response: HttpResponse, other: Rows) -> list[str]:
    """The marks of the other store in this answer."""
    text = said(response)
    return [mark for mark in other.marks.canaries if mark in text]


def fingerprint() -> dict[str, tuple[int, str]]:
    """Every table of ours: how many rows, and a sum of all that stands in them."""
    tables = sorted(
        {model._meta.db_table for model in apps.get_models() if model.__module__.startswith(OURS)}
        - {"staff_user", "dealership_bucket"}  # tries are counted even where nothing is done
    )
    one = "SELECT '{0}', count(*), coalesce(md5(string_agg(md5(t::text), '' ORDER BY id)), '') FROM {0} t"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(table) for table in tables))
        return {table: (n, total) for table, n, total in cursor.fetchall()}


OURS = ("dealership.", "tasks.", "sales.", "service.", "parts.", "fni.", "marketing.")


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- the table ------------------------------------------------------------------------------------------------------------


def test_every_address_has_its_answer_in_the_table() -> None:
    found = dict(named(get_resolver().url_patterns))
    known = {found[name].callback for name in found if name in DECIDED}
    strangers = {
        name or str(pattern.pattern) for name, pattern in found.items() if pattern.callback not in known
    }

    assert not strangers, f"Say in tests/house/addresses.py who gets what at: {', '.join(sorted(strangers))}"
    assert not set(DECIDED) - set(found), "The table names addresses that are gone."


def test_the_pages_of_signing_in_give_what_the_table_says(world: World, signed_in: SignedIn) -> None:
    dana = (
        StaffMember.objects.of_store(world.north.store.pk).select_related("user").get(pk=world.cast.dana.pk)
    )
    assert dana.user is not None
    dana.user.set_password("a long password of hers")
    dana.user.save()
    browser, got, wanted = signed_in(dana), {}, {}
    for name, door in ENTRANCES.items():
        where = reverse(name, args=door.args)
        nobody = Client().get(where)
        got[name] = (
            nobody.status_code,
            browser.get(where).status_code,
            Client(raise_request_exception=False).post(where).status_code,
        )
        wanted[name] = (door.nobody, door.signed_in, door.posted)
        assert leaks(nobody, world.north) == unsaid(nobody) == [], name
    assert {name: code for name, code in got.items() if code != wanted[name]} == {}


def test_every_role_walks() -> None:
    assert {the_cast.NORTHSIDE[key][1] for key in EVERYBODY} == set(Role)
    assert {MATRIX[the_cast.NORTHSIDE[key][1]] for key in ONE_OF_EACH} == set(MATRIX.values())


# --- who is let in --------------------------------------------------------------------------------------------------------


def test_nobody_is_let_in_before_signing_in(world: World) -> None:
    wrong = {}
    for name, door in PEOPLE.items():
        for method, allowed in (("get", door.get), ("post", door.post)):
            response = getattr(Client(), method)(address(name, world.north))
            expected = 302 if allowed is not None else (302, 405)
            at_sign_in = response.status_code == 405 or response["Location"].startswith("/account/login/")
            if (
                response.status_code not in (expected if isinstance(expected, tuple) else (expected,))
                or not at_sign_in
                or unsaid(response)
            ):
                wrong[name, method] = response.status_code
    assert wrong == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_machines_get_nothing_without_their_secret(world: World, method: str) -> None:
    before = fingerprint()
    got, wanted = {}, {}
    for name, door in MACHINES.items():
        response = getattr(Client(enforce_csrf_checks=True), method)(reverse(name, args=door.args))
        got[name], wanted[name] = response.status_code, getattr(door, method)
        assert leaks(response, world.east) == leaks(response, world.north) == []
        assert unsaid(response) == [], name
    assert got == wanted
    assert fingerprint() == before


def opened(
    world: World,
    browser: Client,
    who: str,
    around: Callable[[str], AbstractContextManager[object]] = nullcontext,
) -> None:
    """Asks every address as this person, and judges each answer: as the table says, no word of the other store, all headers.

    The first refusal is asked for as a page, the others as HTMX asks, which gets the same answer in a sentence. `around` each
    page that is let in: for whoever judges more.
    """
    got, wanted, wrong, refused = {}, {}, {}, 0
    for name, door in PEOPLE.items():
        if door.get is None:
            continue
        let_in = who in door.get
        refused += not let_in
        with around(name) if let_in else nullcontext():
            response = browser.get(
                address(name, world.north), headers=HTMX if refused > 1 and not let_in else {}
            )
        got[name], wanted[name] = response.status_code, door.answer if let_in else 403
        if marks := leaks(response, world.east) + unsaid(response):
            wrong[name] = marks
        if (
            name not in ("staff:unlock", "rail")
            and response.status_code == 200
            and "no-store" not in response.headers.get("Cache-Control", "")
        ):
            wrong[name] = ["kept by the browser"]
    assert {name: code for name, code in got.items() if code != wanted[name]} == {}
    assert wrong == {}


# The general manager's walk is in test_query_counts, which counts as it goes.
@pytest.mark.parametrize("who", [who for who in ONE_OF_EACH if who != "gus"])
def test_each_role_opens_what_the_table_says_and_no_word_of_the_other_store(
    world: World, signed_in: SignedIn, who: str
) -> None:
    opened(world, signed_in(world.cast.people[who]), who)


def test_what_is_asked_in_the_wrong_way_is_refused_as_such(world: World, signed_in: SignedIn) -> None:
    browser, got = signed_in(world.cast.gus), {}
    for name, door in PEOPLE.items():
        for method, allowed in (("get", door.get), ("post", door.post)):
            if allowed is None:
                got[name, method] = getattr(browser, method)(address(name, world.north)).status_code
    assert {what: code for what, code in got.items() if code != 405} == {}


@pytest.mark.parametrize("who", ["gus", "dana"])
def test_parts_and_questions_tell_nothing_of_the_other_store(
    world: World, signed_in: SignedIn, who: str
) -> None:
    person = world.cast.people[who]
    browser, troubles = signed_in(person), {}
    questions = [filled({"": asked}, world.east, person, world)[""] for asked in ASKED]
    parts = [address(name, world.north) for name, door in PEOPLE.items() if door.get]
    for path, headers in [*((path, HTMX) for path in parts + questions), *((path, {}) for path in questions)]:
        response = browser.get(path, headers=headers)
        if response.status_code >= 500 or leaks(response, world.east):
            troubles[path] = (response.status_code, leaks(response, world.east))
    assert troubles == {}


def test_what_is_hidden_from_the_others_is_there_to_be_seen(world: World, signed_in: SignedIn) -> None:
    """Else no leak could be noticed."""
    browser = signed_in(world.cast.eve)
    blank = [
        name
        for name in OWN
        if PEOPLE[name].get and not leaks(browser.get(address(name, world.east), headers=HTMX), world.east)
    ]
    # These show times, or what could be written, and no words of anybody's.
    assert set(blank) <= {
        "appointments:customer_panel",
        "messaging:log_call",
        "messaging:hand_over",
        "messaging:writers",
        "messaging:composer",
        "messaging:photo",
        "service:repair_order_by_number",
        "sales:deal_by_number",
        "fni:jacket_by_number",
    }
    for path in ("/", "/inbox/", "/customers/", "/sales/", "/sales/leads.csv", "/sales/arrivals/", "/sales/arrivals/export/", "/sales/deals/",
                 "/sales/we-owes/", "/sales/we-owes/export/", "/sales/deals/list/?show=delivered", "/sales/deals/list/export/",
                 "/sales/stock/", "/imports/", "/facts/",
                 "/parts/", "/parts/?list=untold", "/parts/stock/?q=quill",
                 "/fni/", "/fni/stips/", "/fni/in-transit.csv", "/fni/jackets/", "/fni/jackets/export/", "/fni/stips/export/",
                 "/service/", "/service/repair-orders/", "/service/declined/", "/phones/", "/promises/?of=store",
                 "/customers/search/?q=quill", "/seams/?period=90", "/seams/list/?figure=kept&part=all&period=90",
                 "/seams/list/?figure=declined&part=declined", "/seams/seams.csv?table=people",
                 "/appointments/?day=2026-11-24&department=service",
                 "/appointments/?day=2026-11-24&department=service&view=week"):  # fmt: skip
        assert leaks(browser.get(path, headers=HTMX), world.east), path


# --- the stranger ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("who", "has", "headers"), [("eve", "north", {}), ("gus", "east", HTMX), ("dana", "east", HTMX)]
)
def test_a_row_of_the_other_store_is_not_there_and_nothing_changes(
    world: World, signed_in: SignedIn, who: str, has: str, headers: dict[str, str], method: str
) -> None:
    person, rows = world.cast.people[who], getattr(world, has)
    browser, before, got = signed_in(person), fingerprint(), {}
    for name in OWN:
        door = PEOPLE[name]
        if (door.post if method == "post" else door.get) is None:
            continue
        own = world.east if rows is world.north else world.north
        form = filled(door.form, own, person, world) if method == "post" else {}
        response = getattr(browser, method)(address(name, rows), form, headers=headers)
        allowed = person.role == Role.GENERAL_MANAGER or who in (
            (door.post if method == "post" else door.get) or ()
        )
        if response.status_code != (door.strange if allowed or door.by_row else 403) or leaks(response, rows):
            got[name] = (response.status_code, leaks(response, rows))
    assert got == {}
    assert fingerprint() == before


def test_a_form_cannot_name_a_row_of_the_other_store(world: World, signed_in: SignedIn) -> None:
    browser, before = signed_in(world.cast.gus), fingerprint()
    for name, form in SMUGGLED:
        response = browser.post(address(name, world.north), filled(form, world.east, world.cast.gus, world))
        assert response.status_code in (404, 422), name
        assert leaks(response, world.east) == [], name
        assert fingerprint() == before, name


# --- what people do (that every form works for who may send it: test_trail) -----------------------------------------------


@pytest.mark.parametrize("who", ["tess", "pete", "faye", "lia", "sid", "pam"])
def test_who_may_not_do_a_thing_does_not(world: World, signed_in: SignedIn, who: str) -> None:
    browser, before, got = signed_in(world.cast.people[who]), fingerprint(), {}
    for name, door in PEOPLE.items():
        if door.post is not None and who not in door.post:
            form = filled(door.form, world.north, world.cast.people[who], world)
            got[name] = browser.post(address(name, world.north), form, headers=HTMX).status_code
    assert {name: code for name, code in got.items() if code != 403} == {}
    assert fingerprint() == before


def test_nothing_is_done_on_the_word_of_another_site(world: World, signed_in: SignedIn) -> None:
    browser, before = signed_in(world.cast.gus), fingerprint()
    browser.handler.enforce_csrf_checks = True
    for name, door in PEOPLE.items():
        if door.post is not None:
            form = filled(door.form, world.north, world.cast.gus, world)
            assert browser.post(address(name, world.north), form).status_code == 403, name
    assert fingerprint() == before


def test_nobody_without_the_second_factor_that_is_asked_for_opens_anything(
    world: World, signed_in: SignedIn
) -> None:
    browser = signed_in(world.cast.gus)
    Store.objects.filter(pk=world.north.store.pk).update(needs_second_factor=True)
    before, opened = fingerprint(), {}
    for name, door in PEOPLE.items():
        for method, allowed in (("get", door.get), ("post", door.post)):
            if allowed is None or name in ("staff:security", "staff:unlock"):
                continue
            response = getattr(browser, method)(address(name, world.north))
            to = response.headers.get("Location", "")
            if response.status_code != 302 or to != "/account/security/" or leaks(response, world.north):
                opened[name, method] = (response.status_code, to)
    assert opened == {}
    assert fingerprint() == before
    assert leaks(browser.get("/account/security/"), world.north) == []


def test_who_has_left_is_let_in_nowhere(world: World, signed_in: SignedIn) -> None:
    browser = signed_in(world.cast.dana)
    StaffMember.objects.of_store(world.north.store.pk).filter(pk=world.cast.dana.pk).update(is_active=False)
    for name, door in PEOPLE.items():
        for method, allowed in (("get", door.get), ("post", door.post)):
            if allowed is not None:
                response = getattr(browser, method)(address(name, world.north))
                assert response.status_code in (403, 404), name
                assert world.north.marks.word.lower() not in said(response), name


# --- how often ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "door"),
    [
        (limits.EXPORT, "sales:lead_export"),
        (limits.EXPORT, "sales:arrival_raw"),
        (limits.EXPORT, "fni:in_transit_export"),
        (limits.EXPORT, "tasks:seam_export"),
        (limits.SEARCH, "customers:search"),
        (limits.SEARCH, "customers:customer_list"),
        (limits.SEARCH, "tasks:customer_choice"),
    ],
)
def test_nobody_carries_the_store_away_page_by_page(
    world: World, signed_in: SignedIn, limit: Limit, door: str
) -> None:
    browser, where = signed_in(world.cast.gus), f"{address(door, world.north)}?q=quillfeather"
    assert browser.get(where).status_code < 400
    tries(limit, str(world.cast.gus.pk))
    # Nothing trickles in before the next try, however slow the machine.
    older(minutes=-5)
    refused = browser.get(where, headers={"HX-Request": "true"})
    assert refused.status_code == 429
    assert refused.content.decode().startswith("Too many tries. Wait ")
    assert signed_in(world.cast.mo).get(where).status_code in (200, 302, 403)


def test_no_address_stands_before_another() -> None:
    """Else whoever is sent to the second gets what the first does."""
    places: dict[str, list[str]] = {}
    for name, _ in named(get_resolver().url_patterns):
        if name in PEOPLE:
            args = ["1"] if PEOPLE[name].row or PEOPLE[name].key else []
            places.setdefault(reverse(name, args=args), []).append(name)
    assert {path: names for path, names in places.items() if len(names) > 1} == {}


def test_every_other_answer_says_the_same_to_a_browser(world: World, signed_in: SignedIn) -> None:
    browser = signed_in(world.cast.dana)
    for path, status in (
        ("/static/css/base.css", 200),
        ("/static/mfa/js/webauthn.js", 200),
        ("/static/nothing.css", 404),
        ("/nowhere/", 404),
        ("/people/", 403),
        ("/hooks/adf/none/", 405),
        ("/health/live/", 200),
        ("/live/?t=inbox:1", 204),
        ("/account/email/", 404),
    ):
        response = browser.get(path)
        for close in response._resource_closers if response.streaming else ():
            close()
        assert (response.status_code, unsaid(response)) == (status, []), path
    broken = Client(raise_request_exception=False).get("/", headers={"Host": "evil.example"})
    assert (broken.status_code, unsaid(broken)) == (400, [])


# --- what a form does not offer ------------------------------------------------------------------------------------------


def offered() -> set[str]:
    """Every name that some form of ours asks for."""
    forms_left, names = [forms.BaseForm], set[str]()
    while forms_left:
        one = forms_left.pop()
        forms_left += one.__subclasses__()
        names |= set(getattr(one, "base_fields", {}))
    return names


def smuggled_fields(east: int) -> dict[str, str]:
    """Every field of every model of ours that no form offers, with a value that can be told."""
    found = {}
    for model in apps.get_models():
        if model.__module__.startswith(OURS):
            for field in model._meta.concrete_fields:
                kind = field.get_internal_type()
                value = (
                    str(east) if field.is_relation else "on" if kind == "BooleanField"
                    else "2031-01-31T10:00" if kind.startswith("Date") else "7770777" if "Integer" in kind
                    else "zzsmuggled"
                )  # fmt: skip
                found |= {field.name: value, field.attname: value}
    return {name: value for name, value in found.items() if name not in offered()} | {
        "is_staff": "on", "is_superuser": "on", "is_active": "on", "groups": "1", "user_permissions": "1",
        "store": str(east), "store_id": str(east), "_method": "DELETE",
    }  # fmt: skip


def test_a_form_takes_nothing_that_it_does_not_offer(world: World, signed_in: SignedIn) -> None:
    browser, east = signed_in(world.cast.gus), world.east.store.pk
    extra, n = smuggled_fields(east), 0
    assert {"store", "is_staff", "owner_id", "broken_at", "sessions_epoch", "lead_token"} <= set(extra)
    before = {
        model._meta.db_table: model.objects.of_store(east).count()
        for model in apps.get_models()
        if issubclass(model, StoreOwned)
    }
    for name, door in PEOPLE.items():
        if door.post is None or name in TAKE_A_FILE:
            continue
        form = filled(door.form, world.north, world.cast.gus, world)
        own = {*form, *TYPED.get(name, ())}
        typed = {field: value for field, value in extra.items() if field not in own} | form
        response = browser.post(
            address(name, world.north), typed, headers={"X-HTTP-Method-Override": "DELETE"}
        )
        assert response.status_code < 500, name
        n += response.status_code in (204, 302)
    assert n > 60  # most of them do what they are for, and nothing beside it
    assert columns.holding("zzsmuggled|2031-01-31|7770777") == {}
    after = {
        model._meta.db_table: model.objects.of_store(east).count()
        for model in apps.get_models()
        if issubclass(model, StoreOwned)
    }
    # A demo's day is played in all its stores.
    assert {table for table, n in after.items() if n != before[table]} <= {"dealership_playedact"}
    assert not User.objects.filter(Q(is_staff=True) | Q(is_superuser=True)).exists()
