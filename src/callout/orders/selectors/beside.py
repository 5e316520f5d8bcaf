"""What lies beside an order and does not change it: notes, files, its journal. Read by programs."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.kernel.models import JournalEntry
from callout.kernel.paging import Page, page
from callout.orders import policy
from callout.orders.models import Attachment, Note
from callout.orders.selectors.history import journal_of
from callout.orders.selectors.whole import order_seen


@dataclass(frozen=True, slots=True)
class JournalRow:
    """An entry, and who it was by name."""

    entry: JournalEntry
    who: str


OLDEST_FIRST, NEWEST_FIRST = ("created_at", "id"), ("-created_at", "-id")


def note_list(
    *,
    actor: Actor,
    order_id: UUID,
    cursor: str | None = None,
    limit: int = 50,
    newest: bool = False,
) -> Page[Note]:
    """The notes of an order, oldest or newest first. A technician reads those for them."""
    order_seen(actor=actor, order_id=order_id)
    rows = _notes(actor).filter(order=order_id)
    return page(rows, NEWEST_FIRST if newest else OLDEST_FIRST, cursor=cursor, limit=limit)


def note_get(*, actor: Actor, note_id: UUID) -> Note:
    """One note of an order that `actor` sees."""
    note = _notes(actor).filter(pk=note_id, order__in=policy.orders_visible(actor)).first()
    if note is None:
        raise NotFound
    return note


MOST_ON_DESK = 200


def notes_on_desk(*, actor: Actor) -> list[Note]:
    """What was written to the office and nobody has put away yet, oldest first, at most 200: for
    managers."""
    policy.manager_required(actor)
    rows = on_desk().select_related("author", "order__customer")
    return list(rows.order_by("created_at", "pk")[:MOST_ON_DESK])


def on_desk() -> QuerySet[Note]:
    """All of them. For selectors that have asked for whom."""
    return Note.objects.filter(to_office=True, put_away_at__isnull=True)


def _notes(actor: Actor) -> QuerySet[Note]:
    rows = Note.objects.select_related("author")
    return rows if actor.is_manager else rows.filter(kind=Note.TECHNICIAN)


def attachment_list(
    *,
    actor: Actor,
    order_id: UUID,
    cursor: str | None = None,
    limit: int = 50,
    newest: bool = False,
) -> Page[Attachment]:
    """The files of an order, oldest or newest first. A technician gets those for them."""
    order_seen(actor=actor, order_id=order_id)
    rows = _attachments(actor).filter(order=order_id)
    return page(rows, NEWEST_FIRST if newest else OLDEST_FIRST, cursor=cursor, limit=limit)


def attachment_get(*, actor: Actor, attachment_id: UUID) -> Attachment:
    """One file of an order that `actor` sees; its id alone is no permission."""
    rows = _attachments(actor).filter(order__in=policy.orders_visible(actor))
    row = rows.filter(pk=attachment_id).first()
    if row is None:
        raise NotFound
    return row


def _attachments(actor: Actor) -> QuerySet[Attachment]:
    rows = Attachment.objects.filter(archived_at__isnull=True).select_related("author")
    return rows if actor.is_manager else rows.filter(for_technician=True)


def order_journal(
    *, actor: Actor, order_id: UUID, cursor: str | None = None, limit: int = 50
) -> Page[JournalRow]:
    """What happened to an order, newest first.

    A technician reads the entries that concerned them, without others' planned work.
    """
    order_seen(actor=actor, order_id=order_id)
    found = page(journal_of(actor, order_id), ("-id",), cursor=cursor, limit=limit)
    return Page([JournalRow(entry, _who(entry)) for entry in found.items], found.next)


def _who(entry: Any) -> str:
    return str(entry.person or entry.actor_name)
