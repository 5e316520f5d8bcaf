"""A form that begins filled in: for a customer, site or asset; following or repeating an order."""

from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.orders.models import ServiceOrder
from callout.planning.intake_selectors import order_to_copy
from callout.web.office.new_order import typed
from callout.web.office.new_order.typed import lenient

VARIANTS = ("follow_up_of", "copy", "customer", "site", "asset")


def fields_from(actor: Actor, query: QueryDict) -> dict[str, str]:
    """The form's first values, by what the address asks for."""
    return typed.all_of(_asked(actor, {name: query.get(name, "") for name in VARIANTS}))


def _asked(actor: Actor, asked: dict[str, str]) -> dict[str, str]:
    for name in ("follow_up_of", "copy"):
        if asked.get(name):
            return _from_order(_order(actor, asked[name]), follows=name == "follow_up_of")
    fields: dict[str, str] = {}
    if asked.get("customer"):
        fields["customer_id"] = asked["customer"]
    if asked.get("site"):
        fields["location"] = f"site:{asked['site']}"
    if asked.get("asset"):
        fields["location"] = f"asset:{asked['asset']}"
    return fields


def _order(actor: Actor, value: str) -> ServiceOrder:
    order_id: UUID | None = lenient(typed.identity, value)
    order = order_to_copy(actor=actor, order_id=order_id) if order_id else None
    if order is None:
        raise NotFound
    return order


def _from_order(order: ServiceOrder, *, follows: bool) -> dict[str, str]:
    place = f"asset:{order.asset_id}" if order.asset_id else f"site:{order.site_id}"
    fields = {
        "customer_id": str(order.customer_id),
        "location": place,
        "contact_id": str(order.contact_id or ""),
        "type_id": str(order.type_id),
        typed.SEVERAL: ",".join(str(one) for one in order.more_ids),  # type: ignore[attr-defined]
        "customer_reference": order.customer_reference,
        "charge": order.charge,
    }
    if follows:
        return fields | {"follow_up_of_id": str(order.pk)}
    return fields | {
        "priority": order.priority.code,
        "description": order.description,
        "duration": typed.duration_words(order.duration_minutes),
    }


def draft_of(query: QueryDict) -> str:
    """The name under which the browser keeps what is typed: each variant has its own."""
    for name in VARIANTS:
        if query.get(name):
            return f"new-order:{name}:{query[name][:40]}"
    return "new-order"


def heading(query: QueryDict) -> str:
    """What the panel is called."""
    if query.get("follow_up_of"):
        return _("Follow-up order")
    return _("Copy of an order") if query.get("copy") else _("New order")
