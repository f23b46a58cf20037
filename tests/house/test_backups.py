"""A backup is worth what restoring it gives back."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dealership import backups
from dealership.models import Heartbeat
from tests import cast as the_cast
from tests.cast import make_customer
from tests.tasks.telling import Telling

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_saved_comes_back_whole_and_is_judged_sound(tmp_path: Path) -> None:
    cast = the_cast.build()
    Telling(cast, "+19735550161")
    made = backups.make(tmp_path, keep=2)
    dump = tmp_path / made.file
    make_customer(cast.northside, "Too Late", "+19735550162")
    assert made.counts["customers_customer"] == 1
    assert backups.newest(tmp_path) == dump
    assert (dump.stat().st_mode & 0o077) == 0

    assert "0 broken" in backups.test(dump)
    beats = dict(Heartbeat.objects.values_list("job", "result"))
    assert beats[backups.BEAT]["file"] == beats[backups.TESTED_BEAT]["file"] == made.file

    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", str(dump))
    dump.write_bytes(dump.read_bytes()[:-1] + b"x")
    with pytest.raises(CommandError, match="digest differs"):
        call_command("restore", str(dump), force=True)
    with pytest.raises(CommandError, match="manifest"):
        call_command("restore", str(tmp_path / "kept-no.dump"))


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    for day in range(5):
        for ending in ("dump", "json"):
            (tmp_path / f"kept-2026112{day}T000000.{ending}").write_text("{}")
    backups._rotate(tmp_path, 2)
    assert sorted(path.name for path in tmp_path.glob("*.dump")) == [
        "kept-20261123T000000.dump",
        "kept-20261124T000000.dump",
    ]
    with pytest.raises(backups.BackupError, match="no backup"):
        backups.newest(tmp_path / "nowhere")
