"""A tap on the phone: an action of the table, at once or after a question."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from callout.kernel import clock
from callout.kernel.errors import CalloutError, Invalid, NotFound, Refused
from callout.orders.lifecycle import ACTIONS
from callout.orders.numbers import order_number
from callout.orders.services import Command
from callout.orders.technician_selectors import as_technician, reasons_list, under_way_of
from callout.orders.technician_sheet import order_read, visit_id_of
from callout.orders.words import action_label, status_label
from callout.planning.services import order_act
from callout.web.access import ActorRequest, technician_page
from callout.web.once import once
from callout.web.technician import buttons, typed
from callout.web.technician.pages import fresh

# What a technician has a button for; an address made up for another action finds nothing.
OFFERED = frozenset(code for code, row in ACTIONS.items() if "technician" in row.roles)


@technician_page
def act_page(request: ActorRequest, order_id: UUID, code: str) -> HttpResponse:
    """One action: GET asks what it needs to know, POST does it."""
    code = code.replace("-", "_")
    if code not in OFFERED:
        raise NotFound
    if request.method != "POST":
        return _question(request, order_id, code)
    return _answered(
        request, order_id, code, lambda error: _question(request, order_id, code, error)
    )


@technician_page
def step_page(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """A step entered with the time when it truly happened."""
    if request.method != "POST":
        return _step_form(request, order_id)
    code = request.POST.get("action", "")
    if code not in buttons.STEPS:
        return _step_form(request, order_id, Invalid({"action": [_("Choose what happened.")]}))
    return _answered(request, order_id, code, lambda error: _step_form(request, order_id, error))


def _answered(
    request: ActorRequest, order_id: UUID, code: str, again: Callable[[Invalid], HttpResponse]
) -> HttpResponse:
    try:
        toast = once(request, request.actor, lambda: _done(request, order_id, code))
    except Invalid as error:
        if request.POST.get("other_action"):  # what became of the other one cannot be so
            return _which_first(request, order_id, code, error)
        return again(error)
    except Refused as error:
        if error.code == "under_way_elsewhere":
            return _which_first(request, order_id, code, error)
        raise
    if "HX-Request" not in request.headers:
        return redirect("technician:order", order_id=order_id)
    answer = fresh(request, order_id, buttons.Toast(**toast))
    answer["HX-Trigger"] = "co:close"
    return answer


def _done(request: ActorRequest, order_id: UUID, code: str) -> dict[str, Any]:
    actor = as_technician(request.actor)
    visit_id = visit_id_of(actor=actor, order_id=order_id)
    command = _command(request, visit_id)
    order = order_act(actor=actor, order_id=order_id, action=code, command=command)
    words = {"action": action_label(code), "status": status_label(order.technician_status)}
    if code in ("undo", "extend"):
        text = _("Taken back: %(status)s") if code == "undo" else _("The office sees it: later")
        return {"text": text % words, "status": order.technician_status or "new"}
    leads_to = buttons.leads_to(code)
    text = status_label(leads_to) if leads_to else words["action"]
    return {
        "text": text,
        "status": leads_to or order.technician_status or "new",
        "undo": buttons.act_url(order_id, "undo"),
    }


def _command(request: ActorRequest, visit_id: UUID) -> Command:
    post = request.POST
    minutes = request.GET.get("minutes") or post.get("minutes", "")
    return Command(
        visit_id=visit_id,
        occurred_at=typed.moment("occurred_at", post),
        reason_id=typed.identity("reason_id", post),
        note=post.get("note", ""),
        duration_minutes=typed.number("minutes", minutes),
        latitude=typed.degrees(post.get("latitude", ""), 90),
        longitude=typed.degrees(post.get("longitude", ""), 180),
        other_action=post.get("other_action", ""),
        other_at=typed.moment("other_at", post),
    )


def _question(
    request: ActorRequest, order_id: UUID, code: str, error: Invalid | None = None
) -> HttpResponse:
    sheet = order_read(actor=request.actor, order_id=order_id)
    kind = ACTIONS[code].takes_reason
    context = {
        "sheet": sheet,
        "title": _("Customer cancels") if code == "cancel" else action_label(code),
        "url": buttons.act_url(order_id, code),
        "status": buttons.leads_to(code),
        "reasons": reasons_list(actor=request.actor, kind=kind) if kind else [],
        "reason_required": ACTIONS[code].wants_reason,
        "late": buttons.LATE if code == "extend" else (),
        "place": code == "customer_absent",
        "now": typed.shown(clock.now()),
        "typed": request.POST,
        "errors": error.fields if error else {},
    }
    return render(request, "technician/question.html", context, status=422 if error else 200)


def _step_form(request: ActorRequest, order_id: UUID, error: Invalid | None = None) -> HttpResponse:
    sheet = order_read(actor=request.actor, order_id=order_id)
    context = {
        "sheet": sheet,
        "url": buttons.url("step", order_id),
        "steps": buttons.steps(sheet),
        "chosen": request.POST.get("action", sheet.big),
        "now": typed.shown(clock.now()),
        "typed": request.POST,
        "errors": error.fields if error else {},
    }
    return render(request, "technician/step.html", context, status=422 if error else 200)


def _which_first(
    request: ActorRequest, order_id: UUID, code: str, error: CalloutError
) -> HttpResponse:
    """Departing to B while working on A: what became of A is asked, so no hour counts twice."""
    visit = under_way_of(actor=request.actor)
    # Nobody finishes by one tap what they have not begun; what was chosen before is chosen still.
    usual = "break" if visit and visit.status == "en_route" else "complete"
    context = {
        "message": "" if isinstance(error, Invalid) else error.message,
        "errors": {"other_at": [words for several in error.fields.values() for words in several]}
        if isinstance(error, Invalid)
        else {},
        "other": order_number(visit.order.number) if visit else "",
        "visit": visit,
        "paused": (request.POST.get("other_action") or usual) == "break",
        "url": buttons.act_url(order_id, code),
        "action": action_label(code),
        "status": buttons.leads_to(code),
        "now": typed.shown(clock.now()),
        "typed": request.POST,
    }
    answer = render(request, "technician/which_first.html", context, status=error.status)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#co-dialog", "innerHTML"
    return answer
