"""What can be taken from text that is no ADF: labelled lines ("Phone: …"), and hints for whoever reads the rest."""

import re
from dataclasses import replace

from dealership.customers import phones
from sales.adf import customers, names, unwrap, values
from sales.adf.lead import AdfCustomer, AdfHints, AdfId, AdfProspect, AdfVehicle
from sales.adf.repairs import Repairs

MOST_SEARCHED = 20_000
MOST_HINTS = 10

_LABELS = {
    "name": "full name|name|your name|customer|customer name|contact name|contact|lead name|nombre|nombre completo",
    "first": "first name|firstname|first|nombre de pila",
    "last": "last name|lastname|last|surname|apellido|apellidos",
    "email": "email|e-mail|email address|e-mail address|your email|correo|correo electrónico",
    "phone": "phone|phone number|telephone|tel|mobile|mobile phone|cell|cell phone|cellphone|contact number|home phone|"
    "work phone|day phone|evening phone|your phone|teléfono|telefono|celular|móvil",
    "id": "lead id|leadid|lead number|reference|reference number|enquiry id|inquiry id",
    "year": "year|vehicle year|año",
    "make": "make|vehicle make|marca",
    "model": "model|vehicle model|modelo",
    "trim": "trim|vehicle trim",
    "vin": "vin|vin number",
    "stock": "stock|stock number|stock no|stock #|stock#|stock id",
    "odometer": "mileage|odometer|miles|kilometers|kilometres",
    "comments": "comments|comment|message|your message|question|questions|inquiry|enquiry|your inquiry|notes|comentarios|mensaje",
}
_KEY_OF = {label: key for key, labels in _LABELS.items() for label in labels.split("|")}
_DECORATION = " \t*•·-–>#?_"
_LOOSE_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")


def labelled(text: str) -> dict[str, str]:
    """Values of the labelled lines by what they mean; the first of each kind that says something counts."""
    found: dict[str, str] = {}
    running = ""
    for line in _plain(text).splitlines():
        label, mark, value = line.partition(":")
        key = _KEY_OF.get(" ".join(label.strip(_DECORATION).lower().split())) if mark else None
        if key:
            running = key if key not in found else ""
            if running:
                found[key] = value.strip(" \t*")
        elif running == "comments" and line.strip():
            found[running] = f"{found[running]}\n{line.strip()}".strip()
    return {key: value for key, value in found.items() if value}


def prospect(text: str, region: str, repairs: Repairs) -> AdfProspect | None:
    """The lead in labelled lines, None unless they name somebody and a way to reach them."""
    said = {
        key: value.strip() if key == "comments" else values.one_line(value, repairs)
        for key, value in labelled(text[:MOST_SEARCHED]).items()
    }
    emails = values.emails(said.get("email", ""))
    called = [phone for phone in customers.numbers(said.get("phone", ""), region) if phone.e164]
    full = said.get("name") or " ".join(said[part] for part in ("first", "last") if part in said)
    if not full or not (emails or called):
        return None
    guess = names.split(full)
    comments = said.get("comments", "")
    vehicle = completed(AdfVehicle(), said)
    return AdfProspect(
        ids=(AdfId(source="", value=said["id"]),) if "id" in said else (),
        customer=AdfCustomer(
            first=said.get("first") or guess.first,
            middle=guess.middle,
            last=said.get("last") or guess.last,
            suffix=guess.suffix,
            full=full,
            business=guess.business,
            emails=tuple(emails),
            phones=tuple(called),
            preferred_contact=customers.preference(_plain(text[:MOST_SEARCHED])),
        ),
        vehicles=(vehicle,) if vehicle.title or vehicle.vin or vehicle.stock else (),
        comments=comments,
    )


def completed(vehicle: AdfVehicle, said: dict[str, str]) -> AdfVehicle:
    """`vehicle` with what the labelled lines say of it, where it says nothing itself."""
    cut = {key: value[: values.LONGEST_LINE] for key, value in said.items()}
    return replace(
        vehicle,
        year=vehicle.year or cut.get("year", ""),
        make=vehicle.make or cut.get("make", ""),
        model=vehicle.model or cut.get("model", ""),
        trim=vehicle.trim or cut.get("trim", ""),
        vin=vehicle.vin or cut.get("vin", ""),
        stock=vehicle.stock or cut.get("stock", ""),
        odometer=vehicle.odometer or values.number(cut.get("odometer", "")),
    )


def hints(text: str, region: str, sender: str = "") -> AdfHints:
    """Names, e-mail addresses and numbers found in the first 20,000 characters, for the person who handles the message."""
    plain = _plain(text[:MOST_SEARCHED])
    named = labelled(plain).get("name", "")
    emails = dict.fromkeys(
        address for found in _LOOSE_EMAIL.findall(plain) for address in values.emails(found)
    )
    numbers = dict.fromkeys(phone.e164 for phone in phones.find_in(plain, region))
    return AdfHints(
        names=(named[: values.LONGEST_LINE],) if named else (),
        emails=tuple(emails)[:MOST_HINTS],
        phones=tuple(numbers)[:MOST_HINTS],
        sender=sender,
    )


def _plain(text: str) -> str:
    return unwrap.from_html(text) if unwrap.is_html(text) else text
