"""The prospects in a tree of ADF."""

from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from sales.adf import customers, dates, loose, values, vehicles
from sales.adf.lead import AdfId, AdfProspect, AdfVehicle
from sales.adf.markup import FREE_TEXT, Element
from sales.adf.repairs import Refused, Repairs

# More than any sender puts into one message; each becomes a lead that somebody owes an answer.
MOST = 200

_PARTS = ("id", "requestdate", "vehicle", "customer", "contact", "vendor", "provider", *sorted(FREE_TEXT))
_WHO = ("contact", "name", "email", "phone", "address")


class ProspectReader:
    """Reads prospects with what the whole message shares: where it is, and when it came."""

    def __init__(self, *, region: str, zone: tzinfo, received_at: datetime | None, repairs: Repairs) -> None:
        self.region = region
        self.zone = zone
        self.received_at = received_at
        self.repairs = repairs

    def read_all(self, root: Element) -> list[AdfProspect] | None:
        """Every prospect under `root` in order; None if it is some other document that merely uses the word."""
        envelopes = root.elements("adf")
        elements = list(root.descendants("prospect"))
        if len(elements) > MOST:
            raise Refused(f"It holds more than {MOST} prospects. Ask the sender to divide it.")
        for envelope in envelopes:
            self._adopt_strays(envelope, elements)
        if not envelopes:
            if not any(element.elements(*_PARTS) for element in elements):
                return None
            self.repairs.note("The <adf> around the prospect was missing.")
        return [self._read(element) for element in elements]

    def _adopt_strays(self, envelope: Element, elements: list[Element]) -> None:
        """A customer or vehicle directly under `adf` belongs to its only prospect, or makes one."""
        strays = envelope.elements(*_PARTS)
        if not strays:
            return
        own = envelope.elements("prospect")
        if not own:
            self.repairs.note("The <prospect> around the lead was missing.")
            elements.append(envelope)
        elif len(own) == 1:
            self.repairs.note("Parts of the lead stood outside its <prospect>.")
            own[0].children.extend(strays)

    def _read(self, element: Element) -> AdfProspect:
        who = self._who(element)
        comments = self._comments(element, who)
        raw = values.line(element.first("requestdate"), self.repairs)
        prospect = AdfProspect(
            status=values.attribute(element, "status") or "new",
            ids=self._ids(element),
            requested_at=self._requested_at(raw),
            requested_at_raw=raw,
            customer=customers.read(who, comments, self.region, self.repairs),
            comments=comments,
        )
        return self._with_vendor(self._with_vehicles(prospect, element), element)

    def _who(self, element: Element) -> Element:
        """The element that stands for the customer."""
        found = [each for each in element.descendants("customer") if each.text().strip()] or list(
            element.descendants("customer")
        )
        if found:
            return found[0]
        loose_parts = element.elements(*_WHO)
        stand_in = Element("customer", {})
        if loose_parts:
            self.repairs.note("The <customer> around the contact was missing.")
            stand_in.children.extend(loose_parts)
        return stand_in

    def _comments(self, element: Element, who: Element) -> str:
        written = [*element.elements(*FREE_TEXT), *who.descendants(*FREE_TEXT)]
        said = (values.prose(each, self.repairs) for each in written)
        return "\n".join(dict.fromkeys(text for text in said if text))

    def _ids(self, element: Element) -> tuple[AdfId, ...]:
        """Identifiers that identify something: one without a value is left out."""
        found = (
            AdfId(
                source=values.one_line(each.attributes.get("source", ""), self.repairs),
                value=values.line(each, self.repairs),
                sequence=values.one_line(each.attributes.get("sequence", ""), self.repairs),
            )
            for each in element.elements("id")[: vehicles.MOST]
            if not each.broken_off
        )
        return tuple(each for each in found if each.value)

    def _requested_at(self, raw: str) -> datetime | None:
        moment = dates.read(raw, self.zone)
        if moment.note:
            self.repairs.note(moment.note)
        if moment.at is None:
            if raw:
                self.repairs.note(f"“{raw[:60]}” is no date that could be read.")
            if self.received_at:
                self.repairs.note("The time at which the message came stands for the request date.")
            return self.received_at
        if self.received_at and moment.at > self.received_at + timedelta(days=1):
            self.repairs.note("The request date lies after the day on which the message came.")
        return moment.at

    def _with_vehicles(self, prospect: AdfProspect, element: Element) -> AdfProspect:
        found = [
            vehicles.read(each, self.repairs)
            for each in list(element.descendants("vehicle"))[: vehicles.MOST]
        ]
        if len(found) < 2 and not any(each.make or each.model for each in found) and prospect.comments:
            said = loose.labelled(prospect.comments)
            completed = loose.completed(found[0] if found else AdfVehicle(), said)
            if completed.make or completed.model:
                self.repairs.note("The vehicle was read from the labelled lines of the comments.")
                found = [completed]
        kept, echoes = vehicles.without_echoes(found, prospect.comments, self.repairs)
        return replace(prospect, vehicles=tuple(kept), echoes=tuple(echoes))

    def _with_vendor(self, prospect: AdfProspect, element: Element) -> AdfProspect:
        vendor = next(element.descendants("vendor"), None)
        provider = next(element.descendants("provider"), None)
        return replace(
            prospect,
            vendor=self._named(vendor, "vendorname"),
            vendor_ids=self._ids(vendor) if vendor else (),
            provider=self._named(provider, "name"),
            provider_service=values.line(provider.first("service"), self.repairs) if provider else "",
        )

    def _named(self, element: Element | None, own: str) -> str:
        """The name a vendor or provider goes by: its own, or that of its contact."""
        if element is None:
            return ""
        candidates = (*element.elements(own), *element.elements("name"), *element.descendants("name"))
        return next((name for each in candidates if (name := values.line(each, self.repairs))), "")
