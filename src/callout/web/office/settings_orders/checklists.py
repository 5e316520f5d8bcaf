"""The checklist of a type, in its settings: lines added, worded, moved by buttons, put away."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from callout.fieldwork.models import ChecklistItem
from callout.fieldwork.selectors import checklists as selectors
from callout.fieldwork.services import checklists as services
from callout.kernel.errors import NotFound
from callout.orders.selectors import catalogue
from callout.web.access import ActorRequest, manager_page
from callout.web.office.account.base import base_of, form_page, sent, sent_once
from callout.web.office.account.forms import OfficeForm
from callout.web.office.plain import back_at, chosen_id, deed, next_of, nexts, versioned_deed

MOST = 200
TAKEN_BY = {
    "low": ChecklistItem.NUMBER,
    "high": ChecklistItem.NUMBER,
    "unit": ChecklistItem.NUMBER,
    "choices": ChecklistItem.CHOICE,
}
KIND_ICONS = {
    "tick": "circle-check",
    "number": "temperature",
    "text": "file-text",
    "choice": "list",
    "photo": "camera",
}


def kinds() -> list[tuple[str, Any]]:
    """What a line asks for."""
    return [
        (ChecklistItem.TICK, _("A tick")),
        (ChecklistItem.NUMBER, _("A number")),
        (ChecklistItem.TEXT, _("Words")),
        (ChecklistItem.CHOICE, _("One of some choices")),
        (ChecklistItem.PHOTO, _("A photo")),
    ]


class LineForm(OfficeForm):
    text = forms.CharField(label=gettext_lazy("What to do or to look at"), max_length=200)
    required = forms.BooleanField(
        label=gettext_lazy("Required"),
        help_text=gettext_lazy("the technician cannot complete without it; a tick must say yes"),
        required=False,
    )
    low = forms.CharField(
        label=gettext_lazy("Lowest"),
        help_text=gettext_lazy("for a number"),
        max_length=40,
        required=False,
    )
    high = forms.CharField(
        label=gettext_lazy("Highest"),
        help_text=gettext_lazy("for a number"),
        max_length=40,
        required=False,
    )
    unit = forms.CharField(
        label=gettext_lazy("Unit"),
        help_text=gettext_lazy("for a number: ppm, bar, °C"),
        max_length=16,
        required=False,
    )
    choices = forms.CharField(
        label=gettext_lazy("Choices"),
        help_text=gettext_lazy("one on each line"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        """Of a line whose kind is known only what that takes."""
        super().__init__(*args, **kwargs)
        for name, takes in TAKEN_BY.items():
            if kind and kind != takes:
                del self.fields[name]

    @staticmethod
    def values_of(row: ChecklistItem) -> dict[str, Any]:
        """The form's first values for an existing line."""
        return {
            "text": row.text,
            "required": row.required,
            "low": "" if row.low is None else services.plain(row.low),
            "high": "" if row.high is None else services.plain(row.high),
            "unit": row.unit,
            "choices": "\n".join(row.choices),
            "version": row.version,
        }


class NewLineForm(LineForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Asks for"), choices=kinds, widget=forms.RadioSelect, initial="tick"
    )
    field_order = ("text", "kind", "required")


