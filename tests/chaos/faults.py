"""What is killed and stopped, in an order drawn by seed, and how long the product takes to be well again after each."""

from __future__ import annotations

import http.client
import random
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import connection

from tests.carrier.server import sign
from tests.chaos.product import Product

KINDS = {
    "worker": 4,
    "pool child": 4,
    "web": 2,
    "web child": 2,
    "ticker": 1,
    "worker stopped": 4,
    "web stopped": 1,
    "valkey": 2,
    "postgres": 2,
}
#: A probe stands in line like everybody: under load it measures also how far behind the product is.
LONGEST_PROBE = 300.0


@dataclass
class Fault:
    """One, and the seconds until a text that was sent in right after it had its effect (None: not within five minutes)."""

    kind: str
    at: float
    recovered: float | None = None


class Faults:
    """`run()` in a thread of its own; it strikes until `over` is set.

    The thread lives on until `leave` is set: what it has started again dies with it, as every child of ours does.
    """

    def __init__(
        self, product: Product, *, seed: int, most: int, gap: tuple[float, float], longest_stop: float
    ) -> None:
        self.product, self.most, self.gap, self.longest_stop = product, most, gap, longest_stop
        self.throws = random.Random(f"faults:{seed}")
        self.over, self.ended, self.leave = threading.Event(), threading.Event(), threading.Event()
        self.done: list[Fault] = []
        self._probes: list[threading.Thread] = []

    def run(self) -> None:
        try:
            for kind in self._order():
                if len(self.done) >= self.most or self.over.wait(self.throws.uniform(*self.gap)):
                    break
                self._strike(kind)
        finally:
            self.ended.set()
            self.leave.wait()

    def _order(self) -> Iterator[str]:
        """Every kind once, then those again that come more often."""
        while True:
            for time_round in range(max(KINDS.values())):
                kinds = [kind for kind, often in KINDS.items() if often > time_round]
                self.throws.shuffle(kinds)
                yield from kinds

    def wait(self) -> None:
        """Until every probe has its answer."""
        for name in list(self.product.frozen):
            self.product.thaw(name)
        for probe in self._probes:
            probe.join(LONGEST_PROBE)

    def _strike(self, kind: str) -> None:
        product, throws = self.product, self.throws
        fault = Fault(kind, time.time())
        self.done.append(fault)
        nth = throws.randint(1, 2)
        began = time.monotonic()
        match kind:
            case "worker":
                product.kill(f"worker-{nth}")
            case "pool child":
                product.kill_child_of(f"worker-{nth}", 0)
            case "web":
                product.kill("web")
            case "web child":
                product.kill_child_of("web", nth)
            case "ticker":
                product.kill(f"ticker-{nth}")
            case "worker stopped" | "web stopped":
                name = "web" if kind == "web stopped" else f"worker-{nth}"
                product.freeze(name)
                threading.Timer(throws.uniform(1.0, self.longest_stop), product.thaw, [name]).start()
            case "valkey":
                product.empty_valkey(throws.uniform(0.2, 2.0))
            case "postgres":
                product.crash_postgres()
        probe = threading.Thread(target=self._probe, args=[fault, began], daemon=True)
        probe.start()
        self._probes.append(probe)

    def _probe(self, fault: Fault, began: float) -> None:
        """A customer's text right after the fault: how long until it is a message?"""
        sid = f"SM{uuid.uuid4().hex}"
        env = self.product.env
        url = env["PUBLIC_BASE_URL"] + "/twilio/inbound/"
        fields = {"MessageSid": sid, "From": "+19735559999", "To": "+19735550100", "Body": "probe"}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": sign(env["SECRET_KEY"], url, fields),
        }
        taken = False
        while time.monotonic() - began < LONGEST_PROBE:
            try:
                if not taken:
                    line = http.client.HTTPConnection("127.0.0.1", self.product.port, timeout=3)
                    line.request("POST", "/twilio/inbound/", urlencode(fields), headers)
                    taken = line.getresponse().status == 200
                    line.close()
                if taken and self._is_there(sid):
                    fault.recovered = time.monotonic() - began
                    break
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.1)
        connection.close()

    def _is_there(self, sid: str) -> bool:
        from django.db import DatabaseError

        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM messaging_message WHERE dedupe_key = %s", [f"in:{sid}"])
                return cursor.fetchone() is not None
        except DatabaseError:
            connection.close()
            return False
