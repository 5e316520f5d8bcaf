"""The filters of orders, by the names that the API has for them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

from pydantic import Field

from callout.kernel.errors import Invalid
from callout.orders.filters import OrderFilter, Values
from callout.web.api.kinds import Shape

Filter = Annotated[str, Field(max_length=2_500)]


class OrderFilters(Shape):
    """What orders are narrowed by. Several values of one filter go with commas between."""

    stage: Filter = Field("", description="new, planned, completed, cancelled")
    technician_status: Filter = Field("", description="planned, en_route, on_site, ...")
    technician_id: Filter = Field("", description="Ids; `none` for orders without a technician.")
    team_id: Filter = Field("", description="Ids of the teams of who goes.")
    type_id: Filter = ""
    priority_id: Filter = Field("", description="low, normal, high, urgent")
    area_id: Filter = Field("", description="Ids of the areas that the site is in.")
    town: Filter = Field("", description="Towns of the sites, as they are written there.")
    customer_id: Filter = ""
    site_id: Filter = ""
    asset_id: Filter = ""
    waiting: Filter = Field("", description="yes, no, or back: it waited until today or before")
    at_risk: Filter = Field(
        "",
        description="true: to plan with less than 4 hours of the response target left or none, or"
        " planned for later than that. Not once somebody was there.",
    )
    late: Filter = Field(
        "",
        description="true: to plan, and its response target has passed unanswered; or planned, and"
        " nobody is there when the slot has begun or the promise ended, or it runs over its end.",
    )
    absent: Filter = Field(
        "", description="true: back to be planned because the customer was not there."
    )
    needs: Filter = Field(
        "",
        description="What somebody has to decide. promise: planned outside what was promised, or"
        " about to miss it. absence: whoever is planned is away then. target: the response target"
        " has passed and nobody is planned. visit: the visit runs late. Both of these are late.",
    )
    q: Filter = Field("", description="A number, or words of three letters or more.")


# How the filter calls what the API calls otherwise.
NAMES = {
    "technician_status": "status", "technician_id": "technician", "type_id": "type",
    "team_id": "team", "area_id": "area",
    "priority_id": "priority", "customer_id": "customer", "site_id": "site", "asset_id": "asset",
    "date_from": "from", "date_to": "to",
}  # fmt: skip


def filter_of(sent: Mapping[str, Any]) -> OrderFilter:
    """The filter that these fields ask for. Invalid by the filter's names: see `sent_names`."""
    values = {NAMES.get(name, name): value for name, value in sent.items() if value}
    return OrderFilter.parse(Values(values), day="all", sort="-number")


def names_sent(wanted: OrderFilter) -> list[tuple[str, str]]:
    """A filter as the API is asked for it: the other way round. Without days and sort."""
    back = {known: sent for sent, known in NAMES.items()}
    asked = [(back.get(name, name), value) for name, value in wanted.pairs()]
    return [(name, value) for name, value in asked if name in OrderFilters.model_fields]


@contextmanager
def sent_names() -> Iterator[None]:
    """What is wrong with a filter is told by the names that were sent."""
    try:
        yield
    except Invalid as error:
        back = {known: sent for sent, known in NAMES.items()} | {"from": "from", "to": "to"}
        words = {back.get(name, name): words for name, words in error.fields.items()}
        raise Invalid(words) from error
