"""Django's handle on this package."""

from django.apps import AppConfig


class PushConfig(AppConfig):
    name = "dealership.push"
