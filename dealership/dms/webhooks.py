"""The door for DMS files: POST /hooks/dms/<feed token>/ with the file as body or as a form's file."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest
from django.urls import path
from rest_framework import status
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dealership import clock, limits, sight
from dealership.dms import files
from dealership.dms.models import Feed


class WholeBody(BaseParser):
    """Any body at all, as bytes under "body": a DMS names its files' type as it likes."""

    media_type = "*/*"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Any = None
    ) -> dict[str, bytes]:
        """One byte more than is allowed at most, so that too much is noticed."""
        return {"body": stream.read(files.MOST_BYTES + 1)}


class DmsHook(APIView):
    """Keeps the file and answers 202; it is read and applied a moment later. The token is the secret: unknown, 404."""

    permission_classes = ()
    parser_classes = (MultiPartParser, WholeBody)

    def post(self, request: Request, token: str) -> Response:
        """202 with what was kept; 400 for nothing, 404 for a wrong address, 413 for too much, 429 for too often."""
        limits.take(limits.HOOK_IP, limits.ip_of(request._request))
        feed = _feed_of(token)
        if feed is None:
            return _say(
                status.HTTP_404_NOT_FOUND, "No feed has this address. Ask the store for the right one."
            )
        limits.take(limits.HOOK, feed.token)
        if _announced(request) > files.MOST_BYTES + 64 * 1024:
            return _say(status.HTTP_413_REQUEST_ENTITY_TOO_LARGE, _LIMIT)
        name, data = _body(request)
        if not data.strip():
            return _say(
                status.HTTP_400_BAD_REQUEST, "The request has no file in it: send the file as the body."
            )
        try:
            with sight.one_store(feed.store_id):
                file = files.take_in(feed=feed, name=name, data=data, now=clock.now())
        except files.TooLarge as error:
            return _say(status.HTTP_413_REQUEST_ENTITY_TOO_LARGE, str(error))
        return Response(
            {
                "file": file.pk,
                "name": file.name,
                "kind": feed.kind,
                "sha256": file.sha256,
                "state": file.state,
                "received_at": file.received_at.isoformat(),
            },
            status=status.HTTP_202_ACCEPTED,
        )


def _feed_of(token: str) -> Feed | None:
    if not token.isprintable():
        return None  # no token, and no text of the database either
    why = "the token says whose file it is"
    with sight.beyond_the_store(why):
        return Feed.objects.across_stores(why).filter(token=token).first()


_LIMIT = f"The file is larger than {files.MOST_BYTES:,} bytes. Split it by date and send the pieces."


def _body(request: Request) -> tuple[str, bytes]:
    """The file's name, as far as anything says it, and its bytes."""
    parsed = request.data
    body = parsed.get("body") if isinstance(parsed, dict) else None
    named = request.query_params.get("name", "") or request.headers.get("X-Filename", "")
    if isinstance(body, bytes):
        return named or _disposition(request), body
    upload = next(iter(request.FILES.values()), None)
    if upload is None or isinstance(upload, list):
        return named, b""
    return named or upload.name or "", upload.read()


def _disposition(request: Request) -> str:
    found = re.search(
        r"filename\*?=(?:UTF-8'')?\"?([^\";]+)", request.headers.get("Content-Disposition", ""), re.IGNORECASE
    )
    return found[1].strip() if found else ""


def _announced(request: Request | HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _say(code: int, words: str) -> Response:
    return Response({"error": words}, status=code)


urlpatterns = [path("<str:token>/", DmsHook.as_view(), name="dms_hook")]
