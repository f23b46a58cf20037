"""The Seams page: what it counts, that each figure agrees with the list behind it, and who may look."""

from __future__ import annotations

import pickle
import random
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.http import QueryDict
from django.test import Client

from dealership.appointments.models import Appointment
from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.catalogue.fni import DealFunded
from dealership.events.catalogue.sales import VehicleDelivered
from dealership.events.catalogue.service import DeclinedWork, DeclinedWorkSold, RepairOrderClosed
from dealership.lists.models import BulkAct
from dealership.staff.models import StaffMember
from tasks import broken, fates, figures, rollups, seam_lists, seams, tallies, tiles
from tasks.figures import BUCKETS, FIGURES, KIND_OF, PROMISE_FIGURES, VISIT_FIGURES, Narrowed
from tasks.models import Happening, Promise, Transition
from tasks.periods import Period
from tests import cast as the_cast
from tests.cast import MONDAY_TEN, NEW_YORK, Cast, make_customer
from tests.house import standing

pytestmark = pytest.mark.django_db
SignedIn = Callable[[StaffMember], Client]
TODAY = date(2026, 11, 23)
PAIRS = [
    ("Marketing", "BDC"),
    ("Sales", "Service"),
    ("Service", "Advisor"),
    ("Service BDC", "Customer"),
    ("Lender", "F&I"),
]
SEAMS = [1, 7, 41, 63, 33, None]


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(MONDAY_TEN, tick=False):
        yield


def _built_past() -> bytes:
    with time_machine.travel(MONDAY_TEN, tick=False):
        cast = the_cast.build()
        some_past(cast, 120)
        rollups.settle(cast.northside)
        return pickle.dumps(cast)


@pytest.fixture
@standing.on(_built_past)
def past(db: None) -> Cast:
    """The cast, and a past that is counted: made once for all that look at it."""
    cache.clear()
    cast: Cast = pickle.loads(standing.what())
    return cast


