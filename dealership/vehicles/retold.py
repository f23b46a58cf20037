"""What is kept of cars in English (what is wrong with a VIN), in the reader's language."""

from __future__ import annotations

from dealership.language import later
from dealership.retold import Retold

retold = Retold(
    later("check digit is %(mark)s, computed %(wanted)s"),
    later(
        "check digit is %(mark)s, computed %(wanted)s (cars built for markets outside North America may differ)"
    ),
    gaps={"mark": ".", "wanted": "."},
)
