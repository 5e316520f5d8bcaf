"""The door of every action of the table: pressed at once, or asked about in a dialog."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from callout.accounts.zone import local
from callout.kernel import clock
from callout.kernel.checks import moment
from callout.kernel.errors import Invalid, NotFound, Refused, Stale
from callout.orders import selectors
from callout.orders.lifecycle import ACTIONS, Status
from callout.orders.models import ServiceOrder
from callout.orders.moves import REOPEN_AND_PLAN
from callout.orders.selectors.about import order_about
from callout.orders.selectors.changes import stale_told
from callout.orders.selectors.offers import Offer, visit_offers
from callout.orders.services import Command
from callout.orders.words import action_label
from callout.web.access import ActorRequest, manager_page
from callout.web.office.orders import planning
from callout.web.office.orders.answers import asked_from, on_page, version_sent, visit_asked
from callout.web.office.orders.asking import order_dialog
from callout.web.office.orders.buttons import STEPS, act_url
from callout.web.office.orders.doing import PLANS, perform, performed
from callout.web.office.orders.forms import (
    AfterwardsForm,
    AtForm,
    OrderForm,
    StepForm,
    moment_typed,
    reason_choices,
)


@manager_page
def action_door(request: ActorRequest, order_id: UUID, code: str) -> HttpResponseBase:
    """GET: the action's dialog. POST: do it."""
    action = code.replace("-", "_")
    if action not in ACTIONS and action != REOPEN_AND_PLAN:
        raise NotFound
    if request.method == "POST" and "dialog" not in request.POST and action not in PLANS:
        return pressed(request, order_id, action)
    order = order_about(actor=request.actor, order_id=order_id, visit_id=visit_asked(request))
    ask = planning.plan_dialog if action in PLANS else dialog
    return ask(request, order, action, _sent(request), asked_from(request))


