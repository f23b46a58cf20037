"""Files as they come in: kept whole, once, by whichever door; read in pieces; refused or parked with a reason."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dealership.dms import files, inbox, jobs, staging
from dealership.dms.models import Feed, FeedFile, StagedRecord
from dealership.dms.readers.columns import SERVICE
from tests.cast import MONDAY_TEN, Cast
from tests.dms.dealervault_files import APPOINTMENT, RO, appt_file, appt_name, sv_file, sv_name

NOW = MONDAY_TEN


@pytest.fixture
def feed(cast: Cast) -> Feed:
    return Feed.objects.create(store=cast.northside, kind="SV", token="northside-sv")


def staged(cast: Cast) -> list[StagedRecord]:
    return list(StagedRecord.objects.of_store(cast.northside.pk).order_by("line"))


def test_a_file_is_kept_whole_with_the_time_of_its_name(cast: Cast, feed: Feed) -> None:
    data = sv_file([RO])
    file = files.take_in(feed=feed, name=sv_name("20260310_0410"), data=data, now=NOW)
    kept = FeedFile.objects.of_store(cast.northside.pk).get(pk=file.pk)
    assert bytes(kept.data) == data
    assert kept.stamp.astimezone(cast.northside.tz).strftime("%Y-%m-%d %H:%M") == "2026-03-10 04:10"


def test_the_same_bytes_are_one_file(cast: Cast, feed: Feed) -> None:
    data = sv_file([RO])
    first = files.take_in(feed=feed, name=sv_name(), data=data, now=NOW)
    again = files.take_in(feed=feed, name=sv_name(), data=data, now=NOW + timedelta(hours=1))
    unnamed = [files.take_in(feed=feed, name="", data=sv_file([RO, RO]), now=NOW) for _ in range(2)]
    assert first.pk == again.pk
    assert unnamed[0].pk == unnamed[1].pk


def test_a_name_that_lies_in_the_future_is_not_believed(cast: Cast, feed: Feed) -> None:
    file = files.take_in(feed=feed, name=sv_name("20991231_0410"), data=sv_file([RO]), now=NOW)
    assert file.stamp == NOW
    assert "lies ahead" in file.why


def test_a_file_beyond_the_limit_is_refused_with_a_clear_answer(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 10)
    with pytest.raises(files.TooLarge, match="Split it by date"):
        files.take_in(feed=feed, name=sv_name(), data=sv_file([RO]), now=NOW)


def test_rows_are_kept_raw_by_header_name_and_birth_dates_do_not_enter(cast: Cast, feed: Feed) -> None:
    files.take_in(feed=feed, name=sv_name(), data=sv_file([RO | {"Birth Date": "1/2/1970"}]), now=NOW)
    jobs.stage_waiting(now=NOW)
    (record,) = staged(cast)
    assert (record.key, record.state, record.raw["RO Status"]) == ("048213", "staged", "O")
    assert "Birth Date" not in record.raw


def test_a_broken_row_is_parked_with_its_reason_and_the_next_go_on(cast: Cast, feed: Feed) -> None:
    rows = [RO, RO | {"RO Number": ""}, RO | {"RO Number": "2"}]
    files.take_in(feed=feed, name=sv_name(), data=sv_file(rows), now=NOW)
    jobs.stage_waiting(now=NOW)
    assert [record.state for record in staged(cast)] == ["staged", "parked", "staged"]
    assert "RO Number" in staged(cast)[1].why


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 a zip",
        b"\x00\xff\xfe" * 900,
        b"just words",
        sv_file([], SERVICE[:4]),
        appt_file([APPOINTMENT]),
    ],
)
def test_what_is_no_file_of_this_kind_is_refused_with_a_reason(cast: Cast, feed: Feed, data: bytes) -> None:
    file = files.take_in(feed=feed, name="x.txt", data=data, now=NOW)
    jobs.stage_waiting(now=NOW)
    kept = FeedFile.objects.of_store(cast.northside.pk).get(pk=file.pk)
    assert (kept.state, bytes(kept.data)) == ("refused", data)
    assert kept.why.endswith(".")
    assert Feed.objects.of_store(cast.northside.pk).get(pk=feed.pk).last_file_at is None


def test_a_file_with_a_header_alone_is_news_of_nothing_and_keeps_the_feed_fresh(
    cast: Cast, feed: Feed
) -> None:
    files.take_in(feed=feed, name=sv_name(), data=sv_file([]), now=NOW)
    jobs.stage_waiting(now=NOW)
    assert FeedFile.objects.of_store(cast.northside.pk).get().state == "applied"
    current = Feed.objects.of_store(cast.northside.pk).get(pk=feed.pk)
    assert current.last_file_at == NOW
    assert current.first_loaded_at is None


def test_a_large_file_is_staged_in_pieces_and_goes_on_where_it_stopped(
    cast: Cast, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "BATCH", 3)
    rows = [RO | {"RO Number": str(number)} for number in range(8)]
    file = files.take_in(feed=feed, name=sv_name(), data=sv_file(rows), now=NOW)
    counts = []
    while not staging.stage(
        FeedFile.objects.of_store(cast.northside.pk).get(pk=file.pk), now=NOW, seconds=-1
    ):
        counts.append(len(staged(cast)))
    assert counts == [3, 6, 8]
    assert [record.key for record in staged(cast)] == [str(number) for number in range(8)]


def test_what_comes_before_the_first_load_is_done_is_history(cast: Cast, feed: Feed) -> None:
    both = [
        files.take_in(feed=feed, name=sv_name(f"2026031{day}_0410"), data=sv_file([RO | {"Tag Number": str(day)}]), now=NOW)
        for day in (0, 1)
    ]  # fmt: skip
    assert all(file.is_backfill for file in both)


# --- the inbox folder ------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(cast: Cast, feed: Feed, tmp_path: Path) -> Path:
    (tmp_path / "northside-honda").mkdir()
    return tmp_path


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / "northside-honda" / name
    path.write_bytes(data)
    return path


def later(folder: Path) -> object:
    """A look at the folder a minute after everything in it was written."""
    newest = max((path.stat().st_ctime for path in folder.rglob("*")), default=0)
    return inbox.collect(folder, now=datetime.fromtimestamp(newest, UTC) + timedelta(minutes=1))


def test_a_complete_file_is_taken_in_and_moved_to_done(cast: Cast, folder: Path) -> None:
    path = put(folder, sv_name(), sv_file([RO]))
    assert later(folder)["taken"] == 1
    assert not path.exists()
    assert (folder / "northside-honda" / "done" / sv_name()).read_bytes() == sv_file([RO])
    assert FeedFile.objects.of_store(cast.northside.pk).get().name == sv_name()


def test_a_file_that_is_still_being_written_is_left_alone(cast: Cast, folder: Path) -> None:
    path = put(folder, sv_name(), sv_file([RO])[:500])
    os.utime(path, (1, 1))
    put(folder, sv_name() + ".part", b"half")
    written = datetime.fromtimestamp(path.stat().st_ctime, UTC)
    assert inbox.collect(folder, now=written + timedelta(seconds=1))["taken"] == 0
    assert path.exists()


def test_a_file_that_nobody_sends_is_refused_kept_and_shown(cast: Cast, folder: Path) -> None:
    put(folder, "holiday photo.jpg", b"\xff\xd8\xff not a table")
    put(folder, appt_name(), appt_file([APPOINTMENT]))
    assert later(folder)["refused"] == 2
    assert sorted(path.name for path in (folder / "northside-honda" / "refused").iterdir()) == [
        appt_name(), "holiday photo.jpg",
    ]  # fmt: skip
    whys = FeedFile.objects.of_store(cast.northside.pk).filter(state="refused").values_list("why", flat=True)
    assert any("no such feed" in why for why in whys)


def test_a_name_that_cannot_be_read_stops_nothing(cast: Cast, folder: Path) -> None:
    os.rename(
        put(folder, "x.txt", b"nothing"), os.fsencode(folder / "northside-honda") + b"/\xff\xfe\x01.txt"
    )
    put(folder, sv_name(), sv_file([RO]))
    assert later(folder)["taken"] == 1
    assert FeedFile.objects.of_store(cast.northside.pk).filter(state="refused").count() == 1


def test_a_crash_before_the_move_finds_one_file_again(cast: Cast, folder: Path) -> None:
    put(folder, sv_name(), sv_file([RO]))
    later(folder)
    put(folder, sv_name(), sv_file([RO]))
    later(folder)
    assert FeedFile.objects.of_store(cast.northside.pk).count() == 1
    assert len(list((folder / "northside-honda" / "done").iterdir())) == 2


def test_a_folder_of_no_store_is_left_and_reported(cast: Cast, folder: Path) -> None:
    (folder / "nowhere").mkdir()
    (folder / "nowhere" / sv_name()).write_bytes(sv_file([RO]))
    assert later(folder)["trouble"] == ["no store is called nowhere"]
    assert (folder / "nowhere" / sv_name()).exists()


def test_a_link_out_of_the_inbox_is_not_followed(cast: Cast, folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_bytes(sv_file([RO]))
    (folder / "northside-honda" / sv_name()).symlink_to(secret)
    assert later(folder)["taken"] == 0


# --- the address -----------------------------------------------------------------------------------------------------


def test_a_posted_file_is_kept_and_answered_with_202(cast: Cast, feed: Feed) -> None:
    answer = Client().post(
        f"/hooks/dms/northside-sv/?name={sv_name()}", sv_file([RO]), content_type="text/plain"
    )
    assert answer.status_code == 202
    assert answer.json()["kind"] == "SV"
    assert FeedFile.objects.of_store(cast.northside.pk).get().name == sv_name()


def test_a_file_that_is_posted_as_if_it_were_a_form_is_kept_whole(cast: Cast, feed: Feed) -> None:
    answer = Client().post(
        f"/hooks/dms/northside-sv/?name={sv_name()}",
        sv_file([RO]),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 202
    assert bytes(FeedFile.objects.of_store(cast.northside.pk).get().data) == sv_file([RO])


def test_a_file_of_a_form_is_kept_under_its_name(cast: Cast, feed: Feed) -> None:
    upload = SimpleUploadedFile(sv_name(), sv_file([RO]))
    assert Client().post("/hooks/dms/northside-sv/", {"file": upload}).status_code == 202
    kept = FeedFile.objects.of_store(cast.northside.pk).get()
    assert (kept.name, bytes(kept.data)) == (sv_name(), sv_file([RO]))


def test_a_file_may_be_named_by_a_head_of_the_request(cast: Cast, feed: Feed) -> None:
    Client().post(
        "/hooks/dms/northside-sv/", sv_file([RO]), content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{sv_name()}"'},
    )  # fmt: skip
    assert FeedFile.objects.of_store(cast.northside.pk).get().name == sv_name()


@pytest.mark.parametrize("token", ["guess", "northside-sv%00", "%F0%9F%94%A7", "x" * 300])
def test_an_unknown_token_is_no_address(feed: Feed, token: str) -> None:
    answer = Client().post(f"/hooks/dms/{token}/", b"x", content_type="text/plain")
    assert answer.status_code == 404
    assert "error" in answer.json()


def test_an_empty_request_is_told_what_to_send(feed: Feed) -> None:
    answer = Client().post("/hooks/dms/northside-sv/", b"", content_type="text/plain")
    assert answer.status_code == 400
    assert "file" in answer.json()["error"]


def test_a_request_beyond_the_limit_is_refused(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 100)
    answer = Client().post("/hooks/dms/northside-sv/", sv_file([RO]), content_type="text/plain")
    assert answer.status_code == 413
    assert "Split" in answer.json()["error"]


@pytest.mark.parametrize(
    "body", [b"\x00" * 5000, b"\xff\xfe\x00\x01", b"<html>", sv_file([RO])[:900], b"a\tb\n" * 50]
)
def test_hostile_bodies_are_kept_and_break_nothing(cast: Cast, feed: Feed, body: bytes) -> None:
    answer = Client().post("/hooks/dms/northside-sv/", body, content_type="x/y; \x7f")
    assert answer.status_code in (202, 400)
    jobs.stage_waiting(now=NOW)
    assert not FeedFile.objects.of_store(cast.northside.pk).filter(state="received").exists()
