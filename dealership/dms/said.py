"""What stands beside files and rows, for whoever reads it: stored in English (the readers are pure), said in their language.

Sentences of the readers, of the departments that apply rows, and of this package. What is not here is shown as it was stored.
"""

from __future__ import annotations

from django.utils.translation import pgettext

from dealership.language import later
from dealership.retold import Retold

_told = Retold(
    # files as a whole
    later("The file is empty."),
    later("Neither its header nor its name says what it is: send it as the DMS made it."),
    later("It is a file of the kind %(kind)s, and this store has no such feed (it has none yet)."),
    later("It is a file of the kind %(kind)s, and this store has no such feed (it has %(feeds)s)."),
    later("The file has %(n)s bytes; at most %(most)s are taken in."),
    later("Split it by date."), later("Split it by date and send the pieces."),
    later("The file has %(n)s bytes; at most %(most)s are read: split it by date and send the pieces."),
    later("The file is a zip archive, not text: unpack it and send the text file inside."),
    later("The file is a gzip archive, not text: unpack it and send the text file inside."),
    later("The file is a PDF, not text: unpack it and send the text file inside."),
    later("The header row has %(n)s characters: this is not a table of text."),
    later("The header row has %(n)s columns; at most %(most)s are read."),
    later("The header has no column '%(column)s', the key of a %(kind)s file."),
    later("The header is that of a %(other)s file, not of %(kind)s: read it as %(again)s."),
    later("It has a column for what is never kept (%(columns)s): only its headings are here."),
    later("Take the column out of the export, and send the file again."),
    later("Its name says %(when)s, which lies ahead; it counts as made when it came."),
    later("The name %(name)s says %(other)s, and the file is read as %(kind)s."),
    later("The file is not UTF-8 throughout; the lines that are not were read as Windows-1252."),
    later("The header has the column “%(column)s” more than once: the first is read, all are kept."),
    later("%(n)s rows were left out because a later line has the same number."),
    later("The file lacks columns that it usually has: %(columns)s."),
    later("The reader failed on this file. Whoever runs Kept finds the reason in the log."),
    # held files
    later(
        "Held: %(n)s of %(of)s open repair orders would change as they hardly ever do "
        "(%(voided)s voided, %(other)s with another car, %(gone)s gone)."
    ),
    later(
        "It was held: %(n)s of %(of)s open repair orders would change as they hardly ever do "
        "(%(voided)s voided, %(other)s with another car, %(gone)s gone)."
    ),
    later("Look at it, then apply or refuse it."),
    later("%(name)s looked at it and let it through."),
    later("%(name)s refused it."),
    # rows that are parked
    later("The row has %(n)s values for %(columns)s columns: a tab inside a text has shifted the rest."),
    later("The row has more than %(n)s characters."),
    later("The row stops after %(n)s of %(columns)s values: it was cut off, or a line break splits it."),
    later("The row has no appointment date."),
    later("The row has no %(column)s."),
    later("The %(column)s cannot be a number that people use: “%(shown)s”."),
    later("%(column)s has %(n)s groups, more than any repair order has."),
    later("RO Status “%(code)s” is a code of this store: say below what it means."),
    later("Deal Status “%(code)s” is a code of this store: say below what it means."),
    later("It could not be applied (%(error)s)."),
    later("It never came back: each time it was tried, its worker ended."),
    later("Mend it in the DMS, or set it aside."),
    later("This is no repair order."), later("This is no deal."), later("This is no appointment."),
    later("An RO number has at most %(n)s characters."),
    later("A deal number has at most %(n)s characters."),
    later("This is no part number: mend it in the DMS, or set it aside."),
    later("It names no customer."),
    later("It names no customer: complete it in the DMS, or set it aside."),
    later("It has a day and no hour: give it one in the DMS, or set it aside."),
    # what people did about rows
    later("Tried again."), later("Taken back."), later("The whole file was refused."),
    later("“%(code)s” means open."), later("“%(code)s” means closed."), later("“%(code)s” means voided."),
    later("“%(code)s” means at the desk."), later("“%(code)s” means agreed."), later("“%(code)s” means contracted."),
    later("“%(code)s” means delivered."), later("“%(code)s” means lost."), later("“%(code)s” means unwound."),
    # remarks on values of a row that was read
    later("put together from %(n)s lines: a line break inside a text"),
    later("ends after %(n)s of %(columns)s values"),
    later("closed on %(closed)s, before it was opened on %(opened)s"),
    later("status %(status)s says open, but there is a close date"),
    later("part %(part)s names line %(line)s, which is not there"),
    later("part %(part)s has no operation line"),
    later("the appointment has a day and no hour"),
    later("the car was delivered on %(date)s, before the deal was entered: that was another sale"),
    later("%(column)s “%(shown)s”: %(why)s."),
    later("%(column)s “%(shown)s”: %(why)s"),
    # what is wrong with a value
    later("not a time of day"), later("an hour after 12 cannot be AM"), later("there is no such time of day"),
    later("more hours than anybody works"), later("not a whole number"), later("neither yes nor no"),
    later("not a length of time"), later("not a date"), later("the year %(year)s cannot be meant"),
    later("there is no such day in the calendar"), later("a date without a time of day"), later("not a number"),
    later("larger than any real amount"), later("more miles than a car runs"),
    later("much too long for a value of its kind"), later("a code this store has not explained yet"),
    later("neither cash, finance nor lease"), later("not a phone number"), later("not an e-mail address"),
    later("a filler for customers without an e-mail address"), later("neither individual nor business"),
    later("neither English nor Spanish"), later("neither new nor used"), later("not a model year"),
    later("check digit is %(is)s, computed %(computed)s (cars built for markets outside North America may differ)"),
    later("check digit is %(is)s, computed %(computed)s"),
    later("empty: there is no letter or digit"),
    later("length %(n)s: a VIN has %(length)s characters (vehicles built before 1981 have shorter numbers)"),
    later("length %(n)s: a VIN has %(length)s characters"),
    later("only zeros: a filler, not a VIN"),
    later("forbidden character %(sign)s: a VIN has no I, O or Q"),
    later("forbidden character %(sign)s"),
    gaps={"code": ".+?", "column": r"[^;:“]+?", "shown": r"[^;]+?", "why": r"[^;]+?"},
)  # fmt: skip


