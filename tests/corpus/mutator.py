"""Input as it is damaged on its way, or made to harm: the same seed gives the same damage."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

from tests import corpus

PIECES = (
    *corpus.texts().values(),
    b"<",
    b">",
    b"&",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b'"',
    b"'",
    b"\t",
    b"\r\n",
    b"\n",
    b"|",
    b"^",
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"&x;",
    b"=3D",
    b"\xe2\x80\xa8",
    b"-1",
    b"1e309",
    b"2/31/2026",
    b"9" * 80,
)
#: A hostile text is as long as any; a damage that is longer than this says nothing more about a reader.
LONGEST_PIECE = 2_000


def damaged(sample: bytes, seed: int) -> bytes:
    """The sample with one to four damages, drawn from `seed`."""
    draw = random.Random(seed)
    for _ in range(draw.randint(1, 4)):
        sample = draw.choice(DAMAGES)(sample, draw)
    return sample


def many(samples: Sequence[bytes], *, seed: int, n: int) -> Iterator[bytes]:
    """`n` damaged inputs, each sample in turn."""
    for number in range(n):
        yield damaged(samples[number % len(samples)], seed * 1_000_003 + number)


def _place(data: bytes, draw: random.Random) -> int:
    return draw.randrange(len(data) + 1)


def _span(data: bytes, draw: random.Random, longest: int = 60) -> tuple[int, int]:
    start = _place(data, draw)
    return start, min(len(data), start + draw.randint(1, longest))


def _cut(data: bytes, draw: random.Random) -> bytes:
    return data[: _place(data, draw)]


def _flip(data: bytes, draw: random.Random) -> bytes:
    if not data:
        return data
    at = draw.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << draw.randrange(8))]) + data[at + 1 :]


def _insert(data: bytes, draw: random.Random) -> bytes:
    at = _place(data, draw)
    return data[:at] + draw.choice(PIECES)[:LONGEST_PIECE] + data[at:]


def _overwrite(data: bytes, draw: random.Random) -> bytes:
    start, end = _span(data, draw)
    return data[:start] + draw.choice(PIECES)[:LONGEST_PIECE] + data[end:]


def _remove(data: bytes, draw: random.Random) -> bytes:
    start, end = _span(data, draw, 400)
    return data[:start] + data[end:]


def _repeat(data: bytes, draw: random.Random) -> bytes:
    start, end = _span(data, draw, 400)
    return data[:end] + data[start:end] * draw.randint(1, 20) + data[end:]


def _move_a_line(data: bytes, draw: random.Random) -> bytes:
    rows = data.split(b"\n")
    row = rows.pop(draw.randrange(len(rows)))
    rows.insert(draw.randint(0, len(rows)), row)
    return b"\n".join(rows)


def _repeat_a_line(data: bytes, draw: random.Random) -> bytes:
    rows = data.split(b"\n")
    rows.insert(draw.randint(0, len(rows)), draw.choice(rows))
    return b"\n".join(rows)


def _replace_a_cell(data: bytes, draw: random.Random) -> bytes:
    cells = data.split(b"\t")
    cells[draw.randrange(len(cells))] = draw.choice(PIECES)[:LONGEST_PIECE]
    return b"\t".join(cells)


def _another_encoding(data: bytes, draw: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(draw.choice(("utf-16", "latin-1", "utf-32")), "replace")


DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _cut,
    _flip,
    _insert,
    _overwrite,
    _remove,
    _repeat,
    _move_a_line,
    _repeat_a_line,
    _replace_a_cell,
    _another_encoding,
)
