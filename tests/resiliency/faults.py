"""What is broken on purpose, and the doors at which one then knocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg2.errors
import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client

from dealership.hooks import egress, hooks
from dealership.messaging.transports import twilio
from dealership.staff.models import StaffMember
from dealership.stores.models import Store
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.test_inbound import call
from tests.staff.test_second_factor import WORD, code

_BLOCKS = ("SAVEPOINT", "RELEASE", "ROLLBACK")
_WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|WITH\b.*?\b(?:INSERT|UPDATE|DELETE)\b)", re.DOTALL)


def away() -> OperationalError:
    """What psycopg says while the server is gone."""
    return OperationalError("server closed the connection unexpectedly")


def full() -> OperationalError:
    """What it says when the server finds no room to write."""
    error = OperationalError("could not extend file: No space left on device")
    error.__cause__ = psycopg2.errors.DiskFull()
    return error


@contextmanager
def database(says: Callable[[], OperationalError]) -> Iterator[list[str]]:
    """Within the block each statement is answered with this error, or, where it is full, each that writes. What they were is in the list."""
    refused: list[str] = []

    def answer(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not sql.startswith(_BLOCKS) and (says is not full or _WRITES.match(sql)):
            refused.append(sql)
            raise says()
        return execute(sql, *rest)

    with connection.execute_wrapper(answer):
        yield refused
    # In a process of its own what was begun is gone; the test's transaction goes on.
    connection.needs_rollback = False
    assert refused, "nothing was asked of the database that is away"


def browser() -> Client:
    """One that shows an error page as people see it."""
    return Client(raise_request_exception=False)


def texted(store: Store, body: str, sid: str = "") -> Any:
    """The carrier calls about a customer's text."""
    fields, path = call(store, body, sid=sid), "/twilio/inbound/"
    signed = twilio.sign(settings.PUBLIC_BASE_URL + path, fields)
    return browser().post(path, fields, headers={"X-Twilio-Signature": signed})


def signs_in(who: StaffMember, *, steps: int = 0) -> tuple[Client, list[Any]]:
    """With the password, and with the app's code of so many steps ago or ahead; what was answered."""
    assert who.user is not None
    inside = browser()
    answers = [inside.post("/account/login/", {"login": who.user.email, "password": WORD})]
    if answers[0].status_code == 302:
        answers.append(inside.post(answers[0]["Location"], {"code": code(steps)}))
    return inside, answers


def hooked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A system of Northside's that is told of leads, and takes every call: the names of those that it took."""
    taken: list[str] = []

    def takes(address: str, body: bytes, headers: Mapping[str, str]) -> egress.Answer:
        taken.append(headers["Kept-Id"])
        return egress.Answer(200, "", 7)

    monkeypatch.setattr(egress, "post", takes)
    hooks.make(
        store_id=cast.northside.pk,
        name="Warehouse",
        address="https://warehouse.net/",
        kinds=["LeadReceived"],
        by=cast.gus,
        now=MONDAY_TEN,
    )
    return taken
