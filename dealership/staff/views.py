"""Pages of a person's own affairs: which of their stores they are at."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from dealership.staff.access import PLACE_KEY, places_of
from dealership.staff.models import User


@require_POST
@login_required
def switch_place(request: HttpRequest) -> HttpResponse:
    """Goes to another of one's own stores, and begins there at My day. 404 for a place that is not theirs."""
    chosen = request.POST.get("place", "")
    if chosen not in {str(place.pk) for place in places_of(cast(User, request.user))}:
        raise Http404("You do not work there.")
    request.session[PLACE_KEY] = int(chosen)
    return HttpResponseRedirect(reverse("tasks:my_day"))
