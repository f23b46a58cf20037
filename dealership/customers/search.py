"""One box that finds a customer: a name, the tail of a phone, an e-mail, a VIN, an RO, a stock, deal or lead number.

Whoever owns a number puts it here with `index`. At most four queries, each limited: terms by prefix; if those are few, the
insides of names and VINs; phones by their reversed tail; then the rows of the best. Nothing here scans: the inside of a
word is found because each of its ends is a term of its own, and a prefix of that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from dealership.customers import merging, names
from dealership.customers.models import ContactPoint, Customer, SearchEntry
from dealership.language import later
from dealership.scope import SeesStore

#: Shorter than this nothing is looked for.
SHORTEST = 2
SHORTEST_TAIL = 3
#: Terms and numbers looked at per search; more of them means "type more", not "wait longer".
CANDIDATES = 120

#: The insides of names and VINs, by the kind whose inside they are, and the shortest end that is kept.
_INSIDES = {"name": ("namepart", 3), "vin": ("vinpart", 4)}
_PARTS = frozenset(part for part, __ in _INSIDES.values())
_LABELS = {
    "vin": "VIN",
    "vinpart": "VIN …",
    "ro": "RO",
    "stock": later("Stock"),
    "deal": later("Deal"),
    "lead": later("Lead"),
}
_SAID_BEFORE = {"vin": "vin", "ro": "ro", "stock": "stock", "stk": "stock", "deal": "deal", "lead": "lead"}
_TERM_LENGTH = 80

#: (store, customer, kind, term): there are dozens to a customer, so no objects are made of them.
Entry = tuple[int, int, str, str]
_WRITE = """
    INSERT INTO customers_searchentry (store_id, customer_id, kind, term)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::varchar[], %s::varchar[]) ON CONFLICT DO NOTHING
"""


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

    A name is given whole and found by each of its words and by their insides. A VIN is found by any fragment of it.
    """
    write(entries(customer, kind, *terms))


def entries(customer: Customer, kind: str, *terms: str) -> list[Entry]:
    """What `index` would write: for those who have several kinds to write, or many customers."""
    pairs = {pair for text in terms for pair in _entries(kind, text)}
    return [(customer.store_id, customer.pk, entry_kind, term) for entry_kind, term in pairs]


def write(found: Iterable[Entry]) -> None:
    """Saves what `entries` made, in one statement; what is known already changes nothing."""
    # In one order: two writers of the same terms cannot deadlock.
    rows = sorted(set(found))
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [list(column) for column in zip(*rows, strict=True)])


def reindex(customer: Customer, kind: str, *terms: str) -> None:
    """Lets the customer be found by these terms of the kind and by no others of it."""
    kinds = [kind, *([_INSIDES[kind][0]] if kind in _INSIDES else [])]
    SearchEntry.objects.of_store(customer.store_id).filter(customer=customer, kind__in=kinds).delete()
    index(customer, kind, *terms)


def find(staff: SeesStore, text: str, *, limit: int = 20) -> list[Hit]:
    """The customers of this person's store that the text may mean, best first, at most `limit`. Four queries at most.

    Whoever was merged away is found as the customer they were merged into.
    """
    said = names.words(text[:200])
    if len("".join(said)) < SHORTEST:
        return []
    best: dict[int, tuple[int, str]] = {}
    for entry in _terms(staff, said):
        _keep_best(best, entry.customer_id, _rank(entry, said), _why(entry))
    if len(best) < limit:
        for entry in _insides(staff, said):
            _keep_best(best, entry.customer_id, _rank(entry, said), _why(entry))
    for customer_id, value in _phones(staff, text):
        _keep_best(best, customer_id, 1, _("Phone ends %(tail)s") % {"tail": value[-4:]})
    return _rows(staff, best, limit)


def is_too_short(text: str) -> bool:
    """Whether nothing can be looked for yet."""
    return len(names.squeezed(text)) < SHORTEST


def _entries(kind: str, text: str) -> list[tuple[str, str]]:
    squeezed = names.squeezed(text)[:_TERM_LENGTH]
    if not squeezed:
        return []
    words = {*names.words(text), squeezed} if kind == "name" else {squeezed}
    entries = [(kind, word[:_TERM_LENGTH]) for word in words]
    if kind in _INSIDES:
        part, shortest = _INSIDES[kind]
        entries += [
            (part, word[start:]) for __, word in entries for start in range(1, len(word) - shortest + 1)
        ]
    return entries


def _terms(staff: SeesStore, said: list[str]) -> QuerySet[SearchEntry]:
    """Terms that start with what was said: as one word, or one of its words where each other word fits the same customer."""
    entries = SearchEntry.objects.visible_to(staff).exclude(kind__in=_PARTS)
    kind = _SAID_BEFORE.get(said[0]) if len(said) > 1 else None
    if kind is not None:
        return entries.filter(kind=kind, term__startswith="".join(said[1:])).order_by("term")[:CANDIDATES]
    wanted = Q(term__startswith="".join(said))
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


def _insides(staff: SeesStore, said: list[str]) -> QuerySet[SearchEntry]:
    """Names and VINs that hold what was said somewhere inside. Nothing for less than the shortest end that is kept."""
    spoken = said[1:] if len(said) > 1 and said[0] == "vin" else said
    fragment = "".join(spoken)
    parts = [part for part, shortest in _INSIDES.values() if len(fragment) >= shortest]
    entries = SearchEntry.objects.visible_to(staff).filter(kind__in=parts, term__startswith=fragment)
    return entries.order_by("term")[:CANDIDATES]


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
    if entry.kind in ("email", *_PARTS):
        return 5
    return 0 if whole.endswith(entry.term) else 3


def _why(entry: SearchEntry) -> str:
    label = _LABELS.get(entry.kind)
    if label is None:
        return ""
    return f"{label} {entry.term.upper()}"


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
