"""The code of a site's door, for the technician who is about to stand before it."""

from uuid import UUID

from django.utils.translation import gettext as _

from callout.accounts.zone import local
from callout.customers.services import site_code_read
from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.errors import NotFound, Refused
from callout.orders import policy
from callout.orders.access_code import code_window
from callout.orders.models import ServiceOrder, Visit


@service
def order_code_look(*, actor: Actor, order_id: UUID) -> str:
    """The access code of the order's site; each look stands in the journal.

    For a technician assigned to an open visit of the order (helpers too), from the day before it.
    A manager who is not assigned is not told: NotFound, as for any order that is not theirs.
    """
    order = policy.orders_visible(actor).filter(pk=order_id).first()
    visits = _assigned(actor, order) if order else []
    if order is None or not visits:
        raise NotFound
    windows = [code_window(visit) for visit in visits]
    if not any(is_open for _opens, is_open in windows):
        raise _not_now(visits)
    return site_code_read(actor=actor, site_id=order.site_id)


def _assigned(actor: Actor, order: ServiceOrder) -> list[Visit]:
    if actor.technician_id is None:
        return []
    rows = order.visits.filter(assignments__technician_id=actor.technician_id)
    return list(rows.exclude(outcome="unplanned"))


def _not_now(visits: list[Visit]) -> Refused:
    opens = [code_window(visit)[0] for visit in visits if visit.is_open]
    if not opens:
        return Refused(
            _("The visit has ended: the code is not shown any more."), code="code_closed"
        )
    words = _("The code is shown from %(day)s on.") % {"day": f"{local(min(opens)):%d/%m}"}
    return Refused(words, code="code_not_yet")
