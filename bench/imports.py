"""How fast a file of repair orders is staged and applied. Prints a JSON line per figure.

    python3 -m dealership.supervisor with-servers -- .venv/bin/python bench/imports.py [ROs] [--sql]

Every RO has two lines; four ROs in five are of a customer and a car that were not here before. `--sql` also prints which
statements one batch sends, and how often.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from datetime import timedelta

import scratch

from dealership.dms import jobs as dms_jobs
from dealership.vehicles import vin as vins
from service import jobs as service_jobs
from service.models import RepairOrder
from tasks.models import Promise
from tests import cast as the_cast
from tests.cast import MONDAY_TEN
from tests.service import feeds

NEVER = 3600.0


def rows(n: int, **cells: str) -> list[dict[str, str]]:
    """ROs as the DMS writes them."""
    chance = random.Random(7)  # noqa: S311 - the same file every time
    made = []
    for i in range(n):
        who = i if i % 5 else chance.randrange(n)
        base = f"2HGFC2F5{{}}KH{who:06d}"
        vin = next(
            vin for mark in "0123456789X" if vins.read(vin := base.format(mark), this_year=2026).why is None
        )
        made.append(
            feeds.OPEN_RO
            | {
                "RO Number": f"{100_000 + i}",
                "Customer Number": f"{500_000 + who}",
                "Full Name": f"DOE{who:06d},KIM",
                "First Name": "KIM",
                "Last Name": f"DOE{who:06d}",
                "Cell Phone": f"973-{200 + who // 10_000}-{who % 10_000:04d}",
                "Email 1": f"kim{who}@example.com",
                "VIN": vin,
            }
            | cells
        )
    return made


def stage(now: object) -> None:
    dms_jobs.stage_waiting(now=now)  # type: ignore[arg-type]


def apply(now: object) -> None:
    service_jobs.pull_repair_orders(now=now, seconds=NEVER)  # type: ignore[arg-type]


def load(what: str, dms: feeds.Dms, minutes: int, sent: list[dict[str, str]]) -> None:
    """One file: dropped, staged, applied."""
    now = MONDAY_TEN + timedelta(minutes=minutes)
    dms.drop(now, *sent)
    scratch.timed(f"{what}: staged", len(sent), lambda: stage(now))
    scratch.timed(f"{what}: applied", len(sent), lambda: apply(now))


def main(n: int) -> None:
    dms = feeds.Dms(the_cast.build(), loaded=False)
    opened = rows(n)
    load("first load, all new", dms, 0, opened)
    scratch.execute("ANALYZE")
    load("sent again, nothing new", dms, 60, opened)
    load("new mileage on each", dms, 120, [row | {"RO Mileage": "61,300"} for row in opened])
    news = [row | {"RO Number": f"9{row['RO Number']}"} for row in opened[: n // 5]]
    load("opened today, a promise each", dms, 180, news)
    closed = [row | {"Close Date": "11/23/2026", "RO Status": "C"} for row in news]
    load("closed today, a promise each", dms, 240, closed)
    scratch.say(
        check="rows",
        ros=RepairOrder.objects.across_stores("a count").count(),
        promises=Promise.objects.across_stores("a count").count(),
    )
    if "--sql" in sys.argv:
        show_statements(dms, rows(2 * n)[n : n + 200])


def show_statements(dms: feeds.Dms, sent: list[dict[str, str]]) -> None:
    """What one batch of new ROs asks the database, by kind of statement."""
    now = MONDAY_TEN + timedelta(minutes=300)
    dms.drop(now, *sent)
    stage(now)
    statements = scratch.queries_of(lambda: apply(now))
    kinds = Counter(re.sub(r"\d+|'[^']*'", "?", sql)[:110] for sql in statements)
    scratch.say(figure=f"statements for {len(sent)} ROs", n=len(statements))
    for sql, times in kinds.most_common(40):
        scratch.say(n=times, sql=sql)


if __name__ == "__main__":
    numbers = [arg for arg in sys.argv[1:] if arg.isdigit()]
    with scratch.scratch_database():
        main(int(numbers[0]) if numbers else 5000)
