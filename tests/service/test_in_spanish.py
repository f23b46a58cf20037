"""Service's pages speak Spanish to whoever chose it; what is kept stays English, whoever did it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from dealership.events.models import EventRecord
from dealership.staff.models import StaffMember
from service import playbook, promise_times, risks, stages
from service.models import DeclinedLine, RepairOrder
from tests.cast import Cast
from tests.service.feeds import OPEN_RO, Dms, at

SignIn = Callable[[StaffMember], Client]


@pytest.fixture
def ro(cast: Cast) -> Iterator[RepairOrder]:
    with time_machine.travel(at(0), tick=False):
        Dms(cast).send(at(0), OPEN_RO)
        yield RepairOrder.objects.of_store(cast.northside.pk).get()


def spanish(person: StaffMember) -> StaffMember:
    person.user.language = "es"
    person.user.save(update_fields=["language"])
    return person


def test_the_words_of_every_rule_are_listed_to_be_said() -> None:
    listed = set(map(str, playbook.SAID))
    for rule in playbook.playbook.rules:
        assert {rule.sentence, rule.seam_from, rule.seam_to, rule.only_if_words, rule.due_words} - {
            ""
        } <= listed


def test_every_stage_in_which_work_has_not_begun_is_listed_as_a_reason_to_be_said() -> None:
    waiting = [stage for stage in RepairOrder.Stage if stage not in stages.BEGUN]
    wanted = {f"the car is {stages.plain(stage)}, work has not begun" for stage in waiting}
    assert wanted <= set(map(str, risks.SAID))


def test_the_lane_and_an_ro_speak_as_their_reader_chose(
    cast: Cast, ro: RepairOrder, signed_in: SignIn
) -> None:
    ana = signed_in(spanish(cast.ana))
    lane = ana.get("/service/").content.decode()
    assert "Carril de servicio" in lane
    assert "Mover a…" in lane
    page = ana.get(reverse("service:repair_order_detail", args=[ro.pk])).content.decode()
    assert "Hora prometida" in page
    assert "Cómo va el auto" in page


def test_whoever_reads_spanish_leaves_english_on_record(
    cast: Cast, ro: RepairOrder, signed_in: SignIn
) -> None:
    ana = signed_in(spanish(cast.ana))
    answer = ana.post(reverse("service:move_stage", args=[ro.pk]), {"stage": "in_work"}, follow=True)
    assert f"RO {ro.ro_number}: en proceso." in answer.content.decode()
    with translation.override("es"):
        promise_times.set_time(
            RepairOrder.objects.of_store(ro.store_id).get(), promised_at=at(26 * 60), by=cast.ana, now=at(1)
        )
    facts = EventRecord.objects.of_store(ro.store_id)
    assert facts.get(kind="StageReached").payload["stage_words"] == "in work"
    assert facts.get(kind="PromiseTimeSet").payload["when_words"].startswith("tomorrow ")


def test_a_reason_that_was_chosen_is_said_and_one_that_was_typed_stays(cast: Cast, ro: RepairOrder) -> None:
    with translation.override("es"):
        said = [
            DeclinedLine(ro=ro, settled_why=why).why_said
            for why in ("Done elsewhere", "On RO 7", "Su primo", "")
        ]
    assert said == ["Lo hizo en otro lugar", "En la RO 7", "Su primo", ""]