def some_past(cast: Cast, n: int, seed: int = 1) -> None:
    """Promises, visits, deliveries and declined lines of the last weeks, of every fate."""
    chance = random.Random(seed)
    store, owners = cast.northside, [cast.dana, cast.sam, cast.ana, cast.sid, cast.gus]
    customer = make_customer(store, "Tom Okafor", f"+1973555{seed:04d}")
    rows = [_promise(cast, chance, chance.choice(owners), customer, i) for i in range(n)]
    rollups.touch(rows, was_saved=False)
    Promise.objects.bulk_create(rows)
    Transition.objects.bulk_create(
        Transition(store=store, promise=row, act=act, at=row.opened_at, owner_after_id=row.owner_id)
        for row in rows
        for act in ("opened", *(["handed_off"] if chance.random() < 0.2 else []))
    )
    Appointment.objects.bulk_create(
        Appointment(
            store=store, customer=customer, department=chance.choice(("sales", "service")), created_at=MONDAY_TEN,
            starts_at=(at := _moment(chance)), state=chance.choice(("arrived", "arrived", "missed", "booked", "cancelled")),
            cancelled_at=at - timedelta(hours=chance.choice((2, 50))),
        )
        for _ in range(n)
    )  # fmt: skip
    with transaction.atomic():
        bus.publish(*(fact for i in range(n // 2) for fact in _facts(cast, chance, customer, i, seed)))


def _moment(chance: random.Random) -> datetime:
    return MONDAY_TEN - timedelta(minutes=chance.randrange(-600, 90 * 24 * 60))


def _promise(cast: Cast, chance: random.Random, owner: StaffMember, customer: Customer, i: int) -> Promise:
    opened = _moment(chance)
    due = opened + timedelta(minutes=chance.choice((5, 60, 3000)))
    state = chance.choice(("kept", "kept", "kept", "open", "waived", "void"))
    took = timedelta(minutes=chance.choice((1, 4, 20, 100, 4000)))
    seam_from, seam_to = chance.choice(PAIRS)
    moved = due + timedelta(days=2) if chance.random() < 0.1 else due
    closed = opened + took if state != "open" else None
    broken_at = moved if (closed or MONDAY_TEN) > moved and state != "void" else None
    seam = chance.choice(SEAMS)
    return Promise(
        store=cast.northside, rule=f"rule_{seam or 'hand'}", seam=seam, seam_from=seam_from, seam_to=seam_to,
        department="sales", sentence="It is told", subject=f"lead:{i}", customer=customer, owner=owner, assigned_at=opened,
        opened_at=opened, due_at=moved, original_due_at=due, state=state, closed_at=closed, broken_at=broken_at,
        rung=chance.choice((0, 0, 1, 2)), warned_at=due if chance.random() < 0.5 else None,
        nobody_free=chance.random() < 0.1,
        open_seconds=int(took.total_seconds()) if seam == 1 and state == "kept" else None,
    )  # fmt: skip


def _facts(cast: Cast, chance: random.Random, customer: Customer, i: int, seed: int) -> Iterator[Any]:
    at, store = _moment(chance), cast.northside.pk
    deal = {
        "store_id": store,
        "subject": f"deal:{seed}{i}",
        "deal_number": f"{seed}{i}",
        "customer_id": customer.pk,
    }
    yield VehicleDelivered(
        at=at, delivery_at=at, deal_type=chance.choice(("cash", "finance", "lease")),
        has_first_service=chance.random() < 0.4, vehicle="2026 Pilot", **deal,
    )  # fmt: skip
    if chance.random() < 0.6:
        yield DealFunded(at=at + timedelta(days=chance.randrange(1, 12)), **deal)
    line = DeclinedWork(key="brakes", description="Brakes", colour="red", price_cents=42_000)
    ro = {"store_id": store, "subject": f"ro:{seed}{i}", "ro_number": f"{seed}{i}"}
    yield RepairOrderClosed(at=at, declined_lines=(line,), **ro)
    if chance.random() < 0.4:
        sold = at + timedelta(days=chance.randrange(1, 60))
        yield DeclinedWorkSold(at=sold, about="brakes", description="Brakes", **ro)


def spans() -> list[Period]:
    """A short, a long, and some other."""
    chance = random.Random(5)
    first = TODAY - timedelta(days=chance.randrange(80))
    return [
        Period(TODAY, TODAY, NEW_YORK),
        Period(TODAY - timedelta(days=89), TODAY, NEW_YORK),
        Period(first, first + timedelta(days=chance.randrange(10, 30)), NEW_YORK),
    ]


def test_every_figure_agrees_with_the_list_behind_it(past: Cast) -> None:
    staff, n_seen = past.gus, 0
    known = seams.people(staff)

    def listed(figure: str, part: str, period: Period, **narrowed: Any) -> int:
        return figures.rows(
            FIGURES[figure], part, staff=staff, period=period, narrowed=Narrowed(**narrowed)
        ).count()

    for period in spans():
        facts = seams.promises(staff, period)
        for key in PROMISE_FIGURES:
            tally = facts.now if key == "kept" else facts.of_figure[key]
            for part in fates.PARTS:
                assert listed(key, part, period) == tally.part(part), (key, part, period)
            n_seen += tally.part("due")
        visits = seams.visits(staff, period)
        for key in VISIT_FIGURES:
            for part in FIGURES[key].parts:
                assert listed(key, part, period) == seams.count_visits(visits, key, part, period), (key, part)
        happened = seams.happened(staff, [period])
        for key in KIND_OF:
            for part in FIGURES[key].parts:
                assert listed(key, part, period) == happened.n(key, part, period), (key, part, period)
        _, grid = seams.grid(facts)
        for cell in (cell for _, cells in grid for cell in cells):
            between = {
                "labels_from": tallies.labels_of(cell.group_from),
                "labels_to": tallies.labels_of(cell.group_to),
                "by_hand": False,
            }
            assert listed("kept", "all", period, **between) == cell.n, cell
            assert listed("kept", "late", period, **between) == cell.n_late
        for pk, tally in facts.of_owner.items():
            for part in ("due", "on_time", "late"):
                assert listed("kept", part, period, owner_ids=frozenset({pk})) == tally.part(part)
        for line in seams.lines_of_teams(facts, known):
            members = seams.team_members(known, line.key)
            assert listed("kept", "due", period, owner_ids=members) == line.due
        answers = seams.answers(staff, period).open_in(period)
        for n, (_, over, most) in enumerate(BUCKETS):
            assert listed("answer", "kept", period, bucket=n) == sum(
                over < second <= most for second in answers
            )
    assert n_seen > 100


def test_a_trend_adds_up_to_its_figure(past: Cast) -> None:
    period = Period(TODAY - timedelta(days=29), TODAY, NEW_YORK)
    facts, days = seams.promises(past.gus, period), seams.by_day(past.gus, period)
    for key in PROMISE_FIGURES:
        tally = facts.now if key == "kept" else facts.of_figure[key]
        assert sum(day.part("due") for day in days[key].values()) == tally.part("due")
    assert [piece.n_days for piece in period.pieces(7)] == [4, 4, 4, 5, 4, 4, 5]
    assert sum(piece.n_days for piece in period.pieces(24)) == 30


def test_labels_of_the_same_department_stand_under_it() -> None:
    assert tallies.group_of("Service BDC") == "BDC"
    assert tallies.group_of("Advisor") == "Service"
    assert tallies.group_of("Body shop") == "Body shop"
    assert "Lead desk" in tallies.labels_of("BDC")
    labels = [label for name in tallies.GROUPS for label in (name, *tallies.GROUPS[name])]
    assert len(labels) == len(set(labels))


def test_a_manager_sees_the_figures_and_each_opens_its_list(signed_in: SignedIn, past: Cast) -> None:
    browser = signed_in(past.bea)
    response = browser.get("/seams/?period=90")
    html = unescape(response.content.decode())
    for key in tiles.TILES:
        assert str(FIGURES[key].label) in html
        assert str(FIGURES[key].definition) in html
    urls = sorted(set(re.findall(r'href="(/seams/list/[^"]*)"', html)))
    assert len(urls) > 40
    # One of each kind: the same list of another person is the same code.
    kinds = {}
    for url in urls:
        asked = QueryDict(url.partition("?")[2])
        kinds[asked["figure"], asked["part"], *sorted(asked)] = url
    assert {"on_time", "owed_now"} <= {part for _, part, *_ in kinds}
    for url in kinds.values():
        assert browser.get(url).status_code == 200, url
    cell = next(url for url in urls if "from=Marketing" in url and "part=all" in url)
    shown = next(
        cell for _, cells in response.context["grid"] for cell in cells
        if (cell.group_from, cell.group_to) == ("Marketing", "BDC")
    )  # fmt: skip
    assert browser.get(cell).context["list"].n == shown.n


def test_a_list_goes_on_where_its_page_ends(signed_in: SignedIn, past: Cast) -> None:
    browser, url = signed_in(past.gus), "/seams/list/?figure=kept&part=all&period=90"
    seen: list[int] = []
    after = ""
    while True:
        page = browser.get(f"{url}{after}").context["list"]
        seen += [row["pk"] for row in page.rows]
        if not page.onward:
            break
        after = "&" + page.onward.removeprefix("?")
    assert len(seen) == len(set(seen)) == page.n
    assert page.n > 60
    for figure in ("show", "declined", "transit"):
        assert browser.get(f"/seams/list/?figure={figure}&period=90").context["list"].rows


@pytest.mark.parametrize(
    "query",
    [
        "figure=nothing", "part=nothing", "owner=99999", "owner=x", "team=t99999999", "bucket=99", "bucket=x",
        "figure=show&part=late", "rule=none", "figure=transit&part=owed_now", "figure=show_sales&part=recovered",
    ],
)  # fmt: skip
def test_a_list_that_is_not_there_is_not_found(signed_in: SignedIn, past: Cast, query: str) -> None:
    assert signed_in(past.gus).get(f"/seams/list/?{query}").status_code == 404


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("", 200, "25 Oct – 23 Nov"),
        ("period=today", 200, "23 Nov"),
        ("period=month", 200, "1 Nov – 23 Nov"),
        ("first=2026-10-01&last=2026-10-31", 200, "1 Oct – 31 Oct"),
        ("period=custom&first=2025-12-01&last=2026-01-31", 200, "1 Dec 2025 – 31 Jan 2026"),
        ("period=custom&first=2026-10-31&last=2026-10-01", 422, "turn them round"),
        ("period=custom&first=2020-10-31&last=2026-10-01", 422, "at most 400 days"),
        ("period=custom&first=%22%3E&last=never", 422, "last 30 days"),
        ("period=fortnight", 422, "last 30 days"),
    ],
)
def test_any_period_may_be_asked_for(
    signed_in: SignedIn, cast: Cast, query: str, status: int, words: str
) -> None:
    response = signed_in(cast.gus).get(f"/seams/?{query}")
    assert response.status_code == status
    assert words in unescape(response.content.decode())


def test_it_is_compared_with_the_days_before_or_stands_by_itself(signed_in: SignedIn, past: Cast) -> None:
    browser = signed_in(past.gus)
    assert "on the 30 days before" in browser.get("/seams/").content.decode()
    assert "on the 30 days before" not in browser.get("/seams/?compare=off").content.decode()


def test_an_empty_store_has_an_empty_page(signed_in: SignedIn, cast: Cast) -> None:
    html = signed_in(cast.gus).get("/seams/").content.decode()
    for words in (
        "Nothing fell due between departments",
        "No promise was broken",
        "No lead was due an answer",
    ):
        assert words in html


def test_the_chain_says_who_held_it_and_with_whom_it_is_now(cast: Cast) -> None:
    at = MONDAY_TEN - timedelta(hours=18)
    made = Promise.objects.create(
        store=cast.northside, rule="answer_lead", seam=33, seam_from="Sales", seam_to="Service", department="sales",
        sentence="The first visit is set", subject="deal:1", owner=cast.gus, assigned_at=at, opened_at=at, due_at=at,
        original_due_at=at, broken_at=at, rung=1, detail="K. Anders",
    )  # fmt: skip
    for act, owner, minutes in (
        ("opened", cast.sam, -60),
        ("handed_off", cast.lia, -30),
        ("climbed", cast.gus, 960),
    ):
        Transition.objects.create(
            store=cast.northside, promise=made, act=act, at=at + timedelta(minutes=minutes), owner_after=owner
        )
    period = Period(TODAY - timedelta(days=6), TODAY, NEW_YORK)
    (row,) = broken.latest(cast.gus, period, seams.people(cast.gus), MONDAY_TEN)
    assert (row.held_by, row.now_with, row.customer) == (
        "Sam → Lia, changed hands, then nobody for 18 h 00", "Gus", "K. Anders",
    )  # fmt: skip


def test_the_files_hold_what_the_page_shows_and_run_nothing(signed_in: SignedIn, past: Cast) -> None:
    Customer.objects.of_store(past.northside.pk).update(full_name="=1+1")
    Happening.objects.of_store(past.northside.pk).update(words="@SUM(A1)")
    browser = signed_in(past.gus)
    for table, words in (("grid", "Marketing,BDC"), ("people", "Dana Ruiz,BDC"), ("teams", "BDC,")):
        response = browser.get(f"/seams/seams.csv?table={table}&period=90")
        assert response["Content-Type"].startswith("text/csv")
        assert words in response.content.decode()
    listed = browser.get("/seams/list/export/?figure=kept&part=all&period=90").content.decode()
    assert "'=1+1" in listed
    assert ",=1+1" not in listed
    declined = browser.get("/seams/list/export/?figure=declined&part=declined").content.decode()
    assert "'@SUM(A1)" in declined
    assert browser.get("/seams/seams.csv?table=nothing").status_code == 404
    assert browser.get("/seams/list/export/?figure=show").status_code == 200
    assert browser.get("/seams/list/export/?part=owed_now").status_code == 200


def test_who_may_not_see_the_seams_does_not(signed_in: SignedIn, cast: Cast) -> None:
    for path in (
        "/seams/",
        "/seams/list/",
        "/seams/seams.csv",
        "/seams/list/export/",
    ):
        assert signed_in(cast.dana).get(path).status_code == 403
        assert signed_in(cast.faye).get(path).status_code == 200
    assert "/seams/" not in signed_in(cast.dana).get("/").content.decode()


def test_the_playbook_leads_to_the_list_of_a_rule(signed_in: SignedIn, cast: Cast) -> None:
    link = "/seams/list/?figure=kept&amp;part=due&amp;rule=answer_lead"
    assert link in signed_in(cast.bea).get("/playbook/").content.decode()
    assert link not in signed_in(cast.dana).get("/playbook/").content.decode()
    assert signed_in(cast.bea).get(unescape(link)).status_code == 200


def test_the_page_asks_no_more_than_twelve_times_at_any_period(
    signed_in: SignedIn, past: Cast, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    browser = signed_in(past.gus)
    browser.get("/playbook/")
    for query in ("period=today", "period=90", "period=month", "first=2026-01-01&last=2026-11-23"):
        with django_assert_max_num_queries(12):
            browser.get(f"/seams/?{query}")


def test_a_list_of_what_is_owed_now_knows_no_period(past: Cast) -> None:
    asked = seam_lists.read(
        {"part": "owed_now", "owner": str(past.dana.pk)}, spans()[0], seams.people(past.gus)
    )
    open_now = Promise.objects.of_store(past.northside.pk).filter(owner=past.dana, state="open")
    assert seam_lists.rows(past.gus, asked).count() == open_now.count() > 0
    assert seams.people(past.gus)[past.dana.pk].n_open == open_now.count()


def test_what_a_figure_says_is_owed_is_handed_over_and_waived_from_its_list(
    signed_in: SignedIn, past: Cast
) -> None:
    browser, where = signed_in(past.gus), f"figure=kept&part=late&period=90&owner={past.dana.pk}"
    listed = browser.get(f"/seams/list/?{where}")
    html, n = listed.content.decode(), listed.context["list"].n
    assert "Waive…" in html
    assert f'name="owner" value="{past.dana.pk}"' in html
    assert "Waive…" not in browser.get("/seams/list/?figure=kept&part=on_time&period=90").content.decode()
    assert "Waive…" not in browser.get("/seams/list/?figure=show&period=90").content.decode()
    theirs = Promise.objects.of_store(past.northside.pk).filter(state="open", broken_at__isnull=False)
    before = theirs.filter(owner=past.dana).count()
    there = f"/seams/list/many/hand-off/?all=on&{where}"
    assert f"Hand off {n} promise" in browser.get(there).content.decode()
    browser.post(there, {"to": past.lia.pk, "why": "Dana is ill", "n": n})
    act = BulkAct.objects.of_store(past.northside.pk).get()
    assert act.n == n > 0
    assert theirs.filter(owner=past.dana).count() == before - n
    assert browser.get(f"/seams/list/?{where}").context["list"].n == 0
    browser.post(f"/lists/acts/{act.pk}/undo/")
    assert browser.get(f"/seams/list/?{where}").context["list"].n == n
    # Of these alone, whatever is ticked: another store's, or one that the figure does not count.
    other = Promise.objects.across_stores("two stores").exclude(owner=past.dana).values_list("pk", flat=True)
    ticked = "&".join(f"row={pk}" for pk in other[:50])
    assert browser.get(f"/seams/list/many/waive/?{where}&{ticked}").status_code == 302
    assert browser.get("/seams/list/many/waive/?figure=show&all=on").status_code == 404


def test_the_list_behind_a_figure_is_ordered_cut_and_kept_as_a_view(signed_in: SignedIn, past: Cast) -> None:
    browser, where = signed_in(past.gus), "figure=kept&part=late&period=90"
    rows = [browser.get(f"/seams/list/?{where}{sort}").context["list"].rows for sort in ("", "&sort=oldest")]
    moments = [[row["original_due_at"] for row in found] for found in rows]
    assert moments[0] == sorted(moments[0], reverse=True)
    assert moments[1] == sorted(moments[1])
    cut = f"/seams/list/?{where}&cols=sentence&cols=fate&size=25"
    html = browser.get(cut).content.decode()
    assert "What became of it: Late and still owed" in html
    assert 'class="seam"' not in html
    head = browser.get(cut.replace("list/", "list/export/")).content.decode("utf-8-sig").splitlines()[0]
    assert head == "Promise,What became of it"
    kept = browser.post("/lists/seam_promises/views/", {"name": "Late ones", "query": cut.partition("?")[2]})
    assert "Forget this view" in browser.get(kept["Location"]).content.decode()
    assert "Late ones" not in browser.get("/seams/list/?figure=show&period=90").content.decode()


def test_owed_now_stands_soonest_due_first(signed_in: SignedIn, past: Cast) -> None:
    rows = signed_in(past.gus).get("/seams/list/?part=owed_now").context["list"].rows
    assert [row["due_at"] for row in rows] == sorted(row["due_at"] for row in rows)


def test_visits_and_what_happened_are_tables_of_chosen_columns(signed_in: SignedIn, past: Cast) -> None:
    browser = signed_in(past.gus)
    visits = browser.get("/seams/list/?figure=show&period=90").content.decode()
    assert re.search(r'<a class="plain-link" href="/appointments/\d+/">', visits)
    assert ">came<" in visits
    lines = browser.get("/seams/list/?figure=declined&part=declined&cols=number&cols=cents").content.decode()
    assert "RO " in lines
    assert "$420" in lines
    assert "Bought</th>" not in lines
