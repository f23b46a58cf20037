"""A whole store in which every word that people or machines may have written is hostile: pages are opened on it."""

from __future__ import annotations

from django.apps import apps
from django.db import connection, models

from tests.owner import as_owner

#: Whatever of it came out as markup or script would run: within a text, an attribute in either quotes, a script.
WORDS = """O'Hara "><img src=x onerror=alert(1)> ' onfocus=alert(1) autofocus {{7*7}} </script><script>alert(1)</script>"""
#: What people write, or what comes from outside as words. What the code compares by value is not among them.
WRITTEN = frozenset({
    "advisor_name", "availability", "bin", "body", "browser", "by_name", "car", "cause", "city",
    "closed_why", "co_buyer_name", "color", "comments", "complaint", "concern", "correction",
    "description", "detail", "dropped_why", "ended_why", "first_name", "first_wrong", "full_name", "item",
    "last_body", "last_name", "lender", "lost_why", "make", "mended_why", "model", "name", "note",
    "now_right", "numbers_as_written", "part", "plate", "rating_words", "reason", "reply", "review_why",
    "risk_why", "returned_why", "salesperson_name", "says", "sentence", "service", "settled_why",
    "signed_by", "state_why", "status_raw", "stopped_why", "street", "tag", "timeframe", "title_proof",
    "trim", "vehicle", "vehicle_words", "vin_trouble", "what", "what_was_done", "what_went_wrong", "who",
    "why", "words", "words_es",
})  # fmt: skip


def soil() -> int:
    """Puts WORDS into every such field of every row that stands; returns into how many fields of tables."""
    fields = [
        (model._meta.db_table, field.column, field.max_length or 400)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and field.name in WRITTEN
        and not (field.choices or field.unique)
    ]
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, column, longest in fields:
            # Two of one name would be one too many in some tables: each begins with its row's own mark.
            cursor.execute(
                f"UPDATE {table} SET {column} = left(substr(md5({table}::text), 1, 3) || ' ' || %s, %s) WHERE {column} <> ''",
                [WORDS, longest],
            )
    return len(fields)
