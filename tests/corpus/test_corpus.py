"""What becomes of each hostile case that stands in a file, and of some hundred damaged inputs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest

from dealership.customers import phones
from dealership.dms.readers import dealervault, values
from dealership.push.devices import is_service
from dealership.vehicles import vin
from sales import adf
from tests.corpus import files, lines
from tests.corpus.mutator import many
from tests.corpus.readers import READERS

#: Why a lead of `leads` is left to a person. The others are Nora Quist, whatever stands around her.
LEFT_TO_A_PERSON = {
    "bomb.xml": "Nothing in it was expanded or fetched",
    "quadratic.xml": "Nothing in it was expanded or fetched",
    "outside_file.xml": "Nothing in it was expanded or fetched",
    "outside_http.xml": "Nothing in it was expanded or fetched",
    "outside_parameter.xml": "Nothing in it was expanded or fetched",
    "dtd.xml": "Nothing in it was expanded or fetched",
    "deep.xml": "nested more than 50 deep",
    "many_prospects.xml": "more than 200 prospects",
    "deep.json": "no ADF",
    "lead.json": "no ADF",
    "header_injection.eml": "no ADF",
    "nested_mail.eml": "no ADF",
}
#: How many rows of a file of `feeds` are read, how many are parked, and what is said of the file.
FEEDS = {
    "bom.txt": (2, 0, ""),
    "cut.txt": (1, 1, ""),
    "foreign_phones.txt": (5, 0, ""),
    "formulas.txt": (5, 0, ""),
    "gzip.txt": (0, 0, "gzip archive"),
    "header_in_the_middle.txt": (2, 0, ""),
    "header_only.txt": (0, 0, ""),
    "impossible_amounts.txt": (6, 0, ""),
    "impossible_dates.txt": (2, 4, ""),
    "impossible_vins.txt": (5, 0, ""),
    "latin_1.txt": (2, 0, "not UTF-8 throughout"),
    "line_ends.txt": (3, 0, ""),
    "many_columns.txt": (0, 0, "6,000 columns"),
    "no_header.txt": (0, 0, "no column 'RO Number'"),
    "no_key.txt": (2, 2, ""),
    "nul_first.txt": (1, 0, ""),
    "nul_inside.txt": (2, 0, ""),
    "only_tabs.txt": (0, 0, "empty"),
    "other_dealer.txt": (2, 0, ""),
    "quotes.txt": (3, 0, ""),
    "ragged.txt": (3, 1, ""),
    "same_header_twice.txt": (2, 0, "more than once"),
    "same_key.txt": (2, 0, "same number"),
    "scripts.txt": (3, 0, ""),
    "separators.txt": (3, 0, ""),
    "two_kinds.txt": (1, 2, ""),
    "utf_16.txt": (2, 0, ""),
    "vertical.txt": (2, 0, ""),
    "zip.txt": (0, 0, "no column 'RO Number'"),
}
PHONES = {
    "+1 973 555 0177": "+19735550177",
    "973.555.0177 x12": "+19735550177",
    "(973) 555-0177 or 973-555-0178": "+19735550177",
    "1-800-FLOWERS": "+18003569377",
    "900-555-0142": "+19005550142",
    "+44 20 7946 0018": "+442079460018",
    "+1 (876) 555-0142": "+18765550142",
    "11 973 555 0177": "+19735550177",
    "973\u200b555\u200e0177": "+19735550177",
    "٩٧٣٥٥٥٠١٧٧": "+19735550177",
    "tel:+19735550177;ext=9": "+19735550177",
    "<script>973-555-0177</script>": "+19735550177",
    "973-555-0177\x00": "+19735550177",
}
AMOUNTS = {
    "1,089.95": 108_995,
    "$1,089.95": 108_995,
    "1 089.95": 108_995,
    "(89.95)": -8_995,
    "5-": -500,
    "-0": 0,
    "+5": 500,
}
DATES = {
    "11/23/2026": "2026-11-23",
    "2026-11-23": "2026-11-23",
    "20261123": "2026-11-23",
    "11-23-26": "2026-11-23",
    "2026-11-23T25:61:61Z": "2026-11-23",
    "2/29/2024": "2024-02-29",
    "1/1/70": "1970-01-01",
    "3/8/2026 2:30 AM": "2026-03-08",
    "11/1/2026 1:30 AM": "2026-11-01",
}


def test_every_file_of_the_corpus_has_its_answer() -> None:
    assert set(FEEDS) == set(files("feeds"))
    assert set(LEFT_TO_A_PERSON) < set(files("leads"))


@pytest.mark.parametrize("name", files("leads"))
def test_a_hostile_lead_is_read_or_left_to_a_person(name: str) -> None:
    answer = adf.read(files("leads")[name])
    if why := LEFT_TO_A_PERSON.get(name):
        assert why in (answer.unreadable or "")
        assert answer.prospects == ()
        return
    (prospect,) = answer.prospects
    if name == "cut.xml":
        assert answer.needs_a_person
        assert "breaks off" in answer.repairs[0]
        return
    assert [phone.e164 for phone in prospect.customer.phones] == ["+19735550177"]
    expected = {
        "script_as_name.xml": "<script>alert(1)</script>",
        "latin_1_said_utf_8.xml": "Nora Quísté",
    }
    assert prospect.customer.full == expected.get(name, "Nora Quist")
    assert "root:" not in str(answer.as_dict())


@pytest.mark.parametrize("name", FEEDS)
def test_a_hostile_file_of_a_dms_loses_no_row(name: str) -> None:
    n_read, n_parked, said = FEEDS[name]
    answer = dealervault.read(files("feeds")[name], "SV")
    rows = list(answer.rows)
    assert sum(row.record is not None for row in rows) == n_read
    assert sum(bool(row.parked) for row in rows) == n_parked
    assert said in " ".join(answer.problems)
    assert bool(answer.refused) == (said != "" and not rows)


def test_hostile_values_are_read_right_or_not_at_all() -> None:
    numbers = {said: phones.read(said).e164 for said in lines("phones")}
    assert {said: number for said, number in numbers.items() if number} == PHONES
    assert {said for said in lines("amounts") if _or_none(values.cents_of, said) is not None} == set(AMOUNTS)
    assert {said: values.cents_of(said) for said in AMOUNTS} == AMOUNTS
    dates = {said: str(day) for said in lines("dates") if (day := _or_none(values.date_of, said))}
    assert dates == DATES
    vins = {vin.read(said).vin for said in lines("vins") if vin.read(said).valid}
    assert vins == {"1HGCM82633A004352", "1" * 17}
    assert not [at for at in lines("addresses") if is_service(at)]


def _or_none(reader: Callable[[str], object], said: str) -> object:
    try:
        return reader(said)
    except values.NotReadable:
        return None


@pytest.mark.parametrize("name", READERS)
def test_whatever_is_damaged_on_its_way_is_answered(name: str) -> None:
    """Some of each here; `python -m tests.corpus` takes ten thousand."""
    reader = READERS[name]
    for sample in (*reader.samples, *many(reader.samples, seed=9, n=60)):
        reader.owes(sample)


def test_the_same_seed_gives_the_same_damage() -> None:
    samples = READERS["SV"].samples
    assert list(many(samples, seed=3, n=20)) == list(many(samples, seed=3, n=20))
    assert list(many(samples, seed=3, n=20)) != list(many(samples, seed=4, n=20))


def test_what_a_reader_owes_can_be_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The judge itself: a reader that drops a row without a word, or makes a number up, is found out."""
    honest = dealervault.read(files("feeds")["no_key.txt"], "SV")
    dropped = [replace(row, parked=None) for row in honest.rows]
    monkeypatch.setattr(dealervault, "read", lambda *_: SimpleNamespace(refused=None, rows=dropped))
    with pytest.raises(AssertionError, match="line 3 is neither read nor parked"):
        READERS["SV"].owes(b"")
    monkeypatch.setattr(phones, "read", lambda said: phones.Phone(said, True, "12", ""))
    with pytest.raises(AssertionError, match=re.escape("12")):
        READERS["phones"].owes(b"12")
