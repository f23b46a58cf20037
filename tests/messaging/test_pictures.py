"""Hostile pictures: what is kept is our own drawing of what they show, or nothing."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from dealership.messaging import pictures

SCRIPT = b"<script>alert(document.domain)</script>"


def drawing(
    kind: str = "JPEG", size: tuple[int, int] = (64, 40), mode: str = "RGB", **options: object
) -> bytes:
    """A red picture."""
    out = io.BytesIO()
    colour = {"RGB": (200, 30, 30), "RGBA": (200, 30, 30, 0), "P": 1, "L": 90, "CMYK": (0, 200, 200, 0)}[mode]
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def shown(picture: pictures.Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.large))
    image.load()
    return image


def claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is so large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 900))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("WEBP", "RGB"),
        ("GIF", "P"),
        ("PNG", "L"),
    ],
)
def test_a_picture_of_any_usual_kind_is_drawn_as_a_jpeg(kind: str, mode: str) -> None:
    picture = pictures.read(drawing(kind, mode=mode))
    image = shown(picture)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (64, 40))
    assert (picture.width, picture.height) == (64, 40)


def test_a_phones_picture_is_made_smaller_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the phone was held upright
    picture = pictures.read(drawing(size=(3000, 2000), exif=exif))
    assert (picture.width, picture.height) == (1067, 1600)
    assert max(Image.open(io.BytesIO(picture.small)).size) == 320


def test_where_it_was_taken_and_whatever_else_it_carries_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRETPHONE"
    exif.get_ifd(0x8825).update({1: "N", 2: (40.0, 44.0, 0.0), 3: "W", 4: (74.0, 10.0, 0.0)})
    sent = drawing(exif=exif, comment=b"SECRETCOMMENT") + b"PK\x03\x04" + SCRIPT
    assert all(mark in sent for mark in (b"SECRETPHONE", b"SECRETCOMMENT", SCRIPT))
    picture = pictures.read(sent)
    assert not shown(picture).getexif()
    for kept in (picture.large, picture.small):
        assert not any(mark in kept for mark in (b"SECRET", SCRIPT, b"Exif", b"PK\x03\x04"))


def test_a_picture_that_is_a_page_as_well_loses_the_page() -> None:
    sent = b"GIF89a" + drawing("GIF", mode="P")[6:] + SCRIPT
    assert SCRIPT not in pictures.read(sent).large


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "a drawing (SVG)"),
        (b'\xef\xbb\xbf  <?xml version="1.0"?><svg onload="alert(1)"/>', "a drawing (SVG)"),
        (b"<!DOCTYPE html>" + SCRIPT, "a web page"),
        (b"%PDF-1.7", "a PDF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "an iPhone photo (HEIC)"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "a film"),
        (b"BEGIN:VCARD\nFN:Eve", "a contact card"),
        (b"", "empty"),
        (b"MZ\x90\0", "no photo"),
        (b"\xff\xd8\xff\xe0 but nothing more", "damaged"),
        (drawing("PNG", size=(400, 400))[:150], "damaged"),
        (claims(400_000, 400_000), "too many"),
        (claims(9_000, 9_000), "too many"),
        (claims(5_000, 4_000), "too many"),
        (b"\xff\xd8\xff" + b"\0" * (10 * 1024 * 1024), "larger than 10 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_shown_is_refused_in_words(sent: bytes, said: str) -> None:
    with pytest.raises(pictures.NotShown, match=said.replace("(", r"\(").replace(")", r"\)")):
        pictures.read(sent)


def test_what_it_is_called_or_ends_with_is_of_no_matter() -> None:
    """A format that Pillow knows and nobody sends is not opened at all."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "TIFF")
    with pytest.raises(pictures.NotShown, match="no photo"):
        pictures.read(out.getvalue())
