"""What a text that was typed looks for: a number, a telephone, or words."""

import re
from typing import Any

from django.utils.translation import gettext as _

from callout.kernel.errors import Invalid
from callout.kernel.prepared import pattern
from callout.kernel.text import normalise
from callout.orders.numbers import number_in

NUMBER_DIGITS = 8  # a longer run of digits is a phone or a serial number
SHORTEST_WORD = 3  # a trigram
MOST_WORDS = 8


def text_shape(typed: str) -> int:
    """The order of that number, else those in which every word stands.

    Invalid when no word is long enough to look up without reading everything.
    """
    if number_typed(typed) is not None:
        return -1
    words = words_typed(typed)
    if not words:
        raise Invalid({"q": [_("Type three letters or more, or an order number.")]})
    return len(words)


def text_values(typed: str) -> dict[str, Any]:
    """What the conditions of that shape compare with."""
    words = words_typed(typed)
    return {
        "number": number_typed(typed),
        **{f"word{index}": pattern(word) for index, word in enumerate(words)},
    }


def number_typed(typed: str) -> int | None:
    """The number that the text means: digits are a number unless they are too many for one."""
    digits = typed.strip().lstrip("0")
    if (digits.isdigit() and len(digits) > NUMBER_DIGITS) or typed.strip().startswith("00"):
        return None
    return number_in(typed)


def words_typed(typed: str) -> list[str]:
    """The words to look for, longest first; a phone number as it stands in the column."""
    phone = phone_typed(typed)
    if phone:
        return [phone]
    words = {word for word in normalise(typed).split(" ") if len(word) >= SHORTEST_WORD}
    return sorted(words, key=lambda word: (-len(word), word))[:MOST_WORDS]


def phone_typed(typed: str) -> str:
    """The digits that end a telephone number however it was typed; "" if it is none."""
    if not re.fullmatch(r"[+0][\d\s./()-]{6,24}", typed.strip()):
        return ""
    digits = re.sub(r"\D", "", typed)
    return digits.lstrip("0") if len(digits) >= 8 else ""
