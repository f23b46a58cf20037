"""The supporter's command: one JSON line per message, an error line where a message cannot be read."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

WHERE = {"now": "2026-11-24T10:30:00-06:00", "zone": "America/Chicago"}


def run(*args: str, **options: Any) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("read_reply", *args, stdout=out, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_message_is_printed_as_one_json_line() -> None:
    (found,) = run("3pm instead", asked="confirm", appointment="2026-11-27T10:00", **WHERE)
    assert found["text"] == "3pm instead"
    assert (found["intent"], found["sure"], found["lines"], found["rating"]) == ("move", True, [], None)
    assert found["slots"] == [{"from": "2026-11-27T15:00:00-06:00", "to": "2026-11-27T15:00:00-06:00"}]
    assert found["because"]


def test_a_file_is_read_line_by_line_and_a_bad_line_does_not_stop_it(tmp_path: Path) -> None:
    rows = [
        json.dumps({"text": "sí", "asked": "confirm", **WHERE}, ensure_ascii=False),
        "{not json",
        json.dumps({"text": "yes", "asked": "shout", **WHERE}),
        json.dumps({"asked": "confirm", **WHERE}),
        json.dumps({"text": "yes", "now": "yesterday", "zone": "America/Chicago"}),
        json.dumps({"text": "yes", "now": WHERE["now"], "zone": "Mars/Olympus"}),
        "[1]",
        json.dumps({"text": "9", "asked": "survey", "appointment": None, **WHERE}),
    ]
    path = tmp_path / "replies.jsonl"
    path.write_text("\n".join(rows), encoding="utf-8")
    found = run(file=str(path))
    assert [("error" in line) for line in found] == [False, True, True, True, True, True, True, False]
    assert (found[0]["intent"], found[0]["sure"]) == ("confirm", True)
    assert "shout" in found[2]["error"]
    assert found[-1]["rating"] == 9


@pytest.mark.parametrize(
    ("args", "options", "reason"),
    [
        (["hi"], {}, "zone"),
        (["hi"], {"zone": "America/Chicago"}, "now is missing"),
        (["hi"], {"zone": "../etc/passwd", "now": WHERE["now"]}, "unknown"),
        ([], WHERE, "text is missing"),
        (["hi"], {**WHERE, "appointment": "soon"}, "appointment"),
        ([], {"file": "/nonexistent/replies.jsonl"}, "cannot be opened"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(
    args: list[str], options: dict[str, str], reason: str
) -> None:
    with pytest.raises(CommandError, match=reason):
        run(*args, **options)


def test_a_file_without_one_readable_line_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_text("\n\n", encoding="utf-8")
    with pytest.raises(CommandError, match="No line"):
        run(file=str(path))
