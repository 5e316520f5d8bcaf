"""An order recorded and edited: what is asked, for whom, where, how it came in."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Unpack
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from callout.customers.models import Asset, SiteLink
from callout.customers.services import place_hold
from callout.kernel import clock, journal, rows
from callout.kernel.actor import Actor
from callout.kernel.change import fields_set, row_lock, row_save, rows_add, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import Invalid, Refused
from callout.kernel.wire import Kept
from callout.orders import policy
from callout.orders.due import due_at
from callout.orders.fields import ORDER, OrderValues
from callout.orders.lifecycle import Stage
from callout.orders.models import InterventionType, OrderAsset, Priority, ServiceOrder
from callout.orders.services.settle import audience_of, search_text
from callout.workforce.models import Vehicle

PLACE = ("customer_id", "site_id", "asset_id", "contact_id")
# Values that are a person's words; the journal keeps them apart so that they can be emptied.
PERSONAL = {"description", "caller_name", "caller_phone", "customer_reference"}
SEARCHED = {"customer", "site", "asset", "description", *PERSONAL}


@service
def order_create(*, actor: Actor, **values: Unpack[OrderValues]) -> ServiceOrder:
    """Record an order in New. Needs customer_id, type_id, and site_id or asset_id.

    Invalid says every field that cannot be; its code is "site_not_linked" where the site only
    misses a link to the customer. To plan it in the same breath: planning.services.
    """
    return order_write(order_draft(actor=actor, **values))


@dataclass(frozen=True, slots=True)
class Draft:
    """An order that can be written: checked, numbered, its place held still."""

    actor: Actor
    order: ServiceOrder
    fields: list[str]  # those given
    more_asset_ids: list[UUID]


def order_draft(*, actor: Actor, **values: Unpack[OrderValues]) -> Draft:
    """The first half of `order_create`, within a change: all that it asks, nothing written yet."""
    policy.manager_required(actor)
    return draft_made(actor, actor, values)


def draft_made(actor: Actor, by: Actor, values: OrderValues) -> Draft:
    """The same for whoever may; the place is held in the name of `by`."""
    clean = cleaned(ORDER, {"customer_id": None, "type_id": None, **values})
    asked = [clean.pop("priority", Priority.CODES[Priority.NORMAL]), clean.pop("type_id")]
    ids = {name: clean.pop(name, None) for name in PLACE}
    place = place_hold(actor=by, **ids, also=[(KIND_PRIORITY_NUMBER, asked)])
    more = clean.pop("more_asset_ids", [])
    kind, priority, number = _kind_priority_number(place.also[0])
    fields = _linked(clean)
    fields.setdefault("duration_minutes", kind.duration_minutes)
    fields.setdefault("received_at", clock.now())
    order = ServiceOrder(
        number=number,
        customer=place.customer,
        site=place.site,
        asset=place.asset,
        contact=place.contact,
        type=kind,
        priority=priority,
        created_by_id=actor.user_id,
        **fields,
    )
    _whole_check(order)
    order.due_at = due_at(actor, order.priority, order.received_at)
    order.search = search_text(order)
    order.title, order.stage = _title(order), Stage.NEW.value
    return Draft(actor, order, sorted(values), more)


def order_write(draft: Draft) -> ServiceOrder:
    """The second half: the rows, and what the journal says of it."""
    order = draft.order
    rows_add(order)
    if draft.more_asset_ids:
        _more_assets_set(order, draft.more_asset_ids)
    order_record(draft.actor, order, "create", draft.fields)
    return order


@service
def order_update(
    *, actor: Actor, order_id: UUID, version: int, **values: Unpack[OrderValues]
) -> ServiceOrder:
    """Change fields of an order; plan and status have their actions. Raises the version."""
    policy.manager_required(actor)
    clean = cleaned(ORDER, values)
    order = row_lock(policy.orders_visible(actor), order_id, version)
    if order.checked_at:
        raise Refused(_("This order is checked. Uncheck it before changing it."), code="checked")
    more = clean.pop("more_asset_ids", None)
    fields = _place_fields(actor, order, clean)
    kind = clean.pop("type_id", order.type_id)
    if kind != order.type_id:  # its own stays, though offered no more
        fields["type"] = _type(kind)
    fields |= _linked(clean)
    changed = fields_set(order, fields)
    _whole_check(order)
    if more is None and "asset" in changed:
        more = list(order.more_assets.values_list("asset_id", flat=True))
    if more is not None and _more_assets_set(order, more):
        changed.append("more_assets")
    if not changed:
        return order
    derived = _derive(actor, order, changed)
    row_save(order, [name for name in changed if name != "more_assets"] + derived)
    order.title = _title(order)
    order_record(actor, order, "update", changed)
    return order


def _place_fields(actor: Actor, order: ServiceOrder, clean: dict[str, Any]) -> dict[str, Any]:
    """The place after an edit, checked whole. An asset left alone may since have moved away."""
    given = {name: clean.pop(name) for name in PLACE if name in clean}
    if all(getattr(order, name) == value for name, value in given.items()):
        return {}
    wanted = {name: given.get(name, getattr(order, name)) for name in PLACE}
    if "asset_id" in given and "site_id" not in given and given["asset_id"]:
        wanted["site_id"] = None  # the asset gives it
    if "site_id" in given and "asset_id" not in given and given["site_id"] != order.site_id:
        wanted["asset_id"] = None
    if "customer_id" in given and "contact_id" not in given:
        wanted["contact_id"] = None
    place = place_hold(actor=actor, **wanted)
    return {
        "customer": place.customer,
        "site": place.site,
        "asset": place.asset,
        "contact": place.contact,
    }


# One statement, on the path of every new order. A refused order leaves a gap; numbers are never
# given twice.
KIND_PRIORITY_NUMBER = Kept("""
SELECT t.id, t.name, t.duration_minutes, p.rank, p.code, p.label, p.response_hours,
  p.working_hours_only, nextval('orders_number_seq')
