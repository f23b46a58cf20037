"""The carrier on the network: its API, a door by which tests play customers, and the webhooks that it makes."""

import base64
import contextlib
import hashlib
import heapq
import hmac
import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from .carrier import Call, Carrier, error

#: Where the product expects its phone simulator; a real carrier's paths begin after it.
PREFIX = "/simulator/twilio"
TRIES, WAITS = 5, (0.2, 0.6, 1.5, 3.0)


def sign(token: str, url: str, fields: dict[str, str]) -> str:
    """X-Twilio-Signature, by the carrier's own documentation: the address, then each field's name and value in order."""
    said = url + "".join(f"{name}{value}" for name, value in sorted(fields.items()))
    return base64.b64encode(hmac.new(token.encode(), said.encode(), hashlib.sha1).digest()).decode()


class Server(ThreadingHTTPServer):
    """The carrier's machine. `close()` ends it with its threads."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, carrier: Carrier, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.carrier = carrier
        self._stopped = threading.Event()
        self._waiting: list[tuple[float, int, int, Call]] = []
        self._nth = 0
        self._lock = threading.Lock()
        self._busy = 0
        self._callers = ThreadPoolExecutor(4)
        self.failed_calls = 0
        for target in (self.serve_forever, self._call_for_ever):
            threading.Thread(target=target, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def is_quiet(self) -> bool:
        """No webhook is waiting or being made."""
        with self._lock:
            return not (self._waiting or self._busy or self.carrier.calls)

    def close(self) -> None:
        self._stopped.set()
        self.shutdown()
        self.server_close()
        self._callers.shutdown(wait=False, cancel_futures=True)

    def _call_for_ever(self) -> None:
        while not self._stopped.wait(0.03):
            for call in self.carrier.due():
                self._later(time.monotonic(), 0, call)
            now = time.monotonic()
            while True:
                with self._lock:
                    if not self._waiting or self._waiting[0][0] > now:
                        break
                    _, _, tries, call = heapq.heappop(self._waiting)
                    self._busy += 1
                self._callers.submit(self._make, call, tries)

    def _later(self, at: float, tries: int, call: Call) -> None:
        with self._lock:
            self._nth += 1
            heapq.heappush(self._waiting, (at, self._nth, tries, call))

    def _make(self, call: Call, tries: int) -> None:
        """One webhook; again after a connect or read timeout and after a 5xx, as its address asks for."""
        try:
            status = self._post(call)
            self.carrier.note("called", sid=call.key, status=status, inbound="Body" in call.fields)
            if status == 0 or status >= 500:
                if tries + 1 < TRIES:
                    self._later(time.monotonic() + WAITS[tries], tries + 1, call)
                else:
                    self.failed_calls += 1
                    self.carrier.note("given_up", sid=call.key)
        finally:
            with self._lock:
                self._busy -= 1

    def _post(self, call: Call) -> int:
        url = call.url.partition("#")[0]
        parts = urlsplit(url)
        body = urlencode(call.fields)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": sign(self.carrier.token, url, call.fields),
            "I-Twilio-Idempotency-Token": hashlib.sha1(body.encode()).hexdigest(),
            "User-Agent": "TwilioProxy/1.1",
        }
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=3)
        try:
            line.request("POST", parts.path, body, headers)
            return line.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()


class Handler(BaseHTTPRequestHandler):
    """Twilio's paths, and /play/ for tests."""

    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, *args: Any) -> None:
        """The ledger is the log."""

    def do_POST(self) -> None:
        began = self.server.carrier.clock()
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size).decode()
        path = urlsplit(self.path).path.removeprefix(PREFIX)
        if path.startswith("/play/"):
            self._play(path, json.loads(body or "{}"))
        elif not self._is_let_in():
            self._say(401, error(20003, "Authenticate", 401))
        elif path.endswith("/Messages.json"):
            fields = dict(parse_qsl(body, keep_blank_values=True))
            status, answer, trouble = self.server.carrier.create(fields, began)
            self._answer(status, answer, trouble)
        else:
            self._found(self.server.carrier.redact(_sid(path)))

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = parts.path.removeprefix(PREFIX)
        if path.startswith("/play/"):
            self._play(path, {})
        elif not self._is_let_in():
            self._say(401, error(20003, "Authenticate", 401))
        elif path.endswith("/Messages.json"):
            self._list(path, {name: found[-1] for name, found in parse_qs(parts.query).items()})
        else:
            self._found(self.server.carrier.texts.get(_sid(path)))

    def _list(self, path: str, asked: dict[str, str]) -> None:
        carrier = self.server.carrier
        after, before = _day(asked, ("DateSent>", "DateSent>=")), _day(asked, ("DateSent<", "DateSent<="))
        found = carrier.listed(
            to=asked.get("To", ""), sender=asked.get("From", ""), after=after, before=before
        )
        size, page = min(int(asked.get("PageSize") or 50), 1000), int(asked.get("Page") or 0)
        start = page * size
        more = None
        if len(found) > start + size:
            more = f"{path}?{urlencode({**asked, 'Page': page + 1, 'PageToken': f'PA{page + 1}'})}"
        answer = {
            "messages": [carrier.shown(text) for text in found[start : start + size]],
            "page": page, "page_size": size, "start": start, "end": start + size - 1, "uri": path,
            "first_page_uri": path, "next_page_uri": more, "previous_page_uri": None,
        }  # fmt: skip
        self._say(200, answer)

    def _play(self, path: str, asked: dict[str, Any]) -> None:
        server, carrier = self.server, self.server.carrier
        if path == "/play/write":
            self._say(200, {"sid": carrier.write(asked["from"], asked["to"], asked["body"])})
        elif path == "/play/faults":
            if asked.get("off"):
                carrier.faults.off()
            else:
                carrier.faults.take(asked)
            self._say(200, carrier.faults.as_dict())
        elif path == "/play/quiet":
            self._say(200, {"quiet": server.is_quiet(), "given_up": server.failed_calls})
        elif path == "/play/ledger":
            with carrier.lock:
                entries = list(carrier.entries)
            self._say(
                200,
                {
                    "entries": entries,
                    "texts": [carrier.shown(t) | {"ours": t.ours} for t in carrier.texts.values()],
                },
            )
        else:
            self._say(404, {})

    def _answer(self, status: int, answer: dict[str, Any], trouble: str) -> None:
        if trouble == "hang":
            time.sleep(self.server.carrier.faults.hang_seconds)
        if trouble == "slow":
            time.sleep(self.server.carrier.faults.slow_seconds)
        if trouble in ("lost", "hang"):
            self.close_connection = True
            return
        self._say(status, answer)

    def _found(self, text: Any) -> None:
        if text is None:
            self._say(404, error(20404, "The requested resource was not found", 404))
        else:
            self._say(200, self.server.carrier.shown(text))

    def _say(self, status: int, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        with contextlib.suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def _is_let_in(self) -> bool:
        carrier = self.server.carrier
        expected = base64.b64encode(f"{carrier.account}:{carrier.token}".encode()).decode()
        return self.headers.get("Authorization", "") == f"Basic {expected}"


def _sid(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".json")


def _day(asked: dict[str, str], names: tuple[str, ...]) -> float | None:
    import datetime

    for name in names:
        if name in asked:
            said = datetime.datetime.fromisoformat(asked[name].replace("Z", "+00:00"))
            return (said if said.tzinfo else said.replace(tzinfo=datetime.UTC)).timestamp()
    return None
