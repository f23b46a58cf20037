"""A receiver, and the one way to it: its name looks like a public one, and the line leads to this machine."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest

from dealership.hooks import egress, hooks
from dealership.hooks.egress import Target
from dealership.hooks.models import Hook
from tests.cast import MONDAY_TEN, Cast
from tests.hooks.receiver import Receiver

ADDRESS = "https://warehouse.net/kept?from=northside"
PUBLIC = "93.184.215.14"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with Receiver() as receiver:

        def connect(target: Target, ip: str, seconds: float) -> socket.socket:
            assert ip == PUBLIC
            return socket.create_connection(("127.0.0.1", receiver.port), timeout=seconds)

        monkeypatch.setattr(egress, "look_up", lambda host, port: [PUBLIC])
        monkeypatch.setattr(egress, "connect", connect)
        yield receiver


@pytest.fixture
def hooked(cast: Cast) -> Callable[..., Hook]:
    """Makes a hook of Northside's; its secret is kept for the test as `hook.shown`."""

    def make(*kinds: str, address: str = ADDRESS, store: str = "northside") -> Hook:
        boss = cast.gus if store == "northside" else cast.eve
        hook, secret = hooks.make(
            store_id=boss.store_id, name="Warehouse", address=address, kinds=kinds, by=boss, now=MONDAY_TEN
        )
        hook.shown = secret  # type: ignore[attr-defined]
        return hook

    return make
