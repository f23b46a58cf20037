"""Parts' pages speak Spanish to whoever chose it; what is kept stays English, whoever did it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from dealership.staff.models import StaffMember
from parts import models, playbook
from parts.special_orders import BAD, OUTCOMES, REASONS
from tests.cast import Cast
from tests.flows.sales_world import words
from tests.parts.making import in_state

pytestmark = pytest.mark.django_db


def test_the_words_of_every_rule_are_listed_to_be_said() -> None:
    listed = set(map(str, playbook.SAID))
    for rule in playbook.playbook.rules:
        assert {rule.sentence, rule.seam_from, rule.seam_to, rule.only_if_words, rule.due_words} - {
            ""
        } <= listed


def test_what_a_history_keeps_is_listed_to_be_said(cast: Cast) -> None:
    kept = [
        in_state(cast, state) for state in ("cancelled", "backordered", "shipped", "installed", "returned")
    ]
    acts = {act for part in kept for act in part.history.values_list("act", flat=True)}
    assert acts <= set(map(str, models.ACTS))
    for some in (REASONS, BAD, OUTCOMES):
        with translation.override("es"):
            assert all(models.said(one) != one for one in some.values())


def test_a_request_is_kept_in_english_and_read_in_spanish(
    cast: Cast, signed_in: Callable[[StaffMember], Client]
) -> None:
    with translation.override("es"):
        part = in_state(cast, "backordered")
    became = list(part.history.values_list("became", flat=True))
    assert "backordered, no date yet" in became
    cast.pete.user.language = "es"
    cast.pete.user.save(update_fields=["language"])
    page = words(signed_in(cast.pete).get(f"/parts/requests/{part.pk}/").content.decode())
    assert "agotado en el proveedor, todavía sin fecha" in page
    assert "Rear caliper" in page
