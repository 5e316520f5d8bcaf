"""How one drives from a postcode, where an area says so. It is no secret: see `accounts.company`.

Read for every drive that is estimated, changed once a year: kept per process, dropped at once when
this process changes an area, and read again after a few seconds for what another process changed.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from callout.customers.models import Area
from callout.customers.postcodes import covers

TTL = 5.0  # seconds

_kept: "tuple[float, Sequence[AreaPace]] | None" = None


@dataclass(frozen=True, slots=True)
class AreaPace:
    """What an area says: None where it is as everywhere."""

    postcodes: str
    detour_percent: int | None
    kmh: int | None


def paces_at(postcode: str) -> list[AreaPace]:
    """What the areas that hold this postcode say; most hold none, or say nothing."""
    return paces_among(paces_all(), postcode)


def paces_among(paces: Iterable[AreaPace], postcode: str) -> list[AreaPace]:
    """The same among these."""
    return [one for one in paces if covers(one.postcodes, postcode)]


def paces_all() -> "Sequence[AreaPace]":
    """What all areas say."""
    kept = _kept  # another thread may drop it at any moment
    if kept is not None and time.monotonic() - kept[0] <= TTL:
        return kept[1]
    rows = Area.objects.filter(
        Q(detour_percent__isnull=False) | Q(kmh__isnull=False), archived_at=None
    )
    paces = [AreaPace(*one) for one in rows.values_list("postcodes", "detour_percent", "kmh")]
    keep(paces)
    return paces


def keep(paces: "Sequence[AreaPace]") -> None:
    """These are all there are, as of now."""
    global _kept
    _kept = (time.monotonic(), paces)


def forget() -> None:
    """Read the areas again at the next question."""
    global _kept
    _kept = None