def _sent(request: ActorRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def pressed(request: ActorRequest, order_id: UUID, action: str) -> HttpResponse:
    """A button that asks nothing. Under way elsewhere: that is asked first.

    The order is not read here: the service locks it, and finds out whether it is theirs.
    """
    command = Command(
        duration_minutes=_minutes(request),
        occurred_at=_moment(request, "occurred_at"),
        note=request.POST.get("note", ""),
        visit_id=visit_asked(request),
        other_action=request.POST.get("other_action", ""),
        other_at=_moment(request, "other_at"),
    )
    version = version_sent(request)
    try:
        return perform(request, order_id, action, command, version)
    except Stale as error:
        raise stale_told(request.actor, order_id, error, version) from error
    except Refused as error:
        if error.code != "under_way_elsewhere" or command.other_action:
            raise
        return elsewhere(request, order_id, action, version, error)
    except Invalid as error:
        if not command.other_action:
            raise
        return elsewhere(request, order_id, action, version, error)


def elsewhere(
    request: ActorRequest, order_id: UUID, action: str, version: int, error: Refused | Invalid
) -> HttpResponse:
    """ "A finished at... / A paused": so that no hour counts twice. Asked, or asked again."""
    order = selectors.order_plain(actor=request.actor, order_id=order_id)
    # Nobody finishes by one press what was not begun; what was chosen before is chosen still.
    usual = "break" if error.extra.get("other_status") == Status.EN_ROUTE else "complete"
    context = {
        "order": order,
        "label": action_label(action),
        "url": act_url(order.pk, action) if on_page(request) else request.path,
        "version": version,
        "kept": [(name, request.POST[name]) for name in ("occurred_at", "note")
                 if request.POST.get(name)],
        "visit_id": visit_asked(request),
        "words": error.message,
        "other": error.extra.get("order_number") or request.POST.get("other", ""),
        "paused": (request.POST.get("other_action") or usual) == "break",
        "at": request.POST.get("other_at") or moment_typed(local(clock.now())),
    }  # fmt: skip
    return render(request, "office/orders/elsewhere.html", context)


def dialog(
    request: ActorRequest, order: ServiceOrder, action: str, sent: QueryDict | None, url: str
) -> HttpResponse:
    """The question that an action asks first: why, when, who. `url` takes the answer."""
    form = _form(request, order, action, sent)
    return order_dialog(
        request, order, form, lambda _given: performed(request, order, action, form),
        title=_title(order, action), url=url, danger=action == "cancel",
        label=_("Cancel the order") if action == "cancel" else action_label(action),
    )  # fmt: skip


def _title(order: ServiceOrder, action: str) -> str:
    if action == "complete" and order.technician_status is None:
        return _("Complete: who did it, and when?")
    return {
        "cancel": _("Cancel this order?"),
        "hand_back": _("Not finished: why?"),
        "customer_absent": _("Customer absent"),
    }.get(action, action_label(action))


def _form(
    request: ActorRequest, order: ServiceOrder, action: str, data: QueryDict | None
) -> OrderForm:
    now = local(clock.now()).replace(second=0, microsecond=0)
    if action == "complete" and order.technician_status is None:
        begin = now - planning.minutes(order.duration_minutes)
        initial = {
            "version": order.version,
            "start": begin,
            "duration_minutes": order.duration_minutes,
        }
        team = planning.team_choices(request.actor)
        return AfterwardsForm(data, initial=initial, technicians=team)
    reasons = reason_choices(request.actor, ACTIONS[action].takes_reason)
    initial = {"version": order.version, "occurred_at": now}
    return StepForm(data, initial=initial, reasons=reasons)


@manager_page
def other_time(request: ActorRequest, order_id: UUID) -> HttpResponseBase:
    """A step reported with the time it truly happened."""
    visit_id = visit_asked(request)
    order = order_about(actor=request.actor, order_id=order_id, visit_id=visit_id)
    offers = _offers(request, order_id, visit_id)
    offered = [(code, offers[code].label) for code in STEPS if code in offers]
    now = local(clock.now()).replace(second=0, microsecond=0)
    form = AtForm(
        request.POST if request.method == "POST" else None,
        initial={"version": order.version, "occurred_at": now},
        actions=offered,
    )

    def do(given: dict[str, Any]) -> HttpResponse:
        command = replace(form.command(), visit_id=visit_id)
        try:
            return perform(request, order.pk, given["action"], command, given["version"])
        except Refused as error:
            if error.code != "under_way_elsewhere":
                raise
            return elsewhere(request, order.pk, given["action"], given["version"], error)

    return order_dialog(
        request, order, form, do,
        title=_("What happened, and when?"), url=request.get_full_path(), label=_("Save"),
    )  # fmt: skip


def _offers(request: ActorRequest, order_id: UUID, visit_id: UUID | None) -> dict[str, Offer]:
    """The actions open now, for the visit named."""
    detail = selectors.order_detail(actor=request.actor, order=order_id)
    other = next((visit for visit in detail.others if visit.id == visit_id), None)
    found = list(detail.offers.values())
    if other is not None:
        found = visit_offers(request.actor, other, detail.current)
    return {offer.code: offer for offer in found if offer.open}


def _minutes(request: ActorRequest) -> int | None:
    given = request.POST.get("duration_minutes") or request.GET.get("duration_minutes") or ""
    if given and not (given.isdecimal() and len(given) <= 5):
        raise Invalid({"duration_minutes": [_("Type a number of minutes.")]})
    return int(given) if given else None


def _moment(request: ActorRequest, name: str) -> datetime | None:
    """A field of a day and an hour, by the company's clock."""
    given = request.POST.get(name, "")
    if not given:
        return None
    try:
        typed = datetime.fromisoformat(given)
        if typed.tzinfo is None:
            typed = typed.replace(tzinfo=local(clock.now()).tzinfo)
        found: datetime = moment(typed)
    except ValueError:
        raise Invalid({name: [_("Choose a day and an hour.")]}) from None
    return found
