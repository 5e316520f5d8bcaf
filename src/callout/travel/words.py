"""What a screen says of travel."""

from django.conf import settings
from django.utils.translation import gettext as _


def estimate_words() -> str:
    """How a drive is estimated."""
    given = {"detour": f"{settings.TRAVEL_DETOUR:.2g}", "kmh": settings.TRAVEL_KMH}
    return _("Travel is an estimate: straight line × %(detour)s at %(kmh)s km/h") % given


def unanswered_words(why: str) -> str:
    """The same where a routing server is set and has not answered."""
    given = {"why": why, "estimate": estimate_words()}
    return _("%(estimate)s. The routing server gave no times: %(why)s.") % given


def no_road_words() -> str:
    """The same where it knows no road between some of the places."""
    given = {"estimate": estimate_words()}
    return _("%(estimate)s, where the routing server knows no road.") % given
