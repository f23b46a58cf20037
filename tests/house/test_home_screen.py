"""Kept can be put on a home screen, and leaves nothing of a store on the device."""

from __future__ import annotations

import re
import struct

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.cast import Cast
from tests.fni.test_pages import SignIn

pytestmark = pytest.mark.django_db


def test_the_manifest_names_what_a_browser_asks_for_and_its_icons_are_as_large_as_it_says(
    client: Client,
) -> None:
    answer = client.get("/manifest.webmanifest")
    said = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert (said["start_url"], said["scope"], said["display"]) == ("/", "/", "standalone")
    assert {icon["purpose"] for icon in said["icons"] if icon["sizes"] == "512x512"} == {"any", "maskable"}
    for icon in said["icons"]:
        path = finders.find(icon["src"].removeprefix("/static/"))
        assert path, icon["src"]
        if icon["type"] == "image/png":
            with open(path, "rb") as file:
                width, height = struct.unpack(">II", file.read(24)[16:])
            assert icon["sizes"] == f"{width}x{height}"
    for way in said["shortcuts"]:
        assert client.get(way["url"])["Location"].startswith("/account/login/")


def test_what_is_kept_on_the_device_is_of_nobody_whoever_fetches_it(
    cast: Cast, client: Client, signed_in: SignIn
) -> None:
    script = client.get("/worker.js")
    assert script["Content-Type"] == "text/javascript"
    kept = re.search(r"PAGES = \[(.*)\]", script.content.decode())
    assert kept is not None
    addresses = [word.strip('" ').replace("\\u002D", "-") for word in kept[1].split(",")]
    assert addresses[0] == "/offline/"
    assert all(address.startswith("/static/") for address in addresses[1:])
    assert signed_in(cast.gus).get("/offline/").content == client.get("/offline/").content
