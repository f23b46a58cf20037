"""A person at a browser, and what the town around them does meanwhile."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import count
from typing import Any

from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Locator, Page, Request, Response, expect

from dealership.customers import matching
from dealership.customers.models import Customer
from dealership.messaging import inbound
from dealership.messaging.models import Conversation
from dealership.staff.models import StaffMember
from dealership.stores.models import OpenHours, Store
from tasks import promises
from tasks.models import Promise

DESK = {"width": 1360, "height": 860}
PHONE = {"width": 390, "height": 844}
TOM = "+19735550144"
#: What is asked for, or has come and is not alive yet.
BUSY = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
_calls = count(1)


class Visit:
    """One browser context with its page. It notes whatever a person would not see, and should not happen."""

    def __init__(self, browser: Browser, served: str, who: StaffMember | None, **options: Any) -> None:
        self.served, self.troubles, self.allowed = served, [], set[int]()
        self.context = browser.new_context(base_url=served, **{"viewport": DESK, **options})
        self.context.set_default_timeout(45_000)
        if who is not None:
            self._sign_in(who)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("dialog", self._on_dialog)
        self.page.on("requestfailed", self._on_failed)
        self.page.on("response", self._on_response)

    def open(self, path: str) -> Page:
        """The page, when all that it asks for has come."""
        self.page.goto(path, wait_until="load")
        # A first page on a cold machine takes its time: what it shows is asserted by who opens it.
        expect(self.page.locator(BUSY)).to_have_count(0, timeout=30_000)
        return self.page

    def expects(self, *statuses: int) -> None:
        """These answers are part of the story; 0 is a network that is away."""
        self.allowed |= set(statuses)

    def close(self) -> list[str]:
        """Ends the visit; what went wrong in it."""
        self.context.close()
        return self.troubles

    def _sign_in(self, who: StaffMember) -> None:
        client = Client()
        assert who.user is not None
        client.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        cookie = client.cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": cookie, "url": self.served}])

    def _on_console(self, message: ConsoleMessage) -> None:
        # What failed to load is noted below, with its address; what HTMX says of an expected failure is expected.
        known = ("Failed to load resource", "htmx:") if self.allowed else ("Failed to load resource",)
        if message.type in ("error", "warning") and not message.text.startswith(known):
            self.troubles.append(f"console: {message.text}")

    def _on_dialog(self, dialog: Dialog) -> None:
        # No page of ours asks in this way: a script of somebody else's does.
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _on_failed(self, request: Request) -> None:
        # A page that is left gives up what it had asked for.
        if request.failure != "net::ERR_ABORTED" and 0 not in self.allowed:
            self.troubles.append(f"request: {request.method} {request.url} {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.allowed:
            self.troubles.append(f"answer: {response.status} {response.request.method} {response.url}")


def open_always(store: Store) -> None:
    """Every hour of every day."""
    OpenHours.objects.of_store(store.pk).delete()
    OpenHours.objects.bulk_create(
        OpenHours(store=store, weekday=weekday, opens=time(0), closes=time(0)) for weekday in range(7)
    )


def customer(store: Store, name: str = "Tom Okafor", phone: str = TOM) -> Customer:
    """Somebody with one phone."""
    found, _ = matching.find_or_create(
        store_id=store.pk, full=name, phones=[("cell", phone)], now=timezone.now()
    )
    return found


def texts(store: Store, body: str, number: str = TOM) -> Conversation:
    """A customer's words come in."""
    now = timezone.now()
    payload = {"MessageSid": f"MM{next(_calls):032x}", "From": number, "To": store.text_number, "Body": body}
    return inbound.receive({**payload, "NumMedia": "0"}, received_at=now, now=now).conversation


def promised(owner: StaffMember, to: Customer, words: str, minutes: float = 40) -> Promise:
    """Somebody promises by hand."""
    now: datetime = timezone.now()
    return promises.make_by_hand(
        store_id=owner.store_id,
        customer=to,
        sentence=words,
        due_at=now + timedelta(minutes=minutes),
        owner=owner,
        by=owner,
        now=now,
    )


def row(page: Page, words: str) -> Locator:
    """A row of a list of promises or conversations."""
    return page.locator("a.promise", has_text=words)
