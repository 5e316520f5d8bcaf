"""What is said about an order without moving it: promise, waiting, pin, check, the door's code."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from callout.accounts.zone import local
from callout.kernel.errors import Stale
from callout.orders import selectors, services
from callout.orders.models import ServiceOrder
from callout.orders.numbers import order_number
from callout.orders.selectors.about import order_about
from callout.orders.selectors.changes import stale_told
from callout.orders.selectors.rows import waiting_words
from callout.web.access import ActorRequest, manager_page
from callout.web.office.orders.answers import acted, version_sent, visit_asked
from callout.web.office.orders.asking import order_dialog
from callout.web.office.orders.forms import OrderForm, PromiseForm, WaitForm

Change = Callable[[dict[str, Any]], object]


def _asked(
    request: ActorRequest,
    order: ServiceOrder,
    form: OrderForm,
    title: str,
    change: Change,
    said: str,
) -> HttpResponse:
    """A small dialog: shown, or sent and done."""

    def do(given: dict[str, Any]) -> HttpResponse:
        change(given)
        return acted(request, order.pk, said % {"number": order_number(order.number)})

    url = request.get_full_path()
    return order_dialog(request, order, form, do, title=title, url=url, label=_("Save"))


@manager_page
def promise_dialog(request: ActorRequest, order_id: UUID) -> HttpResponseBase:
    """What the customer was told; moving the visit never changes it."""
    visit_id = visit_asked(request)
    order = order_about(actor=request.actor, order_id=order_id, visit_id=visit_id)
    visit = order.visit
    begin = (visit.promise_from or visit.start) if visit else None
    end = (visit.promise_to or visit.end) if visit else None
    initial = {
        "version": order.version,
        "promise_from": local(begin) if begin else None,
        "promise_to": local(end) if end else None,
    }

    def change(given: dict[str, Any]) -> object:
        return services.visit_promise(
            actor=request.actor, order_id=order_id, visit_id=visit_id, **given
        )

    form = PromiseForm(request.POST if request.method == "POST" else None, initial=initial)
    title = _("Promise to the customer")
    return _asked(request, order, form, title, change, _("%(number)s: promise noted"))


@manager_page
def wait_dialog(request: ActorRequest, order_id: UUID) -> HttpResponseBase:
    """What an order to plan waits for, and when it comes back by itself."""
    order = selectors.order_plain(actor=request.actor, order_id=order_id)
    initial = {
        "version": order.version,
        "waiting_for": order.waiting_for,
        "waiting_until": order.waiting_until,
        "waiting_note": order.waiting_note,
    }
    choices = [*waiting_words().items(), ("", _("nothing any more"))]

    def change(given: dict[str, Any]) -> object:
        return services.order_wait(actor=request.actor, order_id=order_id, **given)

    data = request.POST if request.method == "POST" else None
    form = WaitForm(data, initial=initial, choices=choices)
    return _asked(request, order, form, _("Waiting"), change, _("%(number)s: noted"))


@require_POST
@manager_page
def pin_toggle(request: ActorRequest, order_id: UUID) -> HttpResponseBase:
    """Pin a visit to its slot, or free it."""
    visit_id = visit_asked(request)
    order = order_about(actor=request.actor, order_id=order_id, visit_id=visit_id)
    pinned = not (order.visit and order.visit.pinned)
    version = version_sent(request)
    _told(request, order, version, lambda: services.visit_pin(
        actor=request.actor, order_id=order_id, visit_id=visit_id, pinned=pinned, version=version
    ))  # fmt: skip
    words = _("%(number)s is pinned") if pinned else _("%(number)s is not pinned any more")
    return acted(request, order_id, words % {"number": order_number(order.number)})


@require_POST
@manager_page
def check_toggle(request: ActorRequest, order_id: UUID) -> HttpResponseBase:
    """Mark a completed order as checked, or take that back."""
    order = selectors.order_plain(actor=request.actor, order_id=order_id)
    version = version_sent(request)
    change = services.order_uncheck if order.checked_at else services.order_check
    _told(
        request,
        order,
        version,
        lambda: change(actor=request.actor, order_id=order_id, version=version),
    )
    words = (
        _("%(number)s is not checked any more") if order.checked_at else _("%(number)s is checked")
    )
    return acted(request, order_id, words % {"number": order_number(order.number)})


def _told(
    request: ActorRequest, order: ServiceOrder, version: int, change: Callable[[], object]
) -> None:
    try:
        change()
    except Stale as error:
        raise stale_told(request.actor, order.pk, error, version) from error


@never_cache
@require_POST
@manager_page
def code_show(request: ActorRequest, order_id: UUID) -> HttpResponseBase:
    """The code of the site's door, for who is allowed; each look stands in the journal."""
    code = services.order_code_look(actor=request.actor, order_id=order_id)
    return render(request, "office/orders/code.html", {"code": code})
