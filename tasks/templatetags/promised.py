"""What is promised about a thing, in the page of the department that has the thing: `{% load promised %}{% promised_about subject %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from tasks import panels, retold
from tasks.models import Promise

register = template.Library()


register.filter("retold", retold.told)


@register.filter
def said(promise: Promise) -> str:
    """The title of a promise."""
    return retold.said(promise.rule, promise.sentence)


@register.filter
def seam_end(label: str) -> str:
    """Who stands at the end of a seam."""
    return retold.end(label)


@register.inclusion_tag("tasks/_subject_panel.html", takes_context=True)
def promised_about(context: Context, subject: str) -> dict[str, Any]:
    """The panel, as part of the page: it is there without a further request, and asks for itself when something changes. Two queries."""
    request = context["request"]
    return {"request": request, **panels.about(request.staff, subject)}
