"""Files of an order: added, and put away."""

from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel import clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import row_lock, service
from callout.kernel.errors import Forbidden, Refused
from callout.orders.files import Kept, file_read, file_store
from callout.orders.models import Attachment, ServiceOrder, Visit
from callout.orders.services.notes import order_for_adding, visit_of
from callout.orders.services.settle import audience_of

MOST_FILES = 200


@service
def attachment_add(
    *,
    actor: Actor,
    order_id: UUID,
    name: str,
    data: bytes,
    visit_id: UUID | None = None,
    for_technician: bool = True,
) -> Attachment:
    """Keep an upload with the order: pictures decoded and written anew, others by kind and size.

    `for_technician` False keeps it in the office; a technician's own file is for both.
    """
    order = order_for_adding(actor, order_id)
    visit = visit_of(actor, order, visit_id)
    _room(order)
    office_only = not for_technician and actor.is_manager
    return _keep(actor, order, visit, file_read(name, data), actor.user_id, office_only)


@service
def attachment_keep(*, actor: Actor, visit: Visit, kept: Kept, author_id: UUID) -> Attachment:
    """Keep a file that was let in before, when its sender announced it: the installation's alone.

    The sender may have lost the visit since; who had the right then has made the promise.
    """
    if actor.user_id is not None or not actor.is_manager:
        raise Forbidden
    _room(visit.order)
    return _keep(actor, visit.order, visit, kept, author_id, office_only=False)


def _room(order: ServiceOrder) -> None:
    if order.attachments.count() >= MOST_FILES:
        raise Refused(_("An order has 200 files at most."), code="too_many_files")


def _keep(
    actor: Actor,
    order: ServiceOrder,
    visit: Visit | None,
    kept: Kept,
    author_id: UUID | None,
    office_only: bool,
) -> Attachment:
    # Bytes before the row: a row without its file would be a lie, a file without a row is dust.
    file_store(kept.data, kept.sha256)
    row = Attachment.objects.create(
        order=order,
        visit=visit,
        kind=kept.kind,
        name=kept.name,
        media_type=kept.media_type,
        size=len(kept.data),
        width=kept.width,
        height=kept.height,
        sha256=kept.sha256,
        sha256_sent=kept.sha256_sent,
        for_technician=not office_only,
        author_id=author_id,
    )
    facts = {"attachment": str(row.pk), "sha256": row.sha256, "sha256_sent": row.sha256_sent}
    _record(actor, row, "file_add", facts)
    return row


@service
def attachment_remove(*, actor: Actor, attachment_id: UUID) -> Attachment:
    """Put a file away; its bytes stay, as the journal names them. A technician's own, or any."""
    row = row_lock(Attachment.objects.filter(archived_at__isnull=True), attachment_id)
    order_for_adding(actor, row.order_id)
    if not actor.is_manager and row.author_id != actor.user_id:
        raise Forbidden
    row.archived_at = clock.now()
    row.save(update_fields=["archived_at"])
    _record(actor, row, "file_remove", {"attachment": str(row.pk)})
    return row


def _record(actor: Actor, row: Attachment, kind: str, facts: dict[str, str]) -> None:
    journal.record(
        actor,
        entity="service_order",
        entity_id=row.order_id,
        kind=kind,
        facts=facts,
        personal={"name": row.name},
        audience=audience_of(row.order) if row.for_technician else (),
    )
