"""A promise as the Seams page shows it, from the lead that came to the figure that a manager reads."""

from __future__ import annotations

from typing import Any

from tasks import rollups
from tasks.tallies import Cell
from tests.flows.sales_world import World, words


def seams(world: World) -> Any:
    """What the general manager is shown of today."""
    response = world.browser(world.cast.gus).get("/seams/?period=today")
    assert response.status_code == 200
    return response.context


def cell(world: World) -> Cell:
    """Marketing's promises to the BDC."""
    cells = [cell for _, cells in seams(world)["grid"] for cell in cells]
    return next(cell for cell in cells if (cell.group_from, cell.group_to) == ("Marketing", "BDC"))


def listed(world: World, query: str) -> str:
    """The words of a list behind a figure."""
    return words(world.browser(world.cast.gus).get(f"/seams/list/?period=today&{query}").content.decode())


def test_a_lead_that_nobody_answers_shows_at_its_seam_and_its_answer_is_recovered_not_on_time(
    asking: World,
) -> None:
    fresh = cell(asking)
    assert (fresh.n, fresh.percent, fresh.word) == (1, None, "nothing due yet")

    asking.at(6)
    late = cell(asking)
    assert (late.n, late.percent, late.n_late, late.word) == (1, 0, 1, "dropped")
    assert "Tom Okafor" in listed(asking, "figure=kept&part=late&from=Marketing&to=BDC")
    assert "Tom Okafor" in listed(asking, "figure=kept&part=warned")

    asking.at(12).calls(asking.cast.dana, asking.lead.customer_id)
    recovered = cell(asking)
    assert (recovered.percent, recovered.n_late) == (0, 0)
    shown = seams(asking)
    assert [(bar.label, bar.n) for bar in shown["bars"] if bar.n] == [("10–15", 1)]
    (row,) = shown["breaks"]
    assert (row.held_by, row.now_with) == ("Dana, warned, not acted on", "kept 7 min late")
    assert "Tom Okafor" in listed(asking, "figure=answer&part=kept&bucket=4")
    assert "Tom Okafor" not in listed(asking, "figure=kept&part=on_time")
    assert rollups.recount(asking.cast.northside) == []


def test_a_lead_that_is_answered_in_time_is_kept_on_the_same_page(asking: World) -> None:
    asking.at(2).writes(asking.cast.dana, "Hi Tom, it is here. Shall I hold it for you until six?")
    asking.at(3).phone_gets_it()
    kept = cell(asking)
    assert (kept.percent, kept.word) == (100, "well kept")
    tiles = {tile.figure.key: tile for tile in seams(asking)["tiles"]}
    assert (tiles["kept"].value, tiles["answer"].value) == ("100%", "3 min")
    assert [line.name for line in seams(asking)["people"] if line.due] == ["Dana Ruiz"]
