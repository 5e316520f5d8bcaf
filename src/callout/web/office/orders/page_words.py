"""The fixed words of an order's page: each said and escaped once for a language, not for a page."""

from collections.abc import Mapping
from functools import lru_cache
from html import escape

from django.utils.translation import get_language, gettext, gettext_noop

TEXTS = (
    gettext_noop("Access"),
    gettext_noop("Access code"),
    gettext_noop("All interventions"),
    gettext_noop("Also covers"),
    gettext_noop("Around it"),
    gettext_noop("Asset"),
    gettext_noop("Assets"),
    gettext_noop("Change…"),
    gettext_noop("Covers"),
    gettext_noop("Current visit"),
    gettext_noop("Description"),
    gettext_noop("Directions"),
    gettext_noop("Edit"),
    gettext_noop("Files"),
    gettext_noop("Intake"),
    gettext_noop("Journal"),
    gettext_noop("Keys"),
    gettext_noop("Last visit"),
    gettext_noop("Location"),
    gettext_noop("More actions"),
    gettext_noop("No intervention before this one."),
    gettext_noop("Nobody is planned for this order yet."),
    gettext_noop("Notes"),
    gettext_noop("Open"),
    gettext_noop("Other visits"),
    gettext_noop("Parking"),
    gettext_noop("Past at this site"),
    gettext_noop("Position %(position)s"),
    gettext_noop("Promise anew…"),
    gettext_noop("Record"),
    gettext_noop("Show"),
    gettext_noop("Show on the board"),
    gettext_noop(
        "The slot lies outside what was promised to the customer. Call, promise anew, or keep it."
    ),
    gettext_noop("Time"),
    gettext_noop("To plan"),
    gettext_noop("What this follows"),
    gettext_noop("actual"),
    gettext_noop("follow-up"),
    gettext_noop("grid: 1 km"),
    gettext_noop("installed %(year)s"),
    gettext_noop("kept; the technician on the visit can see it"),
    gettext_noop("open here"),
    gettext_noop("serial"),
)


def words() -> Mapping[str, str]:
    """Each text as the reader's language has it, ready for the page."""
    return _words(get_language() or "")


@lru_cache(maxsize=32)
def _words(_language: str) -> Mapping[str, str]:
    return {text: escape(gettext(text)) for text in TEXTS}
