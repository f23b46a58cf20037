"""STOP in the middle of a campaign of 20,000: when was the last text handed over after the commit of each STOP? JSON lines.

    python3 -m dealership.supervisor with-servers -- .venv/bin/python bench/stop.py [texts] [stops] [workers]

Workers are processes that send as the product's do, to a carrier of their own that takes a while and writes down when it was
called. Each STOP is kept as its webhook keeps it, from a number whose text is about to leave. Times are of one machine's
monotonic clock, in ms after the commit returned; below zero the text had left before.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import scratch
from django.db import connection, transaction

from dealership.messaging import carrier_calls, sending
from dealership.messaging.models import Message, Sender
from dealership.messaging.transports.carrier import Accepted, Listed, Outcome, Parcel
from dealership.stores.models import Store
from tests import cast as the_cast
from tests.cast import MONDAY_TEN

#: How long the carrier takes for a text.
ANSWER_S = 0.015
#: Among how many at the head of the queue a STOP finds its text.
NEAR = 60
State = Message.State


class Slow:
    """A carrier that takes a while, and writes down when it was called for which number."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("a", buffering=1)

    def send(self, parcel: Parcel) -> Outcome:
        """Takes it."""
        self.file.write(f"{time.monotonic()} {parcel.to_number}\n")
        time.sleep(ANSWER_S)
        return Accepted(f"SM{parcel.uuid.hex}")

    def sent_to(self, number: str, *, since: datetime) -> Sequence[Listed]:
        """Nothing is in doubt here."""
        return ()


def clock_from(start: float) -> Callable[[], datetime]:
    """Monday at ten, and on from there."""
    return lambda: MONDAY_TEN + timedelta(seconds=time.monotonic() - start)


def fill(store: Store, n: int) -> None:
    """`n` customers who agreed in writing, each with an offer that waits."""
    scratch.execute(
        f"""
        INSERT INTO customers_customer (store_id, first_name, last_name, full_name, is_business, language, street, city,
            state, postal_code, dms_number, dms_blocks, created_at)
        SELECT {store.pk}, 'Kim', 'Doe' || i, 'Kim Doe' || i, false, 'en', '', '', 'NJ', '', '', '{{}}', now()
            FROM generate_series(1, {n}) i;
        INSERT INTO messaging_consentevent (store_id, number, act, purpose, how, words, at)
        SELECT store_id, '+1973' || lpad(id::text, 7, '0'), 'given', 'marketing', 'signed form', 'signed', '2025-11-23'
            FROM customers_customer;
        INSERT INTO messaging_conversation (store_id, customer_id, our_number, their_number, department, asked, asked_about,
            last_body, version)
        SELECT store_id, id, '{store.text_number}', '+1973' || lpad(id::text, 7, '0'), 'sales', 'none', '', '', 0
            FROM customers_customer;
        INSERT INTO messaging_message (store_id, conversation_id, customer_id, is_inbound, body, media, purpose, state, subject,
            department, asks, asked_about, uuid, dedupe_key, carrier_sid, send_after, attempts, lookups, error_code, reasons,
            steps, reading, needs_person, created_at)
        SELECT store_id, id, customer_id, false, 'Winter tires are in. Reply STOP to opt out.', '[]', 'marketing', 'queued',
            'campaign:1', 'sales', 'none', '', gen_random_uuid(), 'campaign:1:' || customer_id, '', '2026-11-23 15:00+00', 0, 0,
            '', '[]', '[]', '{{}}', false, '2026-11-23 15:00+00' FROM messaging_conversation;
        ANALYZE;
        """  # noqa: S608 - numbers of our own
    )
    Sender.objects.create(store=store, segments_per_second=500)


def work(path: Path, start: float, over: Any) -> None:
    """One worker, until it is over or nothing waits."""
    carrier, clock = Slow(path), clock_from(start)
    while not over.is_set():
        if not sending.send_due(transport=carrier, clock=clock)["due"]:
            time.sleep(0.05)


def stop_some(store: Store, n: int, start: float) -> dict[str, float]:
    """STOPs, one after another, from numbers whose texts are about to leave: when each was committed."""
    dice, clock = random.Random(1), clock_from(start)  # noqa: S311 - a bench's dice
    committed: dict[str, float] = {}
    took = []
    while len(committed) < n:
        queued = Message.objects.of_store(store.pk).filter(state__in=[State.QUEUED, State.SENDING])
        head = queued.order_by("send_after", "pk").values_list("conversation__their_number", flat=True)[:NEAR]
        left = [number for number in head if number not in committed]
        if not left:
            break
        number = dice.choice(left)
        fields = {
            "MessageSid": f"SM{len(committed):032d}",
            "From": number,
            "To": store.text_number,
            "Body": "STOP",
        }
        began = time.monotonic()
        with transaction.atomic(durable=True):
            carrier_calls.keep_inbound(fields, clock=clock)
        committed[number] = time.monotonic()
        took.append(committed[number] - began)
        time.sleep(dice.uniform(0.0, 0.1))
    scratch.spread("keeping a STOP, with its commit", took)
    return committed


def main() -> None:
    """Fills, sends, stops, and lays the two lists side by side."""
    asked = [int(word) for word in sys.argv[1:] if word.isdigit()]
    n, n_stops, n_workers = (*asked, *(20_000, 500, 3)[len(asked) :])
    store = the_cast.build().northside
    fill(store, n)
    connection.close()
    with tempfile.TemporaryDirectory() as folder:
        start, over = time.monotonic(), multiprocessing.Event()
        paths = [Path(folder) / str(nth) for nth in range(n_workers)]
        workers = [multiprocessing.Process(target=work, args=(path, start, over)) for path in paths]
        for worker in workers:
            worker.start()
        time.sleep(1)
        committed = stop_some(store, n_stops, start)
        time.sleep(3)
        over.set()
        for worker in workers:
            worker.join()
        calls = [line.split() for path in paths for line in path.read_text().splitlines()]
    report(store, n, committed, [(float(at), number) for at, number in calls], time.monotonic() - start)


def report(
    store: Store, n: int, committed: dict[str, float], calls: list[tuple[float, str]], seconds: float
) -> None:
    """The figures."""
    after = sorted(at - committed[number] for at, number in calls if number in committed)
    late = [gap for gap in after if gap > 0]
    rows = Message.objects.of_store(store.pk).filter(
        conversation__their_number__in=committed, is_inbound=False
    )
    states = list(rows.values_list("state", flat=True))
    scratch.say(
        figure="texts handed over after the commit of their STOP",
        campaign=n, left=len(calls), stops=len(committed), seconds=round(seconds, 1), cores=os.cpu_count(),
        left_before_their_stop=len(after) - len(late), after_their_stop=len(late),
        latest_ms=round(late[-1] * 1000, 1) if late else 0,
        later_than_a_second=sum(gap > 1 for gap in late),
        suppressed=states.count("suppressed"), still_waiting=states.count("queued") + states.count("sending"),
        twice=len(calls) - len({number for _, number in calls}),
    )  # fmt: skip
    print(json.dumps({"gaps_ms": [round(gap * 1000, 1) for gap in late[-20:]]}))


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    with scratch.scratch_database():
        main()
