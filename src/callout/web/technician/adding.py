"""What a technician adds without changing the order: notes, files, own hours."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from callout.kernel import clock
from callout.kernel.errors import Invalid, TooLarge
from callout.orders.files import MOST_BYTES
from callout.orders.models import Note
from callout.orders.services import attachment_add, note_add, time_entry_add
from callout.orders.technician_selectors import as_technician, attachment_own
from callout.orders.technician_sheet import order_read, visit_id_of
from callout.web.access import ActorRequest, technician_page
from callout.web.files import file_answer
from callout.web.once import once
from callout.web.technician import buttons, typed
from callout.web.technician.pages import fresh


@technician_page
def note_page(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """A note for everybody on the order."""
    actor = as_technician(request.actor)
    visit_id = visit_id_of(actor=actor, order_id=order_id)
    if request.method != "POST":
        return _form(request, order_id, "note")

    def work() -> dict[str, Any]:
        text = request.POST.get("text", "")
        note_add(actor=actor, order_id=order_id, text=text, kind=Note.TECHNICIAN, visit_id=visit_id)
        return {"text": _("Note added")}

    try:
        return _after(request, order_id, once(request, actor, work))
    except Invalid as error:
        return _form(request, order_id, "note", error)


@technician_page
def hours_page(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Own hours by hand: a helper's, or what no tap has caught."""
    actor = as_technician(request.actor)
    visit_id = visit_id_of(actor=actor, order_id=order_id)
    if request.method != "POST":
        return _form(request, order_id, "hours")

    def work() -> dict[str, Any]:
        start, end = _span(request)
        time_entry_add(
            actor=actor,
            kind=request.POST.get("kind", ""),
            start=start,
            end=end,
            visit_id=visit_id,
            note=request.POST.get("note", ""),
        )
        return {"text": _("Hours added")}

    try:
        return _after(request, order_id, once(request, actor, work))
    except Invalid as error:
        return _form(request, order_id, "hours", error)


def _span(request: ActorRequest) -> tuple[Any, Any]:
    start = typed.moment("start", request.POST) or (
        clock.now() if request.POST.get("start") else None
    )
    end = typed.moment("end", request.POST) or (clock.now() if request.POST.get("end") else None)
    wrong = {
        name: [_("Choose a day and an hour.")]
        for name, value in (("start", start), ("end", end))
        if value is None
    }
    if wrong:
        raise Invalid(wrong)
    return start, end


@technician_page
def file_add(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Photos and files of the visit, one or several."""
    actor = as_technician(request.actor)
    visit_id = visit_id_of(actor=actor, order_id=order_id)
    if request.method != "POST":
        return _form(request, order_id, "file")

    def work() -> dict[str, Any]:
        sent = request.FILES.getlist("file")
        if not sent:
            raise Invalid({"file": [_("Choose a photo or a file.")]})
        for file in sent:
            if (file.size or 0) > MOST_BYTES:
                raise TooLarge(_("A file has 25 MB at most."))
            attachment_add(
                actor=actor,
                order_id=order_id,
                name=file.name or "",
                data=file.read(),
                visit_id=visit_id,
            )
        return {"text": _("File added") if len(sent) == 1 else _("Files added")}

    try:
        return _after(request, order_id, once(request, actor, work))
    except Invalid as error:
        return _form(request, order_id, "file", error)


@require_safe
@technician_page
def file_page(request: ActorRequest, order_id: UUID, file_id: UUID) -> HttpResponse:
    """A file of the order that is for technicians."""
    row = attachment_own(actor=request.actor, order_id=order_id, attachment_id=file_id)
    return file_answer(row)


def _after(request: ActorRequest, order_id: UUID, said: dict[str, Any]) -> HttpResponse:
    if "HX-Request" not in request.headers:
        return redirect("technician:order", order_id=order_id)
    answer = fresh(request, order_id, buttons.Toast(**said))
    answer["HX-Trigger"] = "co:close"
    return answer


def _form(
    request: ActorRequest, order_id: UUID, name: str, error: Invalid | None = None
) -> HttpResponse:
    context = {
        "sheet": order_read(actor=request.actor, order_id=order_id),
        "url": request.path,
        "now": typed.shown(clock.now()),
        "typed": request.POST,
        "errors": error.fields if error else {},
        "kinds": [
            {"value": "work", "label": _("Work")},
            {"value": "travel", "label": _("Travel")},
            {"value": "break", "label": _("Break")},
            {"value": "other", "label": _("Other")},
        ],
    }
    status = 422 if error else 200
    return render(request, f"technician/{name}.html", context, status=status)
