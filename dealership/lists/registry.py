"""The lists that there are: each page adds its shape, and says who may see it."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.http import Http404

from dealership.lists.shape import Shape
from dealership.staff.models import StaffMember
from dealership.staff.roles import May

_SHAPES: dict[str, tuple[Shape, May]] = {}


def add(shape: Shape, needs: May) -> Shape:
    """Known by its key from now on."""
    _SHAPES[shape.key] = (shape, needs)
    return shape


def every() -> Mapping[str, tuple[Shape, May]]:
    """Every list by its key, and what whoever sees it may do."""
    return dict(_SHAPES)


def shape_or_404(key: str, staff: StaffMember) -> Shape:
    """The list of that key, for whoever may see it."""
    if key not in _SHAPES:
        raise Http404("There is no such list.")
    shape, needs = _SHAPES[key]
    if not staff.may(needs):
        raise PermissionDenied
    return shape
