"""Who may write the record of a visit, and until when."""

from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.kernel.change import row_lock
from callout.kernel.errors import Forbidden, NotFound, Refused
from callout.orders import policy as orders
from callout.orders.lifecycle import ACTIONS
from callout.orders.models import Assignment, ServiceOrder, TimelineEntry, Visit

CLOSING = [action.code for action in ACTIONS.values() if action.closes]


def visit_to_record(actor: Actor, visit_id: UUID, *, helpers: bool = False) -> Visit:
    """The visit (with its order, locked), if `actor` may write its record now.

    A manager may on every visit. A technician on one they answer for, or with `helpers` help on:
    while it is open, and after they closed it themselves; not once somebody else has. NotFound for
    a visit that is not theirs; Refused for one that has ended, or whose order is checked: what is
    invoiced from stays as it is.
    """
    visit = Visit.objects.filter(pk=visit_id).first()
    if visit is None or not (actor.is_manager or goes_on(actor, visit, helpers=helpers)):
        raise NotFound
    # Behind the order's lock, so that nobody closes, moves or checks it in between.
    order = row_lock(ServiceOrder.objects.all(), visit.order_id)
    visit.refresh_from_db()
    if not (actor.is_manager or goes_on(actor, visit, helpers=helpers)):
        raise Refused(_("This visit was given to somebody else just now."), code="visit_taken")
    visit.order = order
    if order.checked_at:
        words = _("This order is checked. Uncheck it before changing its record.")
        raise Refused(words, code="checked")
    if not (visit.is_open or actor.is_manager or closed_by(actor, visit)):
        raise Refused(_("This visit has ended."), code="visit_ended")
    return visit


def author_of(actor: Actor) -> UUID:
    """Who writes; what is recorded at a visit has a person for its author."""
    if actor.user_id is None:
        raise Forbidden
    return actor.user_id


def goes_on(actor: Actor, visit: Visit, *, helpers: bool) -> bool:
    """Whether `actor` answers for the visit or, with `helpers`, goes on it in whichever role."""
    if not actor.is_technician or actor.technician_id is None:
        return False
    own = orders.own_assignments(actor.technician_id).filter(visit=visit)
    return (own if helpers else own.filter(role=Assignment.RESPONSIBLE)).exists()


def closed_by(actor: Actor, visit: Visit) -> bool:
    """Whether `actor` ended the visit, by the last of its steps that did."""
    steps = TimelineEntry.objects.filter(visit=visit, undone_at=None, action__in=CLOSING)
    last = steps.order_by("-id").first()
    return last is not None and last.actor_id is not None and last.actor_id == actor.user_id
