"""A look into every column of the database."""

from __future__ import annotations

from django.db import connection


def holding(pattern: str) -> dict[str, str]:
    """The tables in which some column holds it (a regular expression), as text, within JSON or within bytes; and a row of each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'bytea', 'ARRAY')"
        )
        columns: dict[str, list[str]] = {}
        for table, column, kind in cursor.fetchall():
            as_text = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            columns.setdefault(table, []).append(as_text)
        hits = {}
        for table, texts in columns.items():
            cursor.execute(
                f"SELECT min(all_of_it) FROM (SELECT concat_ws(' ¦ ', {', '.join(texts)}) AS all_of_it FROM \"{table}\") t"
                " WHERE all_of_it ~ %s",
                [pattern],
            )
            if (hit := cursor.fetchone()[0]) is not None:
                hits[table] = hit[:300]
    return hits
