"""Postcodes as people write them down for an area: "1000-1299, 15*, 3000, L-1*".

Pure: no database. What is typed is kept as text; `parse` judges it, `covers` answers from it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from callout.kernel.checks import Wrong

MOST = 300
# The letters of a country before the digits (L-1911, B-1000) say nothing about where.
_COUNTRY = re.compile(r"[A-Z]{1,2}-(?=[0-9])")
_RANGE = re.compile(r"([0-9]{2,10})-([0-9]{2,10})")
_PREFIX = re.compile(r"(?=[A-Z0-9 ]*[0-9])([A-Z0-9][A-Z0-9 ]{0,9})\*")
_DIGITS = re.compile(r"[0-9]{3,10}")
# With letters: 1012 AB, SW1A 1AA. Two numbers with a blank between are two that miss their comma.
_LETTERS = re.compile(r"(?=.*[A-Z])(?=.*[0-9])[A-Z0-9]{2,7}(?: [A-Z0-9]{2,4})?")


@dataclass(frozen=True, slots=True)
class Rule:
    """One part of the list: postcodes that begin with `start`, or whose number lies in `span`, or
    (`whole`) the one postcode."""

    start: str = ""
    span: tuple[int, int] | None = None
    digits: int = 0
    whole: str = ""

    def covers(self, plain: str) -> bool:
        """Whether this part holds a postcode written without blanks and country."""
        if self.start:
            return plain.startswith(self.start)
        if self.span is None:
            return plain == self.whole
        number = re.match(r"[0-9]+", plain)
        # As many digits: 150 is no part of 1000-1999, nor is the French 15000.
        if number is None or len(number[0]) != self.digits:
            return False
        return self.span[0] <= int(number[0]) <= self.span[1]


def parse(text: str) -> list[Rule]:
    """The parts of a list. Wrong says which of them cannot be, and how to write it."""
    parts = [part.strip() for part in re.split(r"[,;\n]", text.upper())]
    parts = [part for part in parts if part]
    if not parts:
        raise Wrong(_("Type postcodes, like 1000-1299, 15*, 3000."))
    if len(parts) > MOST:
        raise Wrong(
            _("At most %(most)d postcodes and ranges, these are too many.") % {"most": MOST}
        )
    return [_rule(part) for part in parts]


def covers(text: str, postcode: str) -> bool:
    """Whether the area's list holds this postcode, however either is spelt; none is in no area."""
    plain = _plain(postcode.upper())
    return bool(plain) and any(rule.covers(plain) for rule in _kept(text))


@lru_cache(maxsize=256)
def _kept(text: str) -> tuple[Rule, ...]:
    return tuple(parse(text))


def _rule(part: str) -> Rule:
    written = re.sub(r"\s*[-–]\s*", "-", re.sub(r"\s+", " ", part))
    bare = _COUNTRY.sub("", written)
    for form, made in _FORMS:
        if found := form.fullmatch(bare):
            return made(found)
    words = _("“%(part)s” is no postcode. Write 3000, a range like 1000-1299, or a beginning: 15*.")
    if re.fullmatch(r"[A-Z0-9]+(?: [A-Z0-9]+)+", written):
        words = _("Put a comma between the postcodes: “%(part)s”.")
    raise Wrong(words % {"part": part[:40]})


def _range(found: "re.Match[str]") -> Rule:
    low, high = found[1], found[2]
    shown = {"part": found[0]}
    if len(low) != len(high):
        raise Wrong(_("%(part)s: both ends need as many digits.") % shown)
    if int(low) > int(high):
        raise Wrong(_("%(part)s: the second is before the first.") % shown)
    return Rule(span=(int(low), int(high)), digits=len(low))


def _number(found: "re.Match[str]") -> Rule:
    return Rule(span=(int(found[0]), int(found[0])), digits=len(found[0]))


_FORMS: list[tuple["re.Pattern[str]", Callable[["re.Match[str]"], Rule]]] = [
    (_RANGE, _range),
    (_DIGITS, _number),
    (_PREFIX, lambda found: Rule(start=_plain(found[1]))),
    (_LETTERS, lambda found: Rule(whole=_plain(found[0]))),
]


def _plain(postcode: str) -> str:
    return re.sub(r"[\s-]", "", _COUNTRY.sub("", postcode.strip(), count=1))
