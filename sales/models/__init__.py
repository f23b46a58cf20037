"""What sales keeps: leads and how they arrived, deals with what hangs on them, cars in stock."""

from sales.models.deals import ENDED, OPEN, Deal, DealTrade, WeOwe
from sales.models.leads import CLOSED, Lead, LeadArrival, TradeIn
from sales.models.stock import InventoryUnit

__all__ = [
    "CLOSED",
    "ENDED",
    "OPEN",
    "Deal",
    "DealTrade",
    "InventoryUnit",
    "Lead",
    "LeadArrival",
    "TradeIn",
    "WeOwe",
]
