"""Leads for the tests of the reader, as a sender would write them, and what every reading of the first must say."""

import html
import quopri
from urllib.parse import quote_plus

from sales.adf.lead import AdfId, AdfProspect, AdfReading

PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n<?adf version="1.0"?>\n'

CUSTOMER = (
    '<customer><contact><name part="first">Nora</name><name part="last">Quist</name>'
    '<email>nora.quist@example.com</email><phone type="cellphone">512-555-0164</phone></contact>'
    "<comments>Is it still there?</comments></customer>"
)

PROSPECT = f"""<prospect status="new">
  <id sequence="1" source="Example Cars">EC-7001</id>
  <requestdate>2026-03-04T09:15:00-06:00</requestdate>
  <vehicle interest="buy" status="used">
    <year>2021</year><make>Subaru</make><model>Outback</model><trim>Limited</trim>
    <vin>4s4btanc5m3100001</vin><stock>P2201</stock>
    <odometer status="original" units="mi">31,450</odometer>
    <colorcombination><interiorcolor>Black</interiorcolor><exteriorcolor>Autumn Green</exteriorcolor></colorcombination>
    <price type="asking" currency="USD">$27,495.00</price>
    <option><optionname>Moonroof</optionname></option>
    <finance><method>finance</method><amount type="monthly" limit="maximum">420</amount></finance>
  </vehicle>
  <vehicle interest="trade-in" status="used"><year>2014</year><make>Mazda</make><model>CX-5</model></vehicle>
  {CUSTOMER}
  <vendor><id source="dealer">0042</id><vendorname>Northside Subaru</vendorname></vendor>
  <provider><name part="full">Example Cars</name><service>Used Car Listings</service></provider>
</prospect>"""

LEAD = f"{PROLOG}<adf>\n{PROSPECT}\n</adf>\n"


QUOTED = "\n".join(f"> {line}" for line in LEAD.splitlines())
IN_A_PAGE = f"<html><body><p>New lead</p><pre>{html.escape(LEAD)}</pre></body></html>"
AS_A_FORM = "xml=" + quote_plus(LEAD)
PRINTABLE = quopri.encodestring(LEAD.encode()).decode()


def adf(inside: str) -> bytes:
    """One prospect with this inside."""
    return f"{PROLOG}<adf><prospect>{inside}</prospect></adf>".encode()


def contact(inside: str) -> bytes:
    """One prospect whose customer's contact holds this."""
    return adf(f"<customer><contact>{inside}</contact></customer>")


def mail(body: str, content_type: str = "text/plain; charset=utf-8", *headers: str) -> bytes:
    """A whole mail with one part."""
    lines = [
        "From: Example Cars <leads@cars.example>",
        "To: leads@northside.example",
        "Subject: New lead",
        "Date: Wed, 04 Mar 2026 09:16:00 -0600",
        "MIME-Version: 1.0",
        f"Content-Type: {content_type}",
        *headers,
        "",
        body,
    ]
    return "\r\n".join(lines).encode()


def attached(body: str, *parts: str, kind: str = "mixed") -> bytes:
    text = "".join(f"--=_x\r\n{part}\r\n" for part in (f"Content-Type: text/plain\r\n\r\n{body}", *parts))
    return mail(f"{text}--=_x--", f'multipart/{kind}; boundary="=_x"')


def only(reading: AdfReading) -> AdfProspect:
    assert reading.unreadable is None
    assert len(reading.prospects) == 1
    return reading.prospects[0]


def assert_is_noras_lead(reading: AdfReading) -> None:
    prospect = only(reading)
    assert prospect.ids == (AdfId(source="Example Cars", value="EC-7001", sequence="1"),)
    assert prospect.customer.full == "Nora Quist"
    assert prospect.customer.emails == ("nora.quist@example.com",)
    assert [phone.e164 for phone in prospect.customer.phones] == ["+15125550164"]
    assert [(vehicle.interest, vehicle.title) for vehicle in prospect.vehicles] == [
        ("buy", "2021 Subaru Outback Limited"),
        ("trade-in", "2014 Mazda CX-5"),
    ]
    assert prospect.comments == "Is it still there?"
