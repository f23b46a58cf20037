"""Pictures that come from outside: judged by their first bytes and their size before anything is drawn, then drawn anew.

Pure. What is kept is our own drawing of what was sent: no metadata (a phone writes where it was taken), no second file hidden in
the first, no more pixels than a screen shows. What cannot be drawn is told in words, and its bytes are kept nowhere.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

MOST_BYTES = 10 * 1024 * 1024
#: A large phone's picture; a file of a few bytes can claim to be any size. A JPEG is drawn small from the start; what must be
#: unpacked whole takes four bytes of memory a point, twice.
MOST_PIXELS, MOST_UNPACKED = 60_000_000, 16_000_000
#: The longer side of what is kept, and of what stands in a conversation.
LARGE, SMALL = 1600, 320
QUALITY = 82
MEDIA_TYPE = "image/jpeg"

# Pillow's own guard, as an error and not as a warning, for whatever else opens pictures in this process.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)

_HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
#: What no picture is, and what to say of it, by how it begins.
_TOLD = ((b"%pdf", "a PDF"), (b"<svg", "a drawing (SVG)"), (b"<?xml", "a drawing (SVG)"), (b"<!doctype", "a web page"),
         (b"<html", "a web page"), (b"begin:vcard", "a contact card"), (b"#!amr", "a voice message"))  # fmt: skip


class NotShown(ValueError):
    """It cannot be shown; the message says what it is, so that a person can answer."""


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: our drawing of it in two sizes."""

    large: bytes
    small: bytes
    width: int
    height: int


def read(data: bytes) -> Picture:
    """Draws what these bytes show, upright and without whatever else they carry. Raises NotShown."""
    if len(data) > MOST_BYTES:
        raise NotShown(f"It is larger than {MOST_BYTES // 1024 // 1024} MB.")
    kind = kind_of(data)
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as image:
            width, height = image.size
            if width * height > (MOST_PIXELS if kind == "JPEG" else MOST_UNPACKED):
                raise NotShown(f"It claims {width} by {height} points: too many to be a photo.")
            image.draft("RGB", (LARGE, LARGE))
            drawn = _plain(ImageOps.exif_transpose(image))
    except NotShown:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotShown("It claims too many points to be a photo.") from None
    except (OSError, ValueError, SyntaxError, IndexError, KeyError, TypeError, EOFError, MemoryError):
        raise NotShown("It is damaged.") from None
    drawn.thumbnail((LARGE, LARGE))
    small = drawn.copy()
    small.thumbnail((SMALL, SMALL))
    return Picture(_written(drawn), _written(small), *drawn.size)


def kind_of(data: bytes) -> str:
    """What the first bytes say that it is, whatever it is called. Raises NotShown for all but JPEG, PNG, WebP and GIF."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if data[4:8] == b"ftyp":
        raise NotShown("It is an iPhone photo (HEIC)." if data[8:12] in _HEIF else "It is a film.")
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, what in _TOLD:
        if start.startswith(mark):
            raise NotShown(f"It is {what}.")
    raise NotShown("It is no photo." if data else "It is empty.")


def _plain(image: Image.Image) -> Image.Image:
    """Its points alone, in plain colours; what is transparent becomes white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        ground.alpha_composite(layer)
        return ground.convert("RGB")
    return image.convert("RGB")


def _written(image: Image.Image) -> bytes:
    """As a JPEG of nothing but its points: what Pillow remembers of the source is not asked for."""
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
