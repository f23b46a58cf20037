"""A load balancer learns who can serve, and a person what is silent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from dealership import health
from dealership.models import Heartbeat


def beat(seconds_ago: int) -> None:
    Heartbeat.objects.create(job=health.PULSE, at=timezone.now() - timedelta(seconds=seconds_ago))


def test_alive_means_that_the_process_answers(client: Client) -> None:
    assert client.get("/health/live/").status_code == 200


def test_ready_with_a_ticker_that_ticks(client: Client, db: None) -> None:
    beat(3)
    body = client.get("/health/ready/").json()
    assert body["status"] == "ok"
    assert 3 <= body["ticker_age_s"] < 60


def test_a_silent_ticker_is_told_and_pages_are_still_served(client: Client, db: None) -> None:
    beat(600)
    response = client.get("/health/ready/")
    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert response.json()["ticker"] == "silent"


def test_before_the_first_sweep_the_ticker_is_silent(client: Client, db: None) -> None:
    assert client.get("/health/ready/").json()["ticker_age_s"] is None


def test_a_role_that_row_security_does_not_hold_for_is_told(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat(1)
    assert client.get("/health/ready/").json()["row_security"] == "ok"
    monkeypatch.setattr(health.watch, "trouble", lambda: "The database role kept is a superuser.")
    body = client.get("/health/ready/").json()
    assert body["row_security"] == "The database role kept is a superuser."
    assert body["status"] == "degraded"


def test_without_redis_it_is_degraded(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> object:
        raise ConnectionError("refused")

    beat(1)
    monkeypatch.setattr(cache, "get", refuse)
    body = client.get("/health/ready/").json()
    assert body["redis"] == "does not answer"
    assert body["status"] == "degraded"


def test_without_the_database_it_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise OperationalError("refused")

    monkeypatch.setattr(health, "_ticker_age", refuse)
    assert client.get("/health/ready/").status_code == 503
