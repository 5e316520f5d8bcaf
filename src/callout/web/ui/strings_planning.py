"""Words of the planning screen's scripts; only its page carries them (see strings.py)."""

from django.utils.translation import gettext as _

from callout.web.ui.strings_board import board_texts
from callout.web.ui.strings_pile import pile_texts


def planning_texts() -> dict[str, str]:
    """Every text of frontend/src/planning, by its key."""
    return {
        "planning.title": _("Planning"),
        **board_texts(),
        **pile_texts(),
    }
