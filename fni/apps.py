"""Django's handle on this package."""

from django.apps import AppConfig


class FniConfig(AppConfig):
    name = "fni"
    verbose_name = "F&I"
