"""What an inspection found and the customer did not approve becomes declined work when the RO closes: one line, not twice with the DMS's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from dealership.events.catalogue.service import DeclinedWork
from service.declined_work import key_of
from service.models import Recommendation, RepairOrder


def not_approved(ros: Iterable[RepairOrder]) -> dict[int, tuple[DeclinedWork, ...]]:
    """Red and yellow findings of these ROs that nobody approved, by RO. One query where there are ROs."""
    pks = [ro.pk for ro in ros]
    if not pks:
        return {}
    rows = (
        Recommendation.objects.across_stores("findings of a batch's ROs")
        .filter(ro_id__in=pks)
        .exclude(state=Recommendation.State.APPROVED)
        .exclude(colour=Recommendation.Colour.GREEN)
        .order_by("colour", "pk")
    )
    found: dict[int, list[DeclinedWork]] = defaultdict(list)
    for row in rows:
        found[row.ro_id].append(
            DeclinedWork(
                key=key_of(row.op_code, row.description),
                description=row.description,
                colour=row.colour,
                price_cents=row.price_cents,
                op_code=row.op_code,
            )
        )
    return {pk: tuple(lines) for pk, lines in found.items()}


def merged(
    told: Sequence[DeclinedWork], found: Sequence[DeclinedWork], done: Collection[str]
) -> tuple[DeclinedWork, ...]:
    """The DMS's recommendations and the inspection's as one list.

    Where both name the same work, by op code or by words, it is one line under the DMS's key, with the colour and the price
    of the inspection. `done` are the keys of what the RO carries: that was bought.
    """
    lines = {line.key: line for line in told}
    for item in found:
        names = _names(item)
        if names & set(done):
            continue
        twin = next((key for key, line in lines.items() if names & (_names(line) | {key})), None)
        key = twin or item.key
        lines[key] = DeclinedWork(
            key=key,
            description=item.description,
            colour=item.colour,
            price_cents=item.price_cents,
            op_code=item.op_code or (lines[key].op_code if twin else ""),
        )
    return tuple(lines.values())


def _names(line: DeclinedWork) -> set[str]:
    return {key_of(line.op_code, ""), key_of("", line.description)} - {""}
