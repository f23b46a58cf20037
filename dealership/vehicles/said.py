"""A car in words, said by the database: for rows of a list."""

from __future__ import annotations

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, Trim


def label(path: str) -> Trim:
    """`Vehicle.label` of the car at `path`; empty where there is none."""
    year = Coalesce(Cast(f"{path}__year", CharField()), Value(""))
    name = Coalesce(NullIf(f"{path}__model", Value("")), f"{path}__make", Value(""))
    return Trim(Concat(year, Value(" "), name, Value(" "), Coalesce(f"{path}__trim", Value(""))))
