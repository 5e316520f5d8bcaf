"""Things of few fields, whose page is the form: their list, new, edit, archive, restore, made once.

Teams, vehicles, skills, areas. What has a page of its own (a technician, a site) is written out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from callout.kernel.paging import Page
from callout.web.access import ActorRequest, manager_page
from callout.web.office.account.forms import OfficeForm
from callout.web.office.plain import (
    Line,
    Listing,
    deed,
    lines_of,
    list_page,
    panel,
    version_of,
    wanted,
)

Words = str | Promise
Tabs = Callable[[], Sequence[tuple[str, str, str]]]
MOST = 50
ARCHIVED, RESTORED = gettext_lazy("Archived."), gettext_lazy("Restored.")


@dataclass(frozen=True, slots=True)
class Small:
    """A kind of thing. `many` and `stem` name its views (`teams`, `team_edit`), `key` is the id's
    name in addresses and services; `fields` are the form's, read from the row by their names."""

    many: str
    stem: str
    new_name: str
    key: str
    place: str
    nav: str
    tabs: Tabs
    live: str
    title: Words
    heads: Sequence[Words]
    cells: Callable[[Any], Sequence[str]]
    new_label: Words
    empty: Words
    empty_text: Words
    placeholder: Words
    created: Words
    fields: Sequence[str]
    form: type[OfficeForm]
    edit_form: type[OfficeForm]
    layout: Sequence[Sequence[str]]
    found: Callable[..., Page[Any]]
    detail: Callable[..., Any]
    create: Callable[..., Any]
    update: Callable[..., Any]
    archive: Callable[..., Any]
    restore: Callable[..., Any]
    note: Words = ""
    new_note: Words = ""


def small_urls(kind: Small) -> list[URLPattern]:
    """The five pages of one kind."""
    one = f"{kind.place}<uuid:{kind.key}>/"
    buttons = {"archive": (kind.archive, ARCHIVED), "restore": (kind.restore, RESTORED)}
    return [
        path(kind.place, _list(kind), name=kind.many),
        path(f"{kind.place}new/", _new(kind), name=kind.new_name),
        path(one, _edit(kind), name=kind.stem),
        *(
            path(f"{one}{what}/", _button(kind, service, said), name=f"{kind.stem}_{what}")
            for what, (service, said) in buttons.items()
        ),
    ]


def _list(kind: Small) -> Callable[..., HttpResponseBase]:
    def line(row: Any) -> Line:
        url = reverse(f"office:{kind.stem}", args=[row.pk])
        return Line(url=url, title=row.name or str(row), cells=kind.cells(row))

    @manager_page
    def page(request: ActorRequest) -> HttpResponseBase:
        found = kind.found(actor=request.actor, limit=MOST, **wanted(request))
        listing = Listing(
            title=str(kind.title),
            nav=kind.nav,
            tabs=kind.tabs(),
            own_tab=f"office:{kind.many}",
            live=kind.live,
            heads=[str(head) for head in kind.heads],
            new_url=reverse(f"office:{kind.new_name}"),
            new_label=str(kind.new_label),
            empty=str(kind.empty),
            empty_text=str(kind.empty_text),
            placeholder=str(kind.placeholder),
            in_panel=True,
            **lines_of(found, line),
        )
        return list_page(request, listing)

    return page


def _new(kind: Small) -> Callable[..., HttpResponseBase]:
    @manager_page
    def page(request: ActorRequest) -> HttpResponseBase:
        def create(given: dict[str, Any]) -> dict[str, Any]:
            return {"id": str(kind.create(actor=request.actor, **given).pk)}

        return panel(
            request,
            kind.form(request.POST or None),
            create,
            heading=str(kind.new_label),
            done=lambda _facts: reverse(f"office:{kind.many}"),
            said=str(kind.created),
            submit=_("Create"),
            layout=kind.layout,
            note=kind.new_note or kind.note,
        )

    return page


def _edit(kind: Small) -> Callable[..., HttpResponseBase]:
    @manager_page
    def page(request: ActorRequest, /, **named: UUID) -> HttpResponseBase:
        row = kind.detail(actor=request.actor, **named)
        initial = {name: getattr(row, name) for name in (*kind.fields, "version")}

        def change(given: dict[str, Any]) -> dict[str, Any]:
            kind.update(actor=request.actor, **named, **given)
            return {"id": str(row.pk)}

        return panel(
            request,
            kind.edit_form(request.POST or None, initial=initial),
            change,
            heading=str(row),
            done=lambda _facts: reverse(f"office:{kind.many}"),
            said=_("Saved."),
            layout=kind.layout,
            template="office/team/thing.html",
            note=kind.note,
            row=row,
            stem=kind.stem,
        )

    return page


def _button(
    kind: Small, service: Callable[..., Any], said: Words
) -> Callable[..., HttpResponseBase]:
    @require_POST
    @manager_page
    def page(request: ActorRequest, /, **named: UUID) -> HttpResponseBase:
        version = version_of(request)
        return deed(
            request,
            lambda: service(actor=request.actor, version=version, **named),
            back=reverse(f"office:{kind.many}"),
            said=str(said),
        )

    return page
