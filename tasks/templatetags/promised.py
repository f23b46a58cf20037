"""What is promised about a thing, in the page of the department that has the thing: `{% load promised %}{% promised_about subject %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from tasks import panels

register = template.Library()


@register.inclusion_tag("tasks/_subject_panel.html", takes_context=True)
def promised_about(context: Context, subject: str) -> dict[str, Any]:
    """The panel, as part of the page: it is there without a further request, and asks for itself when something changes. Two queries."""
    request = context["request"]
    return {"request": request, **panels.about(request.staff, subject)}
