"""The estimate: straight line times a detour, at one speed. Said on screen to be one. Pure."""

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from django.conf import settings

EARTH_KM = 6371.0088  # mean radius (IUGG)
NOISE = 0.01  # a hundredth of a minute is noise of the formula, not a reason to round a minute up


@dataclass(frozen=True, slots=True)
class Pace:
    """How one drives: so much longer than the straight line, so fast."""

    detour: float
    kmh: float


@dataclass(frozen=True, slots=True)
class Place:
    """A position in degrees, WGS 84. `pace` is how one drives from here, if not as everywhere:
    there and back may take differently long, between a town and the land around it. `book` is where
    drives stand that are known (`book.py`)."""

    latitude: float
    longitude: float
    pace: Pace | None = None
    book: "Known | None" = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Leg:
    """A drive: whole minutes (rounded up), kilometres, and whether it is only an estimate."""

    minutes: int
    kilometres: float
    is_estimate: bool = True


class Known(Protocol):
    """Who knows some drives."""

    def leg(self, a: Place, b: Place) -> Leg | None:
        """The drive, if it is known."""


def place(
    latitude: float | None,
    longitude: float | None,
    pace: Pace | None = None,
    book: Known | None = None,
) -> Place | None:
    """The place of a row's coordinates; None where it has none. See `areas.place_at`."""
    return None if latitude is None or longitude is None else Place(latitude, longitude, pace, book)


def straight_km(a: Place, b: Place) -> float:
    """Great-circle distance by the haversine formula, in kilometres."""
    lat_a, lat_b = math.radians(a.latitude), math.radians(b.latitude)
    half = math.sin((lat_b - lat_a) / 2) ** 2
    turn = math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    rest = math.cos(lat_a) * math.cos(lat_b) * turn
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half + rest)))


def pace_everywhere() -> Pace:
    """The settings TRAVEL_DETOUR (1.3) and TRAVEL_KMH (50)."""
    return Pace(settings.TRAVEL_DETOUR, settings.TRAVEL_KMH)


def travel_leg(a: Place, b: Place) -> Leg:
    """The drive from `a` to `b` as it is known there, else estimated."""
    return (a.book and a.book.leg(a, b)) or travel_estimate(a, b)


def travel_estimate(a: Place, b: Place) -> Leg:
    """The drive from `a` to `b` by the pace of where it begins. Many at once: `travel_table`."""
    pace = a.pace or pace_everywhere()
    return _estimate(a.latitude, a.longitude, b.latitude, b.longitude, pace)


@lru_cache(maxsize=16_384)  # a board asks for the same thousand drives every few seconds
def _estimate(lat_a: float, lng_a: float, lat_b: float, lng_b: float, pace: Pace) -> Leg:
    kilometres = straight_km(Place(lat_a, lng_a), Place(lat_b, lng_b)) * pace.detour
    minutes = math.ceil(kilometres / pace.kmh * 60 - NOISE)
    return Leg(max(0, minutes), round(kilometres, 1))
