"""The columns of the list: which there are, which are shown where nobody chose, and their names.

The number is always there. What stands in the cells is made by selectors/rows.py and, for a file,
by selectors/export.py.
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

COLUMNS: dict[str, Promise] = {
    "customer": gettext_lazy("Customer, town"),
    "site": gettext_lazy("Address"),
    "title": gettext_lazy("What is wrong"),
    "asset": gettext_lazy("Asset"),
    "type": gettext_lazy("Type"),
    "flags": gettext_lazy("Flags"),
    "status": gettext_lazy("Status, due"),
    "slot": gettext_lazy("Slot"),
    "technician": gettext_lazy("Technician"),
    "received": gettext_lazy("Received"),
    "due": gettext_lazy("Answer by"),
    "closed": pgettext_lazy("an order", "Ended"),
    "duration": gettext_lazy("Duration"),
    "reference": gettext_lazy("Their reference"),
}
USUAL = ("customer", "title", "type", "flags", "status", "slot", "technician")
# What no row of the usual list needs, and is therefore read with a join and some bytes more.
FURTHER = frozenset({"site", "asset", "received", "due", "closed", "duration", "reference"})


def columns_read(given: str) -> tuple[str, ...]:
    """Those named, in the order in which they are; the usual ones where nothing that is known is
    named."""
    return _known(given[:400].split(",")) or USUAL


def columns_written(columns: Iterable[str]) -> str:
    """As an address and a row of the database have them; "" for the usual ones."""
    chosen = _known(columns)
    return "" if chosen in {USUAL, ()} else ",".join(chosen)


def _known(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(names) if name in COLUMNS)


def columns_are_wide(columns: Iterable[str]) -> bool:
    """Whether they take more room than the usual ones, and the list is therefore pushed aside."""
    return bool(FURTHER & set(columns))
