"""Times in replies, on Tuesday November 24, 2026 at 10:30 in Chicago, in a store open from 7 to 19."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.messaging.replies_asked import BOOKED, NOW, ZONE, answer, confirming, times

WRITTEN = [
    ("tomorrow at 3", ["25 15:00"]),
    ("tomorrow at 9", ["25 09:00"]),
    ("tmrw 330", ["25 15:30"]),
    ("tommorow 8:30am", ["25 08:30"]),
    ("next tues", ["01 07:00-19:00"]),
    ("12/5 @ 4", ["05 16:00"]),
    ("after 5 on thursday", ["26 17:00-19:00"]),
    ("before 10 tomorrow", ["25 07:00-10:00"]),
    ("this afternoon", ["24 12:00-17:00"]),
    ("tomorrow morning", ["25 07:00-12:00"]),
    ("day after tomorrow 8am", ["26 08:00"]),
    ("wednesday", ["25 07:00-19:00"]),
    ("wensday at noon", ["25 12:00"]),
    ("Dec 5th at 9:15am", ["05 09:15"]),
    ("the 2nd of december at 2", ["02 14:00"]),
    ("Monday the 30th at half past 3", ["30 15:30"]),
    ("between 2 and 4 tomorrow", ["25 14:00-16:00"]),
    ("tomorrow 2-4pm", ["25 14:00-16:00"]),
    ("friday 9 to 11", ["27 09:00-11:00"]),
    ("tomorrow at 9 or 10", ["25 09:00", "25 10:00"]),
    ("Monday at 3 or Wednesday at 4", ["30 15:00", "25 16:00"]),
    ("the 15th or 16th", ["15 07:00-19:00", "16 07:00-19:00"]),
    ("first thing tomorrow", ["25 07:00-08:00"]),
    ("in 2 hours", ["24 12:30"]),
    ("quarter to 3 on friday", ["27 14:45"]),
    ("20 past 2 tomorrow", ["25 14:20"]),
    ("15:00 tomorrow", ["25 15:00"]),
    ("next week", ["30 07:00-06 19:00"]),
    ("friday next week at 10", ["04 10:00"]),
    ("I can't do tomorrow. Do you have time Friday?", ["27 07:00-19:00"]),
    ("not Friday, Monday", ["30 07:00-19:00"]),
    ("12 in the afternoon tomorrow", ["25 12:00"]),
    ("tomorrow evening at 6", ["25 18:00"]),
    ("mañana a las 3", ["25 15:00"]),
    ("mañana por la mañana", ["25 07:00-12:00"]),
    ("pasado mañana a las 9", ["26 09:00"]),
    ("el jueves por la tarde", ["26 12:00-17:00"]),
    ("el viernes a las 3 y media", ["27 15:30"]),
    ("el lunes a las diez de la mañana", ["30 10:00"]),
    ("el 5 de diciembre a las 4", ["05 16:00"]),
    ("entre las 2 y las 4 mañana", ["25 14:00-16:00"]),
    ("hoy a las 5", ["24 17:00"]),
    ("el martes que viene a las 9", ["01 09:00"]),
    ("después de las 3 el viernes", ["27 15:00-19:00"]),
]
NO_TIME = """
I have 2 kids and a 2019 Civic|it's $420|mileage is 45,000|I have 62000 miles on it|RO 48213|my number is 555-867-5309|
480-555-0199|call 1 (800) 555-0199|2 of the 4 tires are bald|the 2nd one|I owe 3 payments|tire size 225/65R17|3.5|
open 24/7?|1/2 price|good morning|have a great day|thanks, have a good weekend|stock #4471|VIN 1HGCM82633A004352|
last tuesday|I was there yesterday at 3|it took 3 hours|2 years ago|I'm 100% sure|bay 4|exit 12|32 August 2026|13/31/2026|
Feb 30|the sun is out|I sat there forever|may I ask something|it broke 5 days ago|tengo 2 carros|gracias, buenas tardes
"""


@pytest.mark.parametrize(("text", "wanted"), WRITTEN)
def test_a_written_time_is_read(text: str, wanted: list[str]) -> None:
    assert times(answer(text)) == wanted


@pytest.mark.parametrize("text", [t.strip() for t in NO_TIME.replace("\n", "").split("|")])
def test_numbers_that_are_no_times_give_none(text: str) -> None:
    assert times(answer(text)) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("3 instead", ["27 15:00"]),
        ("can we do 330", ["27 15:30"]),
        ("1130 would be better", ["27 11:30"]),
        ("earlier would be better", ["27 07:00-10:00"]),
        ("later please", ["27 10:00-19:00"]),
        ("in the afternoon instead", ["27 12:00-17:00"]),
        ("I can't do 10 but 4 works", ["27 16:00"]),
        ("instead of 10 can we do 2", ["27 14:00"]),
        ("an hour later", ["27 11:00"]),
        ("push it from Friday to Monday", ["30 07:00-19:00"]),
    ],
)
def test_a_time_without_a_day_is_on_the_day_of_the_appointment(text: str, wanted: list[str]) -> None:
    assert times(confirming(text)) == wanted


def test_opening_hours_decide_between_morning_and_afternoon() -> None:
    from dealership.messaging.replies.reading import read
    from dealership.messaging.replies.reply import Asked

    night = read("tomorrow at 8", asked=Asked.NONE, now=NOW, zone=ZONE, opens=(16, 23))
    assert times(answer("tomorrow at 8")) == ["25 08:00"]
    assert times(night) == ["25 20:00"]


def test_a_time_is_told_in_the_zone_of_the_store_across_a_clock_change() -> None:
    autumn = datetime(2026, 10, 31, 10, 0, tzinfo=ZONE)
    start = answer("tomorrow at 3pm", now=autumn).slots[0].start
    assert start.isoformat() == "2026-11-01T15:00:00-06:00"


def test_december_rolls_over_into_the_new_year() -> None:
    newyear = datetime(2026, 12, 30, 9, 0, tzinfo=ZONE)
    assert answer("1/4 at 9", now=newyear).slots[0].start == datetime(2027, 1, 4, 9, tzinfo=ZONE)


@pytest.mark.parametrize(
    "text",
    [
        "move it to next friday at 3",
        "move it to tuesday at 3",
        "move it to 8pm",
        "move it to around 3",
        "move it to 13/12 at 3",
    ],
)
def test_a_time_that_people_mean_differently_is_never_sure(text: str) -> None:
    reply = confirming(text)
    assert reply.slots
    assert not reply.sure


def clock_forms(moment: datetime) -> list[str]:
    hour, half = moment.hour % 12 or 12, "am" if moment.hour < 12 else "pm"
    forms = [f"{hour}:{moment:%M}{half}", f"{hour}:{moment:%M} {half.upper()}", f"{moment:%H:%M}"]
    forms += [f"{hour}:{moment:%M} {half[0]}.m.", f"{hour}{moment:%M}{half}"]
    if moment.minute == 0:
        forms += [f"{hour}{half}", f"{hour} {half}"]
    if moment.minute == 30:
        forms += (
            [f"half past {hour} in the {'morning' if half == 'am' else 'afternoon'}"]
            if moment.hour < 17
            else []
        )
    return forms


def day_forms(moment: datetime) -> list[str]:
    forms = [
        f"{moment:%B} {moment.day}",
        f"{moment:%b} {moment.day}",
        f"{moment.month}/{moment.day}/{moment:%y}",
    ]
    forms += [f"{moment:%Y-%m-%d}", f"{moment:%A}, {moment:%B} {moment.day}", f"{moment.month}/{moment.day}"]
    if (moment.date() - NOW.date()).days == 1:
        forms += ["tomorrow", "tmrw", "Tomorrow,"]
    if 1 < (moment.date() - NOW.date()).days < 3:
        forms += [f"{moment:%A}", f"on {moment:%A}", f"this {moment:%A}"]
    return forms


@settings(deadline=None, max_examples=150)
@given(
    days=st.integers(1, 85),
    hour=st.integers(7, 18),
    minute=st.sampled_from([0, 15, 30, 45, 5]),
    data=st.data(),
)
def test_a_time_written_by_us_is_read_back(days: int, hour: int, minute: int, data: st.DataObject) -> None:
    moment = datetime(2026, 11, 24, hour, minute, tzinfo=ZONE) + timedelta(days=days)
    day = data.draw(st.sampled_from(day_forms(moment)))
    if (moment.month, moment.day) in ((1, 2),) and "/" in day:
        return
    clock = data.draw(st.sampled_from(clock_forms(moment)))
    text = data.draw(
        st.sampled_from([f"{day} at {clock}", f"{clock} on {day}", f"Can I come {day} at {clock}?"])
    )
    reply = answer(text)
    assert [s.start for s in reply.slots] == [moment], text
    moved = confirming(f"please move it to {day} at {clock}")
    assert not moved.sure or moved.slots[0].start == moment


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="0123456789 -/.,:#$%+()", max_size=20))
def test_digits_alone_never_move_or_confirm_an_appointment(text: str) -> None:
    assert not confirming(text).sure
    assert not answer(text, "none", BOOKED).sure
