"""Imports from a table: sent, their columns chosen, looked at, confirmed, done, reported."""

from collections.abc import Callable
from itertools import chain
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from callout.customers.imports import making, selectors
from callout.customers.models import Import, ImportState
from callout.kernel.csv_out import CONTENT_TYPE, csv_written, separator_of
from callout.kernel.errors import Invalid, Refused, Stale
from callout.web.access import ActorRequest, manager_page
from callout.web.office.customers.import_forms import ColumnsForm, ConfirmForm, SendForm
from callout.web.office.customers.import_shown import import_shown, state_flag, titles
from callout.web.office.plain import deed, panel, piece_again, version_of
from callout.web.office.tables import table_answer
from callout.web.once import Facts, once


@require_GET
@manager_page
def imports_page(request: ActorRequest) -> HttpResponseBase:
    """All imports, the newest first."""
    cursor = request.GET.get("cursor") or None
    page = selectors.import_list(actor=request.actor, cursor=cursor)
    rows = [(run, titles()[run.kind], state_flag(run)) for run in page.items]
    context = {"nav": "customers", "rows": rows, "next": page.next, "cursor": cursor}
    return render(request, "office/customers/imports.html", context)


@manager_page
def import_new(request: ActorRequest) -> HttpResponseBase:
    """A file sent. Nothing of it is done."""
    form = SendForm(
        request.POST or None,
        request.FILES or None,
        initial={"kind": request.GET.get("kind", "customers")},
    )

    def send(given: dict[str, Any]) -> Facts:
        file = given["file"]
        run = making.import_send(
            actor=request.actor, kind=given["kind"], file_name=file.name, data=file.read()
        )
        return {"id": str(run.pk)}

    return panel(
        request,
        form,
        send,
        heading=_("Import from a file"),
        done=lambda facts: reverse("office:import", args=[facts["id"]]),
        said=_("The file is read. Say what its columns are."),
        submit=_("Read the file"),
        layout=[["kind"], ["file"]],
        note=_("Nothing is changed before you have seen what would happen and confirmed it."),
        template="office/customers/import_new.html",
        templates=[(titles()[kind], kind) for kind in selectors.EXAMPLES],
    )


@require_GET
@manager_page
def import_template(request: ActorRequest, kind: str) -> HttpResponseBase:
    """A table to be filled in, with one row as an example. Nobody's data, so nothing is written
    down."""
    head, rows = selectors.import_template(actor=request.actor, kind=kind)
    data = b"".join(csv_written(head, rows, separator=separator_of(request.actor.language)))
    name = content_disposition_header(True, f"{titles()[kind]}.csv") or "attachment"
    return HttpResponse(data, content_type=CONTENT_TYPE, headers={"Content-Disposition": name})


@manager_page
def import_page(request: ActorRequest, import_id: UUID) -> HttpResponseBase:
    """One import, as far as it is: its columns, what would happen, how far it is, its report."""
    if request.method == "POST":
        return _columns(request, import_id)
    return _shown(request, import_id)


def _shown(
    request: ActorRequest, import_id: UUID, form: ColumnsForm | None = None
) -> HttpResponseBase:
    detail = selectors.import_detail(
        actor=request.actor,
        import_id=import_id,
        show=request.GET.get("show", ""),
        cursor=request.GET.get("cursor") or None,
    )
    run = detail.run
    context: dict[str, Any] = {"nav": "customers", "run": run, **import_shown(request, detail)}
    choosing = run.state == ImportState.SENT or (
        run.state == ImportState.CHECKED and request.GET.get("columns") == "1"
    )
    if choosing or form is not None:
        context["form"] = form or ColumnsForm(run=run)
    elif run.state == ImportState.CHECKED:
        context["confirm"] = ConfirmForm(counts=detail.verdicts, initial={"version": run.version})
    return render(
        request,
        "office/customers/import.html",
        context,
        status=422 if form is not None and form.errors else 200,
    )


def _columns(request: ActorRequest, import_id: UUID) -> HttpResponseBase:
    run = selectors.import_head(actor=request.actor, import_id=import_id)
    form = ColumnsForm(request.POST, run=run)
    back = reverse("office:import", args=[import_id])
    if not form.is_valid():
        return _shown(request, import_id, form)

    def work() -> Facts:
        making.import_columns_set(
            actor=request.actor,
            import_id=import_id,
            version=version_of(request),
            columns=form.chosen(),
            has_head=form.cleaned_data["has_head"],
            with_site=form.cleaned_data.get("with_site", False),
        )
        return {}

    try:
        once(request, request.actor, work)
    except Invalid as error:
        form.refuse(error)
        return _shown(request, import_id, form)
    except (Refused, Stale) as error:
        messages.error(request, error.message)
    return redirect(back)


@require_GET
@manager_page
def import_progress(request: ActorRequest, import_id: UUID) -> HttpResponseBase:
    """How far it is; what has become of it once it is there."""
    run = selectors.import_head(actor=request.actor, import_id=import_id)
    if run.state not in (ImportState.CHECKING, ImportState.RUNNING):
        return piece_again()
    return render(request, "office/customers/import_progress.html", {"run": run})


@require_POST
@manager_page
def import_confirm(request: ActorRequest, import_id: UUID) -> HttpResponseBase:
    """Have it done."""
    ticked = {name: request.POST.get(name) == "on" for name in ("with_changes", "with_likely")}
    return deed(
        request,
        lambda: making.import_confirm(
            actor=request.actor, import_id=import_id, version=version_of(request), **ticked
        ),
        back=reverse("office:import", args=[import_id]),
        said=_("The import has begun. You can leave this page."),
    )


def _button(change: Callable[..., object], said: Callable[[], str], back: str) -> Any:
    """A button of an import without more words than that it was pressed."""

    @require_POST
    @manager_page
    def page(request: ActorRequest, import_id: UUID) -> HttpResponseBase:
        address = reverse(back, args=[import_id] if back == "office:import" else [])
        return deed(
            request,
            lambda: change(actor=request.actor, import_id=import_id),
            back=address,
            said=said(),
        )

    return page


import_stop = _button(
    making.import_stop, lambda: _("Stopped. What is done stays done."), "office:import"
)
import_go_on = _button(making.import_go_on, lambda: _("It goes on."), "office:import")
import_drop = _button(making.import_drop, lambda: _("Dropped."), "office:imports")


@require_POST
@manager_page
def import_faults(request: ActorRequest, import_id: UUID) -> HttpResponseBase:
    """The rows with faults, to be mended and sent again. A button: that they went out is written
    down."""
    run: Import = selectors.import_head(actor=request.actor, import_id=import_id)
    head, rows = selectors.import_faults(actor=request.actor, import_id=import_id)
    name = _("faults of %(file)s") % {"file": run.file_name.rpartition(".")[0] or run.file_name}
    return table_answer(
        request,
        chain([head], rows),
        name,
        lambda: making.import_faults_export(actor=request.actor, import_id=import_id),
    )
