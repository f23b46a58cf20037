"""How fast a segment is counted while somebody types, in a store with many customers. Prints a JSON line per figure.

    python3 -m dealership.supervisor with-servers -- .venv/bin/python bench/segments.py [customers] [--sql]

`--sql` also prints the plan of the slowest.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from functools import partial
from typing import Any

import scratch
from django.db import connection

from marketing import segments
from tests import cast as the_cast

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
ASKED: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "owners of a model": ("all", [{"what": "owns", "make": "Honda", "model": "Civic", "year_to": 2019}]),
    "not here for a year, old car": (
        "all",
        [{"what": "serviced", "months": 12}, {"what": "mileage", "miles": 60_000}],
    ),
    "any of three": (
        "any",
        [
            {"what": "declined", "colour": "red"},
            {"what": "source", "source": "source 3"},
            {"what": "bought", "months_to": 6},
        ],
    ),
    "agreed, and silent for 90 days": (
        "all",
        [{"what": "consent", "given": True}, {"what": "silent", "days": 90}],
    ),
    "a language": ("all", [{"what": "language", "language": "es"}]),
}


def fill(store_id: int, n: int) -> None:
    """`n` customers: every one a phone and a car, a third with consent in writing, a tenth with declined work."""
    scratch.execute(
        f"""
        INSERT INTO customers_customer (store_id, first_name, last_name, full_name, is_business, language, street, city,
            state, postal_code, dms_number, dms_blocks, created_at)
        SELECT {store_id}, 'Kim', 'Doe' || i, 'Kim Doe' || i, false, CASE WHEN i % 12 = 0 THEN 'es' ELSE 'en' END, '', '',
            'NJ', '', '', '{{}}', now() FROM generate_series(1, {n}) i;
        INSERT INTO customers_contactpoint (store_id, customer_id, kind, value, tail, label, is_primary, is_living, trouble, created_at)
        SELECT store_id, id, 'phone', '+1973' || lpad(id::text, 7, '0'), '', 'cell', true, true, '', now() FROM customers_customer;
        INSERT INTO vehicles_vehicle (store_id, vin, vin_trouble, year, make, model, trim, color, plate, stock_number, mileage, created_at)
        SELECT store_id, lpad(id::text, 17, '0'), '', 2008 + id % 18, CASE WHEN id % 3 = 0 THEN 'Ford' ELSE 'Honda' END,
            (ARRAY['Civic', 'Accord', 'CR-V', 'Pilot'])[1 + id % 4], '', '', '', '', (id * 37) % 140000, now() FROM customers_customer;
        INSERT INTO vehicles_ownership (store_id, vehicle_id, customer_id, since, how)
        SELECT v.store_id, v.id, v.vin::bigint, '2024-01-01', '' FROM vehicles_vehicle v;
        INSERT INTO marketing_knowncustomer (store_id, customer_id, serviced_at, bought_at)
        SELECT store_id, id, timestamptz '2026-11-23' - (id * 7 % 900) * interval '1 day',
            CASE WHEN id % 5 = 0 THEN timestamptz '2026-11-23' - (id % 1500) * interval '1 day' END FROM customers_customer;
        INSERT INTO marketing_declinedknown (store_id, customer_id, subject, key, colour, description, at, is_open)
        SELECT store_id, id, 'ro:' || id, 'brk', CASE WHEN id % 2 = 0 THEN 'red' ELSE 'yellow' END, 'Brakes', now(), true
            FROM customers_customer WHERE id % 10 = 0;
        INSERT INTO marketing_sourcelead (store_id, lead_id, source, vehicle, customer_id, received_at, outcome)
        SELECT store_id, id, 'source ' || id % 20, '', id, now(), '' FROM customers_customer WHERE id % 2 = 0;
        INSERT INTO messaging_consentevent (store_id, number, act, purpose, how, words, at)
        SELECT store_id, '+1973' || lpad(id::text, 7, '0'), 'given', 'marketing', 'signed form', 'signed', now() - interval '1 year'
            FROM customers_customer WHERE id % 3 = 0;
        INSERT INTO messaging_conversation (store_id, customer_id, our_number, their_number, department, asked, asked_about,
            last_body, version, last_at)
        SELECT store_id, id, '+19735550100', '+1973' || lpad(id::text, 7, '0'), 'service', 'none', '', '', 0,
            timestamptz '2026-11-23' - (id % 400) * interval '1 day' FROM customers_customer WHERE id % 4 = 0;
        ANALYZE;
        """  # noqa: S608 - numbers of our own
    )


def main() -> None:
    """Fills the store, and counts."""
    n = next((int(word) for word in sys.argv[1:] if word.isdigit()), 50_000)
    store_id = the_cast.build().northside.pk
    fill(store_id, n)
    for name, (match, conditions) in ASKED.items():
        rows = segments.people(conditions, match=match, store_id=store_id, now=NOW)
        segments.size(rows)
        typed = min(scratch.stopwatch(partial(segments.size, rows.all())) for _ in range(3))
        exact = scratch.stopwatch(partial(segments.size, rows.all(), exact=True))
        shown = scratch.stopwatch(partial(segments.preview, rows))
        found = segments.size(rows.all(), exact=True)
        scratch.say(
            figure=name, customers=n, fit=found.n, reached=found.n_reached,
            typing_ms=round(typed * 1000), exact_ms=round(exact * 1000), preview_ms=round(shown * 1000),
        )  # fmt: skip
        if "--sql" in sys.argv:
            sql, values = rows.order_by().values_list("barred").query.sql_with_params()
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF) {sql} LIMIT 1001", values)
                print("\n".join(line for (line,) in cursor.fetchall()))


if __name__ == "__main__":
    with scratch.scratch_database():
        main()
