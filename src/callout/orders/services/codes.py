"""The access code of an order's site, for whoever stands before the door."""

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from callout.accounts.zone import day_bounds, local
from callout.customers.services import site_code_read
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.errors import NotFound, Refused
from callout.orders import policy
from callout.orders.models import Assignment


def code_is_open(actor: Actor, order_id: UUID) -> bool:
    """Whether `actor` may see the code now: assigned to an open visit that begins by tomorrow."""
    if actor.technician_id is None:
        return False
    _start, tomorrow_ends = day_bounds(local(clock.now()).date() + timedelta(days=1))
    mine = Assignment.objects.filter(
        visit__order=order_id, technician=actor.technician_id, is_open=True
    )
    return mine.filter(start__lt=tomorrow_ends).exists()


@service
def order_site_code(*, actor: Actor, order_id: UUID) -> str:
    """The code of the order's site, "" if it has none. Each look stands in the journal.

    Only for a technician assigned to an open visit, from the day before until it closes; a
    manager sets the code anew in the site's page and does not read it here.
    """
    order = policy.orders_visible(actor).filter(pk=order_id).first()
    if order is None:
        raise NotFound
    if not code_is_open(actor, order_id):
        raise Refused(
            _("The code shows from the day before your visit until it ends."), code="code_closed"
        )
    return site_code_read(actor=actor, site_id=order.site_id)
