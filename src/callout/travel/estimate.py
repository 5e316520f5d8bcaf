"""The estimate: straight line times a detour, at one speed. Said on screen to be one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

EARTH_KM = 6371.0088  # mean radius (IUGG)


@dataclass(frozen=True, slots=True)
class Place:
    """A position in degrees, WGS 84."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Leg:
    """A drive: whole minutes (rounded up), kilometres, and whether it is only an estimate."""

    minutes: int
    kilometres: float
    is_estimate: bool = True


def place(latitude: float | None, longitude: float | None) -> Place | None:
    """The place of a row's coordinates; None where it has none."""
    return None if latitude is None or longitude is None else Place(latitude, longitude)


def straight_km(a: Place, b: Place) -> float:
    """Great-circle distance by the haversine formula, in kilometres."""
    lat_a, lat_b = math.radians(a.latitude), math.radians(b.latitude)
    half = math.sin((lat_b - lat_a) / 2) ** 2
    turn = math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    rest = math.cos(lat_a) * math.cos(lat_b) * turn
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half + rest)))


def travel_estimate(a: Place, b: Place) -> Leg:
    """The drive from `a` to `b` by the settings TRAVEL_DETOUR (1.3) and TRAVEL_KMH (50)."""
    return _estimate(a, b, settings.TRAVEL_DETOUR, settings.TRAVEL_KMH)


@lru_cache(maxsize=16_384)  # a board asks for the same thousand drives every few seconds
def _estimate(a: Place, b: Place, detour: float, kmh: float) -> Leg:
    kilometres = straight_km(a, b) * detour
    # A hundredth of a minute is noise of the formula, not a reason to round a minute up.
    minutes = math.ceil(kilometres / kmh * 60 - 0.01)
    return Leg(max(0, minutes), round(kilometres, 1))


def travel_matrix(origins: Sequence[Place], targets: Sequence[Place]) -> list[list[Leg]]:
    """All drives from each origin (row) to each target (column)."""
    return [[travel_estimate(origin, target) for target in targets] for origin in origins]
