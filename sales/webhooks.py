"""Where lead providers post: `/hooks/adf/<store token>/`. What was kept is answered 2xx; nothing that can be sent makes a 5xx.

201 {"arrival": 7, "leads": [12], "new": 1}        leads were made
202 {"arrival": 7, "leads": [12], "new": 0}        it has come before: the leads were brought up to date
202 {"arrival": 8, "leads": [], "unreadable": "…"} kept, and a person looks at it
400, 404, 405, 413 {"error": "…"}                  and what to do instead
429 {"error": "…"} with Retry-After                nothing was kept: send it again after so many seconds
"""

from __future__ import annotations

import hmac
import io
import zlib

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.urls import path
from django.utils.datastructures import MultiValueDict
from rest_framework.decorators import (
    api_view,
    authentication_classes,
    parser_classes,
    permission_classes,
    renderer_classes,
)
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from dealership import clock, limits, sight
from dealership.stores.models import Store
from sales import arrivals

MOST = arrivals.MOST_KEPT
#: Around a lead of the largest size, what a form adds.
MOST_SENT = MOST + 65_536
TOO_LARGE = "A lead may have up to 1 MB. The first 1 MB was kept, and a person will look at it; send the rest in smaller messages."
_MARKS = (b"<adf", b"<prospect", b"&lt;adf", b"%3cadf")


@api_view(["POST"])
@authentication_classes([])
@permission_classes([AllowAny])
@parser_classes([])
@renderer_classes([JSONRenderer])
def adf(request: Request, token: str) -> Response:
    """Takes one message for the store of this token, in any content type."""
    limits.take(limits.HOOK_IP, limits.ip_of(request._request))
    store = _store_of(token)
    if store is None:
        return _refused(404, "No store has this address. Copy it again from the store's settings.")
    limits.take(limits.HOOK, token)
    body, is_cut = _body(request._request)
    data = _lead_in(body, request._request)
    if not data.strip():
        return _refused(400, "The message is empty. Post the ADF as the body of the request.")
    try:
        with sight.one_store(store):
            outcome = arrivals.receive(
                store_id=store, data=data, came_by="post", now=clock.now(), is_cut=is_cut or len(data) > MOST
            )
    except DatabaseError:
        # It was not kept, and saying otherwise would lose it: the sender tries again.
        return _refused(
            503, "It could not be kept just now. Send it again in a minute.", **{"Retry-After": "60"}
        )
    return _answer(outcome, is_cut=is_cut or len(data) > MOST)


def _answer(outcome: arrivals.Outcome, *, is_cut: bool) -> Response:
    arrival = outcome.arrival
    told: dict[str, object] = {
        "arrival": arrival.pk,
        "leads": sorted({lead.pk for lead in outcome.leads}),
        "new": outcome.n_new,
    }
    if is_cut:
        return Response({"error": TOO_LARGE, **told}, status=413)
    if arrival.state == arrival.State.UNREADABLE:
        told["unreadable"] = arrival.why
    return Response(told, status=201 if outcome.n_new else 202)


def _refused(status: int, error: str, **headers: str) -> Response:
    return Response({"error": error}, status=status, headers=headers)


def _store_of(token: str) -> int | None:
    """The store with this token. Every token is compared, in a time that does not tell how much of one was right."""
    given = token.encode("utf-8", "replace")
    found = None
    with sight.beyond_the_store("the token says whose lead it is"):
        tokens = list(Store.objects.values_list("pk", "lead_token"))
    for pk, known in tokens:
        if known and hmac.compare_digest(given, known.encode()):
            found = pk
    return found


def _body(request: HttpRequest) -> tuple[bytes, bool]:
    """What was sent, unpacked, up to `MOST_SENT`; and whether there was more."""
    try:
        body = request.read(MOST_SENT + 1)
    except (OSError, RequestDataTooBig):
        body = b""
    if body[:2] == b"\x1f\x8b":
        body = _unpacked(body)
    return body[:MOST_SENT], len(body) > MOST_SENT


def _unpacked(body: bytes) -> bytes:
    """Out of gzip, never more than `MOST_SENT` and one byte; as it is where it is no gzip after all."""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, MOST_SENT + 1)
    except zlib.error:
        return body


def _lead_in(body: bytes, request: HttpRequest) -> bytes:
    """The lead in a form with files or fields: what looks like ADF, else the longest. Any other body as it is."""
    if not (request.content_type or "").startswith("multipart/"):
        return body
    try:
        meta = {**request.META, "CONTENT_LENGTH": str(len(body))}
        fields, files = MultiPartParser(meta, io.BytesIO(body), request.upload_handlers, "utf-8").parse()
    except (MultiPartParserError, RequestDataTooBig, UnicodeError, ValueError, LookupError):
        return body
    found = [*_texts(fields), *(file.read(MOST + 1) for _, many in files.lists() for file in many)]
    marked = [data for data in found if any(mark in data.lower() for mark in _MARKS)]
    # A form in which nothing is found is none: what came is kept as it is.
    return max(marked or found, key=len, default=body)


def _texts(fields: MultiValueDict[str, str]) -> list[bytes]:
    return [text.encode("utf-8", "surrogateescape") for _, many in fields.lists() for text in many]


app_name = "leads_in"
urlpatterns = [
    path("<str:token>/", adf, name="adf"),
    # Without the last slash too: a redirect would lose what was posted.
    path("<str:token>", adf),
]
