"""Every model is watched, or says here why not; and the database watches what is said to be watched."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from dealership.audit import upkeep
from dealership.audit.kinds import KINDS, OPENS
from dealership.audit.models import Action, Entry
from dealership.audit.watched import WATCHED
from tests.house.addresses import PEOPLE
from tests.house.test_models import OURS

#: Models that nothing watches, and where it is on record who changed their rows.
UNWATCHED = {
    # the audit itself
    "Entry": "is the trail",
    "Alarm": "made of the trail; says who looked at it and when",
    "Seal": "is only added to, by the sealing job",
    "Unsealed": "is the queue of the sealing job",
    # machines' own
    "Heartbeat": "jobs write it",
    "PlayedDay": "the demo's clock",
    "PlayedAct": "the demo's script",
    "SimulatedText": "the simulator's side",
    "SimulatedPhone": "the simulator's side",
    "Photo": "goes with a text, or is told of its thing, and says by whom",
    "CarrierCall": "the carrier's own words, as they came",
    "HookCall": "what a job told another system; the fact or the promise says by whom",
    "CarrierCheck": "what a job found in the carrier's list",
    "Bucket": "counts tries",
    "Canary": "a job writes it",
    "Slot": "counts what the appointments say",
    "RotaTurn": "whose turn it was; each promise says why it has its owner",
    "SearchEntry": "made of names and numbers that are watched",
    "PromiseDay": "counted from promises",
    "StaleDay": "counted from promises",
    "Happening": "made of facts",
    "KnownRO": "made of facts",
    "ROPart": "made of facts",
    "SourceLead": "made of facts",
    "KnownCustomer": "made of facts",
    "DeclinedKnown": "made of facts",
    # logs that say by whom
    "EventRecord": "is only added to, and says by whom",
    "StoreChange": "is only added to, and says by whom; what it changes is watched",
    "StaffChange": "is only added to, and says by whom; what it changes is watched",
    "StageChange": "is only added to, and says by whom",
    "Transition": "is only added to, and says by whom",
    "PartHistory": "is only added to, and says by whom",
    "JacketAct": "is only added to, and says by whom",
    "SegmentVersion": "is only added to, and says by whom",
    # rows with such a log
    "Promise": "its transitions say by whom",
    "Task": "a step of a promise, whose transitions say by whom",
    "Notice": "a note to somebody about a promise",
    "Device": "a person's own browser, switched on and off by them alone",
    "Nudge": "a note to somebody about a promise, kept for a day",
    "PartsRequest": "its history says by whom",
    "SpecialOrderPart": "its request's history says by whom",
    "Segment": "its versions say by whom",
    # rows that name who did it
    "LeadArrival": "says who settled it, when and why",
    "StagedRecord": "says who mended it, when and why",
    "Telling": "says who told it and when",
    "Comeback": "says who settled it and when",
    "ChecklistItem": "says who marked it, when and why; the jacket's acts say the rest",
    "Stipulation": "says who asked, who verified and when; the jacket's acts say the rest",
    "KickBack": "says who and when; the jacket's acts say the rest",
    "CampaignPerson": "who a campaign meant; the campaign is watched",
    "Review": "says who entered it and who answered",
    "Survey": "made by the product; answers are the customer's own words",
    "Recovery": "is only added to, and says by whom",
    # copies of the DMS, whose files are kept
    "FeedFile": "kept as it came, with its hash; says who let it through where it was held",
    "RepairLine": "as the DMS says it",
    "DeclinedLine": "as the DMS says it; facts settle it",
    "StockPart": "as the DMS says it",
    "Vehicle": "as the DMS and leads say it",
    "Ownership": "as the DMS and leads say it",
    "TradeIn": "as the lead said it",
    # of lists
    "SavedView": "a question under a name; says who keeps it",
    "BulkAct": "is only added to, and says by whom; each row that it changes is watched",
    # hot, and read with what is watched
    "Conversation": "its messages and calls are watched; who holds it and who put it away is told as a fact",
    # not of a store
    "Group": "an owner's name, made with the store",
    # watched by a trigger of its own, at each place that it opens
    "User": "audit_watch_sign_in",
}
#: Addresses with a row's key that open no record's page of their own.
OPEN_NOTHING = {
    "hooks:hook_detail": "where another system is called",
    "tasks:subject_panel": "stands on the page of its subject",
    "tasks:hand_off": "a form about a promise that was opened",
    "tasks:waive": "a form about a promise that was opened",
    "tasks:renegotiate": "a form about a promise that was opened",
    "tasks:log_call": "a form about a promise that was opened",
    "tasks:finish": "a form about a promise that was opened",
    "messaging:photo": "stands in a conversation or on an RO, which is noted",
    "service:repair_order_by_number": "leads to the page of the RO",
    "sales:deal_by_number": "leads to the page of the deal",
    "fni:jacket_by_number": "leads to the page of the jacket",
    "messaging:hand_over": "names colleagues",
    "messaging:writers": "names colleagues",
    "messaging:ready_words": "words that would be said to somebody whose conversation was opened",
    "appointments:move_and_answer": "a form about a conversation that was opened",
    "messaging:put_away": "asks until when",
    "parts:order": "asks where and for when, of a part that was opened",
    "messaging:phone_detail": "a handset of the simulator",
    "staff:shift_week": "hours of a colleague",
    "staff:leave": "a question before an act that is noted",
    "staff:team_detail": "names colleagues",
    "customers:story": "leads to the customer's page, or is its part",
    "dms:file_detail": "lists troubles of a file",
    "sales:arrival_raw": "is noted as an export",
    "fni:deal_panel": "stands on the page of its deal",
    "parts:ro_panel": "stands on the page of its RO",
    "service:booking_panel": "stands on the page of its appointment",
    "marketing:segment_detail": "conditions, and how many fit",
    "marketing:campaign_detail": "words, and how many got them",
    "marketing:campaign_edit": "words",
}


def test_every_model_is_watched_or_says_why_not() -> None:
    watched = {one.model.partition(".")[2] for one in WATCHED}
    names = {model.__name__ for model in OURS}
    silent = names - watched - set(UNWATCHED)
    assert not silent, (
        f"Watch it in dealership/audit/watched.py, or say why not here: {', '.join(sorted(silent))}"
    )
    assert watched & set(UNWATCHED) == set()
    assert set(UNWATCHED) <= names, "These models are gone."


@pytest.mark.parametrize("watched", WATCHED, ids=lambda one: one.model)
def test_what_is_said_of_a_table_is_there(watched: object) -> None:
    model = apps.get_model(watched.model)  # type: ignore[attr-defined]
    columns = {field.column for field in model._meta.concrete_fields}
    named = {
        *watched.plain, *watched.ignored, *watched.turns, watched.key, watched.store,  # type: ignore[attr-defined]
        *filter(None, (watched.by, watched.only, watched.ref, watched.customer)),  # type: ignore[attr-defined]
    }  # fmt: skip
    assert named <= columns
    assert watched.kind in KINDS  # type: ignore[attr-defined]
    assert not set(watched.plain) & set(watched.ignored)  # type: ignore[attr-defined]


#: Words by which a column holds somebody's own: never copied.
PERSONAL = {
    *(
        "full",
        "first",
        "last",
        "street",
        "postal",
        "email",
        "value",
        "number",
        "body",
        "note",
        "words",
        "password",
    ),
    *("token", "vin", "comments", "buyer", "complaint"),
}


def test_nothing_personal_is_copied() -> None:
    copied = {
        f"{one.model}.{column}"
        for one in WATCHED
        for column in one.plain
        if PERSONAL & set(column.split("_"))
    }
    assert copied == {
        "stores.Store.text_number",  # the store's own
        "stores.Store.postal_code",
        "staff.StaffMember.dms_number",
        "sales.Deal.stock_number",
        "sales.InventoryUnit.stock_number",
        "sales.InventoryUnit.deal_number",
        "fni.DealJacket.stock_number",
    }


@pytest.mark.django_db
def test_the_database_watches_what_is_said_to_be_watched() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname = ANY(%s)",
            [list(upkeep._NAMES.values())],
        )
        found = set(cursor.fetchall())
    wanted = {(table, upkeep._NAMES[act]) for table, one in upkeep.tables().items() for act in one.acts}
    assert found == {*wanted, ("staff_user", "audit_changed")}


@pytest.mark.django_db
def test_bringing_up_to_date_again_asks_once(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(4):  # type: ignore[operator]  # its savepoint, the tables' names, the stamp
        upkeep.bring_up_to_date()


def test_every_address_of_a_row_says_what_it_opens() -> None:
    keyed = {name for name, door in PEOPLE.items() if door.get and door.row}
    silent = keyed - set(OPENS) - set(OPEN_NOTHING)
    assert not silent, (
        f"Say in dealership/audit/kinds.py what it opens, or here why nothing: {', '.join(sorted(silent))}"
    )
    assert set(OPENS) | set(OPEN_NOTHING) == keyed
    assert set(OPENS) & set(OPEN_NOTHING) == set()
    assert set(OPENS.values()) <= set(KINDS)


def test_every_action_and_kind_has_room() -> None:
    assert all(len(action) <= Entry._meta.get_field("action").max_length for action in Action.values)
    assert all(len(kind) <= Entry._meta.get_field("kind").max_length for kind in KINDS)
