"""How soon declined work should be offered again: safety is red, the rest yellow. Pure.

A DMS names recommended work by op code and words, without the inspection's colour. The table below stands in for it until
an inspection says it better. It is dated, because what counts as safety is decided by people: change it with a new date.
"""

from __future__ import annotations

import re
from typing import Final

AS_OF: Final = "2026-11-01"

#: Words of work without which the car should not be driven: brakes, tires, steering, suspension, restraint, sight, fire.
RED_WORDS: Final = (
    r"brak\w*", r"brk\w*", r"rotors?", r"calipers?", r"pads?", r"tires?", r"tyres?", r"tread", r"steer\w*", r"tie rods?",
    r"rack", r"ball joints?", r"suspension", r"struts?", r"shocks?", r"control arms?", r"sway bar", r"wheel bearings?",
    r"hub bearings?", r"lug nuts?", r"seat ?belts?", r"air ?bags?", r"srs", r"head ?lights?", r"head ?lamps?", r"wipers?",
    r"windshield", r"fuel leak", r"gas leak", r"exhaust leak", r"axles?", r"cv (?:joint|boot|axle)s?", r"frenos?", r"llantas?",
)  # fmt: skip
#: Work that names a part of safety and is upkeep all the same.
YELLOW_WORDS: Final = (
    r"brake fluid (?:exchange|flush|service)", r"tire rotation", r"rotate(?: and balance)? tires?", r"rotation",
    r"brake (?:inspection|clean\w*)", r"tire (?:pressure|balance)", r"headlight (?:restor\w*|polish\w*)", r"washer fluid",
    r"steering fluid (?:exchange|flush|service)",
)  # fmt: skip

_RED = re.compile(rf"\b(?:{'|'.join(RED_WORDS)})\b", re.IGNORECASE)
_YELLOW = re.compile(rf"\b(?:{'|'.join(YELLOW_WORDS)})\b", re.IGNORECASE)
_CODES = re.compile(r"^(?:BRK|BRAKE|TIRE|STRUT|SHOCK|STEER|SUSP|BALLJ|TIEROD)", re.IGNORECASE)
_UPKEEP_CODES = re.compile(r"ROT(?:ATE)?$|FL(?:UID|USH)?$|INSP?$", re.IGNORECASE)


def colour(op_code: str, description: str) -> str:
    """ "red" for safety work, else "yellow"; told by the words, and by the op code where there are none."""
    words = _YELLOW.sub(" ", description)
    if _RED.search(words):
        return "red"
    if description.strip():
        return "yellow" if words != description or not _safety_code(op_code) else "red"
    return "red" if _safety_code(op_code) else "yellow"


def _safety_code(op_code: str) -> bool:
    code = op_code.strip()
    return bool(_CODES.match(code)) and not _UPKEEP_CODES.search(code)
