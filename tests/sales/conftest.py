"""A store whose leads come in through its door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast

Post = Callable[..., Any]


@pytest.fixture
def post(cast: Cast) -> Post:
    """Posts a message to Northside's address for leads."""

    def send(data: bytes, content_type: str = "application/xml", token: str = "northside-leads") -> Any:
        client = Client(enforce_csrf_checks=True)
        return client.post(f"/hooks/adf/{token}/", data=data, content_type=content_type)

    return send
