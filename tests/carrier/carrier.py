"""The carrier itself: takes texts, knows who opted out, queues by sender, plans what it will say, and keeps a ledger."""

import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .faults import Faults, dice, pick

STOPS = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
STARTS = {"START", "UNSTOP", "YES"}
HELPS = {"HELP", "INFO"}
ANSWERS = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}
#: What a number of this carrier's customers answers to, by its last digits.
MAGIC = {"5550001": 21211, "5550009": 21614, "5554290": 20429}
FATES = {"5553003": "30003", "5553005": "30005", "5553006": "30006", "5553007": "30007"}
LONGEST_QUEUE = 4 * 3600
TOLD = {"queued": 0, "sending": 1, "sent": 2, "delivered": 3, "undelivered": 3, "failed": 3}


@dataclass
class Text:
    """One text as the carrier knows it. `direction` as in its API."""

    sid: str
    sender: str
    to: str
    body: str
    direction: str
    at: float
    status: str
    callback: str = ""
    ours: str = ""
    error: str = ""
    segments: int = 1
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A webhook to be made at a time."""

    at: float
    url: str
    fields: dict[str, str]
    key: str


class Carrier:
    """One account. `clock` is the carrier's time; `shift` is added to the times that it tells (a test may live on another day)."""

    def __init__(
        self,
        *,
        account: str,
        token: str,
        inbound_url: str = "",
        seed: int = 1,
        faults: Faults | None = None,
        rate: float = 0.0,
        shift: float = 0.0,
        ledger: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.account, self.token, self.inbound_url = account, token, inbound_url
        self.seed, self.rate, self.shift, self.clock = seed, rate, shift, clock
        self.faults = faults or Faults()
        self.texts: dict[str, Text] = {}
        self.opted_out: set[tuple[str, str]] = set()
        self.free_at: dict[str, float] = {}
        self.asked: dict[str, int] = {}
        self.calls: list[Call] = []
        self.lock = threading.Lock()
        self._ledger = ledger.open("a", buffering=1) if ledger else None
        self.entries: list[dict[str, Any]] = []

    # What the product asks for

    def create(self, fields: dict[str, str], began: float) -> tuple[int, dict[str, Any], str]:
        """POST Messages: the status, the answer, and how the answer goes wrong ("lost", "hang", "slow" or "")."""
        sender, to, body = fields.get("From", ""), fields.get("To", ""), fields.get("Body", "")
        callback = fields.get("StatusCallback", "")
        ours = callback.partition("#")[0].rstrip("/").rpartition("/")[2]
        with self.lock:
            nth = self.asked[ours] = self.asked.get(ours, 0) + 1
            throw = dice(self.seed, "ask", to, body, nth).random()
            fault = pick(throw, self._shares())
            self.note("asked", at=began, ours=ours, nth=nth, to=to, sender=sender, fault=fault)
            refusal = self._refusal(sender, to, body)
            if fault == "too_many":
                return 429, error(20429, "Too Many Requests", 429), ""
            if fault == "unavailable" and throw % 0.002 < 0.001:
                return 503, error(20503, "Service is unavailable", 503), ""
            if refusal:
                code, words = refusal
                status = 429 if code == 20429 else 400
                self.note("refused", ours=ours, code=code)
                return status, error(code, words, status), ""
            text = self._take(sender, to, body, callback, ours, int(fields.get("ValidityPeriod") or 36_000))
            shown = self.shown(text)
        if fault in ("unavailable", "error_after"):
            return (
                503 if fault == "unavailable" else 500,
                error(20500, "An internal server error has occurred", 500),
                "",
            )
        return 201, shown, {"answer_lost": "lost", "hang": "hang", "slow": "slow"}.get(fault, "")

    def _shares(self) -> dict[str, float]:
        names = ("answer_lost", "error_after", "too_many", "unavailable", "hang", "slow")
        return {name: getattr(self.faults, name) for name in names}

    def _refusal(self, sender: str, to: str, body: str) -> tuple[int, str] | None:
        if not to.startswith("+") or not to[1:].isdigit():
            return 21211, f"Invalid 'To' Phone Number: {to}"
        if not body:
            return 21602, "Message body is required."
        if len(body) > 1600:
            return 21617, "The concatenated message body exceeds the 1600 character limit"
        if code := MAGIC.get(to[-7:]):
            return code, "As the number says"
        if (to, sender) in self.opted_out:
            return 21610, "Attempt to send to unsubscribed recipient"
        if self.rate and self.free_at.get(sender, 0) - self.clock() > LONGEST_QUEUE:
            return 21611, "This 'From' number has exceeded the maximum number of queued messages"
        return None

    def _take(self, sender: str, to: str, body: str, callback: str, ours: str, valid: int) -> Text:
        now = self.clock()
        parts = -(-len(body) // 153) if len(body) > 160 else 1
        text = Text(
            f"SM{uuid.uuid4().hex}", sender, to, body, "outbound-api", now, "queued", callback, ours,
            segments=parts,
        )  # fmt: skip
        leaves = max(now, self.free_at.get(sender, 0.0))
        if self.rate:
            self.free_at[sender] = leaves + parts / self.rate
        self.texts[text.sid] = text
        self.note("accepted", at=now, ours=ours, sid=text.sid, to=to, sender=sender, leaves=leaves)
        self._plan(text, leaves, valid)
        return text

    def _plan(self, text: Text, leaves: float, valid: int) -> None:
        """What will be told of it, and when; some of it late, twice, in the wrong order, or never."""
        throws = dice(self.seed, "fate", text.to, text.body)
        fate = FATES.get(text.to[-7:], "")
        if not fate and throws.random() < self.faults.filtered:
            fate = "30007"
        if leaves - self.clock() > valid:
            story = [("failed", "30036", valid)]
        else:
            wait = leaves - self.clock()
            story = [("queued", "", 0.05), ("sent", "", wait + 0.1)]
            story.append(("undelivered", fate, wait + 0.3) if fate else ("delivered", "", wait + 0.4))
        story[-1:] = [*story[-1:]]
        for status, code, seconds in story:
            self._say(text, status, code, seconds, throws)

    def _say(self, text: Text, status: str, code: str, seconds: float, throws: Any) -> None:
        faults, at = self.faults, self.clock() + seconds
        dropped, doubled, late, shuffled = (throws.random() for _ in range(4))
        if not text.callback or dropped < faults.call_dropped:
            text.fields[f"told:{at}"] = status
            self.calls.append(Call(at, "", {"status": status, "code": code}, text.sid))
            return
        fields = self._common(text) | {"SmsStatus": status, "MessageStatus": status}
        if code:
            fields["ErrorCode"] = code
        if late < faults.call_late:
            at += faults.late_seconds * (1 + throws.random())
        if shuffled < faults.call_shuffled:
            at += throws.random()
        self.calls.append(Call(at, text.callback, fields, text.sid))
        if doubled < faults.call_doubled:
            self.calls.append(Call(at + throws.random(), text.callback, fields, text.sid))

    # What customers do

    def write(self, sender: str, to: str, body: str) -> str:
        """A customer texts one of our numbers. The account's webhook is called, perhaps twice, late or never. Its id."""
        word = body.strip().upper()
        kind = "STOP" if word in STOPS else "START" if word in STARTS else "HELP" if word in HELPS else ""
        with self.lock:
            now = self.clock()
            text = Text(f"SM{uuid.uuid4().hex}", sender, to, body, "inbound", now, "received")
            self.texts[text.sid] = text
            throws = dice(self.seed, "in", sender, body, len(self.texts) if not body else "")
            called = throws.random() >= self.faults.never_called
            self.note("wrote", at=now, sid=text.sid, sender=sender, to=to, body=body, called=called)
            told_already = (sender, to) in self.opted_out
            if kind == "STOP":
                self.opted_out.add((sender, to))
            elif kind == "START":
                self.opted_out.discard((sender, to))
            if kind and not (kind == "STOP" and told_already):
                answer = Text(
                    f"SM{uuid.uuid4().hex}", to, sender, ANSWERS[kind], "outbound-reply", now, "delivered"
                )
                self.texts[answer.sid] = answer
                self.note("confirmed", at=now, to=sender, word=kind)
            if called and self.inbound_url:
                self._call_about(text, kind, throws)
        return text.sid

    def _call_about(self, text: Text, kind: str, throws: Any) -> None:
        fields = self._common(text) | {
            "SmsMessageSid": text.sid, "SmsStatus": "received", "Body": text.body, "NumMedia": "0",
            "NumSegments": "1",
        }  # fmt: skip
        if kind:
            fields["OptOutType"] = kind
        at = self.clock()
        if throws.random() < self.faults.call_shuffled:
            at += 2 * throws.random()
        self.calls.append(Call(at, self.inbound_url, fields, text.sid))
        while throws.random() < self.faults.call_doubled:
            self.calls.append(Call(at + 2 * throws.random(), self.inbound_url, fields, text.sid))

    def _common(self, text: Text) -> dict[str, str]:
        return {
            "MessageSid": text.sid,
            "SmsSid": text.sid,
            "AccountSid": self.account,
            "From": text.sender,
            "To": text.to,
            "ApiVersion": "2010-04-01",
        }

    # What happens by itself

    def due(self) -> list[Call]:
        """The webhooks whose time has come; what they tell becomes true at the carrier now."""
        with self.lock:
            now = self.clock()
            ready = [call for call in self.calls if call.at <= now]
            if ready:
                self.calls = [call for call in self.calls if call.at > now]
            for call in ready:
                status = call.fields.get("MessageStatus") or call.fields.get("status", "")
                text = self.texts[call.key]
                if status and TOLD.get(status, 0) > TOLD.get(text.status, 9):
                    text.status, text.error = (
                        status,
                        call.fields.get("ErrorCode") or call.fields.get("code", ""),
                    )
        return [call for call in sorted(ready, key=lambda call: call.at) if call.url]

    def listed(self, *, to: str, sender: str, after: float | None, before: float | None) -> list[Text]:
        """The account's texts, newest first."""
        with self.lock:
            found = [
                text
                for text in self.texts.values()
                if (not to or text.to == to)
                and (not sender or text.sender == sender)
                and (after is None or text.at + self.shift >= after)
                and (before is None or text.at + self.shift < before)
            ]
        return found[::-1]

    def redact(self, sid: str) -> Text | None:
        """POST Messages/<sid> with an empty body: the words are gone."""
        with self.lock:
            text = self.texts.get(sid)
            if text is not None:
                text.body = ""
                self.note("redacted", sid=sid)
        return text

    def shown(self, text: Text) -> dict[str, Any]:
        """A text as its API shows it."""
        date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(text.at + self.shift))
        return {
            "sid": text.sid,
            "account_sid": self.account,
            "api_version": "2010-04-01",
            "body": text.body,
            "date_created": date,
            "date_updated": date,
            "date_sent": date if text.status not in ("queued",) else None,
            "direction": text.direction,
            "error_code": int(text.error) if text.error else None,
            "error_message": None,
            "from": text.sender,
            "to": text.to,
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": str(text.segments),
            "price": None,
            "price_unit": "USD",
            "status": text.status,
            "subresource_uris": {},
            "uri": f"/2010-04-01/Accounts/{self.account}/Messages/{text.sid}.json",
        }

    def note(self, event: str, *, at: float | None = None, **more: Any) -> None:
        """One line of the ledger."""
        entry = {"event": event, "at": self.clock() if at is None else at, **more}
        self.entries.append(entry)
        if self._ledger:
            self._ledger.write(json.dumps(entry) + "\n")


def error(code: int, words: str, status: int) -> dict[str, Any]:
    """An error as its API words it."""
    info = f"https://www.twilio.com/docs/errors/{code}"
    return {"code": code, "message": words, "more_info": info, "status": status}
