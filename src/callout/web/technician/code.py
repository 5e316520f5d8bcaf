from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from callout.orders.services import order_code_look
from callout.orders.technician_selectors import as_technician
from callout.web.access import ActorRequest, technician_page


@require_POST
@never_cache
@technician_page
def code_look(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """The access code, shown once it is asked for: each look is in the journal."""
    shown = order_code_look(actor=as_technician(request.actor), order_id=order_id)
    return render(request, "technician/code.html", {"code": shown})
