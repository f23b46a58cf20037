"""The engine under a playbook of its own."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tasks import rulebook


@pytest.fixture
def small_book() -> Iterator[None]:
    """Runs the test with `small_playbook` as the only playbook."""
    with override_settings(PLAYBOOKS=["tests.tasks.small_playbook"]):
        rulebook.book.cache_clear()
        yield
    rulebook.book.cache_clear()
