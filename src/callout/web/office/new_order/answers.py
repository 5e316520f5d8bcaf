"""What the form is answered: the other step, errors beside their fields, or "planned, 11:00"."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from callout.kernel.errors import Invalid, Refused
from callout.kernel.idempotency import KeyReused
from callout.orders.selectors.when import When
from callout.web.access import ActorRequest
from callout.web.office.new_order import drawing, saving, typed
from callout.web.once import once
from callout.web.ui.navigation import url_if

BUTTONS = {"back", "next", "later", "bare", "save"}
TAKEN = {"overlap", "technician_absent", "technician_archived"}  # another slot would do


def answered(request: ActorRequest) -> HttpResponse:
    """On to the other step, or the order is written."""
    go = request.POST.get("go", "save")
    fields = drawing.with_only_location(request.actor, typed.all_of(request.POST))
    if go not in BUTTONS:
        words = _("Press one of the buttons of the form.")
        return drawn(request, fields, step=_step(request), errors={"": [words]}, status=422)
    if go == "back":
        return drawn(request, fields, step=1)
    try:
        if go == "next":
            saving.first_step_check(fields)
            return drawn(request, fields, step=2)
        return _saved(request, fields, with_technician=go == "save")
    except KeyReused:
        words = _("This form was sent before. Look whether the order is there, then save again.")
        return drawn(request, fields, step=_step(request), errors={"": [words]}, status=422)
    except Invalid as error:
        return _refused_fields(request, fields, error)
    except Refused as error:
        return _refused(request, fields, error)


def _step(request: ActorRequest) -> int:
    return 2 if request.POST.get("step") == "2" else 1


def _refused_fields(request: ActorRequest, fields: dict[str, str], error: Invalid) -> HttpResponse:
    errors = saving.beside(error)
    step = saving.step_of(errors, _step(request))
    return drawn(request, fields, step=step, errors=errors, status=error.status)


def _refused(request: ActorRequest, fields: dict[str, str], error: Refused) -> HttpResponse:
    """Somebody was faster: said so, and the next free slot stands in the fields."""
    words = error.message
    if error.code in TAKEN:
        fields = fields | {"date": "", "start": "", "date_auto": "", "start_auto": "", "skip": ""}
        words = _("%(refusal)s The next free slot is filled in below.") % {"refusal": words}
    errors = {"": [words]}
    return drawn(
        request, fields, step=2, errors=errors, status=error.status, refill=error.code in TAKEN
    )


def context_of(
    request: ActorRequest, fields: dict[str, str], *, step: int, errors: drawing.Errors
) -> dict[str, Any]:
    """What the templates show of the form in this state."""
    place = drawing.place_of(request.actor, fields, open_orders=step == 1)
    what = drawing.what(request.actor, fields, errors, place)
    context: dict[str, Any] = {"step": step, "errors": errors, "fields": fields, **what}
    context["whole"] = errors.get("", [])
    context["fields"] = drawing.when(fields, place, what["type"])
    if step == 2:
        context["summary"] = drawing.summary(place, what["type"])
        marks = {row["value"]: row["label"] for row in what["priorities"]}
        context["priority_label"] = marks.get(what["priority"], "")
    return context


def drawn(
    request: ActorRequest,
    fields: dict[str, str],
    *,
    step: int,
    errors: drawing.Errors | None = None,
    status: int = 200,
    refill: bool = False,
) -> HttpResponse:
    """The form as it is now: its parts for the open panel, or the whole page.

    `refill`: the fields of the slot ask for the next free one as soon as they are there.
    """
    context = context_of(request, fields, step=step, errors=errors or {}) | {"refill": refill}
    if "HX-Request" in request.headers:
        answer = render(request, "office/new_order/step.html", context, status=status)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#no-fields", "innerHTML"
        return answer
    context |= {"draft": request.POST.get("draft", "new-order"), "heading": _("New order")}
    return render(request, "office/new_order/new.html", context, status=status)


def _saved(request: ActorRequest, fields: dict[str, str], *, with_technician: bool) -> HttpResponse:
    def work() -> dict[str, Any]:
        return saving.order_save(request.actor, fields, with_technician=with_technician)

    facts = once(request, request.actor, work)
    words, status = _words(facts)
    order_id = UUID(facts["id"])
    if "HX-Request" not in request.headers:
        messages.success(request, words)
        return redirect(_after(order_id))
    if request.POST.get("page"):
        messages.success(request, words)
        answer = HttpResponse(status=200)
        answer["HX-Redirect"] = _after(order_id)
        return answer
    undo = reverse("office:order_new_undo", kwargs={"order_id": order_id})
    see = {"url": url_if("office:order", order_id=order_id), "url_label": _("Open")}
    toast = {"undo": undo} if facts["start"] else {k: v for k, v in see.items() if see["url"]}
    return said(words, status, order_id=order_id, draft=request.POST.get("draft", ""), **toast)


def _words(facts: dict[str, Any]) -> tuple[str, str]:
    if not facts["start"]:
        return _("%(number)s is in the pile, to plan") % {"number": facts["number"]}, "new"
    when = When().moment(datetime.fromisoformat(facts["start"]))
    words = {"number": facts["number"], "when": when}
    return _("%(number)s planned, %(when)s") % words, "planned"


def _after(order_id: UUID) -> str:
    return url_if("office:order", order_id=order_id) or url_if("office:orders") or "/"


def said(
    text: str, status: str, *, order_id: UUID, draft: str | None = None, **toast: str
) -> HttpResponse:
    """Nothing to swap: a toast, a hint that the order changed; with a draft the panel closes."""
    events: dict[str, Any] = {
        "co:toast": {"text": text, "status": status, **toast},
        "co:changed": {"kind": "service_order", "id": str(order_id)},
    }
    if draft is not None:
        events = {"co:saved": {"draft": draft}, "co:close": {}, **events}
    answer = HttpResponse(status=200)
    answer["HX-Reswap"] = "none"
    answer["HX-Trigger"] = json.dumps(events)
    return answer
