"""What a technician is still to be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from callout.accounts.mail import own_url
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


@dataclass(frozen=True, slots=True)
class MailLine:
    """One visit in a mail: the order's number, what became of it, of what kind and where."""

    number: str
    words: str
    about: str
    link: str


def work_mail_lines(notices: Sequence[Notice]) -> list[MailLine]:
    """The lines of a mail in the active language, by slot. A number, a time, the kind of work and
    the town: a mail is read by others on its way, and names stay out of it."""
    when = When()
    return [
        MailLine(
            number=order_number(row.order.number),
            words=notice_words(row, when),
            about=", ".join(filter(None, [row.order.type.name, row.order.site.town])),
            link=own_url(f"/technician/#/visit/{row.visit_id}") if row.facts.get("is") else "",
        )
        for row in sorted(notices, key=_slot_start)
    ]


def _slot_start(row: Notice) -> str:
    slot = row.facts.get("is") or row.facts.get("was") or {}
    return str(slot.get("start", ""))


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
