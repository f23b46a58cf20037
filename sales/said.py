"""Fixed words that are stored as they stand here, and shown in their reader's language."""

from dealership.language import later

SAID = (
    # Why an arrival could not be read.
    later("It is larger than 1 MB, which no lead is. The first 1 MB is kept here."),
    later("It is larger than 1 MB, which no lead is."),
    later("It is ADF, and holds no prospect."),
    later("It names nobody who could be reached: no phone and no e-mail."),
    later("It is empty."),
    later("There is no ADF in it."),
    later("It breaks off before it says who asked for what."),
    later(
        "It declares entities or another document type of its own, which no lead needs and attackers use. "
        "Nothing in it was expanded or fetched."
    ),
    # What was put right before it could be read.
    later("The same lead stood in the mail twice and is read once."),
    later("It is no ADF: its labelled lines were read as a lead."),
    later("The ADF holds no prospect."),
    later("The mail has too many parts and was read as it stands."),
    later("The mail is nested too deep and was read as it stands."),
    later("The text was still quoted-printable."),
    later("The text was still written as a JSON string."),
    later("The ADF was written into a page: its markup was escaped."),
    later("The ADF was sent in the encoding of a web form."),
    later("The ADF stood in a quoted mail."),
    later("A document type was passed over."),
    later("The lines before the ADF were out of order or in capitals."),
    later("Text before the ADF was passed over."),
    later("Text after the ADF was passed over."),
    later("Characters were escaped twice."),
    later("Letters were encoded twice."),
    later("The <adf> around the prospect was missing."),
    later("The <prospect> around the lead was missing."),
    later("Parts of the lead stood outside its <prospect>."),
    later("The <customer> around the contact was missing."),
    later("The time at which the message came stands for the request date."),
    later("The request date lies after the day on which the message came."),
    later("The request date was in seconds since 1970."),
    later("The vehicle was read from the labelled lines of the comments."),
    later("A CDATA section was never closed."),
    later("A comment was never closed."),
    later("A processing instruction was never closed."),
    later("A bare “&” was read as the character."),
    later("The closing tags at the end were missing."),
    later("The text was UTF-16 without a mark that says so."),
    later("The text was not in the encoding it named, and was read as Western European."),
    later("Control characters were removed."),
    # How a lead that a person noted came.
    later("Phone"),
    later("Walk-in"),
    later("Other"),
    later("Mail"),
    later("Web form"),
    # A deal whose car nobody has named, and how one ended.
    later("a car"),
    later("the DMS says so"),
)
