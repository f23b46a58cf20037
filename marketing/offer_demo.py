"""What marketing says first in the demo: who agreed to offers, segments, campaigns that two have seen, and reviews in public."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from dealership.customers.models import ContactPoint
from dealership.demo import keeping, stage
from dealership.demo.keeping import Owed
from dealership.demo.stage import Stage
from dealership.messaging import consent
from dealership.messaging.models import Purpose
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from dealership.stores.models import Department
from marketing import campaigns, reviews, segments
from marketing.models import Campaign, KnownCustomer, Review, Segment

REVIEWS_A_DAY = 0.22
#: Of a hundred customers of service so many have signed that they take offers by text.
SIGNED_IN_100 = 35
FORM = "I agree to offers by text at this number. Not needed to buy anything. Reply STOP to end it."
SEGMENTS: tuple[tuple[str, str, list[dict[str, object]]], ...] = (
    ("Not here for eight months", "all", [{"what": "serviced", "months": 8}]),
    ("Open work they once declined", "any", [{"what": "declined", "colour": "any"}]),
    ("Cars from 2018 and older", "all", [{"what": "owns", "year_to": 2018}, {"what": "silent", "days": 30}]),
)
#: days before now, name, segment, English, Spanish, whether it is approved
CAMPAIGNS = (
    (
        19, "Come back for a check", "Not here for eight months",
        "{first}, it is {store}. Your car has not been with us for a while: oil and a free check this month, $59. "
        "When suits you? Reply STOP to opt out",
        "{first}, le escribe {store}. Hace tiempo que no vemos su carro: aceite y chequeo gratis este mes, $59. "
        "¿Cuándo le conviene? Responda STOP para no recibir más",
        True,
    ),
    (
        1, "Brakes before winter", "Open work they once declined",
        "{first}, {store} here. We looked at your brakes this year: 15% off pads and rotors until the 15th. "
        "Shall we keep a time for you? Reply STOP to opt out",
        "", False,
    ),
)  # fmt: skip
#: stars, how often in a hundred, words
WRITTEN = (
    (5, 34, "In and out in an hour, and they told me before it took longer. That never happens elsewhere."),
    (5, 24, "Bought our second car here. No games, and somebody called the next day to ask how it was."),
    (4, 18, "Good work on the brakes. The waiting room could use more coffee."),
    (3, 8, "Work was fine, but I had to call twice to hear that the car was ready."),
    (2, 9, "Came for an oil change at nine, left at noon. Nobody said why."),
    (1, 7, "The part they ordered was the wrong one and I took a day off for nothing."),
)
SITES = ("Google", "Google", "Google", "Yelp", "Cars.com")
REPLY = "Thank you for saying so. We spoke today and put it right: {who}, {store}."
THANKS = "Thank you, that means a lot to the people in the shop. {who}, {store}."


@stage.planner("marketing")
def plan_day(on: Stage, day: date) -> None:
    """Now and then somebody writes a review."""
    for _ in range(on.few(REVIEWS_A_DAY)):
        on.later(on.wall(day, on.dice.uniform(9, 21)), "marketing.review")


@stage.passing(
    "campaigns leave",
    "SELECT min(approved_at) FROM marketing_campaign WHERE store_id = {store} AND state IN ('approved', 'sending')",
)
def send_campaigns(now: datetime) -> None:
    """The next people of every campaign that is leaving."""
    campaigns.send_waiting(now=now)


def open_history(on: Stage) -> None:
    """Sets what marketing does through the weeks, so many days before the history ends."""
    if on.ends is None:
        return
    begins = on.calendar("").next_open(on.now + timedelta(hours=8))
    on.later(begins, "marketing.forms")
    for n in range(len(CAMPAIGNS)):
        at = on.calendar("").next_open(on.ends - timedelta(days=CAMPAIGNS[n][0], hours=3))
        on.later(max(begins + timedelta(hours=1), at), "marketing.campaign", n=n)
    on.later(max(begins, on.ends - timedelta(days=12)), "marketing.site")


@stage.scene("marketing.forms")
def type_in_forms(on: Stage) -> str:
    """Forms that customers signed at the counter through the year are typed in."""
    by = _manager(on)
    known = KnownCustomer.objects.of_store(on.store.pk).values("customer_id")
    phones = ContactPoint.objects.of_store(on.store.pk).filter(
        customer__in=known, kind=ContactPoint.Kind.PHONE, is_living=True, is_primary=True
    )
    signed = [
        number
        for number in phones.order_by("pk").values_list("value", flat=True)
        if on.dice.randrange(100) < SIGNED_IN_100
    ]
    consent.give_many(
        [
            consent.Gift(on.store.pk, number, Purpose.MARKETING, consent.How.SIGNED, FORM, on.now)
            for number in signed
        ],
        by=by,
    )
    return f"{len(signed)} signed forms were typed in."


@stage.scene("marketing.site")
def set_site(on: Stage) -> str:
    """From now on customers are asked for public reviews."""
    by = _manager(on)
    if by is None:
        return ""
    url = f"https://g.page/r/{on.store.slug}/review"
    reviews.set_site(store=on.store, name="Google", url=url, by=by, now=on.now)
    return "Customers are asked for reviews from today on."


@stage.scene("marketing.campaign")
def write_campaign(on: Stage, n: int) -> str:
    """Marketing writes a campaign for a segment; the general manager looks at it and lets it leave, or has not yet."""
    by, heads = _manager(on), on.staff(Role.GENERAL_MANAGER)
    if by is None or not heads:
        return ""
    _, name, segment, words, words_es, is_approved = CAMPAIGNS[n]
    campaign = campaigns.write(
        store_id=on.store.pk, campaign=None, name=name, segment=_segment(on, segment, by),
        department=Campaign.About.SERVICE, words=words, words_es=words_es, by=by, now=on.now,
    )  # fmt: skip
    if is_approved:
        on.later(on.open_later("", 40, 200), "marketing.approve", campaign=campaign.pk)
    return f"{by.first_name} wrote a campaign: {name.lower()}."


@stage.scene("marketing.approve")
def approve(on: Stage, campaign: int) -> str:
    """A second pair of eyes."""
    row = Campaign.objects.of_store(on.store.pk).filter(pk=campaign).first()
    heads = on.staff(Role.GENERAL_MANAGER)
    if row is None or not heads:
        return ""
    campaigns.approve(row, by=heads[0], now=on.now)
    return f"{heads[0].first_name} approved “{row.name}”."


@stage.scene("marketing.review")
def post(on: Stage, stars: int = 0) -> str:
    """Somebody wrote in public, and marketing writes it down here."""
    by = _manager(on)
    if by is None:
        return ""
    meant = [row for row in WRITTEN if row[0] == stars] or list(WRITTEN)
    stars, _, words = on.dice.choices(meant, weights=[row[1] for row in meant])[0]
    known = KnownCustomer.objects.of_store(on.store.pk).filter(customer__isnull=False)
    lately = list(known.select_related("customer").order_by("-pk")[:40]) if on.chance(0.6) else []
    customer = on.dice.choice(lately).customer if lately else None
    who = (
        customer.full_name
        if customer
        else f"{on.person(on.dice.randrange(1700)).first} {on.dice.choice('ABKLMRST')}."
    )
    review = reviews.post(
        store_id=on.store.pk, site=on.dice.choice(SITES), stars=stars, words=words, who=who, customer=customer,
        department=Department.SALES if "Bought" in words else Department.SERVICE, by=by, now=on.now,
    )  # fmt: skip
    if stars > reviews.POOR and customer is None and on.chance(0.6):
        on.later(on.open_later("", 30, 500), "marketing.thank", review=review.pk)
    return f"A review of {stars} stars on {review.site}."


@stage.scene("marketing.thank")
def thank(on: Stage, review: int) -> str:
    """Good words are answered as well."""
    row, by = Review.objects.of_store(on.store.pk).filter(pk=review).first(), _manager(on)
    if row is None or by is None:
        return ""
    said = THANKS.format(who=by.first_name, store=on.store.name)
    reviews.answer(row, reply=said, contact=Review.Contact.UNKNOWN, by=by, now=on.now)
    return f"{by.first_name} thanked for a review."


@keeping.keeps("answer_service_review", "answer_sales_review")
def answer_review(on: Stage, owed: Owed) -> str:
    """A call first, where they are known; then an answer in public."""
    review = (
        Review.objects.of_store(on.store.pk).filter(pk=int(owed.number), answered_at__isnull=True).first()
    )
    if review is None:
        return ""
    if review.customer_id and not keeping.call(on, owed, answered=0.8, note="Listened. We make it good."):
        return ""
    contact = Review.Contact.REACHED if review.customer_id else Review.Contact.UNKNOWN
    said = REPLY.format(who=owed.owner.first_name, store=on.store.name)
    reviews.answer(review, reply=said, contact=contact, by=owed.owner, now=on.now)
    return f"{owed.owner.first_name} answered a review of {review.stars} stars."


def _segment(on: Stage, name: str, by: StaffMember) -> Segment:
    for wanted, match, asked in SEGMENTS:
        if not Segment.objects.of_store(on.store.pk).filter(name=wanted).exists():
            segments.save(
                store_id=on.store.pk,
                segment=None,
                name=wanted,
                match=match,
                conditions=asked,
                by=by,
                now=on.now,
            )
    return Segment.objects.of_store(on.store.pk).get(name=name)


def _manager(on: Stage) -> StaffMember | None:
    people = on.staff(Role.MARKETING_MANAGER)
    return people[0] if people else None
