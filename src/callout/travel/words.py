"""What a screen says of travel."""

from django.conf import settings
from django.utils.translation import gettext as _


def estimate_words() -> str:
    """How a drive is estimated."""
    given = {"detour": f"{settings.TRAVEL_DETOUR:.2g}", "kmh": settings.TRAVEL_KMH}
    return _("Travel is an estimate: straight line × %(detour)s at %(kmh)s km/h") % given
