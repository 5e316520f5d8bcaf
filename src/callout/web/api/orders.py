"""Service orders: recorded, read, found, edited, and moved by the actions of the lifecycle."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field, WithJsonSchema

from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid, NotFound
from callout.orders import services
from callout.orders.filters import OrderFilter
from callout.orders.lifecycle import ACTIONS
from callout.orders.models import ServiceOrder
from callout.orders.selectors.whole import (
    order_seen,
    order_whole,
    order_whole_after,
    order_whole_list,
)
from callout.planning import editing
from callout.planning import services as planning
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import Query, Window
from callout.web.api.order_bodies import (
    PLAN,
    WAITING,
    ActionBody,
    OrderNew,
    OrderPatch,
    order_values,
)
from callout.web.api.order_filter import Filter, OrderFilters, filter_of, sent_names
from callout.web.api.order_shapes import OrderList, OrderOut, order_shown
from callout.web.api.versions import NEEDS_VERSION, TAKES_VERSION
from callout.web.api.writing import KEY, Values, changed, found, version_needed, version_sent

router = Router(tags=["Service orders"])
PLACE = "/api/v1/service-orders"
OVERWRITES = {"replan"}  # actions that replace what somebody chose: only against a version


class OrderWindow(Window, OrderFilters):
    """The filters of the office's list. Several values of one filter go with commas between."""

    day: Filter = Field("", description="now, today, tomorrow, week, overdue or all (default)")
    # An alias, because `from` is a word of Python.
    date_from: Filter = Field("", alias="from", description="First day, in the company's time.")
    date_to: Filter = Field("", alias="to", description="Last day, included.")
    number: Filter = Field("", description="SO-000123 or 123")
    sort: Filter = Field("-number", description="number, start, due, priority; - for descending")


@router.get("", response=OrderList, summary="Find service orders")
def order_find(request: ApiRequest, filters: Query[OrderWindow]) -> HttpResponse:
    """A technician finds own work only."""
    actor = request.auth
    with sent_names():
        page = order_whole_list(
            actor=actor, wanted=_filter(filters), cursor=filters.cursor, limit=filters.limit
        )
    items = [order_shown(actor, whole) for whole in page.items]
    return found({"items": items, "next": page.next})


def _filter(filters: OrderWindow) -> OrderFilter:
    sent = filters.model_dump(exclude={"limit", "after", "number"})
    if filters.number:
        if filters.q:
            raise Invalid({"number": [_("Give either a number or a text.")]})
        sent["q"] = filters.number
    return filter_of(sent)


@router.post(
    "",
    auth=manager_only,
    response={201: OrderOut},
    summary="Record a service order",
)
def order_record(request: ApiRequest, body: OrderNew) -> HttpResponse:
    """With `technician_id` it is planned at once, at `start` or in the first free slot of working
    hours; without, it waits in New, and `start` and `vehicle_id` are kept as wish and proposal."""

    def work() -> Values:
        actor, command = request.auth, _command(body)
        return _shown_after(
            actor,
            lambda: planning.order_create_and_plan(
                actor=actor, command=command, **order_values(body)
            ),
        )

    return changed(request, work, status=201, place=PLACE)


def _command(body: OrderNew) -> services.Command:
    given = {n: v for n, v in body.given().items() if n in {*PLAN, "duration_minutes"}}
    given = {name: value for name, value in given.items() if value is not None}
    if given.get("helper_ids") and "technician_id" not in given:
        raise Invalid({"helper_ids": [_("Choose who answers for the visit first.")]})
    if "helper_ids" in given:
        given["helper_ids"] = tuple(given["helper_ids"])
    return services.Command(**given)


@router.get("/{uuid:order_id}", response=OrderOut, summary="Read a service order")
def order_read(request: ApiRequest, order_id: UUID) -> HttpResponse:
    """With its visits, and the actions that are open to the reader now."""
    return found(_shown(request, order_id))


def _shown(request: ApiRequest, order_id: UUID) -> Values:
    return order_shown(request.auth, order_whole(actor=request.auth, order_id=order_id))


def _shown_after(actor: Actor, change: Callable[[], ServiceOrder]) -> Values:
    return order_shown(actor, order_whole_after(actor=actor, changed=change))


@router.patch(
    "/{uuid:order_id}",
    auth=manager_only,
    response=OrderOut,
    summary="Edit a service order",
    openapi_extra=NEEDS_VERSION,
)
def order_edit(request: ApiRequest, order_id: UUID, body: OrderPatch) -> HttpResponse:
    """Needs If-Match. `technician_id`, `helper_ids`, `vehicle_id`, `start` and `allow_overlap`
    plan the order when it is New, and re-plan its current visit when that is Planned."""
    version = version_needed(request)

    def work() -> Values:
        given = body.given()
        editing.order_edit(
            actor=request.auth,
            order_id=order_id,
            version=version,
            plan=_some(given, PLAN),
            waiting=_some(given, WAITING),
            **order_values(body),
        )
        return _shown(request, order_id)

    return changed(request, work, current=lambda: _shown(request, order_id))


def _some(given: dict[str, Any], names: tuple[str, ...]) -> Any:
    return {name: given[name] for name in names if name in given}


ActionCode = Annotated[
    str,
    WithJsonSchema({"type": "string", "enum": [code.replace("_", "-") for code in ACTIONS]}),
]


@router.post(
    "/{uuid:order_id}/actions/{action}",
    response=OrderOut,
    summary="Do an action of the lifecycle",
    openapi_extra=TAKES_VERSION,
)
def order_act(
    request: ApiRequest, order_id: UUID, action: ActionCode, body: ActionBody | None = None
) -> HttpResponse:
    """The order as it stands afterwards. If-Match is honoured where it is sent; `replan` replaces
    what somebody chose and needs it. 409 when the state or another booking forbids the action."""
    code = _action(action)
    if KEY in request.headers:  # authorised before replaying; else the service itself will say
        order_seen(actor=request.auth, order_id=order_id)
    version = version_sent(request, required=code in OVERWRITES)
    command = body.command() if body else services.Command()

    def work() -> Values:
        return _shown_after(
            request.auth,
            lambda: planning.order_act(
                actor=request.auth, order_id=order_id, action=code, command=command, version=version
            ),
        )

    return changed(request, work, current=lambda: _shown(request, order_id))


def _action(sent: str) -> str:
    code = sent.replace("-", "_")
    if "_" in sent or code not in ACTIONS:
        raise NotFound
    return code


def _checked(request: ApiRequest, order_id: UUID, service: Any) -> HttpResponse:
    version = version_sent(request, required=False)

    def work() -> Values:
        service(actor=request.auth, order_id=order_id, version=version)
        return _shown(request, order_id)

    return changed(request, work, current=lambda: _shown(request, order_id))


@router.post(
    "/{uuid:order_id}/check",
    auth=manager_only,
    response=OrderOut,
    summary="Mark as checked",
    openapi_extra=TAKES_VERSION,
)
def order_check(request: ApiRequest, order_id: UUID) -> HttpResponse:
    """A completed order, before invoicing: nothing of it changes until it is unchecked."""
    return _checked(request, order_id, services.order_check)


@router.post(
    "/{uuid:order_id}/uncheck",
    auth=manager_only,
    response=OrderOut,
    summary="Take the mark back",
    openapi_extra=TAKES_VERSION,
)
def order_uncheck(request: ApiRequest, order_id: UUID) -> HttpResponse:
    """Then it can be edited and reopened."""
    return _checked(request, order_id, services.order_uncheck)
