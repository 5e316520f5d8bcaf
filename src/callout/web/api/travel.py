"""How long from here to there, and where an address is: asked of whoever the operator has set."""

import re
from typing import Annotated

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from callout.kernel.errors import Invalid
from callout.travel.estimate import Place
from callout.travel.geocoder import place_find
from callout.travel.table import travel_table
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import Query, Shape
from callout.web.api.writing import found

router = Router(tags=["Travel"])
MOST = 25  # places: 625 drives, and an address that every proxy lets through

PLACE = re.compile(r"(-?[0-9]{1,2}(?:\.[0-9]{1,9})?);(-?[0-9]{1,3}(?:\.[0-9]{1,9})?)")


class TravelAsked(Shape):
    """Between which places."""

    places: Annotated[str, Field(max_length=700)] = Field(
        description="2 to 25, with commas between: 50.8467;4.3525,51.0543;3.7174 (latitude first)."
    )


class TravelOut(Shape):
    """The drives [from][to], in the sequence of the places that were asked for."""

    minutes: list[list[int]] = Field(description="Whole minutes, rounded up.")
    kilometres: list[list[float]]
    is_estimate: bool = Field(description="Some of them at least are estimated.")
    estimate: str = Field(description="How, and why, in words; empty where none is.")


class PositionAsked(Shape):
    """Which address."""

    text: Annotated[str, Field(min_length=3, max_length=200)] = Field(
        description="As it is written on a letter, on one line."
    )


class FoundOut(Shape):
    """A place that the address may mean."""

    label: str
    latitude: float
    longitude: float


class FoundList(Shape):
    items: list[FoundOut]
    next: None = None


@router.get("/travel", auth=manager_only, response=TravelOut, summary="How long from here to there")
def travel_read(request: ApiRequest, asked: Query[TravelAsked]) -> HttpResponse:
    """Managers only. By the routing server where one is set, else by the estimate of everywhere:
    a place that is only a position lies in no area."""
    del request  # whoever came through the door may ask: nobody's position is told
    table = travel_table(_places(asked.places))
    return found(
        TravelOut(
            minutes=[[one // 60 for one in row] for row in table.seconds],
            kilometres=[[round(one / 1000, 1) for one in row] for row in table.metres],
            is_estimate=table.is_estimate,
            estimate=table.estimate,
        )
    )


@router.get(
    "/positions", auth=manager_only, response=FoundList, summary="Find the position of an address"
)
def position_find(request: ApiRequest, asked: Query[PositionAsked]) -> HttpResponse:
    """Managers only. The likeliest first, five at most. 409 `no_geocoder` where none is set, 502
    `geocoder` where it does not answer: try again in a minute."""
    places = place_find(actor=request.auth, text=asked.text)
    items = [
        FoundOut(label=one.label, latitude=one.latitude, longitude=one.longitude) for one in places
    ]
    return found(FoundList(items=items))


def _places(text: str) -> list[Place]:
    found = [PLACE.fullmatch(one) for one in text.split(",")]
    places = [Place(float(one[1]), float(one[2])) for one in found if one]
    if len(places) != len(found) or any(
        abs(one.latitude) > 90 or abs(one.longitude) > 180 for one in places
    ):
        raise Invalid({"places": [_("Give places like 50.8467;4.3525,51.0543;3.7174.")]})
    if not 2 <= len(places) <= MOST:
        raise Invalid({"places": [_("Ask for 2 to %(most)d places.") % {"most": MOST}]})
    return places
