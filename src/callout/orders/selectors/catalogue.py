"""The lists behind an order: types, priorities, reasons. Who works with orders reads them."""

from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from callout.kernel.actor import Actor, actor_required
from callout.kernel.errors import NotFound
from callout.kernel.paging import Page, page
from callout.orders.due import due_at
from callout.orders.models import InterventionType, Priority, Reason
from callout.workforce.models import Skill


def type_page(
    *,
    actor: Actor,
    archived: bool = False,
    q: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[InterventionType]:
    """The types of intervention, as the settings sort them, with the skills each needs."""
    rows = _types(actor).filter(archived_at__isnull=not archived)
    if q.strip():
        rows = rows.filter(name__icontains=q.strip())
    return page(rows, ("position", "name", "id"), cursor=cursor, limit=limit)


def type_get(*, actor: Actor, type_id: UUID) -> InterventionType:
    """One type, archived or not."""
    row = _types(actor).filter(pk=type_id).first()
    if row is None:
        raise NotFound
    return row


def _types(actor: Actor) -> QuerySet[InterventionType]:
    rows = InterventionType.objects.all() if _works(actor) else InterventionType.objects.none()
    skills = Skill.objects.order_by("name_sort", "id")
    return rows.prefetch_related(Prefetch("skills", queryset=skills))


def priority_list(*, actor: Actor) -> list[Priority]:
    """The four priorities, lowest first."""
    return list(Priority.objects.order_by("rank")) if _works(actor) else []


def priority_get(*, actor: Actor, code: str) -> Priority:
    """A priority by its code."""
    row = Priority.objects.filter(code=code).first() if _works(actor) else None
    if row is None:
        raise NotFound
    return row


def target_of(*, actor: Actor, code: str, received_at: datetime) -> datetime | None:
    """When an order of this priority would be to answer, received then; None for no target."""
    row = next((one for one in priority_list(actor=actor) if one.code == code), None)
    return due_at(actor, row, received_at) if row else None


def reason_page(
    *,
    actor: Actor,
    archived: bool = False,
    kind: str = "",
    q: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Reason]:
    """The reasons offered, perhaps of one kind only."""
    rows = Reason.objects.filter(archived_at__isnull=not archived)
    if kind:
        rows = rows.filter(kind=kind)
    if q.strip():
        rows = rows.filter(label__icontains=q.strip())
    rows = rows if _works(actor) else rows.none()
    return page(rows, ("kind", "position", "label", "id"), cursor=cursor, limit=limit)


def reason_get(*, actor: Actor, reason_id: UUID) -> Reason:
    """One reason, archived or not."""
    row = Reason.objects.filter(pk=reason_id).first() if _works(actor) else None
    if row is None:
        raise NotFound
    return row


def _works(actor: Actor) -> bool:
    return actor_required(actor).is_manager or actor.is_technician
