"""The mark that some systems send with an RO that is a comeback; DealerVault's own columns have none."""

from __future__ import annotations

import pytest

from dealership.dms import files
from dealership.dms.readers.columns import SERVICE
from service.models import Comeback
from tests.cast import Cast
from tests.dms.dealervault_files import sv_file
from tests.service.feeds import OPEN_RO, Dms, at, name


@pytest.mark.parametrize(("mark", "found"), [("Y", 1), ("N", 0), ("", 0)])
def test_the_mark_of_the_dms_is_believed(cast: Cast, mark: str, found: int) -> None:
    dms = Dms(cast)
    data = sv_file([OPEN_RO | {"Comeback Flag": mark}], (*SERVICE, "Comeback Flag"))
    files.take_in(feed=dms.ros, name=name(at(0), "SV"), data=data, now=at(0))
    dms.work(at(0))
    rows = list(Comeback.objects.of_store(cast.northside.pk).select_related("ro"))
    assert [(row.ro.ro_number, row.earlier_ro_id) for row in rows] == [("048213", None)] * found
