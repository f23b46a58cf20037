"""Who is this? Found, not made twice."""

from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealership.customers import contact_points, matching, merging, names
from dealership.customers.models import ContactPoint, Customer, PossibleTwin
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast, build, make_customer
from tests.racing import race

MARIA = "+19735550117"
CARL = "+19735550118"


def find(cast: Cast, **told: object) -> tuple[Customer, bool]:
    return matching.find_or_create(store_id=cast.northside.pk, now=NOW, **told)  # type: ignore[arg-type]


def test_somebody_new_is_made_with_what_was_told(cast: Cast) -> None:
    customer, created = find(
        cast,
        first="Maria",
        last="Lopez",
        phones=[("cell", MARIA), ("home", CARL)],
        emails=[" Maria@Example.COM "],
        city="Newark",
        state="nj",
        language="ES",
    )
    assert created
    assert (customer.full_name, customer.city, customer.state, customer.language) == (
        "Maria Lopez",
        "Newark",
        "NJ",
        "es",
    )
    points = ContactPoint.objects.of_store(cast.northside.pk).order_by("kind", "value")
    assert [(p.value, p.label, p.is_primary) for p in points] == [
        ("maria@example.com", "", True),
        (MARIA, "cell", True),
        (CARL, "home", False),
    ]


@pytest.mark.parametrize(
    "told",
    [
        {"phones": [("", MARIA)]},
        {"phones": [("", "(973) 555-0117")]},
        {"emails": ["MARIA@example.com"]},
        {"dms_number": "C-77"},
        {"full": "M. Lopez", "phones": [("", MARIA)]},
    ],
)
def test_the_same_person_is_found_again(cast: Cast, told: dict[str, object]) -> None:
    maria, _ = find(
        cast, full="Maria Lopez", phones=[("", MARIA)], emails=["maria@example.com"], dms_number="C-77"
    )
    assert find(cast, **told) == (maria, False)
    assert Customer.objects.of_store(cast.northside.pk).count() == 1


def test_the_other_store_knows_nobody(cast: Cast) -> None:
    maria, _ = find(cast, full="Maria Lopez", phones=[("", MARIA)])
    other, created = matching.find_or_create(
        store_id=cast.eastside.pk, full="Maria Lopez", phones=[("", MARIA)], now=NOW
    )
    assert created
    assert other != maria


def test_what_is_known_is_completed_and_never_blanked_or_overwritten(cast: Cast) -> None:
    find(cast, first="Maria", last="Lopez", phones=[("", MARIA)], city="Newark")
    maria, created = find(
        cast, full="Mary Lopes", phones=[("", MARIA)], city="", street="1 Elm St", emails=["m@example.com"]
    )
    assert not created
    assert (maria.full_name, maria.city, maria.street) == ("Maria Lopez", "Newark", "1 Elm St")
    assert maria.contact_points.filter(value="m@example.com", is_primary=True).exists()


def test_a_number_without_a_name_gets_its_name_when_somebody_tells_it(cast: Cast) -> None:
    unknown, _ = find(cast, full="(973) 555-0117", phones=[("", MARIA)])
    named, created = find(cast, first="Maria", last="Lopez", full="Maria Lopez", phones=[("", MARIA)])
    assert not created
    assert named.pk == unknown.pk
    assert (named.full_name, named.first_name) == ("Maria Lopez", "Maria")


def test_another_name_on_a_familys_phone_changes_nobodys_name(cast: Cast) -> None:
    maria, _ = find(cast, full="Maria Lopez", phones=[("", MARIA)])
    found, created = find(cast, first="Hector", last="Lopez", phones=[("", MARIA)])
    assert (found, created) == (maria, False)
    assert (found.full_name, found.first_name) == ("Maria Lopez", "")


def test_of_two_holders_the_one_with_the_like_name_is_meant(cast: Cast) -> None:
    maria, _ = find(cast, full="Maria Lopez", phones=[("", MARIA)])
    matching.find_or_create(
        store_id=cast.northside.pk, full="Carl Benson", phones=[("", CARL)], now=NOW + timedelta(days=1)
    )
    found, _ = find(cast, full="Lopez, Maria", phones=[("", CARL), ("", MARIA)])
    assert found == maria


def test_of_two_holders_with_other_names_the_newest_is_meant(cast: Cast) -> None:
    find(cast, full="Maria Lopez", phones=[("", MARIA)])
    carl, _ = matching.find_or_create(
        store_id=cast.northside.pk, full="Carl Benson", phones=[("", CARL)], now=NOW + timedelta(days=1)
    )
    assert find(cast, full="Xu Ming", phones=[("", MARIA), ("", CARL)])[0] == carl


def test_a_phone_of_one_and_an_email_of_another_goes_by_the_phone_and_is_reported(cast: Cast) -> None:
    maria, _ = find(cast, full="Maria Lopez", phones=[("", MARIA)])
    mlopez, _ = find(cast, full="M Lopez", emails=["maria@example.com"])
    told = matching.Told(
        store_id=cast.northside.pk, full="Maria Lopez", phones=(("", MARIA),), emails=("maria@example.com",)
    )
    found = matching.find(told, now=NOW)
    assert (found.customer, found.created, found.possible_twin) == (maria, False, mlopez)
    matching.find(told, now=NOW)
    assert PossibleTwin.objects.of_store(cast.northside.pk).count() == 1
    assert merging.possible_twins(maria)[0][0] == mlopez


