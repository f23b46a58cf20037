"""Fixed words that are stored as they stand here, and shown in their reader's language."""

from dealership.language import later

SAID = (
    # The papers that lenders ask for most (`stipulations.COMMON`).
    later("Proof of income"),
    later("Proof of employment"),
    later("Proof of residence"),
    later("Proof of insurance"),
    later("Second form of ID"),
    later("References"),
    later("Updated application"),
    later("Corrected page to sign"),
    # What was done with a jacket, divided by commas and colons.
    later("Agreed"),
    later("Delivered"),
    later("Mended by sales"),
    later("Contract signed"),
    later("says the DMS"),
    later("Papers signed"),
    later("Taken into the box"),
    later("Handed back to sales"),
    later("Deal described anew"),
    later("Jacket sent to the lender"),
    later("Kicked back"),
    later("the customer must sign again"),
    later("Corrected and sent again"),
    later("Stip"),
    later("Here and verified"),
    later("Funded"),
    later("Ended"),
    later("Sales"),
    # Why a stip was dropped by itself, and why a deal ended.
    later("the lender paid without it"),
    later("the DMS says so"),
)
