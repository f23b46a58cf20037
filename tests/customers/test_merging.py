"""Two rows, one person; and back."""

from functools import partial

import pytest

from dealership.customers import merging, search, timeline
from dealership.customers.models import Customer, PossibleTwin
from dealership.messaging import consent, inbound
from dealership.messaging.models import Message
from tests import saboteurs
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast, build, make_customer
from tests.promises import promise
from tests.racing import race


@pytest.fixture
def pair(cast: Cast) -> tuple[Customer, Customer]:
    one = make_customer(cast.northside, "Maria Lopez", "+19735550117")
    two = make_customer(cast.northside, "Maria Lopez", "+19735550118")
    for customer in (one, two):
        search.index(customer, "name", customer.full_name)
    return one, two


def test_a_merge_points_and_moves_nothing(cast: Cast, pair: tuple[Customer, Customer]) -> None:
    winner, loser = pair
    merging.merge(winner=winner, loser=loser, by=cast.dana, now=NOW)
    loser.refresh_from_db()
    assert merging.living(loser) == winner
    assert merging.family(winner) == [winner.pk, loser.pk]
    assert loser.contact_points.count() == 1
    assert [entry.title for entry in timeline.story(cast.dana, winner)] == ["Merged with Maria Lopez"]


def test_an_undone_merge_leaves_two_as_before(cast: Cast, pair: tuple[Customer, Customer]) -> None:
    winner, loser = pair
    done = merging.merge(winner=winner, loser=loser, by=cast.dana, now=NOW)
    assert merging.undo(merge=done, by=cast.bea, now=NOW) == loser
    loser.refresh_from_db()
    assert loser.merged_into is None
    assert merging.family(winner) == [winner.pk]
    with pytest.raises(merging.CannotUndo):
        merging.undo(merge=done, by=cast.bea, now=NOW)


@promise("P16", saboteur=saboteurs.a_merge_copies_and_deletes)
def test_a_merge_and_its_undoing_lose_no_text_and_widen_no_consent(
    cast: Cast, pair: tuple[Customer, Customer]
) -> None:
    winner, loser = pair
    wrote = [_writes(cast, loser, "before"), _writes(cast, winner, "mine")]
    done = merging.merge(winner=winner, loser=loser, by=cast.dana, now=NOW)
    wrote += [_writes(cast, loser, "STOP"), _writes(cast, winner, "after")]
    assert consent.state(cast.northside.pk, "+19735550118").opted_out
    assert not consent.state(cast.northside.pk, "+19735550117").opted_out
    merging.undo(merge=done, by=cast.bea, now=NOW)
    assert consent.state(cast.northside.pk, "+19735550118").opted_out
    texts = Message.objects.of_store(cast.northside.pk)
    assert texts.filter(pk__in=[text.pk for text in wrote]).count() == 4
    theirs = texts.filter(conversation__their_number="+19735550118").order_by("pk")
    assert [text.body for text in theirs] == ["before", "STOP"]
    assert theirs[0].customer == loser


def _writes(cast: Cast, customer: Customer, body: str) -> Message:
    number = customer.contact_points.get().value
    fields = {"MessageSid": f"SM-{body}", "From": number, "To": cast.northside.text_number, "Body": body}
    return inbound.receive(fields, received_at=NOW, now=NOW)


def test_merges_over_several_steps_end_at_the_last(cast: Cast, pair: tuple[Customer, Customer]) -> None:
    one, two = pair
    three = make_customer(cast.northside, "M Lopez", "+19735550119")
    merging.merge(winner=two, loser=one, by=cast.dana, now=NOW)
    merging.merge(winner=three, loser=two, by=cast.dana, now=NOW)
    one = Customer.objects.of_store(cast.northside.pk).get(pk=one.pk)
    assert merging.living(one) == three
    assert set(merging.family(three)) == {one.pk, two.pk, three.pk}


def test_nobody_is_merged_with_themselves_twice_or_across_stores(
    cast: Cast, pair: tuple[Customer, Customer]
) -> None:
    winner, loser = pair
    stranger = make_customer(cast.eastside, "Maria Lopez", "+19735550117")
    with pytest.raises(merging.CannotMerge):
        merging.merge(winner=winner, loser=winner, by=cast.dana, now=NOW)
    with pytest.raises(merging.CannotMerge):
        merging.merge(winner=winner, loser=stranger, by=cast.dana, now=NOW)
    merging.merge(winner=winner, loser=loser, by=cast.dana, now=NOW)
    with pytest.raises(merging.CannotMerge):
        merging.merge(winner=winner, loser=loser, by=cast.dana, now=NOW)
    with pytest.raises(merging.CannotMerge):
        merging.merge(winner=loser, loser=winner, by=cast.dana, now=NOW)


def test_a_dms_number_taken_meanwhile_keeps_a_merge_from_being_undone(
    cast: Cast, pair: tuple[Customer, Customer]
) -> None:
    winner, loser = pair
    loser.dms_number = "77"
    loser.save(update_fields=["dms_number"])
    done = merging.merge(winner=winner, loser=loser, by=cast.dana, now=NOW)
    winner.dms_number = "77"
    winner.save(update_fields=["dms_number"])
    with pytest.raises(merging.CannotUndo, match="77"):
        merging.undo(merge=done, by=cast.dana, now=NOW)


def test_namesakes_are_shown_until_somebody_says_that_they_are_two(
    cast: Cast, pair: tuple[Customer, Customer]
) -> None:
    one, two = pair
    assert merging.possible_twins(one) == [(two, "Same name")]
    merging.settle_twins(one, two, now=NOW)
    merging.suspect(two, one, why="A source named both", now=NOW)
    assert merging.possible_twins(one) == merging.possible_twins(two) == []
    assert PossibleTwin.objects.of_store(cast.northside.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_merging_both_ways_at_once_does_one_of_them() -> None:
    cast = build()
    one = make_customer(cast.northside, "Maria Lopez", "+19735550117")
    two = make_customer(cast.northside, "M Lopez", "+19735550118")
    results = race(
        [
            partial(merging.merge, winner=one, loser=two, by=cast.dana, now=NOW),
            partial(merging.merge, winner=two, loser=one, by=cast.bea, now=NOW),
        ]
        * 3
    )
    assert sum(isinstance(result, Exception) for result in results) == 5
    assert all(isinstance(r, merging.CannotMerge) for r in results if isinstance(r, Exception))
    assert Customer.objects.of_store(cast.northside.pk).filter(merged_into__isnull=True).count() == 1
