"""Which errors are those of a database that is away: they are answered with 503, all others with 500."""

from __future__ import annotations

import psycopg2
import pytest
from django.db import (
    DatabaseError,
    Error,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from django.db.transaction import TransactionManagementError
from django.test import RequestFactory

from dealership import outages


def raised_from(error: Exception, cause: Exception | None = None) -> Exception:
    """The error as it arrives when it was raised from another."""
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("terminating connection due to administrator command"), 503),
        (InterfaceError("connection already closed"), 503),
        (raised_from(DatabaseError("no message from the libpq"), psycopg2.DatabaseError("no message from the libpq")), 503),
        (raised_from(TransactionManagementError("broken"), OperationalError("server closed the connection")), 503),
        (raised_from(IntegrityError("twice"), psycopg2.IntegrityError("twice")), 500),
        (TransactionManagementError("somebody's mistake"), 500),
        (DatabaseError("Save with update_fields did not affect any rows."), 500),
        (ValueError("a mistake of ours"), 500),
    ],
)  # fmt: skip
def test_what_the_database_cannot_answer_is_503_and_a_mistake_of_ours_500(
    error: Exception, status: int
) -> None:
    for path, headers in (
        ("/", {}),
        ("/", {"HX-Request": "true"}),
        ("/hooks/adf/x/", {}),
        ("/twilio/inbound/", {}),
    ):
        request = RequestFactory().get(path, headers=headers)
        try:
            raise error
        except Exception:
            answer = outages.broke(request)
        assert answer.status_code == status
        assert ("Retry-After" in answer) == (status == 503)


@pytest.mark.django_db(transaction=True)
def test_a_statement_in_a_transaction_that_lost_its_connection_is_told_as_the_loss() -> None:
    def swallowing() -> None:
        with transaction.atomic():
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            except DatabaseError:
                pass
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")

    with pytest.raises(Error) as lost:
        swallowing()
    connection.close()
    assert outages.is_away(lost.value)
