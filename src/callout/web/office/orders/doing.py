"""One action done once, and answered with toast and Undo."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from callout.orders.models import ServiceOrder
from callout.orders.moves import REOPEN_AND_PLAN
from callout.orders.services import Command
from callout.planning.reopening import order_reopen_and_plan
from callout.planning.services import order_act
from callout.web.access import ActorRequest
from callout.web.office.orders.answers import acted, done_words, undo_url, visit_asked
from callout.web.office.orders.forms import OrderForm
from callout.web.once import once

PLANS = {"plan", "plan_another", "replan", REOPEN_AND_PLAN}


def perform(
    request: ActorRequest, order_id: UUID, action: str, command: Command, version: int
) -> HttpResponse:
    """Do it once, and answer with toast and Undo."""
    service: Callable[..., ServiceOrder] = order_act
    asked: dict[str, Any] = {"action": action}
    if action == REOPEN_AND_PLAN:
        service, asked = order_reopen_and_plan, {}

    def work() -> dict[str, Any]:
        after = service(
            actor=request.actor, order_id=order_id, command=command, version=version, **asked
        )
        undo = undo_url(request, after) if action != "undo" else ""
        return {
            "text": done_words(action, after, command.visit_id),
            "status": after.technician_status or "new",
            "undo": undo,
        }

    said = once(request, request.actor, work)
    return acted(request, order_id, said["text"], status=said["status"], undo=said["undo"])


def performed(
    request: ActorRequest, order: ServiceOrder, action: str, form: OrderForm
) -> HttpResponse:
    """What a dialog's form asks for, done."""
    command = replace(form.command(), visit_id=visit_asked(request))
    return perform(request, order.pk, action, command, form.cleaned_data["version"])
