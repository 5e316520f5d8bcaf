"""What a technician is still to be told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from callout.kernel.actor import Actor
from callout.notify.models import Notice
from callout.notify.words import notice_words
from callout.orders.numbers import order_number
from callout.orders.selectors.when import When

MOST = 50


@dataclass(frozen=True, slots=True)
class NoticeShown:
    """A notice in the words of the active language; `at` is when it was made."""

    id: UUID
    kind: str
    visit: UUID | None
    number: str
    words: str
    at: datetime


def notices_unseen(*, actor: Actor) -> list[NoticeShown]:
    """What the actor, a technician, has not seen yet, newest first, at most 50. One query."""
    if not actor.is_technician or actor.technician_id is None:
        return []
    when = When()
    rows = Notice.objects.filter(technician=actor.technician_id, seen_at=None)
    rows = rows.select_related("order")
    return [
        NoticeShown(
            id=row.pk,
            kind=row.kind,
            visit=row.visit_id,
            number=order_number(row.order.number),
            words=notice_words(row, when),
            at=row.created_at,
        )
        for row in rows.order_by("-created_at", "-pk")[:MOST]
    ]
