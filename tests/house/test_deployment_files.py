"""docker-compose.yml and the Dockerfile, as far as they can be held to account without a container engine."""

import os
import subprocess
import sys
from typing import Any

import pytest
import yaml

from dealership.supervisor.place import ROOT


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def test_every_process_waits_for_the_migrations_and_healthy_servers(compose: dict[str, Any]) -> None:
    for name in ("web", "worker", "ticker"):
        needs = compose["services"][name]["depends_on"]
        assert needs["migrate"] == {"condition": "service_completed_successfully"}
        assert needs["db"] == needs["redis"] == {"condition": "service_healthy"}


def test_all_that_is_needed_is_a_service_and_every_volume_is_declared(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert set(service.get("depends_on", {})) <= set(compose["services"])
        assert {volume.split(":")[0] for volume in service.get("volumes", [])} <= set(compose["volumes"])


def test_the_worker_may_finish_what_it_has_begun(compose: dict[str, Any]) -> None:
    assert compose["services"]["worker"]["stop_grace_period"] == "45s"


def test_the_broker_writes_down_and_throws_nothing_away(compose: dict[str, Any]) -> None:
    words = " ".join(compose["services"]["redis"]["command"])
    assert "--appendonly yes" in words
    assert "--maxmemory-policy noeviction" in words


def test_no_secret_is_written_into_the_file_and_none_has_a_default(compose: dict[str, Any]) -> None:
    environment = compose["services"]["web"]["environment"]
    assert environment["SECRET_KEY"].startswith("${SECRET_KEY:?")
    assert "${POSTGRES_APP_PASSWORD:?" in environment["DATABASE_URL"]


def test_the_owner_of_the_tables_migrates_and_the_product_is_somebody_else(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["migrate"]["environment"]["DATABASE_OWNER_URL"].startswith(
        "postgres://kept:${POSTGRES_PASSWORD:?"
    )
    for name in ("web", "worker", "ticker"):
        environment = services[name]["environment"]
        assert environment["DATABASE_URL"].startswith("postgres://kept_app:")
        assert "DATABASE_OWNER_URL" not in environment
        assert environment["POSTGRES_PASSWORD"] == ""


def test_only_the_web_server_is_reachable_and_only_from_this_machine(compose: dict[str, Any]) -> None:
    ports = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert ports == {"web": ["127.0.0.1:8000:8000"]}


def test_the_image_runs_as_an_ordinary_user_on_packages_whose_hashes_were_checked() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert any("--require-hashes" in line for line in lines)
    assert lines.index("USER kept") > max(n for n, line in enumerate(lines) if line.startswith("RUN"))


def test_behind_https_cookies_are_this_hosts_alone_and_nothing_is_left_to_warn_of() -> None:
    asked = (
        "import django; django.setup(); from django.conf import settings as s; from django.core.management import call_command;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY,"
        " s.CSRF_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.CSRF_COOKIE_SAMESITE, s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH,"
        " s.SECURE_HSTS_SECONDS >= 31536000, s.SECURE_SSL_REDIRECT, s.DEBUG, s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN);"
        "call_command('check', deploy=True, fail_level='WARNING')"
    )
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "dealership.settings",
        "PUBLIC_BASE_URL": "https://kept.example",
        "SECRET_KEY": "k" * 20 + "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL",
        "DEBUG": "0",
    }
    done = subprocess.run(
        [sys.executable, "-c", asked], check=False, env=env, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines()[0] == (
        "__Host-sessionid __Host-csrftoken True True True True Lax Lax None / True True False False"
    )
