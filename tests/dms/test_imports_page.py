"""The Imports page: feeds with their age, files whose counts open lists, parked rows with their reason and what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from dealership.dms.board import MOST_PARKED
from dealership.dms.models import Feed, FeedFile, StagedRecord
from dealership.staff.models import StaffMember
from tests.cast import Cast
from tests.dms.dealervault_files import APPOINTMENT, appt_file, appt_name, sv_file, sv_name
from tests.service.feeds import OPEN_RO, Dms

SignIn = Callable[[StaffMember], Client]


@pytest.fixture
def dms(cast: Cast) -> Dms:
    return Dms(cast)


@pytest.fixture
def parked(cast: Cast, dms: Dms) -> StagedRecord:
    dms.send(timezone.now(), OPEN_RO | {"RO Status": "Q7"}, OPEN_RO | {"RO Number": "2"})
    return StagedRecord.objects.of_store(cast.northside.pk).get(state="parked")


def test_whoever_is_not_signed_in_is_asked_to(cast: Cast) -> None:
    assert Client().get("/imports/").status_code == 302


def test_an_advisor_may_not_see_imports(cast: Cast, signed_in: SignIn) -> None:
    assert signed_in(cast.ana).get("/imports/").status_code == 403


def test_who_may_see_imports_is_told_when_there_is_nothing(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.rosa).get("/imports/")
    assert "No file has come yet" in page.content.decode()
    assert "Nothing is parked" in page.content.decode()


def test_a_feed_that_never_came_says_what_is_held_back(cast: Cast, dms: Dms, signed_in: SignIn) -> None:
    assert "no customer is said not to have come" in signed_in(cast.rosa).get("/imports/").content.decode()


def test_more_parked_rows_than_stand_there_are_counted_and_their_files_opened(
    cast: Cast, dms: Dms, signed_in: SignIn
) -> None:
    n = MOST_PARKED + 2
    dms.send(timezone.now(), *(OPEN_RO | {"RO Status": "Q7", "RO Number": str(at)} for at in range(1, n + 1)))
    browser = signed_in(cast.rosa)
    page = browser.get("/imports/").content.decode()
    assert f'<span class="faint num">{n}</span>' in page
    assert f"The newest {MOST_PARKED} stand here" in page
    there = page.split("The newest", 1)[0].rsplit('href="', 1)[1].split('"')[0]
    assert "1 file<" in browser.get(there).content.decode()


def test_the_page_shows_files_with_counts_and_the_parked_row_with_its_reason(
    cast: Cast, parked: StagedRecord, signed_in: SignIn
) -> None:
    page = signed_in(cast.rosa).get("/imports/").content.decode()
    assert f"/imports/files/{parked.file_id}/?state=parked" in page
    assert "say below what it means" in page
    assert "CUSTOMER REQUESTS OIL CHANGE" in page


def test_the_page_takes_ten_queries_however_much_there_is(
    cast: Cast, dms: Dms, signed_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [OPEN_RO | {"RO Number": str(n), "RO Status": "Q7"} for n in range(12)]
    dms.send(timezone.now(), *rows)
    client = signed_in(cast.rosa)
    client.get("/imports/")
    with django_assert_max_num_queries(10):
        assert client.get("/imports/").status_code == 200


def test_a_count_opens_the_list_behind_it(cast: Cast, parked: StagedRecord, signed_in: SignIn) -> None:
    client = signed_in(cast.rosa)
    page = client.get(f"/imports/files/{parked.file_id}/?state=applied").content.decode()
    assert ">2</b>" in page
    assert "048213" not in page


def test_the_stranger_from_the_other_store_finds_no_file_and_no_record(
    cast: Cast, parked: StagedRecord, signed_in: SignIn
) -> None:
    eve = signed_in(cast.eve)
    assert eve.get(f"/imports/files/{parked.file_id}/").status_code == 404
    assert eve.post(reverse("dms:retry", args=[parked.pk])).status_code == 404
    assert eve.post(reverse("dms:drop", args=[parked.pk]), {"why": "mine"}).status_code == 404
    feed = Feed.objects.of_store(cast.northside.pk).get(kind="SV")
    assert (
        eve.post(reverse("dms:explain_code", args=[feed.pk]), {"code": "q7", "meaning": "open"}).status_code
        == 404
    )
    assert "048213" not in eve.get("/imports/").content.decode()


def test_what_still_cannot_be_applied_is_parked_again_and_says_why(
    cast: Cast, dms: Dms, signed_in: SignIn
) -> None:
    dms.send(timezone.now(), OPEN_RO | {"Open Date": "13/45/2026"})
    record = StagedRecord.objects.of_store(cast.northside.pk).get()
    answer = signed_in(cast.rosa).post(reverse("dms:retry", args=[record.pk]))
    assert answer.status_code == 422
    assert "Still:" in answer.content.decode()


def test_a_code_that_is_explained_lets_the_row_be_applied(
    cast: Cast, dms: Dms, parked: StagedRecord, signed_in: SignIn
) -> None:
    feed = Feed.objects.of_store(cast.northside.pk).get(kind="SV")
    answer = signed_in(cast.rosa).post(
        reverse("dms:explain_code", args=[feed.pk]), {"code": "Q7", "meaning": "open"}, follow=True
    )
    assert "Tried again: 1" in answer.content.decode()
    dms.work(timezone.now())
    current = StagedRecord.objects.of_store(cast.northside.pk).get(pk=parked.pk)
    assert (current.state, current.mended_by) == ("applied", cast.rosa)
    assert FeedFile.objects.of_store(cast.northside.pk).get(pk=parked.file_id).n_parked == 0


def test_setting_aside_needs_a_reason_and_can_be_undone(
    cast: Cast, parked: StagedRecord, signed_in: SignIn
) -> None:
    client = signed_in(cast.rosa)
    assert client.post(reverse("dms:drop", args=[parked.pk]), {"why": " "}).status_code == 422
    client.post(reverse("dms:drop", args=[parked.pk]), {"why": "a test ticket"})
    record = StagedRecord.objects.of_store(cast.northside.pk).get(pk=parked.pk)
    assert (record.state, record.mended_why, record.mended_by) == ("dropped", "a test ticket", cast.rosa)
    client.post(reverse("dms:take_back", args=[parked.pk]))
    assert StagedRecord.objects.of_store(cast.northside.pk).get(pk=parked.pk).state == "parked"


def test_a_file_by_hand_is_read_like_any_other(cast: Cast, dms: Dms, signed_in: SignIn) -> None:
    upload = SimpleUploadedFile(sv_name("20261123_0410"), sv_file([OPEN_RO]))
    answer = signed_in(cast.rosa).post(reverse("dms:upload"), {"file": upload})
    file = FeedFile.objects.of_store(cast.northside.pk).get()
    assert answer.url == reverse("dms:file_detail", args=[file.pk])
    dms.work(timezone.now())
    assert FeedFile.objects.of_store(cast.northside.pk).get().n_applied == 1


def test_a_file_that_is_none_is_refused_beside_the_field(cast: Cast, dms: Dms, signed_in: SignIn) -> None:
    client = signed_in(cast.rosa)
    photo = SimpleUploadedFile("cat.jpg", b"\xff\xd8 no table")
    answer = client.post(reverse("dms:upload"), {"file": photo})
    assert answer.status_code == 422
    assert "Neither its header nor its name" in answer.content.decode()
    assert client.post(reverse("dms:upload"), {}).status_code == 422


def test_a_file_for_a_feed_that_the_store_lacks_is_refused(cast: Cast, signed_in: SignIn) -> None:
    Feed.objects.create(store=cast.northside, kind="SV", token="t")
    upload = SimpleUploadedFile(appt_name(), appt_file([APPOINTMENT]))
    assert (
        "no such feed" in signed_in(cast.rosa).post(reverse("dms:upload"), {"file": upload}).content.decode()
    )


def test_only_who_may_mend_imports_may_change_anything(
    cast: Cast, parked: StagedRecord, signed_in: SignIn
) -> None:
    ana = signed_in(cast.ana)
    for name, args in (
        ("retry", [parked.pk]),
        ("drop", [parked.pk]),
        ("take_back", [parked.pk]),
        ("upload", []),
    ):
        assert ana.post(reverse(f"dms:{name}", args=args)).status_code == 403


def test_all_files_are_a_list_narrowed_by_what_came_of_them_and_taken_along(
    cast: Cast, parked: StagedRecord, dms: Dms, signed_in: SignIn
) -> None:
    dms.send(timezone.now() + timedelta(minutes=1), OPEN_RO | {"RO Number": "3"})
    rosa, where = signed_in(cast.rosa), "/imports/files/"
    names = list(FeedFile.objects.of_store(cast.northside.pk).order_by("pk").values_list("name", flat=True))

    def shown(query: str) -> list[str]:
        page = rosa.get(f"{where}{query}").content.decode()
        file = rosa.get(f"{where}export/{query}").content.decode()
        assert [name in page for name in names] == [name in file for name in names]
        return [name for name in names if name in page]

    assert "All files" in rosa.get("/imports/").content.decode()
    assert shown("") == names
    assert shown("?rows=parked") == names[:1]
    assert shown("?kind=SL") == []
    assert shown("?state=applied&came=1") == names
    page = rosa.get(f"{where}?sort=oldest").content.decode()
    assert page.index(names[0]) < page.index(names[1])
    assert signed_in(cast.ana).get(where).status_code == 403
