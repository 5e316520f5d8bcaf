"""Text as people compare it: without accents, case or double spaces."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
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


def initials(name: str) -> str:
    """Two letters for an avatar, of the first two words: Yassine El Amrani is YE."""
    words = [word for word in re.split(r"[\s\-]+", name) if word[:1].isalnum()]
    return "".join(word[0] for word in words[:2]).upper()
