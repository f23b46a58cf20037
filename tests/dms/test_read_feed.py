"""The command that shows what the product makes of a file."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.dms.dealervault_files import CLOSED_RO, RO, sv_file, sv_name


def lines_of(path: Path, kind: str) -> list[dict[str, object]]:
    out = io.StringIO()
    call_command("read_feed", "--kind", kind, str(path), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_command_prints_a_line_per_record_and_a_summary(tmp_path: Path) -> None:
    path = tmp_path / sv_name()
    path.write_bytes(sv_file([RO, RO | {"RO Number": "", "VIN": ""}, CLOSED_RO | {"RO Number": "048214"}]))
    first, second, last = lines_of(path, "SV")
    assert (first["key"], second["key"]) == ("048213", "048214")
    summary = last["summary"]
    assert isinstance(summary, dict)
    assert (summary["rows"], summary["records"]) == (3, 2)
    assert [(row["line"], row["reason"]) for row in summary["parked"]] == [(3, "the row has no RO Number")]


def test_the_command_fails_with_the_reason_when_nothing_could_be_read(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_bytes(b"Deal Number\tBuyer\n1\tx\n")
    with pytest.raises(CommandError, match="no column 'RO Number'"):
        lines_of(path, "SV")
    path.write_bytes(sv_file([RO | {"RO Number": ""}]))
    with pytest.raises(CommandError, match="none of 1 rows"):
        lines_of(path, "SV")
    with pytest.raises(CommandError, match="No such file"):
        lines_of(tmp_path / "absent.txt", "SV")
