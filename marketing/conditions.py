"""What may be true of a customer, as data, and how it is asked of the database. Each condition is one `EXISTS` or one comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from dealership.messaging.models import Call, Conversation
from dealership.vehicles.models import Ownership
from marketing.models import DeclinedKnown, KnownCustomer, SourceLead
from marketing.reach import MAY_BE_OFFERED

Values = Mapping[str, Any]
MONTH = timedelta(days=30.4375)


class BadCondition(ValueError):
    """A condition that nobody could have typed; the message says what is wrong."""


@dataclass(frozen=True)
class Kind:
    """One kind of condition: its fields, how it is said, and what it asks."""

    fields: tuple[str, ...]
    say: Callable[[Values], str]
    ask: Callable[[Values, int, datetime], Q]


def compile_all(conditions: Sequence[Values], *, match: str, store_id: int, now: datetime) -> Q:
    """All or any of these conditions, as one Q over customers annotated by `reach`. Raises BadCondition."""
    asked = [kind_of(condition).ask(condition, store_id, now) for condition in conditions]
    if not asked:
        return Q()
    found = asked[0]
    for one in asked[1:]:
        found = found & one if match == "all" else found | one
    return found


def words(conditions: Sequence[Values]) -> list[str]:
    """Each condition in words. Raises BadCondition."""
    return [kind_of(condition).say(condition) for condition in conditions]


def kind_of(condition: Values) -> Kind:
    """Its kind, when its fields are as they must be. Raises BadCondition."""
    kind = KINDS.get(str(condition.get("what")))
    if kind is None:
        raise BadCondition(f"Nothing is known of {condition.get('what')!r}.")
    odd = set(condition) - {"what", *kind.fields}
    if odd or len(condition) < 2:
        raise BadCondition(f"“{condition['what']}” takes {', '.join(kind.fields)}.")
    return kind


# --- how each is asked ----------------------------------------------------------------------------------------------------


def _theirs(rows: Any) -> Q:
    """Customers who have such a row, or into whom one who has it was merged. Asked once for all, not for each."""
    living = Coalesce(F("customer__merged_into_id"), F("customer_id"))
    return Q(pk__in=rows.annotate(living=living).values("living"))


def _owns(of: Values, store_id: int, now: datetime) -> Q:
    rows = Ownership.objects.of_store(store_id).filter(until__isnull=True)
    if of.get("make"):
        rows = rows.filter(vehicle__make__iexact=of["make"])
    if of.get("model"):
        rows = rows.filter(vehicle__model__istartswith=of["model"])
    if of.get("year_from"):
        rows = rows.filter(vehicle__year__gte=of["year_from"])
    if of.get("year_to"):
        rows = rows.filter(vehicle__year__lte=of["year_to"])
    return _theirs(rows)


def _mileage(of: Values, store_id: int, now: datetime) -> Q:
    rows = Ownership.objects.of_store(store_id).filter(until__isnull=True, vehicle__mileage__gte=of["miles"])
    return _theirs(rows)


def _serviced(of: Values, store_id: int, now: datetime) -> Q:
    since = now - of["months"] * MONTH
    rows = KnownCustomer.objects.of_store(store_id)
    been = _theirs(rows.filter(serviced_at__lt=since))
    return been & ~_theirs(rows.filter(serviced_at__gte=since))


def _bought(of: Values, store_id: int, now: datetime) -> Q:
    rows = KnownCustomer.objects.of_store(store_id).filter(bought_at__isnull=False)
    if of.get("months_from"):
        rows = rows.filter(bought_at__lte=now - of["months_from"] * MONTH)
    if of.get("months_to"):
        rows = rows.filter(bought_at__gte=now - of["months_to"] * MONTH)
    return _theirs(rows)


def _declined(of: Values, store_id: int, now: datetime) -> Q:
    rows = DeclinedKnown.objects.of_store(store_id).filter(is_open=True)
    return _theirs(rows if of["colour"] == "any" else rows.filter(colour=of["colour"]))


def _source(of: Values, store_id: int, now: datetime) -> Q:
    return _theirs(SourceLead.objects.of_store(store_id).filter(source__iexact=of["source"]))


def _silent(of: Values, store_id: int, now: datetime) -> Q:
    since = now - timedelta(days=of["days"])
    texts = Conversation.objects.of_store(store_id).filter(last_at__gte=since)
    calls = Call.objects.of_store(store_id).filter(at__gte=since)
    return ~_theirs(texts) & ~_theirs(calls)


def _owns_words(of: Values) -> str:
    first, last = of.get("year_from"), of.get("year_to")
    told = {
        "car": " ".join(filter(None, (of.get("make"), of.get("model")))) or _("car"),
        "first": first or _("any year"),
        "last": last or _("today"),
    }
    return (_("owns a %(car)s, %(first)s to %(last)s") if first or last else _("owns a %(car)s")) % told


def _bought_words(of: Values) -> str:
    least, most = of.get("months_from"), of.get("months_to")
    if least and most:
        return _("bought %(least)s to %(most)s months ago") % {"least": least, "most": most}
    if least:
        return _("bought %(n)s months ago or longer") % {"n": least}
    return _("bought in the last %(n)s months") % {"n": most}


def _declined_words(of: Values) -> str:
    known = {
        "any": _("work declined and still open"),
        "red": _("red work declined and still open"),
        "yellow": _("yellow work declined and still open"),
    }
    return known.get(of["colour"]) or _("%(colour)s work declined and still open") % {"colour": of["colour"]}


KINDS: dict[str, Kind] = {
    "owns": Kind(("make", "model", "year_from", "year_to"), _owns_words, _owns),
    "mileage": Kind(
        ("miles",), lambda of: _("a car with %(n)s miles or more") % {"n": f"{of['miles']:,}"}, _mileage
    ),
    "serviced": Kind(
        ("months",), lambda of: _("last service more than %(n)s months ago") % {"n": of["months"]}, _serviced
    ),
    "bought": Kind(("months_from", "months_to"), _bought_words, _bought),
    "declined": Kind(
        ("colour",),
        _declined_words,
        _declined,
    ),
    "language": Kind(
        ("language",),
        lambda of: _("speaks Spanish") if of["language"] == "es" else _("speaks English"),
        lambda of, store_id, now: Q(language__istartswith=of["language"]),
    ),
    "state": Kind(
        ("state",),
        lambda of: _("lives in %(state)s") % {"state": of["state"]},
        lambda of, store_id, now: Q(state__iexact=of["state"]),
    ),
    "source": Kind(
        ("source",), lambda of: _("came as a lead from %(source)s") % {"source": of["source"]}, _source
    ),
    "silent": Kind(("days",), lambda of: _("no text or call for %(n)s days") % {"n": of["days"]}, _silent),
    "consent": Kind(
        ("given",),
        lambda of: _("agreed in writing to offers by text"),
        lambda of, store_id, now: MAY_BE_OFFERED,
    ),
}
