"""What a person can do something about, said in one sentence instead of a traceback."""

import errno
import os
from pathlib import Path

KEPT_LINES = 12


class Trouble(Exception):
    """Its text is one sentence that says what is wrong and what to do; `tail` is the end of a log, if
    one helps.
    """

    def __init__(self, sentence: str, *, tail: str = "") -> None:
        super().__init__(sentence)
        self.tail = tail


def from_os_error(error: OSError) -> Trouble:
    """The same in one sentence for the troubles a machine has: full disk, missing permission, read-only
    folder.
    """
    where = error.filename or "the data folder"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Trouble(
            f"The disk that holds {where} is full: free some space and run the same command again."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Trouble(
            f"{where} cannot be written by {_me()}: make it writable, or name another folder with "
            f"KEPT_DATA=/some/folder."
        )
    return Trouble(f"{error.strerror or error} ({where}): mend that and run the same command again.")


def log_tail(path: Path, lines: int = KEPT_LINES) -> str:
    """The last lines of a log, empty when there is none. Reads at most 16 kB."""
    try:
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - 16_384))
            text = log.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def from_log(what: str, log: Path) -> Trouble:
    """`what` did not start or did not stay: the sentence for it, a full disk recognised, with the log's
    end.
    """
    tail = log_tail(log)
    if "No space left on device" in tail or "Disk quota exceeded" in tail:
        return Trouble(f"The disk is full ({what} says so): free some space and run the same command again.")
    return Trouble(f"{what}; the end of its log is below, the whole of it in {log}.", tail=tail)


def _me() -> str:
    return "root" if os.geteuid() == 0 else f"this user (uid {os.geteuid()})"
