"""What is answered while something is away that every answer stands on: 503, and when to try again."""

from __future__ import annotations

import sys

import psycopg2
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from dealership.language import later

#: What the database says while it is away, restarting, full or overtaxed.
AWAY = (OperationalError, InterfaceError)
AGAIN_AFTER_SECONDS = 30
WORDS = later(
    "Nothing can be read or kept just now: the database does not answer. What was sent was not done, or was done whole; "
    "send it again in a moment."
)


def is_away(error: BaseException | None) -> bool:
    """Whether an error comes from a database that does not answer.

    Also where it is only the cause of another: of "the transaction is broken" (TransactionManagementError), for one. A
    connection that is cut off while an answer is read is told by the driver as a plain DatabaseError without a code.
    """
    while error is not None:
        if isinstance(error, AWAY):
            return True
        cause = error.__cause__
        if type(error) is DatabaseError and isinstance(cause, psycopg2.DatabaseError) and not cause.pgcode:
            return True
        error = cause
    return False


def broke(request: HttpRequest) -> HttpResponse:
    """The answer to an error: 503 with Retry-After where it was the database's, else 500. Asks nothing that may be away itself.

    Machines that call (the carrier, lead providers, a DMS) call again after a 503; a person reads what to do.
    """
    if not is_away(sys.exc_info()[1]):
        return HttpResponse(render_to_string("500.html"), status=500)
    response: HttpResponse
    if request.path.startswith("/hooks/"):
        response = JsonResponse({"error": str(WORDS)}, status=503)
    elif request.path.startswith("/twilio/") or request.headers.get("HX-Request"):
        response = HttpResponse(WORDS, status=503, content_type="text/plain")
    else:
        response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = str(AGAIN_AFTER_SECONDS)
    return response
