"""What service keeps, by noun."""

from service.models.estimates import Estimate, Inspection, Recommendation
from service.models.repair_orders import DeclinedLine, RepairLine, RepairOrder
from service.models.work import Comeback, ROPart, StageChange, Telling

__all__ = [
    "Comeback",
    "DeclinedLine",
    "Estimate",
    "Inspection",
    "ROPart",
    "Recommendation",
    "RepairLine",
    "RepairOrder",
    "StageChange",
    "Telling",
]
