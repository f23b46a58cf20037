"""Hostile input at every door: machines', forms', addresses'. Never a 5xx, nothing lost, and nothing of it runs in a page."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, quote_from_bytes
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from dealership.dms import jobs
from dealership.dms.models import Feed, FeedFile, StagedRecord
from dealership.messaging import carrier_calls
from dealership.messaging.models import CarrierCall, Conversation, Message
from dealership.messaging.transports import twilio
from dealership.staff.models import StaffMember
from parts import jobs as parts_jobs
from sales import jobs as sales_jobs
from sales.models import Lead, LeadArrival
from service import jobs as service_jobs
from service.models import RepairOrder
from tests import corpus
from tests.corpus.mutator import many
from tests.corpus.readers import READERS
from tests.dms.dealervault_files import RO, sv_file
from tests.house.addresses import PEOPLE, TYPED
from tests.house.test_urls import address, filled, undone
from tests.house.world import World
from tests.sales.providers import adf

pytestmark = pytest.mark.django_db
SignedIn = Callable[[StaffMember], Client]

SCRIPT = "<script>alert(1)</script>"
#: As bytes, as a form or a body carries them.
VALUES = corpus.texts()
#: Who applies what the files of a DMS say.
PULLS = (
    service_jobs.pull_repair_orders,
    service_jobs.pull_appointments,
    sales_jobs.pull_deals,
    parts_jobs.pull_stock,
)
#: Put into every field of a form at once; the first three also into each field alone, where no other's fault hides what they do.
TYPICAL = (
    "nul",
    "100k characters",
    "digits",
    "lone surrogate",
    "wrong encoding",
    "controls",
    "spaces",
    "attribute",
)
ALONE = TYPICAL[:3]

#: What a page reads from its address.
ASKED: Mapping[str, tuple[str, ...]] = {
    "rail": ("here",),
    "tasks:my_day": ("of",),
    "tasks:promise_list": ("state", "rule", "of", "to", "sort", "size", "cols", "after"),
    "tasks:promise_export": ("state", "rule", "of", "to", "sort", "cols"),
    "tasks:promise_detail": ("part", "of"),
    "tasks:make": ("customer", "q"),
    "tasks:customer_choice": ("q",),
    "messaging:inbox": ("show", "of", "sort", "size", "after"),
    "messaging:thread": ("before",),
    "messaging:conversation_detail": ("say", "again"),
    "messaging:writers": ("writing",),
    "messaging:log_call": ("subject",),
    "customers:customer_list": ("q", "before"),
    "customers:search": ("q",),
    "customers:customer_new": ("q",),
    "customers:customer_detail": ("show", "before"),
    "customers:story": ("show", "before"),
    "appointments:day": ("day", "department", "show", "view", "by"),
    "appointments:appointment_list": (
        "when",
        "state",
        "department",
        "person",
        "transport",
        "sort",
        "size",
        "cols",
        "after",
    ),
    "appointments:book": ("customer", "q", "day", "time", "department"),
    "appointments:appointment_detail": ("day",),
    "dms:file_detail": ("state", "after"),
    "sales:lead_list": ("show", "source", "owner", "came", "sort", "size", "cols", "after"),
    "sales:lead_export": ("show", "source", "owner", "came", "cols"),
    "sales:lead_new": ("customer",),
    "service:lane": ("list",),
    "service:repair_order_list": ("q", "state", "advisor", "opened", "pays", "sort", "cols", "after"),
    "sales:stock_list": ("show", "condition", "how", "stands", "sort", "cols", "after"),
    "service:declined_work_list": ("colour",),
    "sales:arrival_list": ("show", "by", "came", "sort", "cols", "after"),
    "sales:deal_list": (
        "show",
        "salesperson",
        "type",
        "ready",
        "written",
        "delivery",
        "sort",
        "cols",
        "after",
    ),
    "sales:we_owe_list": ("show", "owner", "due", "moved", "sort", "cols", "after"),
    "fni:in_transit_list": ("over", "stands", "salesperson", "lender", "sort", "size", "cols", "after"),
    "fni:stip_list": ("show", "paper", "salesperson", "wanted", "sort", "cols", "after"),
    "fni:jacket_list": ("show", "salesperson", "type", "stips", "kicks", "sort", "cols", "after"),
    "parts:request_list": (
        "state",
        "ro",
        "source",
        "comes",
        "lies",
        "told",
        "advisor",
        "sort",
        "size",
        "cols",
        "after",
    ),
    "marketing:survey_list": ("show", "kind", "days", "said", "person", "sort", "size", "cols", "after"),
    "marketing:review_list": ("show", "stars", "site", "department", "known", "days", "sort", "after"),
    "marketing:source_list": ("days", "sort"),
    "marketing:source_export": ("days", "sort", "as"),
    "marketing:source_leads": ("source", "what", "days", "sort", "size", "cols", "after"),
    "marketing:segment_list": ("by", "used", "sort", "size", "cols", "after"),
    "marketing:campaign_people": ("campaign", "show", "sort", "size", "cols", "after"),
    "marketing:campaign_list": ("state", "speaks", "sort", "size", "cols", "after"),
    "staff:person_list": ("role", "team", "signs", "sort", "size", "cols", "after"),
    "dms:file_list": ("kind", "state", "rows", "came", "sort", "size", "cols", "after"),
    "hooks:call_list": ("hook", "state", "kind", "sort", "size", "cols", "after"),
    "operations:overview": ("after",),
    "tasks:failed_facts": ("kind", "state", "sort", "size", "cols", "after"),
    "parts:stock_list": ("q", "lies", "sold", "replaced", "sort", "cols", "after"),
}
ODD = {
    "below nothing": b"-1",
    "nothing": b"0",
    "no day": b"9999-99-99",
    "no place": b"2026-11-23T10:00:00+00:00_" + b"9" * 30,
}

LEAD = adf("Nora Quist", phone="(973) 555-0177", question="Is it there?")


def lead_bodies() -> dict[str, bytes]:
    """Leads, and what claims to be one."""
    inside = {f"lead with {name}": LEAD.replace(b"Is it there?", value) for name, value in VALUES.items()}
    named = {
        f"named {name}": LEAD.replace(b"Nora Quist", b"<![CDATA[" + value + b"]]>")
        for name, value in VALUES.items()
    }
    cut = {f"cut at {at}": LEAD[:at] for at in range(40, len(LEAD), 97)}
    damaged = {
        f"damaged {n}": body for n, body in enumerate(many(READERS["leads"].samples, seed=7, n=40)) if body
    }
    large = {"too large": LEAD.replace(b"Is it there?", b"y" * 1_100_000)}
    return {**VALUES, **inside, **named, **cut, **corpus.files("leads"), **damaged, **large}


# --- machines -------------------------------------------------------------------------------------------------------------


def test_whatever_is_posted_as_a_lead_is_answered_and_kept(world: World, signed_in: SignedIn) -> None:
    store, client = world.north.store.pk, Client(raise_request_exception=False)
    troubles, kept = {}, 0
    for name, body in lead_bodies().items():
        response = client.generic(
            "POST", "/hooks/adf/northside-leads/", body, content_type="text/xml; charset=nonsense"
        )
        if not body.strip():
            assert response.status_code == 400
            continue
        arrivals = LeadArrival.objects.of_store(store).filter(pk=response.json().get("arrival", 0))
        if (
            response.status_code not in (201, 202, 413)
            or bytes(arrivals.get().raw)
            != body[: 1_000_000 if response.status_code == 413 else None][: len(arrivals.get().raw)]
        ):
            troubles[name] = response.status_code
        kept += 1
    assert troubles == {}
    assert kept > 50
    assert (
        client.post(
            "/hooks/adf/northside-leads/", adf("After All", phone="9735550178"), content_type="text/xml"
        ).status_code
        == 201
    )
    look_at(
        signed_in(world.cast.gus),
        [
            "/sales/?show=all",
            "/sales/arrivals/?size=200",
            "/sales/arrivals/export/",
            "/sales/leads.csv?show=all",
        ],
        [f"/sales/leads/{pk}/" for pk in Lead.objects.of_store(store).values_list("pk", flat=True)],
        [f"/sales/arrivals/{pk}/" for pk in LeadArrival.objects.of_store(store).values_list("pk", flat=True)],
    )


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        ("multipart/form-data", {}),
        ("multipart/form-data; boundary=\x01\x02", {}),
        ("application/x-www-form-urlencoded; charset=utf-7", {}),
        ("application/json; charset=\xff", {}),
        ("text/xml", {"Content-Encoding": "gzip"}),
        ("text/xml", {"Content-Encoding": "br, gzip, deflate"}),
        ("", {"X-Filename": "../../etc/passwd\x00"}),
    ],
)
def test_whatever_a_body_claims_to_be_it_is_answered(
    world: World, kind: str, headers: dict[str, str]
) -> None:
    client = Client(raise_request_exception=False)
    for door in (
        "/hooks/adf/northside-leads/",
        f"/hooks/dms/{world.north.marks.word}-SV/",
        "/twilio/inbound/",
    ):
        for body in (
            LEAD,
            b"--x\r\nContent-Disposition: form-data; name=\x00\r\n\r\n",
            gzip.compress(LEAD)[:-9],
            b"%ZZ=%00&=&;",
        ):
            response = client.generic("POST", door, body, content_type=kind, headers=headers)
            assert response.status_code < 500, (door, body[:20])


def test_whatever_the_dms_sends_is_kept_and_stops_nothing_after_it(world: World, signed_in: SignedIn) -> None:
    store, client = world.north.store, Client(raise_request_exception=False)
    feeds = list(Feed.objects.of_store(store.pk).filter(kind__in=READERS))
    feed = next(each for each in feeds if each.kind == "SV")
    row = RO | {"Open Date": "11/23/2026", "RO Status": "O"}
    good = sv_file([row | {"RO Number": "88001", "Customer Number": "5551"}])
    columns = ("Full Name", "Labor Complaint", "RO Number", "Total Sale", "Open Date", "VIN", "Cell Phone")
    bodies = {**VALUES, **corpus.files("feeds"), "tabs": b"\t" * 50_000}
    for n, (name, value) in enumerate(VALUES.items()):
        rows = [
            row | {"RO Number": f"77{n:03d}{at}", "Customer Number": f"6{n:03d}{at}", column: "HERE"}
            for at, column in enumerate(columns)
        ]
        bodies[f"{name} in every column"] = sv_file(rows).replace(b"HERE", value)
    sent = [(name, feed, body) for name, body in bodies.items()]
    for each in feeds:
        damaged = many(READERS[each.kind].samples, seed=11, n=12)
        sent += [(f"damaged {each.kind} {n}", each, body) for n, body in enumerate(damaged)]
    for name, each, body in sent:
        response = client.post(
            f"/hooks/dms/{each.token}/?name={quote(name)}.txt", body, content_type="text/plain"
        )
        if not body.strip():
            assert response.status_code == 400
            continue
        assert response.status_code == 202, name
        assert bytes(FeedFile.objects.of_store(store.pk).get(pk=response.json()["file"]).data) == body, name
    while jobs.stage_waiting(now=timezone.now())["staged"]:
        pass
    last = client.post(f"/hooks/dms/{feed.token}/", good, content_type="text/plain").json()["file"]
    jobs.stage_waiting(now=timezone.now())
    for pull in PULLS:
        pull(now=timezone.now())

    files = FeedFile.objects.of_store(store.pk)
    assert set(files.values_list("state", flat=True)) <= {"applied", "refused"}
    assert not files.filter(why__contains="The reader failed").exists()
    assert not StagedRecord.objects.of_store(store.pk).filter(why__contains="could not be applied (").exists()
    assert files.get(pk=last).state == "applied"
    assert RepairOrder.objects.of_store(store.pk).filter(ro_number="88001").exists()
    look_at(
        signed_in(world.cast.gus),
        ["/imports/", "/service/", "/service/repair-orders/", "/customers/"],
        [f"/imports/files/{pk}/" for pk in files.values_list("pk", flat=True)],
        [
            f"/service/repair-orders/{pk}/"
            for pk in RepairOrder.objects.of_store(store.pk).values_list("pk", flat=True)
        ],
    )


def signed(path: str, body: bytes) -> Any:
    """The carrier calls, with the signature of what arrives."""
    fields = {
        key: value for key, value in QueryDict(body, encoding="utf-8").items() if isinstance(value, str)
    }
    signature = twilio.sign(settings.PUBLIC_BASE_URL + path, fields)
    return Client(raise_request_exception=False).generic(
        "POST",
        path,
        body,
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )


def test_whatever_a_customer_texts_is_kept_and_comes_before_a_person(
    world: World, signed_in: SignedIn
) -> None:
    ours = quote(world.north.store.text_number)
    damaged = {f"damaged {n}": text for n, text in enumerate(many(READERS["texts"].samples, seed=5, n=20))}
    said = {**VALUES, **damaged}
    for n, (name, value) in enumerate(said.items()):
        body = f"MessageSid=SMhostile{n}&From=%2B1973556{n:04d}&To={ours}&NumMedia=9&MediaUrl0=javascript%3Aalert(1)&Body="
        assert (
            signed("/twilio/inbound/", body.encode() + quote_from_bytes(value).encode()).status_code == 200
        ), name
    carrier_calls.settle_open(limit=500)

    assert CarrierCall.objects.filter(
        external_id__startswith="SMhostile", settled_at__isnull=False
    ).count() == len(said)
    talks = Conversation.objects.of_store(world.north.store.pk).filter(their_number__startswith="+1973556")
    assert Message.objects.of_store(world.north.store.pk).filter(
        conversation__in=talks, is_inbound=True
    ).count() == len(said)
    pages = [[f"{start}/{pk}/" for pk in talks.values_list("pk", flat=True)] for start in ("/inbox",)]
    shown = look_at(signed_in(world.cast.gus), ["/inbox/", "/", "/customers/"], *pages)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "{{7*7}}" in shown
    assert 'href="javascript:' not in shown


def test_whatever_the_carrier_says_of_itself_is_answered(world: World) -> None:
    mine = Message.objects.of_store(world.north.store.pk).filter(is_inbound=False).latest("pk")
    for value in VALUES.values():
        text = quote_from_bytes(value)
        for field in ("MessageSid", "From", "To", "NumMedia", "MessageStatus", "ErrorCode"):
            told = {"MessageSid": f"SM{uuid4().hex}", "From": "%2B19735560001", "To": "x", "Body": "hi"} | {
                field: text
            }
            body = "&".join(f"{key}={item}" for key, item in told.items()).encode()
            for path in ("/twilio/inbound/", f"/twilio/status/{mine.uuid}/"):
                assert signed(path, body).status_code in (200, 400)
    carrier_calls.settle_open(limit=1000)
    assert not CarrierCall.objects.filter(last_error__contains="DataError").exists()


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_no_signature_that_is_made_up_is_let_in(world: World, value: bytes) -> None:
    text = value[:4000].decode("latin-1").replace("\r", "").replace("\n", "")
    before = CarrierCall.objects.count()
    response = Client(raise_request_exception=False).post(
        "/twilio/inbound/", {"MessageSid": "SM1", "Body": "STOP"}, headers={"X-Twilio-Signature": text}
    )
    assert response.status_code == 403
    assert CarrierCall.objects.count() == before


# --- people ---------------------------------------------------------------------------------------------------------------


def sent(browser: Client, path: str, form: Mapping[str, str | bytes], **headers: str) -> Any:
    """A form as a browser would send these very bytes."""
    pairs = (
        f"{name}={quote_from_bytes(value if isinstance(value, bytes) else value.encode())}"
        for name, value in form.items()
    )
    return browser.generic(
        "POST", path, "&".join(pairs), content_type="application/x-www-form-urlencoded", headers=headers
    )


def hostile(browser: Client) -> Client:
    """A browser that notes a 5xx instead of raising what made it."""
    browser.raise_request_exception = False
    return browser


def test_nothing_that_stands_beside_a_form_breaks_it_or_comes_out_of_it(
    world: World, signed_in: SignedIn
) -> None:
    """Huge and hostile headers, the same field twice, another method claimed, addresses with line breaks."""
    browser = hostile(signed_in(world.cast.gus))
    odd = {
        "User-Agent": "x" * 100_000,
        "X-Forwarded-For": "1.1.1.1, " * 5000 + "<script>",
        "Referer": "javascript:alert(1)",
        "HX-Target": SCRIPT,
        "HX-Current-URL": "http://[::1" + SCRIPT,
        "X-HTTP-Method-Override": "DELETE",
        "X-Original-URL": "/people/",
        "Accept-Language": "x" * 10_000,
    }
    for path in ("/", "/customers/?q=a&q=" + SCRIPT, "/nowhere/"):
        response = browser.get(path, headers=odd)
        assert response.status_code in (200, 404), path
        assert SCRIPT not in response.content.decode()
    with undone():
        where = address("tasks:waive", world.north)
        twice = browser.generic(
            "POST",
            where,
            f"why=one&why={quote(SCRIPT)}&why=three",
            content_type="application/x-www-form-urlencoded",
            headers=odd,
        )
        assert twice.status_code in (204, 302)
    signed_out = hostile(Client())
    for to in (
        "/%0d%0aSet-Cookie:%20evil=1",
        "//evil.example",
        "https://evil.example",
        "javascript:alert(1)",
    ):
        answer = signed_out.post(
            f"/account/login/?next={to}", {"login": "a@b.example", "password": "x"}, headers=odd
        )
        assert answer.status_code == 200
        assert "evil" not in str(answer.headers)
        # Whoever is signed in already is led to a page of ours, and to no second header.
        gone = signed_in(world.cast.dana).get(f"/account/login/?next={to}")
        assert gone["Location"].startswith("/"), to
        assert "evil.example" not in gone["Location"]
        assert "Set-Cookie" not in gone.headers


@pytest.mark.parametrize("name", TYPICAL)
def test_no_form_breaks_on_what_is_typed(world: World, signed_in: SignedIn, name: str) -> None:
    browser, value, broken = hostile(signed_in(world.cast.gus)), VALUES[name], {}
    for door_name, door in PEOPLE.items():
        if door.post is None:
            continue
        form = filled(door.form, world.north, world.cast.gus, world)
        fields = [*form, *TYPED.get(door_name, ())]
        forms: dict[str, dict[str, str | bytes]] = {"all": {**form, **dict.fromkeys(fields, value)}}
        if name in ALONE:
            forms |= {field: {**form, field: value} for field in fields}
        for field, typed in forms.items():
            with undone():
                status = sent(browser, address(door_name, world.north), typed).status_code
            if status >= 500:
                broken[door_name, field] = status
    assert not broken, broken


@pytest.mark.parametrize("name", ["script", *TYPICAL[:5], *ODD])
def test_no_page_breaks_on_what_its_address_asks(world: World, signed_in: SignedIn, name: str) -> None:
    browser, broken = hostile(signed_in(world.cast.gus)), {}
    value = quote_from_bytes((VALUES | ODD)[name][:4000])
    for page, fields in ASKED.items():
        for field in fields:
            response = browser.get(
                f"{address(page, world.north)}?{field}={value}", headers={"HX-Request": "true"}
            )
            if response.status_code >= 500 or SCRIPT in response.content.decode("utf-8", "replace"):
                broken[page, field] = response.status_code
    assert not broken, broken


def test_no_page_breaks_on_the_key_in_its_address(world: World, signed_in: SignedIn) -> None:
    """That there is nothing at it is said on a page once a key, then in a sentence, as HTMX asks; whatever is there is a page."""
    browser, broken, missed = hostile(signed_in(world.cast.gus)), {}, set[str]()
    for name, door in PEOPLE.items():
        if not (door.row or door.key):
            continue
        own = str(door.key or world.north.pk[door.row])
        at = address(name, world.north)
        texts = [] if own.isdigit() else [quote_from_bytes(value[:300], safe="") for value in VALUES.values()]
        for key in ("0", "9" * 30, "%00", *texts):
            path = at.replace(quote(own), key) if quote(own) in at else at.replace(own, key)
            ask = browser.get if door.get else browser.post
            status = ask(path, headers={"HX-Request": "true"}).status_code
            if status < 500 and (status != 404 or key not in missed):
                status = ask(path).status_code
            missed |= {key} if status == 404 else set()
            if status >= 500:
                broken[name, key[:20]] = status
    assert not broken, broken


def test_what_is_typed_is_shown_as_it_is_and_runs_nowhere(world: World, signed_in: SignedIn) -> None:
    """Every form is sent with script in every field that takes it; then every page is looked at."""
    browser = signed_in(world.cast.gus)
    for name, door in PEOPLE.items():
        form = filled(door.form, world.north, world.cast.gus, world)
        for field in (*form, *TYPED.get(name, ())) if door.post else ():
            sent(browser, address(name, world.north), {**form, field: f"{SCRIPT} {{{{7*7}}}}"})
    pages = [address(name, world.north) for name, door in PEOPLE.items() if door.get and door.answer == 200]
    shown = look_at(
        browser,
        pages,
        ["/promises/?state=open&of=store", "/promises/?state=waived&of=store", "/sales/?show=all"],
    )
    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}") >= 10


def look_at(browser: Client, *lists: list[str]) -> str:
    """Opens all these pages as a person would; no script of anybody's stands in them. Returns what they show."""
    shown = []
    for path in [path for pages in lists for path in pages]:
        response = browser.get(path, headers={"HX-Request": "true"})
        assert response.status_code == 200, path
        text = response.content.decode()
        if "html" in response["Content-Type"]:
            assert SCRIPT not in text, path
            assert "<img src=x" not in text, path
            assert "\x00" not in text, path
        shown.append(text)
    return "".join(shown)
