"""Public reviews: everybody who was asked how it was is asked for one, whatever they answered; poor ones are answered by the department's head."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from dealership import live
from dealership.customers import merging
from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.catalogue.marketing import ReviewAnswered, ReviewPosted
from dealership.messaging import copy, outbox
from dealership.messaging.models import Call, Message, Purpose
from dealership.messaging.wording import clean, excerpt
from dealership.scope import ScopedQuerySet
from dealership.staff.models import StaffMember
from dealership.stores.models import Store
from marketing.hearing import REVIEW_KEY
from marketing.models import Review, ReviewSite, Survey

#: So many stars or fewer are answered by the head of the department.
POOR = 3
REQUEST_IS_OF_USE = timedelta(days=3)
BATCH = 100


class AlreadyAnswered(ValueError):
    """Somebody has replied meanwhile."""


class NoContact(ValueError):
    """The customer is known, and nobody has spoken with them since."""


@transaction.atomic
def set_site(*, store: Store, name: str, url: str, by: StaffMember, now: datetime) -> ReviewSite:
    """From now on customers of this store are asked to write there."""
    site, _is_new = ReviewSite.objects.of_store(store.pk).update_or_create(
        store=store, defaults={"name": name.strip(), "url": url.strip(), "set_by": by, "set_at": now}
    )
    return site


@transaction.atomic
def remove_site(*, store_id: int) -> None:
    """From now on nobody is asked; requests that were due are dropped."""
    ReviewSite.objects.of_store(store_id).delete()
    Survey.objects.of_store(store_id).filter(review_due_at__isnull=False, review_sent_at__isnull=True).update(
        review_due_at=None
    )


def due(now: datetime) -> ScopedQuerySet[Survey]:
    """Surveys whose customers are to be asked for a public review now.

    The answer plays no part in it: that would be gating (16 CFR 465.7). The one thing looked at is whether a manager still
    has to win the customer back; then the request waits, and goes when that is done.
    """
    unhappy = Survey.objects.across_stores("the unhappy of all stores").filter(
        Q(customer=OuterRef("customer"))
        | Q(customer__merged_into=OuterRef("customer"))
        | Q(customer=OuterRef("customer__merged_into")),
        store=OuterRef("store"),
        is_unhappy=True,
        recovered_at__isnull=True,
    )
    rows = Survey.objects.across_stores("review requests of all stores")
    return rows.filter(~Exists(unhappy), review_due_at__lte=now, review_sent_at__isnull=True)


def ask_due(*, now: datetime) -> int:
    """Asks those whose time has come, once per visit. Returns how many requests were written."""
    n = 0
    for pk in due(now).order_by("review_due_at").values_list("pk", flat=True)[:BATCH]:
        with transaction.atomic():
            survey = (
                Survey.objects.across_stores("one survey by its key")
                .select_for_update(skip_locked=True, of=("self",))
                .select_related("customer", "store")
                .filter(pk=pk, review_due_at__lte=now, review_sent_at__isnull=True)
                .first()
            )
            n += _ask(survey, now) if survey else 0
    return n


def _ask(survey: Survey, now: datetime) -> int:
    site = ReviewSite.objects.of_store(survey.store_id).first()
    customer = merging.living(survey.customer)
    survey.review_sent_at = now
    try:
        if site is not None:
            outbox.send(
                store_id=survey.store_id,
                customer=customer,
                body=copy.render(
                    "marketing/copy/review_request",
                    customer.language,
                    first=customer.call_name,
                    store=survey.store.name,
                    link=site.url,
                ),
                # About their own visit, offers nothing: one-to-one information.
                purpose=Purpose.SERVICE if survey.kind == Survey.Kind.CSI else Purpose.SALES,
                subject=survey.about_subject,
                dedupe_key=f"{REVIEW_KEY}{survey.pk}",
                now=now,
                department=survey.department,
                useless_after=now + REQUEST_IS_OF_USE,
            )
    except outbox.NoNumber as none:
        survey.review_why = str(none)[:160]
    survey.save(update_fields=["review_sent_at", "review_why"])
    return int(site is not None and not survey.review_why)


@transaction.atomic
def post(
    *,
    store_id: int,
    site: str,
    stars: int,
    words: str,
    who: str,
    customer: Customer | None,
    department: str,
    by: StaffMember,
    now: datetime,
) -> Review:
    """Somebody wrote a public review, and a person of the store writes it down here."""
    review = Review.objects.create(
        store_id=store_id,
        site=site.strip()[:40],
        stars=stars,
        words=clean(words).strip()[:4000],
        who=clean(who).strip()[:120],
        customer=merging.living(customer) if customer else None,
        department=department,
        posted_at=now,
        entered_by=by,
    )
    bus.publish(
        ReviewPosted(
            store_id=store_id,
            at=now,
            subject=review.subject,
            customer_id=review.customer_id,
            by=by.pk,
            review_id=review.pk,
            site=review.site,
            stars=stars,
            department=department,
            excerpt=excerpt(review.words),
            who=review.who,
        )
    )
    live.bump(store_id, "marketing")
    return review


@transaction.atomic
def answer(review: Review, *, reply: str, contact: str, by: StaffMember, now: datetime) -> Review:
    """The head of the department replied in public, and spoke with the customer or does not know who it is.

    Raises AlreadyAnswered; NoContact where the customer is known and no call or text of a person to them is on record
    since the review was written down.
    """
    rows = Review.objects.of_store(review.store_id).select_for_update(of=("self",)).select_related("customer")
    current = rows.get(pk=review.pk)
    if current.answered_at is not None:
        raise AlreadyAnswered(_("This review was answered meanwhile."))
    if current.customer is not None and not _was_reached(current, current.customer):
        raise NoContact(
            _(
                "No call or text with this customer is on record since their review. "
                "Call them first, then write it down here."
            )
        )
    if current.customer is None and contact != Review.Contact.UNKNOWN:
        raise NoContact(_("Nobody is named on this review: say that nobody knows who it is."))
    current.reply, current.answered_at, current.answered_by = clean(reply).strip()[:4000], now, by
    current.contact = Review.Contact.REACHED if current.customer else Review.Contact.UNKNOWN
    current.save(update_fields=["reply", "contact", "answered_at", "answered_by"])
    bus.publish(
        ReviewAnswered(
            store_id=current.store_id,
            at=now,
            subject=current.subject,
            customer_id=current.customer_id,
            by=by.pk,
            review_id=current.pk,
            site=current.site,
            stars=current.stars,
            department=current.department,
        )
    )
    live.bump(current.store_id, "marketing")
    return current


def _was_reached(review: Review, customer: Customer) -> bool:
    family = merging.family(merging.living(customer))
    calls = Call.objects.of_store(review.store_id).filter(
        customer_id__in=family, outcome=Call.Outcome.CONNECTED, at__gte=review.posted_at
    )
    texts = Message.objects.of_store(review.store_id).filter(
        customer_id__in=family,
        is_inbound=False,
        author__isnull=False,
        state=Message.State.DELIVERED,
        created_at__gte=review.posted_at,
    )
    return calls.exists() or texts.exists()
