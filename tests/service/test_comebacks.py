"""The mark that some systems send with an RO that is a comeback; DealerVault's own columns have none."""

from __future__ import annotations

import pytest

from dealership.dms import files
from dealership.dms.readers.columns import SERVICE
from service.models import Comeback
from tests.cast import Cast
from tests.dms.dealervault_files import sv_file
from tests.service.feeds import OPEN_RO, Dms, at, name


def send(dms: Dms, minute: float, mark: str) -> None:
    data = sv_file(
        [OPEN_RO | {"Comeback Flag": mark, "Tag Number": str(minute)}], (*SERVICE, "Comeback Flag")
    )
    files.take_in(feed=dms.ros, name=name(at(minute), "SV"), data=data, now=at(minute))
    dms.work(at(minute))


@pytest.mark.parametrize(("mark", "found"), [("Y", 1), ("N", 0), ("", 0)])
def test_the_mark_of_the_dms_is_believed(cast: Cast, mark: str, found: int) -> None:
    send(Dms(cast), 0, mark)
    rows = list(Comeback.objects.of_store(cast.northside.pk).select_related("ro"))
    assert [(row.ro.ro_number, row.earlier_ro_id) for row in rows] == [("048213", None)] * found


def test_a_mark_that_is_set_later_is_believed_once(cast: Cast) -> None:
    dms = Dms(cast)
    for minute, mark in ((0, ""), (10, "Y"), (20, "Y")):
        send(dms, minute, mark)
    assert Comeback.objects.of_store(cast.northside.pk).count() == 1
