""" "Found something else": the one way in which a technician makes an order."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from callout.accounts.zone import day_bounds, today
from callout.kernel import checks
from callout.kernel.actor import Actor
from callout.kernel.change import row_lock, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import Invalid, NotFound, Refused
from callout.orders.fields import DESCRIPTION
from callout.orders.models import (
    Channel,
    InterventionType,
    Priority,
    ServiceOrder,
    TimelineEntry,
    Visit,
)
from callout.orders.services.intake import draft_made, order_write

MOST = 10  # of one order, by one person, on one day
TEXT = {"text": checks.text(DESCRIPTION, lines=True, required=True)}
OFFICE = Actor.system("follow-up")  # looks whether the place is still one; writes nothing


@service
def order_follow_up(*, actor: Actor, order_id: UUID, text: str) -> ServiceOrder:
    """A New order for what a technician found beside their work: same customer, place and type.

    For whoever answers for a visit of the order, or once did: it may be told late. NotFound to all
    others, helpers too. Refused after ten in a day (too_many), and when the place is none any more
    (place_gone).
    """
    said = cleaned(TEXT, {"text": text})["text"]
    if not actor.is_technician or actor.technician_id is None:
        raise NotFound
    stepped = TimelineEntry.objects.filter(visit=OuterRef("pk"), technician=actor.technician_id)
    own = Visit.objects.filter(Q(technician=actor.technician_id) | Exists(stepped))
    # Locked, so that of many sent at once ten are made.
    order = row_lock(ServiceOrder.objects.filter(pk__in=own.values("order")), order_id)
    begin, end = day_bounds(today())
    made = order.follow_ups.filter(
        created_by=actor.user_id, created_at__gte=begin, created_at__lt=end
    )
    if made.count() >= MOST:
        words = _("That is enough for one day: %(count)d orders from this one. Call the office.")
        raise Refused(words % {"count": MOST}, code="too_many")
    try:
        draft = draft_made(
            actor,
            OFFICE,
            {
                "customer_id": order.customer_id,
                "site_id": order.site_id,
                "asset_id": _asset(order),
                "type_id": _type(order),
                "priority": Priority.CODES[Priority.NORMAL],
                "channel": Channel.INTERNAL,
                "description": said,
                "follow_up_of_id": order.pk,
            },
        )
    except Invalid as gone:
        raise Refused(gone.message, code="place_gone") from gone
    return order_write(draft)


def _asset(order: ServiceOrder) -> UUID | None:
    """The order's, while it stands there still."""
    asset = order.asset
    stands = asset is not None and asset.archived_at is None and asset.site_id == order.site_id
    return order.asset_id if stands else None


def _type(order: ServiceOrder) -> UUID:
    """The order's, or, where that is offered no more, the first that is."""
    offered = InterventionType.objects.filter(archived_at__isnull=True).order_by("name", "pk")
    one = offered.filter(pk=order.type_id).first() or offered.first()
    return one.pk if one else order.type_id
