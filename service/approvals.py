"""The customer decides: by text where it is sure, else in the words of whoever heard it. Money never moves on a guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from dealership import live
from dealership.customers import merging
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.service import RecommendationApproved, RecommendationDeclined
from dealership.messaging import copy
from dealership.messaging.answers import Answer, answers_to, half_written
from dealership.messaging.models import Conversation, Message
from dealership.messaging.replies.reply import Intent, Reply
from dealership.staff.models import StaffMember
from service import estimates, facts, spoken
from service.models import Estimate, Recommendation, RepairOrder

State = Recommendation.State
#: Who answers so soon after a newer estimate may have had the older one before their eyes.
CROSSED = timedelta(minutes=2)
BY_WORD = (Estimate.How.PHONE, Estimate.How.IN_PERSON)


class CannotDecide(ValueError):
    """It cannot be decided so; the message says what to do."""


@transaction.atomic
def decide(
    line: Recommendation, *, approved: bool, how: str, by: StaffMember, now: datetime
) -> Recommendation:
    """The customer decided this line on the phone or face to face, and `by` heard it.

    Raises facts.NotOpen, CannotDecide where it is decided otherwise already or has no price to be approved at.
    """
    if how not in BY_WORD:
        raise CannotDecide(_("Say how they told you: on the phone or in person."))
    ro = facts.lock_open(line.ro)
    current = ro.recommendations.get(pk=line.pk)
    if current.state in (State.APPROVED, State.DECLINED):
        if (current.state == State.APPROVED) == approved:
            return current
        said = {"state": current.get_state_display(), "how": _(current.decided_how)}
        raise CannotDecide(_("It was %(state)s already, by %(how)s.") % said)
    if approved and current.price_cents is None:
        raise CannotDecide(_("Tell the customer a price first: nothing is approved without one."))
    bus.publish(_decided(ro, current, current.price_cents, approved=approved, how=how, by=by, at=now))
    live.bump(ro.store_id, "service")
    return current


@answers_to("estimate")
def settle(
    conversation: Conversation, message: Message, reading: Reply, subject: str, now: datetime
) -> Answer:
    """A sure yes or no to the newest estimate decides exactly the lines it names, and is echoed with the amount."""
    estimate = _of_subject(conversation.store_id, subject)
    if estimate is None or not _answers(estimate, message):
        return Answer(False, _ask_again(estimate))
    ro = facts.lock(estimate.ro)
    if ro.state != RepairOrder.State.OPEN:
        return Answer(False, "")
    lines = {row["number"]: row for row in estimate.rows}
    yes, no = _meant(reading, list(lines))
    rows = {row.key: row for row in ro.recommendations.all()}
    named = [rows.get(lines[number]["recommendation"]) for number in (*yes, *no) if number in lines]
    if (
        not (yes or no)
        or len(named) != len(yes) + len(no)
        or any(r is None or r.state != State.SENT for r in named)
    ):
        return Answer(False, _ask_again(estimate))
    told: list[Fact] = []
    if estimate.heard_at is None:
        told.append(estimates.heard(estimate, at=message.created_at))
    for number in sorted((*yes, *no)):
        row = rows[lines[number]["recommendation"]]
        cents = lines[number]["price_cents"]
        told.append(
            _decided(ro, row, cents, approved=number in yes, how="text", by=None, at=message.created_at)
        )
    bus.publish(*told)
    live.bump(ro.store_id, "service")
    return Answer(True, _echo(estimate, yes, no))


@half_written("estimate")
def draft(conversation: Conversation, message: Message, reading: Reply, subject: str, now: datetime) -> str:
    """What a person may ask back where an answer is not sure."""
    if reading.intent not in (Intent.APPROVE, Intent.DECLINE, Intent.UNCLEAR):
        return ""
    return _ask_again(_of_subject(conversation.store_id, subject))


def _of_subject(store_id: int, subject: str) -> Estimate | None:
    number = subject.partition(":")[2]
    if not number.isdecimal():
        return None
    rows = Estimate.objects.of_store(store_id).select_related("ro", "customer", "message")
    return rows.filter(pk=int(number)).first()


def _answers(estimate: Estimate, message: Message) -> bool:
    """Whether these words can only be about this estimate: it is their car's newest, and no other waits for an answer."""
    if estimate.customer is None or estimate.message is None:
        return False
    family = merging.family(merging.living(estimate.customer))
    sent_at = estimate.message.sent_at or estimate.sent_at
    if message.customer_id not in family or message.created_at < sent_at:
        return False
    others = list(
        Estimate.objects.of_store(estimate.store_id)
        .filter(customer_id__in=family, ro__state=RepairOrder.State.OPEN)
        .exclude(pk=estimate.pk)
        .select_related("ro")
        .order_by("-pk")[:20]
    )
    if any(other.pk > estimate.pk and other.ro_id == estimate.ro_id for other in others):
        return False
    crossed = message.created_at < (estimate.heard_at or sent_at) + CROSSED
    return not any(_is_undecided(other) for other in others if other.ro_id != estimate.ro_id or crossed)


def _is_undecided(estimate: Estimate) -> bool:
    keys = {row["recommendation"] for row in estimate.rows}
    waiting = estimate.ro.recommendations.filter(state=State.SENT).values_list("pk", flat=True)
    return any(f"rec:{pk}" in keys for pk in waiting)


def _meant(reading: Reply, numbers: Sequence[int]) -> tuple[list[int], list[int]]:
    """The line numbers that were approved, and those that were declined."""
    if reading.all_lines:
        return (list(numbers), []) if reading.intent is Intent.APPROVE else ([], list(numbers))
    return list(reading.lines), list(reading.declined_lines)


def _decided(
    ro: RepairOrder,
    line: Recommendation,
    cents: int | None,
    *,
    approved: bool,
    how: str,
    by: StaffMember | None,
    at: datetime,
) -> Fact:
    line.state = State.APPROVED if approved else State.DECLINED
    line.decided_at, line.decided_how, line.decided_by = at, how, by
    line.decided_cents = cents if approved else None
    line.save(update_fields=["state", "decided_at", "decided_how", "decided_by", "decided_cents"])
    told = {**facts.of_now(ro, at), "about": line.key, "by": by.pk if by else None}
    if not approved:
        return RecommendationDeclined(**told, description=line.description, how=how)
    return RecommendationApproved(
        **told,
        description=line.description,
        price_cents=cents,
        price=spoken.money(cents) if cents is not None else "",
        how=how,
    )


def _echo(estimate: Estimate, yes: Sequence[int], no: Sequence[int]) -> str:
    """What stands now, in the customer's language: the lines and the amount."""
    language, cents = _language(estimate), _cents(estimate)
    name = "both" if yes and no else "yes" if yes else "no"
    return copy.render(
        f"service/copy/estimate_answer_{name}",
        language,
        lines=spoken.numbers(sorted(yes), language),
        rest=spoken.numbers(sorted(no), language),
        price=spoken.money(sum(cents[number] for number in yes)),
    )


def _ask_again(estimate: Estimate | None) -> str:
    if estimate is None or not estimate.lines:
        return ""
    language = _language(estimate)
    return copy.render(
        "service/copy/estimate_ask_again",
        language,
        lines=spoken.numbers([row["number"] for row in estimate.rows], language),
        price=spoken.money(estimate.total_cents),
    )


def _language(estimate: Estimate) -> str:
    return estimate.customer.language if estimate.customer else "en"


def _cents(estimate: Estimate) -> Mapping[int, int]:
    return {row["number"]: row["price_cents"] for row in estimate.rows}
