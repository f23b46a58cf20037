"""A picture for a simulated phone whose owner has none at hand: a scratch on a bumper, taken where no one should learn."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw


@cache
def scratch() -> bytes:
    """A JPEG as phones make them, with the place in its metadata: what the product must not keep."""
    image = Image.new("RGB", (1200, 900), (92, 104, 122))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 520, 1200, 640), fill=(60, 68, 82))
    pen.rounded_rectangle((80, 560, 320, 610), 20, fill=(210, 60, 50))
    for n in range(9):
        pen.line(
            (420 + 40 * n, 330 + 22 * n, 640 + 46 * n, 300 + 26 * n), fill=(226, 228, 232), width=3 + n % 3
        )
    exif = Image.Exif()
    exif[0x010F] = "Kept"
    exif.get_ifd(0x8825).update({1: "N", 2: (40.0, 44.0, 8.0), 3: "W", 4: (74.0, 10.0, 20.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80, exif=exif)
    return out.getvalue()
