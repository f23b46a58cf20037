"""The pages of a store's hooks: made, tried out, seen, given a new secret, switched, and nothing of it for the other store."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from dealership import clock
from dealership.audit.models import Entry
from dealership.hooks import delivery, hooks
from dealership.hooks.models import Hook
from dealership.staff.models import StaffMember
from tests.cast import MONDAY_TEN, Cast
from tests.hooks.conftest import ADDRESS
from tests.hooks.receiver import Receiver
from tests.hooks.test_delivery import publish, the
from tests.hooks.test_told import Hooked, told

pytestmark = pytest.mark.django_db
SignedIn = Callable[[StaffMember], Client]
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
    type(call).objects.of_store(hook.store_id).filter(pk=call.pk).update(
        attempts=8, parked_at=MONDAY_TEN, next_try_at=None, last_error="It answered 500."
    )
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
    for name, key in (
        ("switch", hook.pk),
        ("try_out", hook.pk),
        ("replace_secret", hook.pk),
        ("again", call.pk),
    ):
        assert eve.post(reverse(f"hooks:{name}", args=[key])).status_code == 404
    assert the(hook).is_on
