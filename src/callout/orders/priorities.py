"""What the four priorities are called: as the company named them, or, where it never did, in the
reader's own words. Whatever writes a priority asks here.

Read for every list, renamed once a year: kept per process, dropped at once when this process
renames one, and read again after a few seconds for what another process did (see
`accounts.company`). Who reads data rather than a screen (API, webhooks, backup) gets the name as it
is kept.
"""

import time
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from callout.orders.models import Priority

TTL = 5.0  # seconds

OWN: dict[str, Promise] = {
    "low": gettext_lazy("Low"),
    "normal": gettext_lazy("Normal"),
    "high": gettext_lazy("High"),
    "urgent": gettext_lazy("Urgent"),
}
# What a new company's are called in the database: nobody chose these words.
UNNAMED = {"low": "Low", "normal": "Normal", "high": "High", "urgent": "Urgent"}

_kept: tuple[float, Mapping[str, str]] | None = None


def priority_labels() -> dict[str, str]:
    """By code, the lowest first, in words for the reader of now. Ask once for many rows."""
    names = _names()
    return {code: names.get(code) or str(own) for code, own in OWN.items()}


def priority_label(code: str) -> str:
    """What one is called."""
    return _names().get(code) or str(OWN[code])


def _names() -> Mapping[str, str]:
    """What the company named itself."""
    kept = _kept  # another thread may drop it at any moment
    if kept is not None and time.monotonic() - kept[0] <= TTL:
        return kept[1]
    rows = Priority.objects.values_list("code", "label")
    names = {code: label for code, label in rows if label != UNNAMED[code]}
    keep(names)
    return names


def keep(names: Mapping[str, str]) -> None:
    """These are all that the company named, as of now."""
    global _kept
    _kept = (time.monotonic(), names)


def forget() -> None:
    """Read the names again at the next question."""
    global _kept
    _kept = None
