"""Areas: names for postcodes."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from callout.customers import selectors, services
from callout.customers.models import Area
from callout.web.api.kinds import Body, Created, Search, Shape, Text
from callout.web.api.resource import Resource, found_in, routes

POSTCODES = "Postcodes, ranges and beginnings, with commas between."
DETOUR = (
    "How long the road from here is, in percent of the straight line; null: as everywhere. "
    "Of several areas that hold a postcode the slowest counts."
)
SPEED = "The speed that driving from here is estimated with, in km/h; null: as everywhere."


class AreaOut(Created):
    """Where some work is."""

    name: str
    postcodes: str = Field(description=POSTCODES)
    detour_percent: int | None = Field(description=DETOUR)
    kmh: int | None = Field(description=SPEED)
    archived_at: datetime | None


class AreaList(Shape):
    items: list[AreaOut]
    next: str | None


class AreaPatch(Body):
    name: Text = ""
    postcodes: Text = Field("", description=POSTCODES, examples=["1000-1299, 15*, 3000"])
    detour_percent: Annotated[int, Field(ge=100, le=300)] | None = Field(None, description=DETOUR)
    kmh: Annotated[int, Field(ge=5, le=200)] | None = Field(None, description=SPEED)


class AreaNew(AreaPatch):
    name: Text
    postcodes: Text = Field(description=POSTCODES, examples=["1000-1299, 15*, 3000"])


def area_shown(row: Area) -> AreaOut:
    """An area, for whoever works here."""
    return AreaOut(
        id=row.pk,
        version=row.version,
        name=row.name,
        postcodes=row.postcodes,
        detour_percent=row.detour_percent,
        kmh=row.kmh,
        archived_at=row.archived_at,
    )


areas = routes(
    Resource(
        place="/areas",
        tag="Areas",
        one="an area",
        search=Search,
        listed=AreaList,
        shape=AreaOut,
        new=AreaNew,
        patch=AreaPatch,
        find=found_in(selectors.area_list, area_shown),
        read=lambda actor, pk: area_shown(selectors.area_detail(actor=actor, area_id=pk)),
        create=lambda actor, values: services.area_create(actor=actor, **values).pk,
        update=lambda actor, pk, version, values: services.area_update(
            actor=actor, area_id=pk, version=version, **values
        ),
        archive=lambda actor, pk, version: services.area_archive(
            actor=actor, area_id=pk, version=version
        ),
        restore=lambda actor, pk, version: services.area_restore(
            actor=actor, area_id=pk, version=version
        ),
    )
)
