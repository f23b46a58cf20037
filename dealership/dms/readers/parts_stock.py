"""One row of a parts file as one number on the shelf. Pure."""

from dealership.dms.readers.records import PartStockRecord
from dealership.dms.readers.row import Row


def part(row: Row, key: str) -> PartStockRecord:
    """What a row says of a part number. A figure that cannot be read is left out and noted; the row is kept."""
    return PartStockRecord(
        part_number=key,
        description=row.words("Part Description"),
        cost_cents=row.cents("Part Cost"),
        price_cents=row.cents("Part Price"),
        on_hand=row.quantity("Quantity On Hand"),
        on_order=row.quantity("Quantity On Order"),
        best_level=row.quantity("Best Stock Level"),
        least_level=row.quantity("Minimum Stock Level"),
        most_level=row.quantity("Maximum Stock Level"),
        stocking_status=row.words("Stocking Status"),
        bin=row.words("BIN#"),
        source=row.words("Source"),
        make=row.words("Make"),
        group=row.words("Part Group"),
        entry_date=row.day("Entry Date"),
        last_sale_date=row.day("Last Sale Date"),
        last_received_date=row.day("Last Received Date"),
        old_part_number=row.words("Old Part Number"),
        new_part_number=row.words("New Part Number"),
    )
