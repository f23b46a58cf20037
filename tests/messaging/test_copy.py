"""Words to customers: read, rendered, measured, and never a trap."""

from pathlib import Path

import pytest

from dealership.messaging import copy

SOURCE = "variables: first, store\n\nHi {first},\nthis is {store}.\n"


def test_a_text_is_rendered_with_the_values_it_names() -> None:
    read = copy.read("x/copy/y", "en", SOURCE)

    assert read.text.format(first="Ana", store="Northside") == "Hi Ana, this is Northside."


def test_a_missing_or_empty_variable_is_an_error_and_never_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copy, "load", lambda path, language: copy.read(path, "en", SOURCE))

    with pytest.raises(copy.VariableMissing, match="store"):
        copy.render("x/copy/y", "en", first="Ana", store=" ")
    with pytest.raises(copy.VariableMissing, match="first"):
        copy.render("x/copy/y", "en", store="Northside")
    assert copy.render("x/copy/y", "en", first="Ana", store="N", more="ignored") == "Hi Ana, this is N."


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("Hi {first}", "variables"),
        ("variables: first\n\n", "text"),
        ("variables: first\n\nHi {store}", "first, store"),
        ("variables: first\n\nHi {first.name}", "plain word"),
        ("variables:\n\nHi {", "encountered"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(source: str, says: str) -> None:
    with pytest.raises(copy.BadCopy, match=says):
        copy.read("x/copy/y", "en", source)


def test_copy_that_is_not_there_in_a_language_falls_back_to_english(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "x" / "copy"
    folder.mkdir(parents=True)
    (folder / "only_here.en.txt").write_text("variables:\n\nHello.")
    monkeypatch.setattr(copy, "ROOT", tmp_path)

    assert copy.render("x/copy/only_here", "es-MX") == "Hello."
    with pytest.raises(copy.CopyMissing):
        copy.render("x/copy/nowhere", "en")


@pytest.mark.parametrize("path", ["../secrets/copy/x", "copy", "x/y", "/etc/copy/passwd", "x/copy/../../y"])
def test_no_name_leads_out_of_the_folders_of_copy(path: str) -> None:
    with pytest.raises(copy.CopyMissing):
        copy.render(path)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Reply CANCEL to cancel your visit.", "CANCEL"),
        ("Text END when you are done", "END"),
        ("send us the word “Quit”", "Quit"),
        ("Responda CANCELAR para anular su cita", "CANCELAR"),
        ("reply stop if you cannot come", "stop"),
        ("Reply STOP to opt out.", ""),
        ("Responda STOP para no recibir más mensajes.", ""),
        ("Reply C to confirm, or tell us a better time.", ""),
        ("You can stop by any time, or cancel online.", ""),
    ],
)
def test_no_text_may_ask_for_a_word_that_opts_the_customer_out(text: str, word: str) -> None:
    assert copy.invited_stop_word(text) == word


def test_length_is_counted_as_the_carrier_counts_it() -> None:
    assert copy.size("a" * 160) == copy.Size("GSM-7", 160, 1)
    assert copy.size("a" * 161) == copy.Size("GSM-7", 161, 2)
    assert copy.size("€") == copy.Size("GSM-7", 2, 1)
    assert copy.size("está") == copy.Size("UCS-2", 4, 1)
    assert copy.size("é" * 160).alphabet == "GSM-7"
    assert copy.size("😀" * 36) == copy.Size("UCS-2", 72, 2)


def test_every_file_of_copy_in_the_product_is_in_order() -> None:
    files = copy.every_file()
    found = {}
    for file in files:
        name, language = file.name.removesuffix(".txt").rsplit(".", 1)
        read = copy.read(
            f"{file.parent.relative_to(copy.ROOT)}/{name}", language, file.read_text(encoding="utf-8")
        )
        if wrong := list(copy.faults(read)):
            found[str(file.relative_to(copy.ROOT))] = wrong

    assert found == {}


def test_the_house_rules_catch_copy_that_breaks_them() -> None:
    bad = copy.read(
        "x/copy/y", "en", "variables: nobody\n\nReply CANCEL, {nobody}. “Ça” " + "very long " * 40
    )

    said = " ".join(copy.faults(bad))

    assert "nobody" in said
    assert "CANCEL" in said
    assert "characters" in said
    assert "GSM" in said
