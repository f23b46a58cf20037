"""Sign-in by e-mail and password. Nobody signs themselves up: people are added by their store."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes the door of signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account without a place at a store could see nothing anyway."""
        return False