def said(stored: str) -> str:
    """Sentences as their reader says them, and remarks between semicolons each for itself."""
    told = _told(stored)
    return "; ".join(map(_told, stored.split("; "))) if told == stored else told


def meanings_of(kind: str) -> dict[str, str]:
    """`mending.MEANINGS` of this kind of file, in the reader's language."""
    return {
        "SV": {
            "open": pgettext("status code", "Open"),
            "closed": pgettext("status code", "Closed"),
            "voided": pgettext("status code", "Voided"),
        },
        "SL": {
            "written": pgettext("status code", "At the desk"),
            "agreed": pgettext("status code", "Agreed"),
            "contracted": pgettext("status code", "Contracted"),
            "delivered": pgettext("status code", "Delivered"),
            "lost": pgettext("status code", "Lost"),
            "unwound": pgettext("status code", "Unwound"),
        },
    }.get(kind, {})


def codes() -> dict[str, str]:
    """What codes mean, as they are listed: by the meaning's own name."""
    return {
        "open": pgettext("status code", "open"),
        "closed": pgettext("status code", "closed"),
        "voided": pgettext("status code", "voided"),
        "written": pgettext("status code", "written"),
        "agreed": pgettext("status code", "agreed"),
        "contracted": pgettext("status code", "contracted"),
        "delivered": pgettext("status code", "delivered"),
        "lost": pgettext("status code", "lost"),
        "unwound": pgettext("status code", "unwound"),
    }
