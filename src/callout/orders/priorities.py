"""What the four priorities are called: as the company named them, or, where it never did, in the
reader's own words. Whatever writes a priority asks here.

Who reads data rather than a screen (API, webhooks, backup) gets the name as it stands in its row.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from callout.kernel.kept import Kept
from callout.orders.models import Priority

OWN: dict[str, Promise] = {
    "low": gettext_lazy("Low"),
    "normal": gettext_lazy("Normal"),
    "high": gettext_lazy("High"),
    "urgent": gettext_lazy("Urgent"),
}
# What a new company's are called in the database: nobody chose these words.
UNNAMED = {"low": "Low", "normal": "Normal", "high": "High", "urgent": "Urgent"}


def priority_labels() -> dict[str, str]:
    """By code, the lowest first, in words for the reader of now. Ask once for many rows."""
    names = KEPT.get()
    return {code: names.get(code) or str(own) for code, own in OWN.items()}


def priority_label(code: str) -> str:
    """What one is called."""
    return KEPT.get().get(code) or str(OWN[code])


def _named() -> Mapping[str, str]:
    """What the company named itself."""
    rows = Priority.objects.values_list("code", "label")
    return {code: label for code, label in rows if label != UNNAMED[code]}


KEPT = Kept(_named)
