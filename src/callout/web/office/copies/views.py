"""The page, the list of exports that asks for itself again while one is made, and its buttons."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from callout.backup import selectors
from callout.backup.export import services
from callout.backup.models import BackupRun, FullExport
from callout.kernel.errors import NotFound, Refused
from callout.orders.selectors.when import When
from callout.web.access import ActorRequest, admin_page
from callout.web.office.account.base import base_of
from callout.web.once import once


@require_GET
@admin_page
def copies_page(request: ActorRequest) -> HttpResponseBase:
    """How it stands with backups, and one's own exports."""
    when = When()
    standing = selectors.backup_standing(actor=request.actor)
    context = {
        "base": base_of(request),
        "title": _("Backup and export"),
        "standing": standing,
        "hour": f"{standing.hour:%H:%M}",
        "last": _run(standing.last, when),
        "good": None if standing.last is standing.last_good else _run(standing.last_good, when),
        **_exports(request, when),
    }
    return render(request, "office/copies/page.html", context)


@require_GET
@admin_page
def exports_live(request: ActorRequest) -> HttpResponseBase:
    """The list of exports alone."""
    return render(request, "office/copies/exports.html", _exports(request, When()))


@require_POST
@admin_page
def export_new(request: ActorRequest) -> HttpResponseBase:
    """Have everything exported."""
    return _pressed(request, lambda: services.export_start(actor=request.actor))


@require_POST
@admin_page
def export_stop(request: ActorRequest, export_id: UUID) -> HttpResponseBase:
    """Do not wait for it."""
    return _pressed(request, lambda: services.export_stop(actor=request.actor, export_id=export_id))


@require_POST
@admin_page
def export_remove(request: ActorRequest, export_id: UUID) -> HttpResponseBase:
    """Remove its file."""
    return _pressed(
        request, lambda: services.export_remove(actor=request.actor, export_id=export_id)
    )


@require_POST
@admin_page
def export_fetch(request: ActorRequest, export_id: UUID) -> HttpResponseBase:
    """The zip, for whoever had it made. A button: that it went out is written down."""
    selectors.export_get(actor=request.actor, export_id=export_id)
    path = services.export_path(export_id)
    if not path.exists():
        raise NotFound(_("This export is not there any more. Make a new one."))
    row = services.export_fetch(actor=request.actor, export_id=export_id)
    answer = HttpResponse(content_type="application/zip")
    answer["X-Callout-File"] = str(path)
    name = f"callout-{row.created_at:%Y-%m-%d}.zip"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _pressed(request: ActorRequest, change: Callable[[], FullExport]) -> HttpResponseBase:
    try:
        once(request, request.actor, lambda: {"id": str(change().pk)})
    except Refused as error:
        messages.error(request, error.message)
    return redirect("office:copies")


def _exports(request: ActorRequest, when: When) -> dict[str, Any]:
    rows = selectors.exports_list(actor=request.actor)
    shown = [{"row": row, "made": when.full(row.created_at), "until": _until(row, when)}
             for row in rows]  # fmt: skip
    return {"exports": shown, "making": any(row.state == FullExport.MAKING for row in rows)}


def _until(row: FullExport, when: When) -> str:
    ready = row.state == FullExport.READY and row.finished_at is not None
    return when.full(row.finished_at + services.KEPT) if ready and row.finished_at else ""


def _run(run: BackupRun | None, when: When) -> dict[str, Any] | None:
    """A backup in words."""
    if run is None:
        return None
    return {
        "run": run,
        "at": when.full(run.started_at),
        "took": _took(run, when),
        "made": run.state != BackupRun.FAILED,
    }


def _took(run: BackupRun, when: When) -> str:
    took = run.finished_at - run.started_at
    if took.total_seconds() < 60:
        return _("%(count)d s") % {"count": max(1, round(took.total_seconds()))}
    return when.span(took)
