"""Leads as they arrive: ADF/XML 1.0, bare, in the body of a mail or in a whole mail, and as damaged as senders make it.

`read` is the door; `lead` holds the shapes it answers in. Pure: no database, no network, no Django.
"""

from datetime import UTC, datetime, tzinfo

from sales.adf import encoding, loose, mail, markup, unwrap
from sales.adf.lead import AdfProspect, AdfReading
from sales.adf.prospects import ProspectReader
from sales.adf.repairs import Refused, Repairs

MAX_BYTES = 1_000_000


def read(
    data: bytes, *, received_at: datetime | None = None, region: str = "US", zone: tzinfo = UTC
) -> AdfReading:
    """Reads whatever was sent to the address for leads. Never raises; what is no lead says why in `unreadable`.

    `received_at` (aware) stands for a request date that is missing or no date; for a whole mail its own time is taken if none is
    given. `region` is the country of numbers without a country code, `zone` the zone of dates without one.

    Text with labelled lines ("Name: …") is read as a lead where it is all there is, but not in a whole mail: anybody can send
    one, and who may send leads is not known here.
    """
    repairs = Repairs()
    if len(data) > MAX_BYTES:
        start = encoding.decode(data[: loose.MOST_SEARCHED], Repairs())
        return AdfReading(
            unreadable="It is larger than 1 MB, which no lead is.", hints=loose.hints(start, region)
        )
    letter = mail.open_mail(data, repairs) if mail.looks_like_mail(data) else None
    texts = letter.texts if letter else (encoding.decode(data, repairs),)
    if not any(text.strip() for text in texts):
        return AdfReading(
            unreadable="It is empty.", hints=loose.hints("", region, letter.sender if letter else "")
        )
    came_at = received_at or (letter.sent_at if letter else None)
    outcome = _Outcome(region=region, zone=zone, received_at=came_at, repairs=repairs)
    for text in texts:
        outcome.take(text)
    if not outcome.found and not outcome.refusal and letter is None:
        outcome.take_labelled(texts[0])
    return outcome.reading(texts, letter.sender if letter else "")


class _Outcome:
    """What the texts of one message come to: a lead that is attached and pasted as well is one lead."""

    def __init__(self, *, region: str, zone: tzinfo, received_at: datetime | None, repairs: Repairs) -> None:
        self.region, self.zone, self.received_at, self.repairs = region, zone, received_at, repairs
        self.found = False
        self.refusal = ""
        self.prospects: list[AdfProspect] = []

    def take(self, text: str) -> None:
        repairs = Repairs()
        try:
            found = unwrap.find(text, repairs)
            prospects = self._prospects(found, repairs) if found else None
        except Refused as refused:
            self.refusal = self.refusal or str(refused)
            return
        if prospects is None:
            return
        self.found = True
        known = {_sameness(prospect) for prospect in self.prospects}
        fresh = [prospect for prospect in prospects if _sameness(prospect) not in known]
        if self.prospects and len(fresh) < len(prospects):
            repairs = Repairs()
            repairs.note("The same lead stood in the mail twice and is read once.")
        self.repairs.adopt(repairs)
        self.prospects.extend(fresh)

    def take_labelled(self, text: str) -> None:
        prospect = loose.prospect(text, self.region, self.repairs)
        if prospect:
            self.repairs.note("It is no ADF: its labelled lines were read as a lead.")
            self.found = True
            self.prospects.append(prospect)

    def reading(self, texts: tuple[str, ...], sender: str) -> AdfReading:
        reason = self._unreadable()
        prospects = () if reason else tuple(self.prospects)
        reading = AdfReading(unreadable=reason, repairs=self.repairs.sentences(), prospects=prospects)
        if not reading.needs_a_person:
            return reading
        hints = loose.hints("\n".join(texts), self.region, sender)
        return AdfReading(unreadable=reason, repairs=reading.repairs, prospects=prospects, hints=hints)

    def _prospects(self, found: unwrap.Found, repairs: Repairs) -> list[AdfProspect] | None:
        root = markup.parse(found.xml, repairs)
        reader = ProspectReader(
            region=self.region, zone=self.zone, received_at=self.received_at, repairs=repairs
        )
        prospects = reader.read_all(root)
        if prospects is not None and root.broken_off and all(prospect.empty for prospect in prospects):
            raise Refused("It breaks off before it says who asked for what.")
        return prospects

    def _unreadable(self) -> str | None:
        if self.prospects:
            return None
        if self.refusal:
            return self.refusal
        if self.found:
            self.repairs.note("The ADF holds no prospect.")
            return None
        return "There is no ADF in it."


def _sameness(prospect: AdfProspect) -> tuple[object, ...]:
    """Equal for two copies of one lead in one mail."""
    customer = prospect.customer
    if prospect.ids:
        return prospect.ids
    return (
        prospect.requested_at_raw,
        customer.full.lower(),
        tuple(address.lower() for address in customer.emails),
        tuple(phone.e164 or phone.raw for phone in customer.phones),
        tuple(vehicle.title.lower() for vehicle in prospect.vehicles),
    )
