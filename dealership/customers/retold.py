"""What is kept of customers in English (why a phone is not used, why two may be one), in the reader's language."""

from __future__ import annotations

from dealership.language import later
from dealership.retold import Retold

retold = Retold(
    later("shared with %(name)s"),
    later("given up"),
    later("replaced"),
    later("taken back"),
    later("wrong number"),
    later("not a phone number"),
    later("cannot take texts"),
    later("blocks our texts"),
    later("not in service"),
    later("landline"),
    later("One source named the phone or e-mail of both"),
)
