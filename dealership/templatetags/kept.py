"""Words and clocks that every page uses."""

from django import template

register = template.Library()
