"""The shelf as the DMS tells it: once however often, the same in any order."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from dealership.dms import files, jobs
from dealership.dms.models import Feed, FeedFile, StagedRecord
from parts import board, stock
from parts import jobs as parts_jobs
from parts.models import StockPart
from tests.cast import MONDAY_TEN, NEW_YORK, Cast
from tests.dms.dealervault_files import stock_file
from tests.parts.making import asked

pytestmark = pytest.mark.django_db

CALIPER = {
    "Part Number": "43018-TBA", "Part Description": "CALIPER, RR", "Part Cost": "1,105.00", "Part Price": "1,649.99",
    "Quantity On Hand": "0", "Quantity On Order": "2", "BIN#": "B 04", "Last Sale Date": "12/30/1899",
}  # fmt: skip
BLADE = {
    "Part Number": "68191349AC", "Part Description": 'WIPER BLADE 26"', "Quantity On Hand": "3.5", "Part Price": "7.95",
    "New Part Number": "68191349AD",
}  # fmt: skip


@pytest.fixture
def feed(cast: Cast) -> Feed:
    return Feed.objects.create(
        store=cast.northside, kind=Feed.Kind.PARTS_STOCK, token="t", first_loaded_at=MONDAY_TEN
    )


def send(feed: Feed, minute: int, *rows: Mapping[str, str], data: bytes = b"") -> FeedFile:
    """A file that the DMS made then; it is read and applied."""
    stamp = MONDAY_TEN + timedelta(minutes=minute)
    name = f"DVD00417_{stamp.astimezone(NEW_YORK):%Y%m%d_%H%M}_PTINV.txt"
    file = files.take_in(feed=feed, name=name, data=data or stock_file(rows), now=stamp)
    work(stamp)
    return FeedFile.objects.of_store(feed.store_id).defer("data").get(pk=file.pk)


def work(now: datetime) -> None:
    jobs.stage_waiting(now=now)
    parts_jobs.pull_stock(now=now)


def shelf(cast: Cast) -> dict[str, tuple[object, ...]]:
    return {
        f"{row.part_key} {row.make}".strip(): (
            row.part_number,
            row.on_hand,
            row.bin,
            row.price_cents,
            row.stamp,
        )
        for row in StockPart.objects.of_store(cast.northside.pk)
    }


def states(file: FeedFile) -> list[str]:
    rows: Iterable[str] = StagedRecord.objects.of_store(file.store_id).filter(file=file).order_by("line")
    return [row.state for row in rows]  # type: ignore[attr-defined]


def test_a_file_fills_the_shelf(cast: Cast, feed: Feed) -> None:
    file = send(feed, 0, CALIPER, BLADE)
    caliper, blade = StockPart.objects.of_store(cast.northside.pk).order_by("part_key")
    assert (caliper.on_hand, caliper.price_cents, caliper.cost_cents) == (0, 164_999, 110_500)
    assert (caliper.bin, caliper.last_sale_date, caliper.is_there) == ("B 04", None, False)
    assert (blade.on_hand, blade.superseded_by, blade.is_there) == (Decimal("3.5"), "68191349AD", True)
    assert (file.state, file.n_applied) == ("applied", 2)


def test_the_same_again_changes_nothing(cast: Cast, feed: Feed) -> None:
    send(feed, 0, CALIPER, BLADE)
    before = StockPart.objects.of_store(cast.northside.pk).values_list("pk", "on_hand").order_by("pk")
    had = list(before)
    file = send(feed, 10, CALIPER, BLADE)
    assert list(before.all()) == had
    assert states(file) == ["same", "same"]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("number", ["43018-TBA", "43018 tba"])
def test_of_two_lines_with_one_number_the_one_sold_from_last_counts_wherever_it_stands(
    cast: Cast, feed: Feed, number: str, turned: bool
) -> None:
    sold = CALIPER | {"Part Number": number, "Quantity On Hand": "4", "Last Sale Date": "5/22/2026"}
    lines = [CALIPER, sold]
    file = send(feed, 0, *(reversed(lines) if turned else lines))
    assert [row[1] for row in shelf(cast).values()] == [4]
    assert states(file) == (["applied", "older"] if turned else ["older", "applied"])


def test_two_makes_may_use_one_number(cast: Cast, feed: Feed) -> None:
    honda = CALIPER | {"Make": "HO"}
    ford = CALIPER | {"Make": "fo", "Part Description": "BOLT", "Quantity On Hand": "7"}
    found = []
    for lines in ([honda, ford], [ford, honda]):
        StockPart.objects.of_store(cast.northside.pk).delete()
        FeedFile.objects.of_store(cast.northside.pk).delete()
        file = send(feed, 0, *lines)
        assert states(file) == ["applied", "applied"]
        found.append(shelf(cast))
    assert found[0] == found[1]
    assert {name: row[1] for name, row in found[0].items()} == {"43018TBA HO": 0, "43018TBA FO": 7}
    assert [row.make for row in stock.search(cast.pete, "43018")] == ["FO", "HO"]
    assert stock.of(cast.northside.pk, ["43018TBA"])["43018TBA"].make == "FO", "one that lies there"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_number_told_with_its_make_since_does_not_also_stand_without(
    cast: Cast, feed: Feed, order: tuple[int, int]
) -> None:
    story = [CALIPER, CALIPER | {"Make": "HO", "Quantity On Hand": "1"}]
    for minute in order:
        send(feed, minute, story[minute])
    assert {name: row[1] for name, row in shelf(cast).items()} == {"43018TBA HO": 1}


def test_files_in_any_order_end_the_same(cast: Cast, feed: Feed) -> None:
    story = [
        (minute, CALIPER | {"Quantity On Hand": str(n), "Part Number": number})
        for minute, n, number in ((0, 1, "43018-TBA"), (1, 5, "43018-tba"), (2, 1, "43018-TBA"), (3, 2, "43018TBA"))
    ]  # fmt: skip
    found = []
    for seed in range(4):
        StockPart.objects.of_store(cast.northside.pk).delete()
        FeedFile.objects.of_store(cast.northside.pk).delete()
        random.Random(seed).shuffle(story)
        for minute, row in story:
            send(feed, minute, row)
        found.append(shelf(cast))
    assert all(one == found[0] for one in found)
    assert found[0]["43018TBA"][:2] == ("43018TBA", 2)


def test_unknown_columns_are_kept_raw_and_a_broken_row_waits_for_a_person(cast: Cast, feed: Feed) -> None:
    header = ["Part Number", "Part Description", "Quantity On Hand", "Shelf Colour"]
    rows = [
        "43018-TBA\tCALIPER\t2\tgreen",
        "\tNOTHING\t1\t",
        "a\tb\tc\td\te",
        "- -\tDASHES\t1\t",
        "68191349AC\tBLADE\tmany\t",
    ]
    file = send(feed, 0, data="\r\n".join(["\t".join(header), *rows]).encode())
    records = StagedRecord.objects.of_store(cast.northside.pk).filter(file=file)
    assert records.get(key="43018-TBA").raw["Shelf Colour"] == "green"
    assert set(shelf(cast)) == {"43018TBA", "68191349AC"}
    assert shelf(cast)["68191349AC"][1] is None
    parked = list(records.filter(state="parked").order_by("line").values_list("why", flat=True))
    assert len(parked) == 3
    assert "no Part Number" in parked[0]
    assert "This is no part number" in parked[2]


def test_another_store_has_its_own_shelf(cast: Cast, feed: Feed) -> None:
    send(feed, 0, CALIPER)
    assert stock.search(cast.pete, "43018") != []
    assert stock.search(cast.eve, "43018") == []


@pytest.mark.parametrize(
    ("text", "finds"),
    [("43018-t", 1), ("43018", 1), ("blade wip", 1), ("caliper rr", 1), ("lade", 0), ("4", 0), ("%", 0), ("'; --", 0)],
)  # fmt: skip
def test_a_part_is_found_by_the_beginning_of_its_number_or_by_its_words(
    cast: Cast, feed: Feed, text: str, finds: int
) -> None:
    send(feed, 0, CALIPER, BLADE)
    assert len(stock.search(cast.pete, text)) == finds


def test_a_part_that_lies_on_the_shelf_now_is_shown_so_on_its_request(cast: Cast, feed: Feed) -> None:
    asked(cast, part_number="43018 tba")
    send(feed, 0, CALIPER)
    (card,) = board.board(cast.pete, MONDAY_TEN).cards
    assert not card.is_on_shelf
    send(feed, 5, CALIPER | {"Quantity On Hand": "1"})
    (card,) = board.board(cast.pete, MONDAY_TEN).cards
    assert card.is_on_shelf
