"""How fast a lead is taken in through its hook: read, matched, routed, told and promised. Prints a JSON line per figure.

    python3 -m dealership.supervisor with-servers -- .venv/bin/python bench/leads.py [leads] [--sql]

`--sql` also prints the statements of one lead.
"""

from __future__ import annotations

import sys
import threading
import time

import scratch
from django.db import connection
from django.test import Client

from dealership.staff.models import StaffMember
from tests import cast as the_cast

THREADS = 8


def adf(i: int) -> bytes:
    """A lead of a person who was not here before."""
    return f"""<?xml version="1.0"?><?adf version="1.0"?><adf><prospect status="new">
<id sequence="1" source="Bench">B-{i}</id><requestdate>2026-11-23T10:00:00-05:00</requestdate>
<vehicle interest="buy" status="new"><year>2026</year><make>Honda</make><model>Civic</model>
<stock>H{i}</stock></vehicle>
<customer><contact><name part="first">Kim</name><name part="last">Doe{i:06d}</name>
<email>kim{i}@example.com</email><phone type="cell">973{2_000_000 + i:07d}</phone></contact>
<comments>Is it still there?</comments></customer>
<vendor><vendorname>Northside Honda</vendorname></vendor>
<provider><name>Bench</name></provider></prospect></adf>""".encode()


def post(client: Client, i: int) -> None:
    answer = client.post("/hooks/adf/northside-leads/", data=adf(i), content_type="text/xml")
    if answer.status_code != 201:
        raise RuntimeError(answer.content.decode())


def main(n: int) -> None:
    cast = the_cast.build()
    # A store with room: nobody is too busy for another lead.
    StaffMember.objects.of_store(cast.northside.pk).update(capacity=30_000)
    client = Client()
    for i in range(30):
        post(client, i)
    statements = scratch.queries_of(lambda: post(client, 30))
    scratch.say(figure="statements of one new lead", n=len(statements))
    if "--sql" in sys.argv:
        for statement in statements:
            scratch.say(sql=statement[:400])
    before = time.process_time()
    times = [scratch.stopwatch(lambda i=i: post(client, i)) for i in range(31, 31 + n)]  # type: ignore[misc]
    cpu_ms = round((time.process_time() - before) / n * 1000, 2)
    scratch.spread("a new lead through its hook, one client", times, cpu_ms=cpu_ms)
    lock, together = threading.Lock(), list[float]()

    def work(first: int) -> None:
        mine = Client()
        for i in range(first, first + n // THREADS):
            seconds = scratch.stopwatch(lambda i=i: post(mine, i))  # type: ignore[misc]
            with lock:
                together.append(seconds)
        connection.close()

    threads = [threading.Thread(target=work, args=(100_000 + k * n,)) for k in range(THREADS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    per_second = round(len(together) / (time.perf_counter() - started), 1)
    scratch.spread(f"a new lead through its hook, {THREADS} threads", together, per_second=per_second)


if __name__ == "__main__":
    numbers = [arg for arg in sys.argv[1:] if arg.isdigit()]
    with scratch.scratch_database():
        main(int(numbers[0]) if numbers else 300)
