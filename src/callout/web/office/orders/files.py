"""Notes, calls and files of an order: added, downloaded, put away."""

from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.kernel.errors import CalloutError, Invalid, NotFound
from callout.orders import selectors, services
from callout.orders.files import file_path
from callout.orders.models import Note
from callout.orders.selectors.beside import attachment_get
from callout.web.access import ActorRequest, manager_page, signed_in_page
from callout.web.files import file_answer
from callout.web.office.orders.answers import acted
from callout.web.office.orders.order import live_answer
from callout.web.once import once

MOST_AT_ONCE = 20


@require_POST
@manager_page
def note_new(request: ActorRequest, order_id: UUID) -> HttpResponseBase:
    """Add a note, or what was said in a call. What was typed stays when it cannot be kept."""
    text, kind = request.POST.get("text", ""), request.POST.get("kind", Note.INTERNAL)
    try:
        once(request, request.actor, lambda: _noted(request, order_id, text, kind))
    except Invalid as error:
        context = {"text": text, "kind": kind, "errors": error.fields.get("text", [error.message])}
        url = {"note_url": request.get_full_path()}
        return render(request, "office/orders/note_form.html", context | url, status=422)
    return live_answer(request, order_id, toast_text=_("Note added"), note_done=True)


def _noted(request: ActorRequest, order_id: UUID, text: str, kind: str) -> dict[str, str]:
    note = services.note_add(actor=request.actor, order_id=order_id, text=text, kind=kind)
    return {"id": str(note.pk)}


@require_POST
@manager_page
def file_new(request: ActorRequest, order_id: UUID) -> HttpResponseBase:
    """Keep the files sent. Each is judged by itself; the words say which could not be kept."""
    sent = request.FILES.getlist("file")
    if not sent:
        raise Invalid({"file": [_("Choose a file first.")]})
    if len(sent) > MOST_AT_ONCE:
        raise Invalid({"file": [_("Send at most 20 files at once.")]})
    selectors.order_plain(actor=request.actor, order_id=order_id)
    for_technician = request.POST.get("for_technician") == "on"
    kept, wrong = 0, []
    for place, file in enumerate(sent):
        name, data = file.name or "file", file.read()

        def add(name: str = name, data: bytes = data) -> dict[str, str]:
            made = services.attachment_add(
                actor=request.actor,
                order_id=order_id,
                name=name,
                data=data,
                for_technician=for_technician,
            )
            return {"id": str(made.pk)}

        try:
            once(request, request.actor, add, f"{order_id} {place} {name} ".encode() + data)
            kept += 1
        except CalloutError as error:
            wrong.append(f"{name}: {error.message}")
    if not kept:
        raise Invalid({"file": wrong})
    words = _("%(count)d files added") % {"count": kept} if kept > 1 else _("File added")
    return live_answer(
        request, order_id, toast_text="; ".join([words, *wrong]), file_done=True,
        toast_tone="error" if wrong else "success",  # an error stays until it is read
    )  # fmt: skip


@signed_in_page
def file_page(request: ActorRequest, attachment_id: UUID) -> HttpResponseBase:
    """The bytes of one file, for who sees its order; nothing in them can act as a page."""
    row = attachment_get(actor=request.actor, attachment_id=attachment_id)
    if not file_path(row.sha256).exists():
        raise NotFound(_("The bytes of this file are not on this machine."))
    return file_answer(row)


@require_POST
@manager_page
def file_remove(request: ActorRequest, attachment_id: UUID) -> HttpResponseBase:
    """Put a file away; the journal keeps that it was there."""
    row = services.attachment_remove(actor=request.actor, attachment_id=attachment_id)
    return acted(request, row.order_id, _("File put away"))
