"""The product's settings, in a hurry: what waits minutes in production waits seconds here."""

from dealership.settings import *  # noqa: F403
from dealership.settings import INSTALLED_APPS as _APPS

INSTALLED_APPS = [*_APPS, "tests.chaos.hurry.HurryConfig"]
