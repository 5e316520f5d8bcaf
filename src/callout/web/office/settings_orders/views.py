"""Pages of the settings for types, priorities and reasons."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from callout.fieldwork.selectors.checklists import checklist_counts
from callout.orders import services
from callout.orders.models import Priority
from callout.orders.priorities import priority_label
from callout.orders.selectors import catalogue
from callout.web.access import ActorRequest, manager_page
from callout.web.office.account.base import base_of, form_page, sent, sent_once
from callout.web.office.plain import versioned_deed
from callout.web.office.settings_orders.forms import (
    PriorityForm,
    ReasonEditForm,
    ReasonForm,
    TypeForm,
    kinds,
)
from callout.workforce.selectors import skill_list

MOST = 200


def _list(request: ActorRequest, title: str, **context: Any) -> HttpResponseBase:
    shown = {"base": base_of(request), "nav": "settings", "title": title, **context}
    return render(request, "settings/catalogue.html", shown)


def _parent(name: str, title: str) -> dict[str, str]:
    return {"parent": reverse(f"office:{name}"), "parent_title": title, "nav": "settings"}


# --- types ---------------------------------------------------------------------------------------


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
    return _list(
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
    return form_page(request, form, _("New type"), **_parent("types", _("Types")))


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
        **_parent("types", _("Types")),
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


# --- priorities ----------------------------------------------------------------------------------


@manager_page
def priorities_page(request: ActorRequest) -> HttpResponseBase:
    """The four priorities: what they are called, and how soon to answer."""
    lines = [
        {
            "url": reverse("office:priority", kwargs={"code": row.code}),
            "icon": {"high": "chevron-up", "urgent": "chevrons-up"}.get(row.code, "minus"),
            "title": priority_label(row.code),
            "text": _target_words(row),
        }
        for row in reversed(catalogue.priority_list(actor=request.actor))
    ]
    return _list(request, _("Priorities"), live="company", groups=[("", lines)])


def _target_words(row: Priority) -> str:
    if not row.response_hours:
        return _("no target")
    words = _("answer within %(count)d h")
    if row.working_hours_only:
        words = _("answer within %(count)d working h")
    return words % {"count": row.response_hours}


@manager_page
def priority_edit(request: ActorRequest, code: str) -> HttpResponseBase:
    """One priority; its code stays what it is."""
    row = catalogue.priority_get(actor=request.actor, code=code)
    form = PriorityForm(request.POST or None, initial=PriorityForm.values_of(row))

    def change(given: dict[str, Any]) -> object:
        version = given.pop("version")
        return services.priority_update(
            actor=request.actor, code=code, values=given, version=version
        )

    if sent(request, form, change):
        messages.success(request, _("Saved. It counts for orders recorded from now on."))
        return redirect("office:priorities")
    parent = _parent("priorities", _("Priorities"))
    return form_page(request, form, priority_label(code), live=f"company:{UUID(int=1)}", **parent)


# --- reasons -------------------------------------------------------------------------------------


@manager_page
def reasons_page(request: ActorRequest) -> HttpResponseBase:
    """Why an order is cancelled, handed back, or nobody was there."""
    rows = catalogue.reason_page(actor=request.actor, limit=MOST).items
    away = catalogue.reason_page(actor=request.actor, archived=True, limit=MOST).items
    kind_words = {kind: str(label) for kind, label in kinds()}
    groups = [
        (
            str(label),
            [
                {
                    "url": reverse("office:reason", kwargs={"reason_id": row.pk}),
                    "icon": "message",
                    "title": row.label,
                    "text": "",
                    "archive": reverse("office:reason_archive", kwargs={"reason_id": row.pk}),
                    "version": row.version,
                }
                for row in rows
                if row.kind == kind
            ],
        )
        for kind, label in kinds()
    ]
    return _list(
        request,
        _("Reasons"),
        live="reason",
        groups=groups,
        archived=[
            {
                "icon": "message",
                "title": row.label,
                "text": kind_words[row.kind],
                "restore": reverse("office:reason_restore", kwargs={"reason_id": row.pk}),
                "version": row.version,
            }
            for row in away
        ],
        button=_("New reason"),
        button_url=reverse("office:reason_new"),
        empty=_("None yet: a note is asked for instead."),
    )


@manager_page
def reason_new(request: ActorRequest) -> HttpResponseBase:
    """A reason more."""
    form = ReasonForm(request.POST or None, initial={"kind": "cancel"})
    if sent_once(request, form, lambda given: services.reason_create(actor=request.actor, **given)):
        messages.success(request, _("Added."))
        return redirect("office:reasons")
    return form_page(request, form, _("New reason"), **_parent("reasons", _("Reasons")))


@manager_page
def reason_edit(request: ActorRequest, reason_id: UUID) -> HttpResponseBase:
    """Other words for a reason; orders that have it show them too."""
    row = catalogue.reason_get(actor=request.actor, reason_id=reason_id)
    initial = {"label": row.label, "version": row.version}
    form = ReasonEditForm(request.POST or None, initial=initial)
    change: Callable[[dict[str, Any]], object] = lambda given: services.reason_update(  # noqa: E731
        actor=request.actor, reason_id=reason_id, **given
    )
    if sent(request, form, change):
        messages.success(request, _("Saved."))
        return redirect("office:reasons")
    live = f"reason:{reason_id}"
    return form_page(request, form, row.label, live=live, **_parent("reasons", _("Reasons")))


@require_POST
@manager_page
def reason_archive(request: ActorRequest, reason_id: UUID) -> HttpResponseBase:
    """Offer a reason no more."""
    return versioned_deed(
        request,
        services.reason_archive,
        reason_id=reason_id,
        back=reverse("office:reasons"),
        said=_("Archived. Orders that have it keep it."),
    )


@require_POST
@manager_page
def reason_restore(request: ActorRequest, reason_id: UUID) -> HttpResponseBase:
    """Offer a reason again."""
    return versioned_deed(
        request,
        services.reason_restore,
        reason_id=reason_id,
        back=reverse("office:reasons"),
        said=_("Restored. It is offered again."),
    )
