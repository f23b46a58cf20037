"""The list of declined work: narrowed, taken away, and its promises handed to a colleague, all that match at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from dealership.lists import bulk
from dealership.lists.models import BulkAct
from service.declined_list import RULES, things
from service.models import DeclinedLine
from tasks import hand_offs, promises
from tasks.models import Promise
from tests.cast import Cast
from tests.service.feeds import CLOSED_RO, Dms, at
from tests.service.test_pages import SignIn, line_of, words

WHERE = "/service/declined/"


@pytest.fixture
def dms(cast: Cast) -> Iterator[Dms]:
    with time_machine.travel(at(0), tick=False):
        yield Dms(cast)


def owed(cast: Cast) -> dict[str, str]:
    """Whose each line's promise is."""
    rows = Promise.objects.of_store(cast.northside.pk).filter(rule__in=RULES, state="open")
    return {row.about: row.owner.first_name for row in rows.select_related("owner")}


def test_the_list_is_narrowed_by_what_it_is_worth_and_ordered_by_it(
    cast: Cast,
    dms: Dms,
    signed_in: SignIn,
) -> None:
    dms.send(at(0), CLOSED_RO)
    DeclinedLine.objects.of_store(cast.northside.pk).filter(key="cabin").update(price_cents=45000)
    DeclinedLine.objects.of_store(cast.northside.pk).exclude(key="cabin").update(price_cents=None)
    ana = signed_in(cast.ana)
    page = words(ana, f"{WHERE}?sort=worth")
    assert page.index("Cabin filter dirty") < page.index("Front pads 2mm")
    assert "$450" in page
    assert "$450" not in words(ana, f"{WHERE}?sort=worth&cols=description&cols=ro")
    assert "Front pads 2mm" not in words(ana, f"{WHERE}?worth=300")
    assert "Nothing fits" in words(ana, f"{WHERE}?worth=1000")
    text = ana.get(f"{WHERE}export/?worth=300").content.decode("utf-8-sig")
    assert text.splitlines()[0] == "Work,Op code,Colour,Price,Customer,Car,RO,Closed"
    assert text.splitlines()[1].startswith("Cabin filter dirty,")
    assert ",450.0," in text.splitlines()[1]
    assert len(text.splitlines()) == 2


def test_the_promises_of_all_that_match_are_seen_handed_off_and_taken_back(
    cast: Cast,
    dms: Dms,
    signed_in: SignIn,
) -> None:
    dms.send(at(0), CLOSED_RO)
    before, rosa, there = owed(cast), signed_in(cast.rosa), f"{WHERE}hand-off/?all=on"
    assert len(before) == 2
    with time_machine.travel(at(1), tick=False):
        assert "2 open promises to offer it again" in rosa.get(there).content.decode()
        assert owed(cast) == before
        form = {"to": cast.sid.pk, "why": "Sid has the afternoon for it"}
        assert "Now 2 lines match" in rosa.post(there, {**form, "n": 3}).content.decode()
        said = rosa.post(there, {**form, "n": 2}, follow=True).content.decode()
    assert "2 promises handed to Sid" in said
    assert set(owed(cast).values()) == {"Sid"}
    first = Promise.objects.of_store(cast.northside.pk).get(rule=RULES[0], about="brkf")
    promises.accept(first, by=cast.sid, now=at(2))
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    assert bulk.take_back(act, by=cast.rosa, now=at(3)) == 1
    assert owed(cast) == {**before, "brkf": "Sid"}


def test_only_the_ticked_lines_are_meant_and_only_whoever_may_hand_them_off(
    cast: Cast,
    dms: Dms,
    signed_in: SignIn,
) -> None:
    dms.send(at(0), CLOSED_RO)
    line = line_of(cast)
    keys = hand_offs.open_about(cast.northside.pk, things([line]), rules=RULES)
    assert len(keys) == 1
    there = f"{WHERE}hand-off/?row={line.pk}"
    assert signed_in(cast.ana).get(there).status_code == 403
    assert signed_in(cast.eve).get(there).status_code == 302
    with time_machine.travel(at(1), tick=False):
        signed_in(cast.gus).post(there, {"to": cast.sid.pk, "why": "so", "n": 1})
    assert [whose for about, whose in owed(cast).items() if about == line.key] == ["Sid"]
    assert list(owed(cast).values()).count("Sid") == 1
    with pytest.raises(hand_offs.CannotHandOff):
        hand_offs.hand_off_many(
            keys=keys, to=cast.eve, by=cast.gus, why="so", now=at(1) + timedelta(minutes=1)
        )
