"""Twilio's Messages API as far as the product speaks it: create, fetch, list, with its JSON and its error numbers.

Numbers of the form …555dddd end as their digits say: see MAGIC and texts.MAGIC_FATES.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from dealership import clock, sight
from dealership.messaging.copy import size
from dealership.messaging.models import SimulatedText
from dealership.messaging.simulator import texts
from dealership.stores.models import Store

View = Callable[..., HttpResponse]

ERRORS = {
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    21211: (400, "The 'To' number is not a valid phone number."),
    21408: (400, "Permission to send to the region of the 'To' number has not been enabled."),
    21602: (400, "Message body is required."),
    21606: (400, "The 'From' number is not a valid, message-capable number of this account."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "Service is unavailable. Please try again later"),
}
#: What the API answers to a number that ends so. 5500: accepted, but the answer is an error; 5503: not accepted.
MAGIC = {
    "5550001": 21211,
    "5550003": 21408,
    "5550004": 21610,
    "5550009": 21614,
    "5554290": 20429,
    "5555030": 20503,
}
ANSWER_LOST = "5555000"


def simulated(view: View) -> View:
    """Only while no real carrier is configured, and only with the account's own key, as the API asks for it."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, account: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.PHONE_SIMULATOR:
            raise Http404
        if account != settings.TWILIO_ACCOUNT_SID or not _is_let_in(request):
            return _error(20003)
        with sight.all_stores("a carrier carries for all stores"):
            return view(request, *args, **kwargs)

    return guarded


def _is_let_in(request: HttpRequest) -> bool:
    scheme, _, coded = request.headers.get("Authorization", "").partition(" ")
    expected = f"{settings.TWILIO_ACCOUNT_SID}:{settings.TWILIO_AUTH_TOKEN}".encode()
    try:
        given = base64.b64decode(coded, validate=True)
    except ValueError:
        return False
    return scheme.lower() == "basic" and hmac.compare_digest(given, expected)


@simulated
@require_http_methods(["GET", "POST"])
def messages(request: HttpRequest) -> HttpResponse:
    """`/2010-04-01/Accounts/<sid>/Messages.json`: create one, or list them."""
    return _create(request) if request.method == "POST" else _list(request)


@simulated
@require_GET
def message(request: HttpRequest, sid: str) -> HttpResponse:
    """`/2010-04-01/Accounts/<sid>/Messages/<sid>.json`."""
    text = SimulatedText.objects.filter(sid=sid).first()
    return JsonResponse(_shown(text)) if text else _error(20404)


@simulated
@require_GET
def media(request: HttpRequest, sid: str, media: str) -> HttpResponse:
    """`/2010-04-01/Accounts/<sid>/Messages/<sid>/Media/<sid>`: what a customer's phone sent along, as it is."""
    text = SimulatedText.objects.filter(sid=sid, photo__isnull=False).first()
    if text is None or text.photo is None:
        return _error(20404)
    return HttpResponse(bytes(text.photo), content_type="application/octet-stream")


def _create(request: HttpRequest) -> HttpResponse:
    to, body = request.POST.get("To", ""), request.POST.get("Body", "")
    sender = request.POST.get("From", "")
    photos = request.POST.getlist("MediaUrl")[:10]
    if code := _refusal(to, sender, body, photos):
        return _error(code)
    text = texts.take(
        to=to,
        from_number=sender,
        body=body,
        media=[address[:600] for address in photos],
        callback=request.POST.get("StatusCallback", "").partition("#")[0],
        now=clock.now(),
    )
    if to.endswith(ANSWER_LOST):
        return _error(20500)
    return JsonResponse(_shown(text), status=201)


def _refusal(to: str, sender: str, body: str, photos: list[str]) -> int:
    if not re.fullmatch(r"\+[1-9]\d{6,14}", to):
        return 21211
    if not Store.objects.filter(text_number=sender).exists():
        return 21606
    if not body and not photos:
        return 21602
    if len(body) > 1600:
        return 21617
    if code := MAGIC.get(to[-7:]):
        return code
    return 21610 if texts.opted_out(to, sender) else 0


def _list(request: HttpRequest) -> HttpResponse:
    rows = SimulatedText.objects.order_by("-at", "-pk")
    if to := request.GET.get("To"):
        rows = rows.filter(to_number=to)
    if sender := request.GET.get("From"):
        rows = rows.filter(from_number=sender)
    for name, value in request.GET.items():
        day = _day(str(value))
        if day is None:
            continue
        if name in ("DateSent>", "DateSent>="):
            rows = rows.filter(at__gte=day)
        elif name in ("DateSent<", "DateSent<="):
            rows = rows.filter(at__lt=day)
        elif name == "DateSent":
            rows = rows.filter(at__gte=day, at__lt=day + timedelta(days=1))
    n = min(max(_number(request.GET.get("PageSize", "50")), 1), 1000)
    path = request.path.removeprefix("/simulator/twilio")
    return JsonResponse(
        {
            "messages": [_shown(text) for text in rows[:n]],
            "page": 0,
            "page_size": n,
            "start": 0,
            "end": n - 1,
            "first_page_uri": path,
            "next_page_uri": None,
            "previous_page_uri": None,
            "uri": path,
        }
    )


def _day(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value.replace("Z", "+00:00")).replace(tzinfo=UTC)
    except ValueError:
        return None


def _number(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 6 else 50


def _shown(text: SimulatedText) -> dict[str, Any]:
    account = settings.TWILIO_ACCOUNT_SID
    uri = f"/2010-04-01/Accounts/{account}/Messages/{text.sid}.json"
    date = http_date(text.at.timestamp()).replace("GMT", "+0000")
    return {
        "sid": text.sid,
        "account_sid": account,
        "messaging_service_sid": settings.TWILIO_MESSAGING_SERVICE_SID,
        "from": text.from_number,
        "to": text.to_number,
        "body": text.body,
        "status": text.status,
        "direction": _direction(text),
        "num_segments": str(size(text.body).segments),
        "num_media": str(len(text.media) or int(text.photo is not None)),
        "error_code": int(text.error_code) if text.error_code else None,
        "error_message": None,
        "date_created": date,
        "date_sent": date,
        "date_updated": date,
        "price": None,
        "price_unit": "USD",
        "api_version": "2010-04-01",
        "uri": uri,
        "subresource_uris": {"media": uri.replace(".json", "/Media.json")},
    }


def _direction(text: SimulatedText) -> str:
    """What the carrier answered by itself was not asked for by us."""
    if text.is_from_customer:
        return "inbound"
    return "outbound-api" if text.status_callback else "outbound-reply"


def _error(code: int) -> JsonResponse:
    status, words = ERRORS[code]
    shown = {
        "code": code,
        "message": words,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return JsonResponse(shown, status=status)
