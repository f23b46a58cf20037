"""Surveys: one row for each visit and delivery, asked once, answered once or better, and the unhappy won back by their manager."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from dealership import live, sensitive
from dealership.customers import merging
from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.marketing import (
    RecoveryRecorded,
    SurveyAnswered,
    SurveyAsked,
    SurveyWithheld,
)
from dealership.messaging import copy, outbox
from dealership.messaging.models import Call, Conversation, Purpose
from dealership.messaging.wording import clean, excerpt
from dealership.staff.models import StaffMember
from dealership.stores.models import Department
from marketing.models import Recovery, ReviewSite, Survey
from marketing.sentiment import GOOD, Feeling

#: After the question, so long until they are asked for a public review. The same for everybody, whatever they answer.
REVIEW_AFTER = timedelta(hours=48)
#: After they were won back, so long until what had been held back is asked.
ASK_AFTER_RECOVERY = timedelta(hours=24)
KIND_OF = {"ro": Survey.Kind.CSI, "deal": Survey.Kind.SSI}
MOST_WORDS = 4000


class NoCall(ValueError):
    """Nobody has spoken with the customer since they answered."""


class NotUnhappy(ValueError):
    """There is nothing to win back, or it is settled."""


class NothingSaid(ValueError):
    """An answer has a rating or words."""


def find(store_id: int, about_subject: str) -> Survey | None:
    """The newest survey about this visit or delivery."""
    rows = Survey.objects.of_store(store_id).filter(about_subject=about_subject)
    return rows.select_related("customer", "vehicle").order_by("-cycle").first()


def unhappy_open(store_id: int, customer_ids: Sequence[int]) -> bool:
    """Whether one of these customers is unhappy and was not won back yet."""
    rows = Survey.objects.of_store(store_id).filter(customer_id__in=customer_ids)
    return rows.filter(is_unhappy=True, recovered_at__isnull=True).exists()


def asked(survey: Survey, *, at: datetime) -> list[Fact]:
    """The question reached their phone; returns the fact, once. For the transaction that says so."""
    current = _locked(survey)
    if current.asked_at is not None:
        return []
    current.asked_at, current.ask_at = at, None
    if current.state in (Survey.State.WAITING, Survey.State.HELD):
        current.state, current.state_why = Survey.State.ASKED, ""
    if ReviewSite.objects.of_store(current.store_id).exists():
        current.review_due_at = at + REVIEW_AFTER
    current.save(update_fields=["asked_at", "ask_at", "state", "state_why", "review_due_at"])
    live.bump(current.store_id, "marketing")
    return [SurveyAsked(**common(current, at))]


def answered(
    survey: Survey, feeling: Feeling, *, words: str, by: StaffMember | None = None, at: datetime
) -> list[Fact]:
    """Writes the answer down, or what it adds to an earlier one; returns the fact where something new is known.

    Unhappy stays unhappy until a manager has won them back: a later "it is fine" is not their word on the phone.
    """
    current = _locked(survey)
    said = sensitive.mask(clean(words)).strip()[:MOST_WORDS]
    is_first = current.answered_at is None
    is_news = is_first or (feeling.rating is not None and feeling.rating != current.rating)
    if feeling.is_unhappy and not current.is_open:
        is_news, current.recovered_at, current.answered_at = True, None, at
    if feeling.rating is not None:
        current.rating, current.rating_words = feeling.rating, feeling.rating_words
    if said and said not in current.words.splitlines():
        current.words = f"{current.words}\n{said}".strip()[:MOST_WORDS]
    current.is_unhappy = current.is_unhappy or feeling.is_unhappy
    current.answered_at = current.answered_at or at
    current.state, current.state_why, current.ask_at = Survey.State.ANSWERED, "", None
    current.save(
        update_fields=["rating", "rating_words", "words", "is_unhappy", "recovered_at", "answered_at", "state", "state_why", "ask_at"]
    )  # fmt: skip
    live.bump(current.store_id, "marketing")
    if not is_news:
        return []
    held = hold_back(current.store_id, family(current.customer), at=at) if current.is_open else []
    return [
        SurveyAnswered(
            **common(current, at),
            by=by.pk if by else None,
            rating=current.rating,
            rating_words=current.rating_words,
            words=f"“{excerpt(said)}”" if said else "",
            is_unhappy=current.is_unhappy,
        ),
        *held,
    ]


@transaction.atomic
def note_answer(
    survey: Survey, *, rating: int | None, words: str, is_unhappy: bool, by: StaffMember, now: datetime
) -> None:
    """What the customer told a person, on the phone or at the counter. Raises NothingSaid."""
    if rating is None and not words.strip():
        raise NothingSaid(_("Give the rating, or what they said."))
    low = rating is not None and rating < GOOD
    feeling = Feeling(rating, f"{rating} of 5" if rating else "", is_unhappy or low)
    bus.publish(*answered(survey, feeling, words=words, by=by, at=now))


@transaction.atomic
def recover(
    survey: Survey,
    *,
    what_went_wrong: str,
    what_was_done: str,
    is_resolved: bool,
    by: StaffMember,
    now: datetime,
) -> Recovery:
    """A manager spoke with them and writes down what went wrong and what was done; `is_resolved` says how it stands.

    Raises NotUnhappy, and NoCall where no connected call with them since their answer is on record.
    """
    current = _locked(survey)
    if not current.is_open or current.answered_at is None:
        raise NotUnhappy(_("This customer has nothing open: it is settled, or they are not unhappy."))
    call = _call_since(current)
    if call is None:
        raise NoCall(
            _(
                "No call with them since their answer is on record. "
                "Call, write the call down, then come back here."
            )
        )
    record = Recovery.objects.create(
        store_id=current.store_id,
        survey=current,
        call=call,
        what_went_wrong=clean(what_went_wrong).strip(),
        what_was_done=clean(what_was_done).strip(),
        is_resolved=is_resolved,
        by=by,
        at=now,
    )
    if is_resolved:
        current.recovered_at = now
        current.save(update_fields=["recovered_at"])
        let_go(current.store_id, family(current.customer), at=now)
    bus.publish(
        RecoveryRecorded(
            **common(current, now),
            by=by.pk,
            what_went_wrong=record.what_went_wrong,
            what_was_done=record.what_was_done,
            is_resolved=is_resolved,
        )
    )
    live.bump(current.store_id, "marketing")
    return record


def call_on_record(survey: Survey) -> Call | None:
    """The last connected call with this customer since they answered: without it nothing is won back."""
    return _call_since(survey)


def hold_back(store_id: int, customer_ids: Sequence[int], *, at: datetime) -> list[Fact]:
    """Deliveries of these customers are not asked about while they are unhappy; returns the facts that say so."""
    waiting = list(
        Survey.objects.of_store(store_id)
        .select_for_update(of=("self",))
        .filter(kind=Survey.Kind.SSI, state=Survey.State.WAITING, customer_id__in=customer_ids)
        .select_related("vehicle")
    )
    for survey in waiting:
        survey.state, survey.state_why = (
            Survey.State.HELD,
            "They are unhappy, and nobody has won them back yet.",
        )
        survey.save(update_fields=["state", "state_why"])
    return [SurveyWithheld(**common(survey, at), why="they are unhappy") for survey in waiting]


def let_go(store_id: int, customer_ids: Sequence[int], *, at: datetime) -> int:
    """They were won back: what had been held back is asked a day later. Returns how many."""
    if unhappy_open(store_id, customer_ids):
        return 0
    held = Survey.objects.of_store(store_id).filter(state=Survey.State.HELD, customer_id__in=customer_ids)
    return held.update(ask_at=at + ASK_AFTER_RECOVERY)


def ask_held(*, now: datetime) -> int:
    """Asks what had been held back and whose time has come. Each by itself, claimed with SKIP LOCKED."""
    rows = Survey.objects.across_stores("held back questions of all stores").filter(ask_at__lte=now)
    n = 0
    for pk in rows.order_by("ask_at").values_list("pk", flat=True)[:100]:
        with transaction.atomic():
            survey = (
                Survey.objects.across_stores("one survey by its key")
                .select_for_update(skip_locked=True, of=("self",))
                .select_related("customer", "store")
                .filter(pk=pk, ask_at__lte=now)
                .first()
            )
            n += _ask(survey, now) if survey else 0
    return n


def _ask(survey: Survey, now: datetime) -> int:
    survey.ask_at = None
    customer = merging.living(survey.customer)
    if unhappy_open(survey.store_id, family(customer)):
        survey.save(update_fields=["ask_at"])
        return 0
    try:
        outbox.send(
            store_id=survey.store_id,
            customer=customer,
            body=copy.render(
                "marketing/copy/how_was_delivery",
                customer.language,
                first=customer.call_name,
                store=survey.store.name,
            ),
            purpose=Purpose.SALES,
            subject=survey.about_subject,
            dedupe_key=f"ask:{survey.pk}",
            now=now,
            asks=Conversation.Asked.SURVEY,
            asked_about=survey.about_subject,
            department=Department.SALES,
            useless_after=now + timedelta(days=3),
        )
    except outbox.NoNumber as none:
        survey.state, survey.state_why = Survey.State.DROPPED, str(none)[:160]
    else:
        survey.state, survey.state_why = Survey.State.WAITING, ""
    survey.save(update_fields=["ask_at", "state", "state_why"])
    return int(survey.state == Survey.State.WAITING)


def family(customer: Customer) -> list[int]:
    """The keys under which this customer is known: their own and those merged into it."""
    return merging.family(merging.living(customer))


def common(survey: Survey, at: datetime) -> dict[str, Any]:
    """What every fact of this survey carries."""
    return {
        "store_id": survey.store_id,
        "at": at,
        "subject": survey.subject,
        "customer_id": survey.customer_id,
        "vehicle_id": survey.vehicle_id,
        "survey_id": survey.pk,
        "survey_kind": survey.kind,
        "about_subject": survey.about_subject,
        "person_id": survey.person_id,
        "vehicle": survey.vehicle.label if survey.vehicle else "",
    }


def _locked(survey: Survey) -> Survey:
    rows = Survey.objects.of_store(survey.store_id).select_for_update(of=("self",))
    return rows.select_related("customer", "vehicle").get(pk=survey.pk)


def _call_since(survey: Survey) -> Call | None:
    calls = Call.objects.of_store(survey.store_id).filter(
        Q(customer_id=survey.customer_id) | Q(customer__in=family(survey.customer)),
        outcome=Call.Outcome.CONNECTED,
        at__gte=survey.answered_at,
    )
    return calls.order_by("-at").first() if survey.answered_at else None
