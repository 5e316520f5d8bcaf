"""Places with the pace of their area."""

from callout.customers.paces import paces_at
from callout.travel.book import book_now
from callout.travel.estimate import Pace, Place, pace_everywhere, place


def place_at(latitude: float | None, longitude: float | None, postcode: str) -> Place | None:
    """The place of a row with an address; None where it has no coordinates."""
    return place(latitude, longitude, pace_at(postcode), book_now())


def pace_at(postcode: str) -> Pace | None:
    """How one drives from there, where an area says so: of several the slowest, since who comes
    early may wait."""
    areas = paces_at(postcode)
    if not areas:
        return None
    usual = pace_everywhere()
    said = [
        Pace((one.detour_percent or 0) / 100 or usual.detour, one.kmh or usual.kmh) for one in areas
    ]
    return max(said, key=lambda pace: (pace.detour / pace.kmh, pace.detour))
