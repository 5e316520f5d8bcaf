"""Places with the pace of their area."""

from collections.abc import Iterable
from functools import lru_cache

from callout.customers.paces import AreaPace, paces_all, paces_among, paces_at
from callout.travel.book import book_now
from callout.travel.estimate import Pace, Place, pace_everywhere, place


def place_at(latitude: float | None, longitude: float | None, postcode: str) -> Place | None:
    """The place of a row with an address; None where it has no coordinates."""
    return place(latitude, longitude, pace_at(postcode), book_now())


def pace_at(postcode: str) -> Pace | None:
    """How one drives from there, where an area says so: of several the slowest, since who comes
    early may wait."""
    return _slowest(paces_at(postcode), pace_everywhere())


class Paces:
    """How one drives, everywhere and where areas say so. The same object for the same facts: what
    is kept by it need not be kept by all of them. `paces_now` makes it."""

    __slots__ = ("areas", "usual")

    def __init__(self, areas: tuple[AreaPace, ...], usual: Pace) -> None:
        self.areas, self.usual = areas, usual

    def place(self, latitude: float | None, longitude: float | None, postcode: str) -> Place | None:
        """As `place_at`, without a book."""
        pace = _slowest(paces_among(self.areas, postcode), self.usual)
        return place(latitude, longitude, pace)


def paces_now() -> Paces:
    """As areas and settings stand."""
    return _paces(tuple(paces_all()), pace_everywhere())


_paces = lru_cache(maxsize=4)(Paces)


def _slowest(areas: Iterable[AreaPace], usual: Pace) -> Pace | None:
    said = [
        Pace((one.detour_percent or 0) / 100 or usual.detour, one.kmh or usual.kmh) for one in areas
    ]
    return max(said, key=lambda pace: (pace.detour / pace.kmh, pace.detour), default=None)
