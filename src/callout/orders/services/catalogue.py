"""The lists behind an order: types, priorities, reasons. Changed by managers in the settings."""

import re
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import fields_set, row_lock, row_save, rows_lock, service
from callout.kernel.checks import Wrong, text
from callout.kernel.errors import Invalid, NotFound, Refused
from callout.kernel.writing import Writer, live
from callout.orders import policy, priorities
from callout.orders.hooks import type_guard
from callout.orders.models import InterventionType, Priority, Reason
from callout.workforce.models import Skill

ICONS = (
    "bolt", "refresh", "package", "clipboard-check", "tool", "flame", "droplet", "snowflake",
    "elevator", "plug", "phone", "search",
)  # fmt: skip


def _archive_allowed(entity: str, entity_id: UUID) -> None:
    """A reason may go: what has it keeps it, and a note says as much. Of a type, see the guard."""
    if entity == "type" and (words := type_guard(entity_id)):
        raise Refused(words, code="in_use")


# Nobody's screen lives on one.
_shelf = Writer(codes={}, audience=lambda _entity, _row: (), archive_allowed=_archive_allowed)


def _label(values: dict[str, Any], name: str, longest: int, errors: dict[str, list[str]]) -> None:
    if name in values:
        try:
            values[name] = text(longest, required=True)(str(values[name]))
        except Wrong:
            errors[name] = [_("Give it a name of 1 to %(count)d characters.") % {"count": longest}]


def _type_clean(values: dict[str, Any]) -> tuple[dict[str, Any], list[Skill] | None]:
    known = {"name", "icon", "duration_minutes", "position", "skill_ids"}
    values = {name: value for name, value in values.items() if name in known}
    errors: dict[str, list[str]] = {}
    _label(values, "name", 60, errors)
    if values.get("icon", ICONS[0]) not in ICONS:
        errors["icon"] = [_("Choose one of the icons.")]
    if not 5 <= int(values.get("duration_minutes", 60)) <= 1440:
        errors["duration_minutes"] = [_("A duration is 5 minutes to 24 hours.")]
    skills = None
    if "skill_ids" in values:
        wanted = set(values.pop("skill_ids"))
        # Held, so that nobody archives one meanwhile.
        skills = rows_lock(Skill.objects.filter(pk__in=wanted, archived_at__isnull=True))
        if len(skills) != len(wanted):
            errors["skill_ids"] = [_("There is no such skill.")]
    if errors:
        raise Invalid(errors)
    return values, skills


@service
def type_create(*, actor: Actor, values: dict[str, Any]) -> InterventionType:
    """A new type. `values`: name, icon, duration_minutes, position, skill_ids."""
    policy.manager_required(actor)
    fields, skills = _type_clean({"name": "", **values})
    row = InterventionType.objects.create(**fields)
    row.skills.set(skills or [])
    _record(actor, "type", row.pk, "create", sorted(values))
    return row


@service
def type_update(
    *, actor: Actor, type_id: UUID, values: dict[str, Any], version: int | None = None
) -> InterventionType:
    """Change some of the values that type_create takes."""
    policy.manager_required(actor)
    row = row_lock(InterventionType.objects.all(), type_id, version)
    live(row)
    fields, skills = _type_clean(dict(values))
    changed = fields_set(row, fields)
    if skills is not None:
        row.skills.set(skills)
    row_save(row, changed)
    _record(actor, "type", row.pk, "update", [*changed, *(["skills"] if skills else [])])
    return row


@service
def type_archive(*, actor: Actor, type_id: UUID, version: int | None = None) -> InterventionType:
    """Offer the type no more; closed orders keep it. Refused with open ones, and for the last."""
    policy.manager_required(actor)
    # All that are offered, so that two who archive the last two wait for each other; and not by
    # row_lock, which lets through whoever only refers to one: an order that is being recorded.
    offered = InterventionType.objects.filter(archived_at__isnull=True).order_by("pk")
    list(offered.select_for_update().values_list("pk", flat=True))
    return _shelf.archive(actor, InterventionType.objects.all(), "type", type_id, version)


@service
def type_restore(*, actor: Actor, type_id: UUID, version: int | None = None) -> InterventionType:
    """Offer the type again."""
    policy.manager_required(actor)
    return _shelf.restore(actor, InterventionType.objects.all(), "type", type_id, version)


@service
def priority_update(
    *, actor: Actor, code: str, values: dict[str, Any], version: int | None = None
) -> Priority:
    """Change a priority's label, colour ("#rrggbb" or ""), response_hours (None: no target) or
    working_hours_only. Targets of orders that are there stay as they are."""
    policy.manager_required(actor)
    found = Priority.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound
    row = row_lock(Priority.objects.all(), str(found), version)
    known = {"label", "colour", "response_hours", "working_hours_only"}
    values = {name: value for name, value in values.items() if name in known}
    errors: dict[str, list[str]] = {}
    _label(values, "label", 40, errors)
    if not re.fullmatch(r"(#[0-9a-fA-F]{6})?", values.get("colour", "")):
        errors["colour"] = [_("A colour looks like #c3152f.")]
    hours = values.get("response_hours")
    if hours is not None and not 1 <= hours <= 8760:
        errors["response_hours"] = [_("A response target is 1 hour to a year.")]
    if not isinstance(values.get("working_hours_only", False), bool):
        errors["working_hours_only"] = [_("Say yes or no.")]
    if errors:
        raise Invalid(errors)
    changed = fields_set(row, values)
    row_save(row, changed)
    priorities.KEPT.changed()
    journal.record(
        actor,
        entity="company",
        entity_id=UUID(int=1),
        kind="priority_update",
        facts={"priority": code, "fields": changed},
    )
    return row


@service
def reason_create(*, actor: Actor, kind: str, label: str) -> Reason:
    """A reason offered for `kind`: cancel, hand_back or absent."""
    policy.manager_required(actor)
    values = {"label": label}
    errors: dict[str, list[str]] = {}
    _label(values, "label", 80, errors)
    if kind not in dict(Reason.KINDS):
        errors["kind"] = [_("Choose cancel, hand back or absent.")]
    if errors:
        raise Invalid(errors)
    row = Reason.objects.create(kind=kind, label=values["label"])
    _record(actor, "reason", row.pk, "create", ["kind", "label"])
    return row


@service
def reason_update(
    *, actor: Actor, reason_id: UUID, label: str, version: int | None = None
) -> Reason:
    """Word a reason anew."""
    policy.manager_required(actor)
    row = row_lock(Reason.objects.all(), reason_id, version)
    live(row)
    values = {"label": label}
    errors: dict[str, list[str]] = {}
    _label(values, "label", 80, errors)
    if errors:
        raise Invalid(errors)
    row_save(row, fields_set(row, values))
    _record(actor, "reason", row.pk, "update", ["label"])
    return row


@service
def reason_archive(*, actor: Actor, reason_id: UUID, version: int | None = None) -> Reason:
    """Offer the reason no more."""
    policy.manager_required(actor)
    return _shelf.archive(actor, Reason.objects.all(), "reason", reason_id, version)


@service
def reason_restore(*, actor: Actor, reason_id: UUID, version: int | None = None) -> Reason:
    """Offer the reason again."""
    policy.manager_required(actor)
    return _shelf.restore(actor, Reason.objects.all(), "reason", reason_id, version)


def _record(actor: Actor, entity: str, entity_id: UUID, kind: str, fields: list[str]) -> None:
    journal.record(actor, entity=entity, entity_id=entity_id, kind=kind, facts={"fields": fields})
