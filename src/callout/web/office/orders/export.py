"""The list as a file: all that its filter finds, or what was chosen in it."""

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.orders import services
from callout.orders.filters import OrderFilter
from callout.orders.selectors.export import order_table
from callout.web.access import ActorRequest, manager_page
from callout.web.office.orders.selected import seen_in
from callout.web.office.orders.viewing import columns_of
from callout.web.office.tables import table_answer


@require_POST
@manager_page
def order_export(request: ActorRequest) -> HttpResponseBase:
    """A CSV of the address's filter in its order, with the columns of the list."""
    wanted = OrderFilter.parse(request.GET)
    columns = columns_of(request)
    ids = [one.order_id for one in seen_in(request.POST)] if "order" in request.POST else None
    table = order_table(actor=request.actor, wanted=wanted, columns=columns, ids=ids)
    return table_answer(
        request,
        table,
        _("orders"),
        lambda: services.orders_export(
            actor=request.actor, wanted=wanted, columns=columns, ids=ids
        ),
    )
