"""The checklist templates of the types: who works with orders reads them."""

from uuid import UUID

from django.db.models import Count, QuerySet

from callout.fieldwork.models import ChecklistItem
from callout.kernel.actor import Actor, actor_required
from callout.kernel.errors import NotFound
from callout.kernel.paging import Page, page


def checklist_page(
    *,
    actor: Actor,
    type_id: UUID | None = None,
    archived: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ChecklistItem]:
    """Lines of checklists, type by type and each in its order; perhaps of one type alone."""
    rows = _items(actor).filter(archived_at__isnull=not archived)
    if type_id is not None:
        rows = rows.filter(type=type_id)
    return page(rows, ("type_id", "position", "id"), cursor=cursor, limit=limit)


def checklist_item_get(*, actor: Actor, item_id: UUID) -> ChecklistItem:
    """One line, archived or not."""
    row = _items(actor).filter(pk=item_id).first()
    if row is None:
        raise NotFound
    return row


def checklist_counts(*, actor: Actor) -> dict[UUID, int]:
    """How many lines in use each type has, those with any."""
    rows = _items(actor).filter(archived_at=None).order_by().values("type_id")
    return dict(rows.annotate(count=Count("pk")).values_list("type_id", "count"))


def _items(actor: Actor) -> QuerySet[ChecklistItem]:
    works = actor_required(actor).is_manager or actor.is_technician
    rows = ChecklistItem.objects.select_related("type")
    return rows if works else rows.none()
