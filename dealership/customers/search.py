"""One box that finds a customer: a name, the tail of a phone, an e-mail, a VIN, an RO, a stock, deal or lead number.

Whoever owns a number puts it here with `index`. Three queries, each limited: terms by prefix, phones by their reversed
tail, then the rows of the best of them. Nothing here scans inside a word: prefixes only, so that it stays fast.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from dealership.customers import merging, names
from dealership.customers.models import ContactPoint, Customer, SearchEntry
from dealership.scope import SeesStore

#: Shorter than this nothing is looked for.
SHORTEST = 2
SHORTEST_TAIL = 3
#: Terms and numbers looked at per search; more of them means "type more", not "wait longer".
CANDIDATES = 120

_LABELS = {"vin": "VIN", "vintail": "VIN", "ro": "RO", "stock": "Stock", "deal": "Deal", "lead": "Lead"}
_SAID_BEFORE = {
    "vin": ("vin", "vintail"),
    "ro": ("ro",),
    "stock": ("stock",),
    "stk": ("stock",),
    "deal": ("deal",),
    "lead": ("lead",),
}
_TERM_LENGTH = 80


@dataclass(frozen=True)
class Hit:
    """A customer that the text may mean; `why` says what matched, empty for the name."""

    customer_id: int
    name: str
    initials: str
    phone: str
    why: str
    rank: int


def index(customer: Customer, kind: str, *terms: str) -> None:
    """Lets the customer be found by these terms. Adds only; the same again changes nothing.

    A name is given whole and found by each of its words. A VIN is found by its start and by its end.
    """
    entries = {(entry_kind, term) for text in terms for entry_kind, term in _entries(kind, text)}
    SearchEntry.objects.bulk_create(
        [
            SearchEntry(store_id=customer.store_id, customer=customer, kind=entry_kind, term=term)
            for entry_kind, term in sorted(entries)
        ],
        ignore_conflicts=True,
    )


def reindex(customer: Customer, kind: str, *terms: str) -> None:
    """Lets the customer be found by these terms of the kind and by no others of it."""
    SearchEntry.objects.of_store(customer.store_id).filter(customer=customer, kind=kind).delete()
    index(customer, kind, *terms)


def find(staff: SeesStore, text: str, *, limit: int = 20) -> list[Hit]:
    """The customers of this person's store that the text may mean, best first, at most `limit`. Three queries at most.

    Whoever was merged away is found as the customer they were merged into.
    """
    said = names.words(text[:200])
    if len("".join(said)) < SHORTEST:
        return []
    best: dict[int, tuple[int, str]] = {}
    for entry in _terms(staff, said):
        _keep_best(best, entry.customer_id, _rank(entry, said), _why(entry))
    for customer_id, value in _phones(staff, text):
        _keep_best(best, customer_id, 1, f"Phone ends {value[-4:]}")
    return _rows(staff, best, limit)


def is_too_short(text: str) -> bool:
    """Whether nothing can be looked for yet."""
    return len(names.squeezed(text)) < SHORTEST


def _entries(kind: str, text: str) -> list[tuple[str, str]]:
    squeezed = names.squeezed(text)[:_TERM_LENGTH]
    if not squeezed:
        return []
    if kind == "name":
        return [(kind, word[:_TERM_LENGTH]) for word in {*names.words(text), squeezed}]
    if kind == "vin":
        return [("vin", squeezed), ("vintail", squeezed[::-1])]
    return [(kind, squeezed)]


def _terms(staff: SeesStore, said: list[str]) -> QuerySet[SearchEntry]:
    """Terms that start with what was said: as one word, or one of its words where each other word fits the same customer."""
    entries = SearchEntry.objects.visible_to(staff)
    kinds = _SAID_BEFORE.get(said[0]) if len(said) > 1 else None
    if kinds is not None:
        number = "".join(said[1:])
        return entries.filter(
            Q(kind=kinds[0], term__startswith=number) | Q(kind="vintail", term__startswith=number[::-1])
            if "vin" in kinds
            else Q(kind=kinds[0], term__startswith=number)
        ).order_by("term")[:CANDIDATES]
    whole = "".join(said)
    wanted = Q(term__startswith=whole)
    if len(whole) >= 4 and any(mark.isdigit() for mark in whole):
        wanted |= Q(kind="vintail", term__startswith=whole[::-1])
    if len(said) > 1:
        first, *others = sorted(said, key=len, reverse=True)
        together = Q(term__startswith=first)
        for word in others[:4]:
            fits = SearchEntry.objects.visible_to(staff).filter(
                customer=OuterRef("customer"), term__startswith=word
            )
            together &= Q(Exists(fits))
        wanted |= together
    return entries.filter(wanted).order_by("term")[:CANDIDATES]


def _phones(staff: SeesStore, text: str) -> list[tuple[int, str]]:
    """Numbers that end as the text does, however it is written. Words beside the digits mean that it is no phone."""
    digits = "".join(mark for mark in text if mark.isdigit() and mark.isascii())
    if len(digits) < SHORTEST_TAIL or any(mark.isalpha() for mark in text):
        return []
    tail = digits[::-1][:10]
    points = ContactPoint.objects.visible_to(staff).filter(tail__startswith=tail).order_by("-is_living", "pk")
    return list(points.values_list("customer_id", "value")[:CANDIDATES])


def _rank(entry: SearchEntry, said: list[str]) -> int:
    """0 the number itself, 2 the whole word of a name, 3 the start of a number, 4 the start of a name, 5 the rest."""
    whole = "".join(said)
    if entry.kind == "name":
        return 2 if entry.term in {*said, whole} else 4
    if entry.kind == "email":
        return 5
    return 0 if whole.endswith(entry.term) or whole[::-1] == entry.term[: len(whole)] else 3


def _why(entry: SearchEntry) -> str:
    label = _LABELS.get(entry.kind)
    if label is None:
        return ""
    term = entry.term[::-1] if entry.kind == "vintail" else entry.term
    return f"{label} {term.upper()}"


def _keep_best(best: dict[int, tuple[int, str]], customer_id: int, rank: int, why: str) -> None:
    if customer_id not in best or rank < best[customer_id][0]:
        best[customer_id] = (rank, why)


def _rows(staff: SeesStore, best: dict[int, tuple[int, str]], limit: int) -> list[Hit]:
    if not best:
        return []
    primary = (
        ContactPoint.objects.visible_to(staff)
        .filter(kind=ContactPoint.Kind.PHONE, is_living=True)
        .filter(Q(customer=OuterRef("pk")))
        .order_by("-is_primary", "pk")
        .values("value")[:1]
    )
    rows = (
        Customer.objects.visible_to(staff)
        .filter(pk__in=best)
        .select_related("merged_into__merged_into__merged_into")
        .annotate(phone=Subquery(primary))
    )
    hits: dict[int, Hit] = {}
    for row in rows:
        rank, why = best[row.pk]
        living = merging.living(row)
        hit = Hit(living.pk, living.full_name, living.initials, row.phone or "", why, rank)
        if living.pk not in hits or rank < hits[living.pk].rank:
            hits[living.pk] = hit
    return sorted(hits.values(), key=lambda hit: (hit.rank, hit.name.lower(), hit.customer_id))[:limit]
