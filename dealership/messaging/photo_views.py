"""Photos as a browser gets them: a colleague by their sign-in, the carrier by an address that is signed and soon over."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from dealership import sight
from dealership.messaging import photos, pictures
from dealership.messaging.models import Photo
from dealership.web import May, StaffRequest, staff_only


@require_safe
@staff_only(May.SEE_CUSTOMERS)
def photo(request: StaffRequest, pk: int) -> HttpResponse:
    """One photo, large, or small with `?size=small`. One query beside the sign-in."""
    size = "small" if request.GET.get("size") == "small" else "large"
    rows = Photo.objects.visible_to(request.staff).exclude(width=0)
    return _answer(get_object_or_404(rows.only(size, "store_id"), pk=pk), size)


@require_safe
def photo_for_carrier(request: HttpRequest, token: str) -> HttpResponse:
    """What goes out with a text, for the carrier to fetch. Anything else that is asked for so is not there."""
    named = photos.named_by(token)
    if named is None:
        raise Http404("This address is not good any more.")
    photo_id, store_id = named
    with sight.one_store(store_id):
        rows = Photo.objects.of_store(store_id).filter(message__is_inbound=False).exclude(width=0)
        return _answer(get_object_or_404(rows.only("large", "store_id"), pk=photo_id), "large")


def _answer(row: Photo, size: str) -> HttpResponse:
    """Our own drawing, named as what it is: whatever was sent, a browser is given a JPEG and nothing that it might run."""
    return HttpResponse(
        bytes(row.small if size == "small" else row.large),
        content_type=pictures.MEDIA_TYPE,
        headers={
            "Content-Disposition": f'inline; filename="photo-{row.pk}.jpg"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; script-src 'self'; object-src 'none'",
            "Cache-Control": "private, no-store",
        },
    )