FROM orders_interventiontype t JOIN orders_priority p ON p.code = %s
WHERE t.id = %s AND t.archived_at IS NULL
FOR KEY SHARE OF t
""")
# Held as what refers to it holds it anyway, but before it is read that it is offered: whoever
# archives it waits for this order, and finds it open.
TYPE_OFFERED = """
SELECT * FROM orders_interventiontype WHERE id = %s AND archived_at IS NULL FOR KEY SHARE
"""


def _kind_priority_number(
    found: list[tuple[Any, ...]],
) -> tuple[InterventionType, Priority, int]:
    """Type, priority and the next number, of the rows of the statement."""
    if not found:
        raise _no_such_type()
    (row,) = found
    kind = rows.read(InterventionType, ["id", "name", "duration_minutes"], row[:3])
    priority = rows.read(
        Priority, ["rank", "code", "label", "response_hours", "working_hours_only"], row[3:8]
    )
    return kind, priority, int(row[8])


def _no_such_type() -> Invalid:
    return Invalid({"type_id": [_("Choose one of the types.")]})


def _title(order: ServiceOrder) -> str:
    """What the database makes of the description, for whoever holds the row."""
    return order.description.split("\n")[0][:160]


def _type(type_id: UUID) -> InterventionType:
    for kind in InterventionType.objects.raw(TYPE_OFFERED, [type_id]):
        return kind
    raise _no_such_type()


def _linked(clean: dict[str, Any]) -> dict[str, Any]:
    """`clean` with what its codes and ids stand for."""
    fields = dict(clean)
    if "priority" in fields:
        fields["priority"] = Priority.objects.get(code=fields["priority"])
    vehicle_id = fields.get("proposed_vehicle_id")
    if vehicle_id and not Vehicle.objects.filter(pk=vehicle_id, archived_at=None).exists():
        raise Invalid({"proposed_vehicle_id": [_("There is no such vehicle.")]})
    followed = fields.get("follow_up_of_id")
    if followed and not ServiceOrder.objects.filter(pk=followed).exists():
        raise Invalid({"follow_up_of_id": [_("There is no such order.")]})
    return fields


def _whole_check(order: ServiceOrder) -> None:
    """What no field can say alone."""
    wrong: dict[str, list[str]] = {}
    before, due = order.wish_not_before, order.wish_due
    if before and due and due < before:
        wrong["wish_due"] = [_("This is before the earliest moment wished.")]
    if order.wish_from and order.wish_to and order.wish_to <= order.wish_from:
        wrong["wish_to"] = [_("The hours wished end after they begin.")]
    if order.received_at > clock.now() + timedelta(minutes=5):
        wrong["received_at"] = [_("This time is still to come.")]
    if order.follow_up_of_id == order.pk:
        wrong["follow_up_of_id"] = [_("An order does not follow itself.")]
    if wrong:
        raise Invalid(wrong)


def _derive(actor: Actor, order: ServiceOrder, changed: list[str]) -> list[str]:
    derived = []
    if {"priority", "received_at"} & set(changed):
        order.due_at = due_at(actor, order.priority, order.received_at)
        derived.append("due_at")
    if SEARCHED & set(changed):
        order.search = search_text(order)
        derived.append("search")
    return derived


def _more_assets_set(order: ServiceOrder, ids: list[UUID]) -> bool:
    """Write the assets besides the primary one; whether that changed anything."""
    wanted = {one for one in ids if one != order.asset_id}
    there = set(order.more_assets.values_list("asset_id", flat=True))
    if wanted == there:
        return False
    added = wanted - there
    # Whoever goes reads of them: so none of another customer's may slip in.
    theirs = SiteLink.objects.filter(customer=order.customer_id).values("site")
    near = Q(site=order.site_id) | Q(site__in=theirs)
    if Asset.objects.filter(near, pk__in=added, archived_at__isnull=True).count() != len(added):
        words = _("Choose assets of this customer or place that are not archived.")
        raise Invalid({"more_asset_ids": [words]})
    order.more_assets.filter(asset_id__in=there - wanted).delete()
    OrderAsset.objects.bulk_create(OrderAsset(order=order, asset_id=one) for one in added)
    return True


def _followed_told(actor: Actor, order: ServiceOrder, followed: UUID) -> int:
    """The order that is followed says so in its own journal; its number."""
    journal.record(
        actor,
        entity="service_order",
        entity_id=followed,
        kind="follow_up",
        facts={"order": str(order.pk), "number": order.number},
    )
    return int(ServiceOrder.objects.values_list("number", flat=True).get(pk=followed))


def order_record(actor: Actor, order: ServiceOrder, kind: str, fields: list[str]) -> None:
    """The journal's entry of what is asked, for whom, where; or of how it waits, or is checked."""
    personal = {name: getattr(order, name) for name in fields if name in PERSONAL}
    facts: dict[str, Any] = {"fields": fields, "version": order.version}
    if kind == "create":
        facts |= {"number": order.number, "customer": str(order.customer_id)}
    if "follow_up_of_id" in fields and order.follow_up_of_id:
        facts["follow_up_of"] = _followed_told(actor, order, order.follow_up_of_id)
    if kind == "wait":
        facts |= {"for": order.waiting_for, "until": str(order.waiting_until)}
    journal.record(
        actor,
        entity="service_order",
        entity_id=order.pk,
        kind=kind,
        facts=facts,
        personal=personal,
        # Nobody is on an order in its first moment, and no edit changes who is.
        audience=audience_of(order) if kind != "create" else (),
    )
