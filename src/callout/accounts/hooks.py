"""Where the rooms above put what only they know. Registered once, in their app's `ready`.

`zone_guards`: `(old, new) -> words or None`, asked before the company's time zone changes; words
are what would be shown at other hours from then on.
"""

from collections.abc import Callable
from zoneinfo import ZoneInfo

ZoneGuard = Callable[[ZoneInfo, ZoneInfo], str | None]

zone_guards: list[ZoneGuard] = []


def zone_words(old: str, new: str) -> list[str]:
    """What speaks against another time zone."""
    asked = (guard(ZoneInfo(old), ZoneInfo(new)) for guard in zone_guards)
    return [words for words in asked if words]
