"""Ctrl+Z on the board: what was placed there is taken back, all of it or nothing."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.errors import Refused
from callout.orders import policy, services
from callout.orders.models import ServiceOrder, TimelineEntry, Visit
from callout.orders.numbers import order_number
from callout.orders.selectors.changes import changes_since
from callout.orders.selectors.when import When
from callout.orders.services.booking import slots_together, technicians_lock
from callout.orders.services.keeping import going_before
from callout.planning.placing import Done, Placed, countable, orders_locked
from callout.planning.services import order_act


@service
def visits_place_undo(*, actor: Actor, done: Sequence[Done]) -> Placed:
    """Take back what was placed (or unplanned), all or none, where it is still what was done last.

    Refused "built_on" where an order has changed since.
    """
    policy.manager_required(actor)
    versions = {one.order_id: one.version for one in done}
    countable(len(versions))
    technicians_lock(_technicians_before(list(versions)), going_on=versions.keys())
    orders = orders_locked(actor, set(versions))
    for order_id, version in versions.items():
        _not_built_on(actor, orders[order_id], version)
    slots_together()
    # Nothing has changed on these orders since, so none of their visits has taken a slot since.
    command = services.Command(leaving=visits_open(versions))
    left = [
        order_act(actor=actor, order_id=order_id, action="undo", command=command)
        for order_id in reversed(versions)
    ]
    return Placed(
        _undone_words(left), [Done(one.pk, one.version, one.visit_id) for one in reversed(left)]
    )


def visits_open(orders: Iterable[UUID]) -> tuple[UUID, ...]:
    """The visits that are open of these (locked) orders."""
    rows = Visit.objects.filter(order__in=list(orders), is_open=True)
    return tuple(rows.values_list("pk", flat=True))


def _technicians_before(ids: list[UUID]) -> set[UUID]:
    """Who went before what is to be undone: they are locked before the orders, as everywhere."""
    rows = TimelineEntry.objects.filter(order__in=ids).order_by("order_id", "-id")
    newest = list(rows.distinct("order_id").values_list("before", flat=True))
    found = list(newest)
    while earlier := [before["with"] for before in newest if "with" in before]:
        newest = list(TimelineEntry.objects.filter(pk__in=earlier).values_list("before", flat=True))
        found += newest
    return going_before(found)


def _not_built_on(actor: Actor, order: ServiceOrder, version: int) -> None:
    if order.version == version:
        return
    since = changes_since(actor=actor, order_id=order.pk, version=version)
    said = {"number": order_number(order.number), "changes": "; ".join(since)}
    words = _("%(number)s has changed since: %(changes)s. Nothing is taken back.")
    if not since:
        words = _("%(number)s has changed since. Nothing is taken back.")
    raise Refused(words % said, code="built_on", service_order_id=str(order.pk))


def _undone_words(left: Sequence[ServiceOrder]) -> str:
    if len(left) > 1:
        words = ngettext(
            "%(count)d order is as before.", "%(count)d orders are as before.", len(left)
        )
        return words % {"count": len(left)}
    order = left[0]
    number = order_number(order.number)
    if order.start is None or order.technician is None:
        return _("%(number)s is to be planned again.") % {"number": number}
    said = {"number": number, "slot": When().full(order.start), "name": order.technician.name}
    return _("%(number)s is planned for %(slot)s, %(name)s.") % said
