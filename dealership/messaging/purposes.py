"""Why and by which channel a message goes: the words that consent, quiet hours and the gate share. Pure."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """Why a message is sent. What it needs follows from it.

    CONVERSATIONAL answers a customer who has just written. SERVICE and SALES inform one customer about their own
    car, visit or inquiry. MARKETING is everything that solicits.
    """

    CONVERSATIONAL = "conversational"
    SERVICE = "service"
    SALES = "sales"
    MARKETING = "marketing"


class Channel(StrEnum):
    """How it reaches the customer."""

    TEXT = "text"
    CALL = "call"
    EMAIL = "email"


CHANNEL_NOUNS = {Channel.TEXT: "text", Channel.CALL: "call", Channel.EMAIL: "e-mail"}