def test_the_dms_tells_two_of_a_household_apart(cast: Cast) -> None:
    maria, _ = find(cast, full="Maria Lopez", phones=[("", MARIA)], dms_number="1")
    hector, created = find(cast, full="Hector Lopez", phones=[("", MARIA)], dms_number="2")
    assert created
    assert hector != maria
    shared = hector.contact_points.get()
    assert (shared.is_living, shared.trouble) == (False, "shared with Maria Lopez")
    assert find(cast, full="Hector Lopez", phones=[("", MARIA)], dms_number="2") == (hector, False)
    assert maria.contact_points.get().is_living


def test_the_dms_number_of_a_lead_is_learned(cast: Cast) -> None:
    bob, _ = find(cast, full="Bob Smith", phones=[("", MARIA)])
    found, created = find(cast, full="SMITH, ROBERT", phones=[("", MARIA)], dms_number="9")
    assert not created
    assert (found.pk, found.dms_number) == (bob.pk, "9")


def test_a_number_that_proved_wrong_is_not_brought_back_by_a_feed(cast: Cast) -> None:
    maria, _ = find(cast, full="Maria Lopez", phones=[("", MARIA)], dms_number="1")
    point = maria.contact_points.get()
    contact_points.give_up(point=point, why="wrong number", by=cast.dana)
    again, _ = find(cast, full="Maria Lopez", phones=[("", MARIA)], dms_number="1")
    assert [(p.is_living, p.trouble) for p in again.contact_points.all()] == [(False, "wrong number")]


def test_somebody_merged_away_is_found_as_who_they_are_now(cast: Cast) -> None:
    maria, _ = find(cast, full="Maria Lopez", phones=[("", MARIA)], dms_number="1")
    twin, _ = find(cast, full="M Lopez", phones=[("", CARL)], dms_number="2")
    merging.merge(winner=maria, loser=twin, by=cast.dana, now=NOW)
    assert find(cast, phones=[("", CARL)])[0] == maria
    assert find(cast, dms_number="2")[0] == maria


@given(
    full=st.text(max_size=300),
    phone=st.text(max_size=40),
    email=st.text(max_size=300),
    city=st.text(max_size=200),
)
def test_no_words_make_it_fail(full: str, phone: str, email: str, city: str) -> None:
    told = matching.clean(store_id=1, full=full, phones=[(phone, phone)], emails=[email], city=city)
    assert len(told.name) <= 160
    assert "\0" not in told.name + told.address["city"]
    assert all(value.startswith("+") for _, value in told.phones)
    names.similarity(full, city)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_customer() -> None:
    cast = build()
    told = [
        {"full": "Maria Lopez", "phones": [("", MARIA)], "emails": ["maria@example.com"]},
        {"full": "Maria Lopez", "emails": ["maria@example.com"], "phones": [("", CARL), ("", MARIA)]},
    ]
    results = race([partial(find, cast, **told[n % 2]) for n in range(8)])
    assert not [r for r in results if isinstance(r, Exception)]
    assert len({r[0].pk for r in results if not isinstance(r, Exception)}) == 1
    assert sum(r[1] for r in results if not isinstance(r, Exception)) == 1
    assert Customer.objects.of_store(cast.northside.pk).count() == 1
    assert ContactPoint.objects.of_store(cast.northside.pk).count() == 3


@pytest.mark.django_db(transaction=True)
def test_looking_first_and_making_then_would_make_twins_of_them() -> None:
    """The control: without the unique contact point the race above does happen."""
    cast = build()

    all_have_looked = Barrier(8, timeout=20)

    def naive() -> int:
        known = Customer.objects.of_store(cast.northside.pk).filter(full_name="Maria Lopez").first()
        all_have_looked.wait()  # the worst order of events, every time
        return (known or make_by_name(cast)).pk

    assert len(set(race([naive for _ in range(8)]))) == 8


def make_by_name(cast: Cast) -> Customer:
    return Customer.objects.create(store=cast.northside, full_name="Maria Lopez", created_at=NOW)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Maria Lopez", "LOPEZ, MARIA", True),
        ("José Díaz", "jose diaz", True),
        ("Robert Smith", "Bob Smith", True),
        ("Mr. John A. Public", "John Public", True),
        ("Maria Lopez", "Hector Lopez", False),
        ("Dana Ruiz", "Sam Tully", False),
        ("Maria Lopez", "", True),
    ],
)
def test_names_are_compared_as_people_would(one: str, other: str, same: bool) -> None:
    assert names.agree(one, other) is same


def test_adding_a_phone_of_somebody_else_is_refused_with_their_name(cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", MARIA)
    carl = make_customer(cast.northside, "Carl Benson", CARL)
    with pytest.raises(contact_points.Held, match="Maria Lopez") as refusal:
        contact_points.add(customer=carl, kind="phone", text="973 555 0117", by=cast.dana, now=NOW)
    assert refusal.value.holder == maria
    with pytest.raises(contact_points.Unreadable):
        contact_points.add(customer=carl, kind="email", text="carl at home", by=cast.dana, now=NOW)


def test_giving_up_the_first_phone_makes_the_next_the_first(cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", MARIA)
    second = contact_points.add(customer=maria, kind="phone", text=CARL, by=cast.dana, now=NOW)
    assert not second.is_primary
    contact_points.give_up(point=maria.contact_points.get(value=MARIA), why="", by=cast.dana)
    best = contact_points.best_phone(maria.contact_points.all())
    assert best is not None
    assert (best.value, best.is_primary) == (CARL, True)
    back = contact_points.add(customer=maria, kind="phone", text=MARIA, by=cast.dana, now=NOW)
    contact_points.make_primary(point=back, by=cast.dana)
    best = contact_points.best_phone(maria.contact_points.all())
    assert best is not None
    assert best.value == MARIA
