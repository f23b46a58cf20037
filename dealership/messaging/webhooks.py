"""Where Twilio calls us: the signature is checked, the call is kept, 200 is said. Nothing else happens in the request."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dealership import clock, sight
from dealership.messaging import carrier_calls
from dealership.messaging.transports import twilio

#: The carrier's calls come as forms; of anything else we would keep nothing, and must not say that we did.
NO_FORM = "This address takes forms, as the carrier's calls are."
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


@csrf_exempt
@require_POST
def twilio_inbound(request: HttpRequest) -> HttpResponse:
    """A customer's text. Answered when it is committed, with nothing to say: our words go through the outbox."""
    if not twilio.is_genuine(request):
        return HttpResponseForbidden("The signature does not fit.")
    if request.content_type == "application/json":
        return HttpResponse(NO_FORM, status=415, content_type="text/plain")
    fields = request.POST.dict()
    # Nobody has signed in: the number that was texted says whose it is, and a STOP counts for the whole group.
    with sight.all_stores("a text names its store by its number"), transaction.atomic(durable=True):
        carrier_calls.keep_inbound(fields, clock=clock.now)
    return HttpResponse(EMPTY, content_type="text/xml")


@csrf_exempt
@require_POST
def twilio_status(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What became of one of our texts, which the path names."""
    if not twilio.is_genuine(request):
        return HttpResponseForbidden("The signature does not fit.")
    if request.content_type == "application/json":
        return HttpResponse(NO_FORM, status=415, content_type="text/plain")
    with sight.all_stores("a callback names our text by its uuid"), transaction.atomic(durable=True):
        carrier_calls.keep_status(uuid, request.POST.dict(), now=clock.now())
    return HttpResponse(EMPTY, content_type="text/xml")
