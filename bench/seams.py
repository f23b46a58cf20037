"""How fast the Seams page is over many promises, and how many queries it takes. Prints a JSON line per figure.

    python3 -m dealership.supervisor with-servers -- .venv/bin/python bench/seams.py [promises]

It makes a scratch database of its own beside the one that DATABASE_URL names, and drops it.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

import scratch
from django.db import connection
from django.test import Client
from scratch import queries_of, stopwatch, timed

from dealership import clock
from dealership.staff.models import StaffMember
from tasks import batches, rollups
from tasks.models import Promise, PromiseDay, StaleDay
from tests import cast as the_cast

DAYS = 180
#: Rules of the bench, as (rule, seam, from, to).
RULES = [
    (f"rule_{n}", n, pair[0], pair[1])
    for n in range(1, 41)
    for pair in [
        (("Marketing", "BDC"), ("Sales", "Service"), ("Service", "Advisor"), ("F&I", "Sales"))[n % 4]
    ]
]
ADDRESSES = ("today", "7", "30", "90")

_FILL = """
    INSERT INTO tasks_promise (store_id, rule, seam, department, seam_from, seam_to, sentence, detail, subject, about, epoch,
        customer_id, owner_id, assigned_at, n_offers, nobody_free, state, opened_at, due_at, original_due_at, warned_at,
        broken_at, rung, rung_ats, closed_at, closed_why, next_step_at, sweep_attempts, sweep_error, why, open_seconds)
    SELECT %(store)s, (%(rules)s::text[])[k], (%(seams)s::int[])[k], 'sales', (%(from)s::text[])[k], (%(to)s::text[])[k],
        'A fresh lead hears from a person', 'Tom Okafor', 'lead:' || i, '', 0, %(customer)s,
        (%(owners)s::bigint[])[1 + i %% %(n_owners)s], opened, 1, false,
        CASE WHEN i %% 50 = 0 THEN 'open' ELSE 'kept' END, opened, opened + '1 hour', opened + '1 hour', NULL,
        CASE WHEN i %% 50 = 0 OR i %% 10 = 0 THEN opened + '1 hour'::interval END, 0, ARRAY[]::timestamptz[],
        CASE WHEN i %% 50 = 0 THEN NULL WHEN i %% 10 = 0 THEN opened + '2 hours'::interval ELSE opened + '10 min'::interval END,
        '', NULL, 0, '', '{}', CASE WHEN (%(seams)s::int[])[k] = 1 THEN 600 END
    FROM (SELECT i, 1 + i %% 40 AS k, %(now)s::timestamptz - (i * %(step)s) * interval '1 second' AS opened
        FROM generate_series(1, %(n)s) AS i) AS made
"""


def main(n: int) -> None:
    cast, now = the_cast.build(), clock.now()
    store = cast.northside
    customer = the_cast.make_customer(store, "Tom Okafor", "+19735550123")
    owners = list(StaffMember.objects.of_store(store.pk).values_list("pk", flat=True))
    values = {
        "store": store.pk, "rules": [rule[0] for rule in RULES], "seams": [rule[1] for rule in RULES],
        "from": [rule[2] for rule in RULES], "to": [rule[3] for rule in RULES], "customer": customer.pk,
        "owners": owners, "n_owners": len(owners), "now": now, "n": n, "step": DAYS * 86_400 / n,
    }  # fmt: skip
    timed("promises filled in", n, lambda: _execute(_FILL, values))
    scratch.execute("ANALYZE")
    timed("all days counted anew", n, lambda: rollups.recount(store))
    scratch.execute("ANALYZE")
    rows = PromiseDay.objects.of_store(store.pk).count()
    scratch.say(figure="rows of days", n=rows, promises=n)

    browser, user = Client(), cast.gus.user
    assert user is not None  # noqa: S101
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    browser.get("/playbook/")
    addresses = {f"seams, {key}": f"/seams/?period={key}" for key in ADDRESSES}
    addresses["list behind a figure, 90 days"] = "/seams/list/?figure=kept&part=recovered&period=90"
    addresses["list behind a cell, 30 days"] = (
        "/seams/list/?figure=kept&part=all&period=30&from=Sales&to=Service"
    )
    for name, path in addresses.items():
        browser.get(path)
        taken = [stopwatch(lambda path=path: browser.get(path)) for _ in range(7)]  # type: ignore[misc]
        scratch.spread(name, taken, queries=len(queries_of(lambda path=path: browser.get(path))))  # type: ignore[misc]
    _dirty(cast, browser)


def _execute(statement: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _dirty(cast: the_cast.Cast, browser: Client) -> None:
    """The same page when the promises of the last days have just changed."""
    store, now = cast.northside, clock.now()

    def change() -> None:
        rows = list(
            Promise.objects.of_store(store.pk).filter(
                state="open", original_due_at__gte=now - timedelta(days=7)
            )[:50]
        )
        batches.save_many(rows)

    change()
    timed("days counted again after 50 promises of a week changed", 1, lambda: rollups.settle(store))
    change()
    browser.get("/playbook/")  # the rail counts anew by itself, once
    stale = StaleDay.objects.of_store(store.pk).count()
    queries = len(queries_of(lambda: browser.get("/seams/?period=30")))
    scratch.say(figure="seams, 30 days, with stale days", stale=stale, queries=queries)


if __name__ == "__main__":
    with scratch.scratch_database():
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