def _typed(given: dict[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in given.items() if name != "version"}
    if "choices" in values:
        values["choices"] = values["choices"].splitlines()
    return values


def _place(type_id: UUID) -> str:
    return reverse("office:checklist", kwargs={"type_id": type_id})


def line_words(row: ChecklistItem) -> str:
    """What a line asks for, in one line."""
    words = [str(dict(kinds())[row.kind])]
    if row.low is not None or row.high is not None:
        words.append(services.range_words(row).rstrip("."))
    elif row.unit:
        words.append(row.unit)
    if row.choices:
        words.append(", ".join(row.choices))
    if row.required:
        words.append(_("required"))
    return " · ".join(words)


@manager_page
def checklist_page(request: ActorRequest, type_id: UUID) -> HttpResponseBase:
    """The lines of a type's checklist, in the order in which they are asked."""
    kind = catalogue.type_get(actor=request.actor, type_id=type_id)
    asked: dict[str, Any] = {"actor": request.actor, "type_id": type_id, "limit": MOST}
    rows = selectors.checklist_page(**asked).items
    away = selectors.checklist_page(**asked, archived=True).items
    beside = nexts([row.pk for row in rows])
    at, way = chosen_id(request, "at"), request.GET.get("way", "")
    lines = [_line(row, place, len(rows)) for place, row in enumerate(rows)]
    for line in lines:
        line["next"] = beside[line["row"].pk]
        line["focus"] = _focus(line, way) if line["row"].pk == at else ""
    context = {
        "base": base_of(request),
        "nav": "settings",
        "title": _("Checklist: %(type)s") % {"type": kind.name},
        "parent": reverse("office:type", kwargs={"type_id": type_id}),
        "parent_title": kind.name,
        "type": kind,
        "lines": lines,
        "head_has_focus": at is not None and at not in beside,
        "archived": [_line(row, 0, 1) for row in away],
        "button": "" if kind.archived_at else _("New line"),
        "button_url": reverse("office:checklist_new", kwargs={"type_id": type_id}),
    }
    return render(request, "settings/checklist.html", context)


def _line(row: ChecklistItem, place: int, count: int) -> dict[str, Any]:
    return {
        "row": row,
        "icon": KIND_ICONS[row.kind],
        "text": line_words(row),
        "first": place == 0,
        "last": place == count - 1,
    }


def _focus(line: dict[str, Any], way: str) -> str:
    """Which part of a line the keyboard is at: the button that was pressed, while it has it still
    (at the ends the other one), else its words."""
    there = [one for one, end in (("up", "first"), ("down", "last")) if not line[end]]
    if way not in ("up", "down") or not there:
        return "words"
    return way if way in there else there[0]


@manager_page
def line_new(request: ActorRequest, type_id: UUID) -> HttpResponseBase:
    """A line more, at the end."""
    kind = catalogue.type_get(actor=request.actor, type_id=type_id)
    form = NewLineForm(request.POST or None)
    if sent_once(
        request,
        form,
        lambda given: services.checklist_item_create(
            actor=request.actor, type_id=type_id, values=_typed(given)
        ),
    ):
        messages.success(request, _("Added. Phones ask it from their next sync on."))
        return redirect(_place(type_id))
    title = _("New line: %(type)s") % {"type": kind.name}
    return form_page(request, form, title, **_parent(type_id))


@manager_page
def line_edit(request: ActorRequest, item_id: UUID) -> HttpResponseBase:
    """Other words, another range. What was answered keeps the words that it was asked in."""
    row = selectors.checklist_item_get(actor=request.actor, item_id=item_id)
    form = LineForm(request.POST or None, initial=LineForm.values_of(row), kind=row.kind)
    if sent(
        request,
        form,
        lambda given: services.checklist_item_update(
            actor=request.actor,
            item_id=item_id,
            values=_typed(given),
            version=given["version"] or 0,
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect(back_at(_place(row.type_id), item_id))
    return form_page(request, form, row.text, live=f"type:{row.type_id}", **_parent(row.type_id))


def _parent(type_id: UUID) -> dict[str, str]:
    return {"parent": _place(type_id), "parent_title": _("Checklist"), "nav": "settings"}


@require_POST
@manager_page
def line_move(request: ActorRequest, item_id: UUID, way: str) -> HttpResponseBase:
    """One place up or down."""
    if way not in ("up", "down"):
        raise NotFound
    row = selectors.checklist_item_get(actor=request.actor, item_id=item_id)
    return deed(
        request,
        lambda: services.checklist_item_move(actor=request.actor, item_id=item_id, up=way == "up"),
        back=f"{back_at(_place(row.type_id), item_id)}&way={way}",
        said=_("Moved."),
    )


@require_POST
@manager_page
def line_archive(request: ActorRequest, item_id: UUID) -> HttpResponseBase:
    """Ask it no more."""
    row = selectors.checklist_item_get(actor=request.actor, item_id=item_id)
    return versioned_deed(
        request,
        services.checklist_item_archive,
        item_id=item_id,
        back=back_at(_place(row.type_id), next_of(request, item_id)),
        said=_("Archived. Where it was answered it stays."),
    )


@require_POST
@manager_page
def line_restore(request: ActorRequest, item_id: UUID) -> HttpResponseBase:
    """Ask it again."""
    row = selectors.checklist_item_get(actor=request.actor, item_id=item_id)
    return versioned_deed(
        request,
        services.checklist_item_restore,
        item_id=item_id,
        back=back_at(_place(row.type_id), item_id),
        said=_("Restored. It is asked again."),
    )
