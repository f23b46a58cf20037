"""The load: what customers, providers, the DMS and people send in, drawn by seed; every answer 2xx is remembered."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.cast import MONDAY_TEN, NEW_YORK
from tests.chaos.world import CSRF, Town
from tests.dms.dealervault_files import sv_file
from tests.sales.providers import adf
from tests.service.feeds import CLOSED_RO, OPEN_RO

#: Of a hundred intakes. Status callbacks come on top: the carrier makes two or three for each text.
SHARES = {"text": 46, "stop": 6, "lead": 14, "file": 5, "send": 20, "book": 9}
WORDS = (
    "Is my car ready?",
    "C",
    "thanks",
    "Can we do 3pm instead?",
    "How much is it?",
    "On my way",
    "yes",
    "2",
)
#: Whoever sends something tries again until it is taken.
PATIENCE = 90.0


@dataclass
class Told:
    """What was answered with 2xx (or, for a form, with a redirect), by kind: key and what else is known."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    taken: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)

    def note(self, kind: str, **what: Any) -> None:
        with self.lock:
            self.taken.setdefault(kind, []).append({**what, "at": time.time()})


class Load:
    """`run()` sends n intakes at a rate, some of them twice, and returns when each was taken."""

    def __init__(self, town: Town, product: str, carrier: str, *, seed: int, n: int, rate: float) -> None:
        self.town, self.product, self.carrier = town, product, carrier
        self.seed, self.n, self.rate = seed, n, rate
        self.told = Told()
        self.done = 0

    def run(self) -> None:
        began = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            for nth in range(self.n):
                wait = began + nth / self.rate - time.monotonic()
                if wait > 0:
                    time.sleep(wait)
                pool.submit(self._one, nth)

    def _one(self, nth: int) -> None:
        throws = random.Random(f"{self.seed}:{nth}")
        kind = throws.choices(list(SHARES), list(SHARES.values()))[0]
        slug = throws.choice(sorted(self.town.numbers))
        try:
            getattr(self, f"_{kind}")(nth, slug, throws)
        except Exception as error:
            self.told.note("trouble", kind=kind, nth=nth, error=repr(error))
        self.done += 1

    # Customers

    def _text(self, nth: int, slug: str, throws: random.Random) -> None:
        number = throws.choice(self.town.numbers[slug])
        self._writes(number, slug, f"{throws.choice(WORDS)}" if throws.random() < 0.7 else f"hello {nth}")

    def _stop(self, nth: int, slug: str, throws: random.Random) -> None:
        number = throws.choice(self.town.numbers[slug])
        sid = self._writes(number, slug, throws.choice(["STOP", "stop", "Please stop texting me", "STOP"]))
        self.told.note("stop", sid=sid, number=number, slug=slug)

    def _writes(self, number: str, slug: str, body: str) -> str:
        asked = {"from": number, "to": self.town.ours[slug], "body": body}
        answer = _post(self.carrier + "/play/write", json.dumps(asked), {})
        sid = json.loads(answer[1])["sid"]
        self.told.note("text", sid=sid, number=number, slug=slug, body=body)
        return sid

    # Machines

    def _lead(self, nth: int, slug: str, throws: random.Random) -> None:
        body = adf(
            f"Lea{nth} Ford", phone=f"(201) 555-{1000 + nth % 9000:04d}", lead_id=f"L{self.seed}-{nth}"
        )
        path = f"/hooks/adf/{slug.replace('-honda', '').replace('-ford', '')}-leads/"
        for _ in range(1 + (throws.random() < 0.2)):
            self._until_taken("lead", path, body, {"Content-Type": "text/xml"}, key=f"L{self.seed}-{nth}")

    def _file(self, nth: int, slug: str, throws: random.Random) -> None:
        rows, keys = [], []
        for i in range(throws.randint(1, 4)):
            ro = f"{70_000 + throws.randrange(4 * self.n):06d}" if throws.random() < 0.7 else f"0{60_000 + i}"
            base = CLOSED_RO if throws.random() < 0.4 else OPEN_RO
            vin = f"2HGFC2F59KH5{ro[-5:]}"
            rows.append(
                base | {"RO Number": ro, "Cell Phone": f"973-556-{2000 + nth:04d}", "Customer Number": f"7{nth:06d}", "VIN": vin}
            )  # fmt: skip
            keys.append(ro)
        rows = list({row["RO Number"]: row for row in rows}.values())
        stamp = (MONDAY_TEN - timedelta(minutes=self.n) + timedelta(minutes=nth)).astimezone(NEW_YORK)
        name = f"DVD00417_{stamp:%Y%m%d_%H%M}_SV.txt"
        path = f"/hooks/dms/{slug}-SV/?name={name}"
        for _ in range(1 + (throws.random() < 0.2)):
            self._until_taken(
                "file", path, sv_file(rows), {"Content-Type": "text/plain"}, keys=sorted(set(keys)), slug=slug
            )

    # People

    def _send(self, nth: int, slug: str, throws: random.Random) -> None:
        number = throws.choice(self.town.numbers[slug])
        key = str(uuid.UUID(int=throws.getrandbits(128), version=4))
        form = {"body": f"About your visit, number {nth}.", "key": key}
        path = f"/inbox/customers/{self.town.customers[number]}/write/"
        for _ in range(1 + (throws.random() < 0.2)):
            self._until_taken("send", path, *_form(form, self.town.cookies[slug]), key=f"composer:{key}")

    def _book(self, nth: int, slug: str, throws: random.Random) -> None:
        number = throws.choice(self.town.numbers[slug])
        form = {
            "customer": self.town.customers[number],
            "department": "service",
            "day": "2026-11-24",
            "time": throws.choice(["09:00", "09:30", "10:00"]) if throws.random() < 0.7 else "14:00",
            "concern": f"noise {nth}",
        }
        for _ in range(1 + (throws.random() < 0.3)):
            self._until_taken("book", "/appointments/book/", *_form(form, self.town.cookies[slug]), **form)

    def _until_taken(
        self, kind: str, path: str, body: bytes | str, headers: dict[str, str], **what: Any
    ) -> None:
        ends = time.monotonic() + PATIENCE
        while True:
            try:
                status, said = _post(self.product + path, body, headers)
            except (OSError, http.client.HTTPException):
                status, said = 0, b""
            self.told.seen[f"{kind} {status}"] += 1
            if 200 <= status < 400:
                self.told.note(kind, **what)
                return
            if status == 422 and kind == "book":
                return  # no room: said plainly
            if 400 <= status < 500 and status not in (429,):
                raise RuntimeError(f"{path} answered {status}: {said[:200]!r}")
            if time.monotonic() > ends:
                raise RuntimeError(f"{path} was never taken (last {status})")
            time.sleep(0.3)


def _form(form: dict[str, Any], cookie: str) -> tuple[str, dict[str, str]]:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    return urlencode({**form, "csrfmiddlewaretoken": CSRF}), headers


def _post(url: str, body: bytes | str, headers: dict[str, str]) -> tuple[int, bytes]:
    parts = urlsplit(url)
    line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
    try:
        line.request("POST", f"{parts.path}?{parts.query}" if parts.query else parts.path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


def get(url: str) -> dict[str, Any]:
    """A page of the carrier's own, as it answers it."""
    parts = urlsplit(url)
    line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    try:
        line.request("GET", parts.path)
        return json.loads(line.getresponse().read())
    finally:
        line.close()


def post_json(url: str, body: dict[str, Any]) -> dict[str, Any]:
    """As `get`, with something to say."""
    return json.loads(_post(url, json.dumps(body), {})[1])
