"""The pages of a store's hooks: made, tried out, seen, given a new secret, switched, and nothing of it for the other store."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from dealership import clock
from dealership.audit.models import Entry
from dealership.hooks import delivery, hooks
from dealership.hooks.models import Hook, HookCall
from dealership.lists.models import BulkAct
from dealership.staff.models import StaffMember
from tests.cast import MONDAY_TEN, Cast
from tests.hooks.conftest import ADDRESS
from tests.hooks.receiver import Receiver
from tests.hooks.test_delivery import publish, the
from tests.hooks.test_told import Hooked, told

pytestmark = pytest.mark.django_db
SignedIn = Callable[[StaffMember], Client]
PARKED = {"attempts": 8, "parked_at": MONDAY_TEN, "next_try_at": None, "last_error": "It answered 500."}
SECRET = re.compile(r"kept_[\w-]{43}")


@pytest.fixture
def gus(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.gus)


def test_a_manager_makes_a_hook_and_sees_its_secret_once(cast: Cast, gus: Client) -> None:
    page = reverse("hooks:hook_new")
    assert "Somebody asked, and it became a lead." in gus.get(page).content.decode()
    form = {"name": "Warehouse", "address": ADDRESS, "kinds": ["PromiseKept", "LeadReceived"]}
    refused = gus.post(page, form | {"address": "https://10.0.0.7/"})
    assert refused.status_code == 422
    assert "numbers are not called" in refused.content.decode()
    made = gus.post(page, form)
    (secret,) = set(SECRET.findall(made.content.decode()))
    (hook,) = Hook.objects.of_store(cast.northside.pk)
    assert (hook.made_by, hook.kinds) == (cast.gus, ["PromiseKept", "LeadReceived"])
    again = gus.get(reverse("hooks:hook_detail", args=[hook.pk])).content.decode()
    assert not SECRET.findall(again)
    new = gus.post(reverse("hooks:replace_secret", args=[hook.pk])).content.decode()
    assert set(SECRET.findall(new)).isdisjoint({secret})
    assert "End the old one now" in new
    noted = Entry.objects.of_store(cast.northside.pk).filter(part="hook")
    assert noted.count() == 2
    assert secret not in str(list(noted.values_list("details", flat=True)))


def test_a_ping_shows_what_it_was_answered_with(hooked: Hooked, gus: Client, receiver: Receiver) -> None:
    hook = hooked("LeadReceived")
    receiver.answers = [200, 500]
    page = reverse("hooks:try_out", args=[hook.pk])
    well, ill = (gus.post(page, follow=True).content.decode() for _ in range(2))
    assert "It was taken" in well
    assert "{&quot;ok&quot;: true}" in well
    assert "It answered 500." in ill
    assert receiver.got[0]["body"]["kind"] == "Ping"
    assert told(hook) == []
    assert the(hook).failing_since is None


def test_the_last_calls_are_seen_and_a_parked_one_is_made_again(
    cast: Cast, hooked: Hooked, gus: Client, receiver: Receiver
) -> None:
    hook = hooked("LeadReceived")
    publish(cast, 1)
    (call,) = told(hook)
    HookCall.objects.of_store(hook.store_id).filter(pk=call.pk).update(**PARKED)
    page = gus.get(reverse("hooks:hook_detail", args=[hook.pk])).content.decode()
    assert "It answered 500." in page
    operations = gus.get(reverse("operations:overview")).content.decode()
    assert "Call to Warehouse" in operations
    assert gus.post(reverse("hooks:again", args=[call.pk])).status_code == 302
    assert (
        gus.post(reverse("hooks:again", args=[call.pk])).status_code == 404
    )  # it waits, and is parked no more
    delivery.make_due(clock.now())
    assert receiver.ids == [call.key]


def parked(cast: Cast, hook: Hook, n: int) -> list[int]:
    """So many leads of which the hook has not heard, and is called no more."""
    publish(cast, *range(1, n + 1))
    calls = HookCall.objects.of_store(hook.store_id).filter(hook=hook)
    calls.update(**PARKED)
    return list(calls.order_by("pk").values_list("pk", flat=True))


def test_the_list_of_calls_is_asked_by_hook_state_and_kind_and_taken_away(
    cast: Cast, hooked: Hooked, gus: Client
) -> None:
    hook, other = hooked("LeadReceived"), hooked("LeadReceived", address="https://bi.net/kept")
    Hook.objects.of_store(other.store_id).filter(pk=other.pk).update(name="BI")
    parked(cast, hook, 3)
    taken, *_ = told(other)
    HookCall.objects.of_store(other.store_id).filter(pk=taken.pk).update(
        answered_at=MONDAY_TEN, status=200, next_try_at=None
    )

    def lines(**asked: object) -> list[dict[str, str]]:
        file = gus.get(reverse("hooks:call_export"), asked).content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(file)))

    assert len(lines()) == 6
    assert {(row["What"], row["System"], row["What went wrong"]) for row in lines(state="parked")} == {
        ("Lead received", "Warehouse", "It answered 500.")
    }
    assert [row["State"] for row in lines(hook=other.pk, sort="oldest")] == ["taken", "waiting", "waiting"]
    assert lines(kind="PromiseKept") == []
    page = gus.get(reverse("hooks:call_list"), {"state": "parked"}).content.decode()
    assert "3 calls" in page
    assert "It answered 500." in page


def test_the_figures_of_the_hooks_open_the_calls_that_they_count(
    cast: Cast, hooked: Hooked, gus: Client
) -> None:
    hook = hooked("LeadReceived")
    keys = parked(cast, hook, 3)
    HookCall.objects.of_store(hook.store_id).filter(pk=keys[0]).update(parked_at=None, next_try_at=MONDAY_TEN)
    for page in (reverse("hooks:overview"), reverse("hooks:hook_detail", args=[hook.pk])):
        shown = gus.get(page).content.decode()
        for state, n in (("waiting", 1), ("parked", 2)):
            there = f"{reverse('hooks:call_list')}?hook={hook.pk}&state={state}"
            figure = shown.split(there.replace("&", "&amp;"), 1)[1].split("</a>", 1)[0]
            assert f"{n}" in figure.split(">", 1)[1], (page, state)
            assert f'<b class="num">{n} call' in gus.get(there).content.decode(), state


def test_many_parked_calls_are_made_again_at_once_and_parked_again_where_that_has_not_begun(
    cast: Cast, hooked: Hooked, gus: Client, receiver: Receiver
) -> None:
    hook = hooked("LeadReceived")
    keys = parked(cast, hook, 3)
    again = f"{reverse('hooks:again_many')}?all=on&state=parked"
    assert "Try 3 calls again" in gus.get(again).content.decode()
    assert "Now 3 calls match" in gus.post(again, {"n": 2}).content.decode()
    assert [call.parked_at for call in told(hook)] == [MONDAY_TEN] * 3
    done = gus.post(again, {"n": 3}, follow=True).content.decode()
    assert "3 calls tried again" in done
    assert {(call.attempts, call.parked_at) for call in told(hook)} == {(0, None)}
    act = BulkAct.objects.of_store(hook.store_id).get()
    HookCall.objects.of_store(hook.store_id).filter(pk=keys[0]).update(attempts=1)
    back = gus.post(reverse("lists:take_back", args=[act.pk]), follow=True).content.decode()
    assert "2 of 3 are as they were" in back
    assert [(call.attempts, call.parked_at) for call in told(hook)] == [
        (1, None),
        (8, MONDAY_TEN),
        (8, MONDAY_TEN),
    ]
    nothing = gus.post(f"{again}&row={keys[0]}&all=", {"n": 1}, follow=True).content.decode()
    assert "Nothing among these is parked." in nothing


def test_the_page_store_says_which_system_switched_itself_off(
    cast: Cast, hooked: Hooked, gus: Client
) -> None:
    hook = hooked("LeadReceived")
    Hook.objects.of_store(hook.store_id).update(
        is_on=False, off_why="It answered 410: it wants no more calls."
    )
    assert reverse("hooks:card") in gus.get(reverse("stores:overview")).content.decode()
    assert "it wants no more calls" in gus.get(reverse("hooks:card")).content.decode()
    gus.post(reverse("hooks:switch", args=[hook.pk]), {"on": "on"})
    assert the(hook).is_on
    assert "no more calls" not in gus.get(reverse("hooks:card")).content.decode()


def test_a_change_is_kept_and_a_hostile_address_is_not(cast: Cast, hooked: Hooked, gus: Client) -> None:
    hook = hooked("LeadReceived")
    page = reverse("hooks:hook_detail", args=[hook.pk])
    form = {"name": "BI", "address": "https://bi.company.com/", "kinds": ["AppointmentMissed"]}
    assert gus.post(page, form | {"address": "https://metadata.google.internal/"}).status_code == 422
    assert gus.post(page, form | {"kinds": ["CustomerWrote"]}).status_code == 422
    assert gus.post(page, form).status_code == 302
    assert (the(hook).name, the(hook).kinds) == ("BI", ["AppointmentMissed"])


def test_a_store_calls_ten_systems_and_no_more(cast: Cast, hooked: Hooked, gus: Client) -> None:
    for _ in range(hooks.MOST):
        hooked("LeadReceived")
    form = {"name": "One more", "address": ADDRESS, "kinds": ["LeadReceived"]}
    answer = gus.post(reverse("hooks:hook_new"), form)
    assert answer.status_code == 422
    assert "10 systems at most" in answer.content.decode()


def test_eve_sees_nothing_of_it(cast: Cast, hooked: Hooked, signed_in: SignedIn) -> None:
    hook, eve = hooked("LeadReceived"), signed_in(cast.eve)
    publish(cast, 1)
    (call,) = told(hook)
    assert "Warehouse" not in eve.get(reverse("hooks:overview")).content.decode()
    assert eve.get(reverse("hooks:hook_detail", args=[hook.pk])).status_code == 404
    assert "Warehouse" not in eve.get(reverse("hooks:call_list")).content.decode()
    for name, key in (
        ("switch", hook.pk),
        ("try_out", hook.pk),
        ("replace_secret", hook.pk),
        ("again", call.pk),
    ):
        assert eve.post(reverse(f"hooks:{name}", args=[key])).status_code == 404
    assert the(hook).is_on
