"""Text as people compare it: without accents, case or double spaces."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
# What is drawn as nothing although Unicode calls it a letter or a symbol.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# They say which way to read until another one ends it: one left open turns round what stands behind
# it, which somebody else has written. Telephones put them around a number that is copied.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Letters that Unicode does not decompose, as Belgian, Dutch, French and German readers sort them.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "’": "'"})


def normalise(text: str) -> str:
    """`text` lowered, unaccented and single-spaced: what search and name sorting compare."""
    if text.isascii():
        return " ".join(text.lower().split())
    # Decomposed before it is lowered too: a mathematical bold A becomes a capital only then.
    lowered = unicodedata.normalize("NFKD", text).lower().translate(_LETTERS)
    decomposed = unicodedata.normalize("NFKD", lowered)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _SPACES.sub(" ", plain).strip()


def first_drawn(text: str) -> str:
    """The first character that is drawn, as its plain form; "" if there is none."""
    for character in text:
        # A sign is drawn also where its plain form begins with a blank.
        for plain in unicodedata.normalize("NFKC", character):
            if unicodedata.category(plain)[0] not in "ZCM" and plain not in _BLANK:
                return plain
    return ""


def unturned(text: str) -> str:
    """`text` without what turns the direction of reading. The marks of single letters stay."""
    return text if text.isascii() else _TURNS.sub("", text)


def initials(name: str) -> str:
    """Two letters for an avatar, of the first two words: Yassine El Amrani is YE."""
    words = [word for word in re.split(r"[\s\-]+", name) if word[:1].isalnum()]
    return "".join(word[0] for word in words[:2]).upper()
