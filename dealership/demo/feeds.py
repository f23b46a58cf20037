"""Files of the DMS in the demo, dropped through the feeds of the store."""

from __future__ import annotations

from collections.abc import Sequence

from dealership.demo import papers
from dealership.demo.papers import Cells
from dealership.demo.stage import Stage
from dealership.dms import files
from dealership.dms.models import Feed


def drop(on: Stage, kind: Feed.Kind, rows: Sequence[Cells]) -> None:
    """The file is taken in whole, and read as soon as somebody is rung for. Without rows there is none."""
    if not rows:
        return
    feed = Feed.objects.of_store(on.store.pk).get(kind=kind)
    name = papers.file_name(kind, on.local(on.now))
    files.take_in(feed=feed, name=name, data=papers.file(rows), now=on.now)
