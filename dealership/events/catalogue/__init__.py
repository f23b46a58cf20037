"""Every fact that can happen, one page per department. Importing this package loads them all."""

from dealership.events.catalogue import (
    appointments,
    customers,
    dms,
    fni,
    marketing,
    messaging,
    parts,
    sales,
    service,
    staff,
)

__all__ = [
    "appointments",
    "customers",
    "dms",
    "fni",
    "marketing",
    "messaging",
    "parts",
    "sales",
    "service",
    "staff",
]
