"""In which language a page speaks: its reader's own, else their browser's. Customers' texts follow the customer, never this."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

#: In which the code is written, and all that is kept.
OWN = "en"


def is_own() -> bool:
    """Whether the reader's language is the code's own."""
    return (translation.get_language() or OWN) == OWN


def later(text: str) -> str:
    """`text` for words that stand in modules and classes: said in its reader's language, when they read it."""
    return cast(str, gettext_lazy(text))


def later_as(context: str, text: str) -> str:
    """As `later`, for a text that is said in one way here and in another elsewhere."""
    return cast(str, pgettext_lazy(context, text))


def in_english(text: str) -> str:
    """`text` in the code's own language, whoever reads: for what is stored or sent."""
    return in_language(text, OWN)


def in_language(text: str, language: str) -> str:
    """`text` in this language, whoever reads: for what is sent to somebody else."""
    with translation.override(language):
        return str(text)


#: Where machines call: they read the code's own language, and what they bring is written down in it.
MACHINES = ("/hooks/", "/twilio/", "/health/")


def known_parts(stored: str) -> str:
    """Stored words in their reader's language as far as they are fixed texts, divided by commas, semicolons and colons."""
    return "".join(_known(part) for part in re.split(r"(: |; |, )", stored))


def _known(part: str) -> str:
    said, capital = gettext(part), part[:1].upper() + part[1:]
    if said == part != capital and (said := gettext(capital)) != capital:
        return said[:1].lower() + said[1:]
    return said if said != capital else part


class LanguageMiddleware:
    """Speaks as the browser asks, until it is known who reads (`speak`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = OWN if request.path.startswith(MACHINES) else translation.get_language_from_request(request)
        with translation.override(asked):
            response = self.get_response(request)
            if "Content-Language" not in response:
                response["Content-Language"] = translation.get_language() or "en"
        patch_vary_headers(response, ("Accept-Language",))
        return response


def speak(language: str) -> None:
    """From here on this request speaks `language`, if its reader chose one."""
    if language:
        translation.activate(language)
