"""A photo of the car, or of what was found: kept at once, told in the RO's story, and sent along with the estimate."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from dealership.messaging.models import Message, Photo
from dealership.staff.models import StaffMember
from service import inspections
from service.models import Recommendation, RepairOrder
from tests.cast import Cast
from tests.messaging.test_photos import KEY, upload
from tests.messaging.test_pictures import drawing
from tests.service.feeds import OPEN_RO, Dms, at

SignIn = Callable[[StaffMember], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ro(cast: Cast) -> Iterator[RepairOrder]:
    with time_machine.travel(at(0), tick=False):
        Dms(cast).send(at(0), OPEN_RO)
        one = RepairOrder.objects.of_store(cast.northside.pk).get()
        found = [inspections.Found("red", "Front pads"), inspections.Found("yellow", "Tires")]
        inspections.record(one, found=found, n_green=20, note="", by=cast.tess, now=at(0))
        yield one


def line(ro: RepairOrder, description: str = "Front pads") -> Recommendation:
    return ro.recommendations.get(description=description)


def where(ro: RepairOrder, name: str = "repair_order_detail") -> str:
    return reverse(f"service:{name}", args=[ro.pk])


def test_a_technician_takes_a_photo_of_what_was_found_and_it_stands_in_the_story(
    cast: Cast, ro: RepairOrder, signed_in: SignIn
) -> None:
    tess, pads = signed_in(cast.tess), line(ro)
    page = tess.get(where(ro)).content.decode()
    assert 'capture="environment"' in page
    for _ in range(2):  # pressed twice it stands once
        sent = tess.post(where(ro, "add_photo"), {"photos": upload(), "line": pads.pk}, headers=HTMX)
        assert sent.status_code == 204
    photo = Photo.objects.of_store(ro.store_id).get()
    assert (photo.subject, photo.about, photo.by) == ("ro:048213", f"recommendation:{pads.pk}", cast.tess)
    tess.post(where(ro, "add_photo"), {"photos": upload(data=drawing(size=(300, 300)))})
    page = signed_in(cast.ana).get(where(ro)).content.decode()
    assert page.count("data-photo>") == 2
    assert "Photo: Front pads" in " ".join(page.replace('</b> <span class="muted">', ": ").split())
    assert signed_in(cast.eve).post(where(ro, "add_photo"), {"photos": upload()}).status_code == 404
    assert signed_in(cast.pete).post(where(ro, "add_photo"), {"photos": upload()}).status_code == 403


@pytest.mark.parametrize("sent", [b"<svg onload=alert(1)>", b""])
def test_what_is_no_photo_is_refused_on_the_page(
    cast: Cast, ro: RepairOrder, signed_in: SignIn, sent: bytes
) -> None:
    answer = signed_in(cast.tess).post(
        where(ro, "add_photo"), {"photos": upload("x.jpg", sent)}, headers=HTMX
    )
    assert (
        answer.status_code,
        b"cannot be sent" in answer.content or b"Choose a photo" in answer.content,
    ) == (422, True)
    assert not Photo.objects.of_store(ro.store_id).exists()


def test_a_line_of_another_ro_is_not_there(cast: Cast, ro: RepairOrder, signed_in: SignIn) -> None:
    typed = {"photos": upload(), "line": line(ro).pk + 1000}
    assert signed_in(cast.tess).post(where(ro, "add_photo"), typed).status_code == 404


def test_the_photos_of_the_chosen_lines_go_with_the_estimate(
    cast: Cast, ro: RepairOrder, signed_in: SignIn
) -> None:
    pads, tires, ana = line(ro), line(ro, "Tires"), signed_in(cast.ana)
    for n, one in enumerate([pads, pads, tires]):
        shot = upload(data=drawing(size=(300 + n, 200)))
        ana.post(where(ro, "add_photo"), {"photos": shot, "line": one.pk})
    assert "With the photos of these lines" in ana.get(where(ro, "estimate")).content.decode()
    typed = {
        "body": "Hi", "key": KEY, "how": "text", "with_photos": "on",
        f"take_{pads.pk}": "on", f"price_{pads.pk}": "286.40",
    }  # fmt: skip
    assert ana.post(where(ro, "estimate"), typed).status_code == 302
    message = Message.objects.of_store(ro.store_id).get(is_inbound=False)
    widths = set(Photo.objects.of_store(ro.store_id).filter(message=message).values_list("width", flat=True))
    assert widths == {300, 301}, "of the line that was chosen, and no other’s"
    assert Photo.objects.of_store(ro.store_id).filter(subject="ro:048213").count() == 3, (
        "they stay with the car"
    )


def test_an_ro_is_found_by_its_number(cast: Cast, ro: RepairOrder, signed_in: SignIn) -> None:
    by_number = reverse("service:repair_order_by_number", args=["048213"])
    assert signed_in(cast.ana).get(by_number).url == where(ro)  # type: ignore[attr-defined]
    assert signed_in(cast.eve).get(by_number).status_code == 404
