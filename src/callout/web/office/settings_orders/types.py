"""Types of intervention: how long each takes, and which skills it needs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from callout.fieldwork.selectors.checklists import checklist_counts
from callout.orders import services
from callout.orders.selectors import catalogue
from callout.web.access import ActorRequest, manager_page
from callout.web.office.account.base import form_page, sent, sent_once
from callout.web.office.plain import versioned_deed
from callout.web.office.settings_orders.base import MOST, list_page, parent_of
from callout.web.office.settings_orders.forms import TypeForm
from callout.workforce.selectors import skill_list


@manager_page
def types_page(request: ActorRequest) -> HttpResponseBase:
    """The kinds of intervention that an order may be."""
    rows = catalogue.type_page(actor=request.actor, limit=MOST).items
    away = catalogue.type_page(actor=request.actor, archived=True, limit=MOST).items
    counts = checklist_counts(actor=request.actor)
    lines = [
        {
            "url": reverse("office:type", kwargs={"type_id": row.pk}),
            "icon": row.icon,
            "title": row.name,
            "text": _type_words(row, counts.get(row.pk, 0)),
            "archive": reverse("office:type_archive", kwargs={"type_id": row.pk}),
            "version": row.version,
        }
        for row in rows
    ]
    return list_page(
        request,
        _("Types"),
        live="type skill",
        groups=[("", lines)],
        archived=[
            {
                "icon": row.icon,
                "title": row.name,
                "text": _type_words(row),
                "restore": reverse("office:type_restore", kwargs={"type_id": row.pk}),
                "version": row.version,
            }
            for row in away
        ],
        button=_("New type"),
        button_url=reverse("office:type_new"),
        empty=_("No type yet. An order needs one."),
    )


def _type_words(row: Any, lines: int = 0) -> str:
    skills = ", ".join(skill.name for skill in row.skills.all())
    minutes = _("%(count)d min") % {"count": row.duration_minutes}
    words = ngettext("checklist of %(count)d line", "checklist of %(count)d lines", lines)
    checklist = words % {"count": lines} if lines else ""
    return " · ".join(word for word in (minutes, skills, checklist) if word)


def _skills(request: ActorRequest) -> list[tuple[str, str]]:
    rows = skill_list(actor=request.actor, limit=MOST).items
    return [(str(row.pk), row.name) for row in rows]


def _typed(given: dict[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in given.items() if name != "version"}
    return values | {"skill_ids": [UUID(one) for one in values["skill_ids"]]}


@manager_page
def type_new(request: ActorRequest) -> HttpResponseBase:
    """A type more."""
    form = TypeForm(request.POST or None, initial={"icon": "tool"}, skills=_skills(request))
    if sent_once(
        request, form, lambda given: services.type_create(actor=request.actor, values=_typed(given))
    ):
        messages.success(request, _("Added."))
        return redirect("office:types")
    return form_page(request, form, _("New type"), **parent_of("types", _("Types")))


@manager_page
def type_edit(request: ActorRequest, type_id: UUID) -> HttpResponseBase:
    """What a type is called, how long it takes, which skills it needs."""
    row = catalogue.type_get(actor=request.actor, type_id=type_id)
    form = TypeForm(request.POST or None, initial=TypeForm.values_of(row), skills=_skills(request))
    if sent(
        request,
        form,
        lambda given: services.type_update(
            actor=request.actor,
            type_id=type_id,
            values=_typed(given),
            version=given["version"] or 0,
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect("office:types")
    live = f"type:{type_id}"
    return form_page(
        request,
        form,
        row.name,
        live=live,
        template="settings/type.html",
        checklist_url=reverse("office:checklist", kwargs={"type_id": type_id}),
        **parent_of("types", _("Types")),
    )


@require_POST
@manager_page
def type_archive(request: ActorRequest, type_id: UUID) -> HttpResponseBase:
    """Offer a type no more."""
    return versioned_deed(
        request,
        services.type_archive,
        type_id=type_id,
        back=reverse("office:types"),
        said=_("Archived. Orders that have it keep it."),
    )


@require_POST
@manager_page
def type_restore(request: ActorRequest, type_id: UUID) -> HttpResponseBase:
    """Offer a type again."""
    return versioned_deed(
        request,
        services.type_restore,
        type_id=type_id,
        back=reverse("office:types"),
        said=_("Restored. It is offered again."),
    )
