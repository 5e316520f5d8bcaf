"""How one drives from a postcode, where an area says so. It is no secret."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from callout.customers.models import Area
from callout.customers.postcodes import covers
from callout.kernel.kept import Kept


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


def paces_all() -> Sequence[AreaPace]:
    """What all areas say."""
    return KEPT.get()


def _read() -> Sequence[AreaPace]:
    rows = Area.objects.filter(
        Q(detour_percent__isnull=False) | Q(kmh__isnull=False), archived_at=None
    )
    return [AreaPace(*one) for one in rows.values_list("postcodes", "detour_percent", "kmh")]


KEPT = Kept(_read)
