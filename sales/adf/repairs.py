"""What had to be put right before a message could be read, in sentences for the person who looks at the lead."""

MOST_KEPT = 40


class Refused(Exception):
    """The message must not be read as a lead. The text says why, to a person."""


class Repairs:
    """Notes in the order in which they arose, each once, at most `MOST_KEPT`."""

    def __init__(self) -> None:
        self._notes: dict[str, None] = {}

    def note(self, sentence: str) -> None:
        if len(self._notes) < MOST_KEPT:
            self._notes.setdefault(sentence)

    def adopt(self, other: "Repairs") -> None:
        for sentence in other.sentences():
            self.note(sentence)

    def sentences(self) -> tuple[str, ...]:
        return tuple(self._notes)


def shortened(value: str, most: int = 60) -> str:
    """`value` for quoting in a sentence: one line, at most `most` characters."""
    line = " ".join(value.split())
    return line if len(line) <= most else line[: most - 1] + "…"
