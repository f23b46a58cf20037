"""One plain spelling for every way a phone can write the same words.

`fold()` gives lower-case ASCII where the text is Latin: no accents, no invisible characters, look-alike letters of other
alphabets put back, emoji as words. Apostrophes inside words are dropped ("don't" -> "dont", "o'clock" -> "oclock").
"""

import re
import unicodedata


def listed(words: str) -> list[str]:
    """A list of words written as one string, the way the lexicons of this package are kept."""
    return words.split()


LONGEST = 2_000
"""Characters that are read; a carrier delivers at most 1,600."""

YES_EMOJI = "👍👌✅✔☑💯🆗🫡"
NO_EMOJI = "👎❌🚫❎"
STOP_EMOJI = "🛑⛔✋🖐🤚"
THANKS_EMOJI = "🙏"
WRY_EMOJI = "🙄😒😡🤬😤🤔😂🤣😅😏🤷🤦😬😕🙃🤨😑😐😠😢😭🥺😞😩😫"
NEUTRAL_EMOJI = "😊🙂😀😃😄😁😉☺😍🥰❤💙💚💛🧡💜🖤♥🎉🥳😎🤗👋🤝✨⭐🌟🚗🚙🔧🛞🏍🙌👏🤘✌💪♂♀"

_EMOJI = (
    {ord(c): " emojiyes " for c in YES_EMOJI}
    | {ord(c): " emojino " for c in NO_EMOJI}
    | {ord(c): " emojistop " for c in STOP_EMOJI}
    | {ord(c): " emojithanks " for c in THANKS_EMOJI}
    | {ord(c): " emojiwry " for c in WRY_EMOJI}
    | {ord(c): " " for c in NEUTRAL_EMOJI}
    | dict.fromkeys(range(127995, 128000), "")
)
_BOXED = {0x1F150 + i: chr(97 + i) for i in range(26)} | {0x1F170 + i: chr(97 + i) for i in range(26)}
_FLAGS = {0x1F1E6 + i: chr(97 + i) for i in range(26)}
_PUNCTUATION = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ`´′ʹ＇", "'"),
        **dict.fromkeys("“”„«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("¿¡", " "),
        **dict.fromkeys("\u2800\u115f\u1160\u3164\uffa0", " "),
        "⁄": "/",
        "ø": "o",
        "ł": "l",
        "ı": "i",
        "đ": "d",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
    }
)
_LOOK_ALIKE = str.maketrans(
    {
        pair[0]: pair[1]
        for pair in listed(
            "аa вb еe кk мm нh оo рp сc тt уy хx ѕs іi јj һh ԁd ԛq ԝw ѵv ӏl ьb ғf ўy "
            "αa βb εe ζz ηh ιi κk μm νn οo ρp τt υu χx ωw ϲc օo սu ոn հh "
            "ꜱs ᴛt ᴏo ᴘp ᴀa ᴄc ᴅd ᴇe ɪi ʟl ɴn ǫq ʀr ᴜu ʙb ɢg ʜh ᴊj ᴋk ᴍm ᴠv ᴡw ᴢz ʏy"
        )
    }
)
_SIGNATURE = re.compile(
    r"\n\s*(?:sent from my|get outlook for|sent via|enviado desde mi)[^\n]*", re.IGNORECASE
)
_INNER_APOSTROPHE = re.compile(r"(?<=[a-z])'\s?(?=[a-z]{1,5}\b)|(?<=\bo)\s?[\"']\s?(?=clock\b)")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")


def _without_look_alikes(text: str) -> str:
    """Words of look-alike letters as Latin; a text with words that really are Cyrillic or Greek stays itself."""
    found = [w for w in re.findall(r"[^\W\d_]+", text) if not w.isascii()]
    if found and all(w.translate(_LOOK_ALIKE).isascii() for w in found):
        return text.translate(_LOOK_ALIKE)
    return text


def fold(text: str) -> str:
    """`text` in its plain spelling, single spaces, at most `LONGEST` characters read. Never raises."""
    cut = _SIGNATURE.sub("", text[:LONGEST])
    shown = cut.translate(_BOXED)
    if any(ord(c) in _FLAGS for c in shown):
        shown = shown.translate(_FLAGS)
    shown = unicodedata.normalize("NFKC", shown.translate(_EMOJI).translate(_PUNCTUATION))
    kept = []
    for char in unicodedata.normalize("NFD", shown.casefold()):
        category = unicodedata.category(char)
        if category in ("Mn", "Me", "Cf", "Cs", "Co", "Cn"):
            continue
        if category == "So":
            kept.append(" emoji ")
        elif category in ("Cc", "Zs", "Zl", "Zp"):
            kept.append("\n" if char == "\n" else " ")
        else:
            kept.append(char)
    plain = unicodedata.normalize("NFC", "".join(kept)).translate(_PUNCTUATION)
    plain = _without_look_alikes(plain)
    plain = _INNER_APOSTROPHE.sub("", plain)
    plain = _STRETCHED.sub(r"\1", plain)
    return re.sub(r"\s+", " ", plain).strip()[:LONGEST]


def words(folded: str) -> list[str]:
    """The words and numbers of a folded text, in order, without punctuation."""
    return re.findall(r"[^\W_]+", folded)


def blank(folded: str, spans: tuple[tuple[int, int], ...]) -> str:
    """`folded` with the characters of `spans` replaced by spaces."""
    chars = list(folded)
    for start, end in spans:
        chars[start:end] = " " * (end - start)
    return "".join(chars)
