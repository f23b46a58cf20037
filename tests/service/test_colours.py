"""Declined work is red where the car should not be driven without it."""

import pytest

from service.colours import colour


@pytest.mark.parametrize(
    ("op_code", "description"),
    [
        ("", "FRONT PADS 2MM"), ("BRKF", ""), ("BRKF", "FRONT PADS AND ROTORS"), ("", "Rear brakes at 1 mm"),
        ("", "Left tie rod loose"), ("", "4 tires at 2/32"), ("", "lower ball joint play"), ("", "Strut leaking"),
        ("", "headlight out"), ("", "Replace wiper blades"), ("TIRE4", "FOUR NEW"), ("", "frenos delanteros gastados"),
    ],
)  # fmt: skip
def test_safety_work_is_red(op_code: str, description: str) -> None:
    assert colour(op_code, description) == "red"


@pytest.mark.parametrize(
    ("op_code", "description"),
    [
        ("CABIN", "CABIN FILTER DIRTY"), ("COOL", "COOLANT DUE"), ("", "Brake fluid flush due"), ("ROT", "TIRE ROTATION"),
        ("", "rotate and balance tires"), ("", "battery weak"), ("BRKINSP", ""), ("", "transmission service at 60k"), ("", ""),
        ("", "breaking in period over"), ("", "detail and wax"),
    ],
)  # fmt: skip
def test_upkeep_is_yellow(op_code: str, description: str) -> None:
    assert colour(op_code, description) == "yellow"
