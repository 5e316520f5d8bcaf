"""From the journal to notices: what a change of plans means for each technician whom it concerns.

An entry may be read more than once, and a dispatcher moves a visit back and forth: of one visit a
technician has one notice that is neither seen nor pushed, and it goes from what they last knew to
what is so now. A newer one takes its place (a phone that has seen the old one has not seen it).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from callout.kernel import clock
from callout.kernel.feed import FeedEntry
from callout.notify.models import Notice
from callout.notify.tasks import notice_push_later, work_mail_later
from callout.workforce.models import Technician


@dataclass(frozen=True, slots=True)
class Told:
    """What one entry means for one technician and one visit; `was` and `now` are slots."""

    technician: UUID
    entry: FeedEntry
    order: UUID
    visit: UUID
    was: dict[str, Any] | None
    now: dict[str, Any] | None
    outcome: str | None
    decision: str = ""


def notices_tell(entries: Sequence[FeedEntry]) -> None:
    """Make the notices that these entries call for, and have them pushed.

    No actor and no journal entry: a notice is derived from the change that has its own.
    """
    told = [one for entry in entries for one in _told(entry)]
    users = _users(one.technician for one in told)
    concerned = set()
    for one in told:
        user = users.get(one.technician)
        # Nobody is told what they did themselves; who has no phone is told by the office.
        if user is not None and user != one.entry.actor_id:
            with transaction.atomic():
                _tell(one)
            concerned.add(one.technician)
    for technician in sorted(concerned):
        work_mail_later(technician)


def _users(technicians: Iterable[UUID]) -> dict[UUID, UUID]:
    rows = Technician.objects.filter(
        pk__in=set(technicians),
        archived_at=None,
        user__is_active=True,
        user__is_technician=True,
    )
    return dict(rows.values_list("pk", "user_id"))


def _told(entry: FeedEntry) -> Iterator[Told]:
    if entry.entity == "service_order":
        for plan in entry.facts.get("plans", ()):
            yield from _plan_told(entry, plan)
    elif entry.entity == "late_report" and entry.kind == "decided":
        facts = entry.facts
        yield Told(
            technician=UUID(facts["technician"]),
            entry=entry,
            order=UUID(facts["order"]),
            visit=UUID(facts["visit"]),
            was=None,
            now=None,
            outcome=None,
            decision=facts["decision"],
        )


def _plan_told(entry: FeedEntry, plan: Mapping[str, Any]) -> Iterator[Told]:
    was, now = plan["was"], plan["is"]
    before, after = (set(one["technicians"]) if one else set() for one in (was, now))
    for technician in sorted(before | after):
        yield Told(
            technician=UUID(technician),
            entry=entry,
            order=entry.entity_id,
            visit=UUID(plan["visit"]),
            was=_slot(was) if technician in before else None,
            now=_slot(now) if technician in after else None,
            outcome=plan["outcome"],
        )


def _slot(plan: Mapping[str, Any]) -> dict[str, Any]:
    return {"start": plan["start"], "end": plan["end"]}


def _tell(one: Told) -> None:
    read = Notice.objects.filter(
        technician=one.technician, visit=one.visit, entry_id__gte=one.entry.id
    )
    decided = Q(kind=Notice.DECIDED)
    # The entries of one order come in the order of their ids, and so do those of one report.
    if read.filter(decided if one.decision else ~decided).exists():
        return
    if one.decision:
        _make(one, Notice.DECIDED, {"decision": one.decision})
        return
    pending = _pending(one)
    was = pending.facts["was"] if pending else one.was
    kind = kind_of(was, one.now, one.outcome)
    if pending is not None:
        pending.seen_at = clock.now()
        pending.save(update_fields=["seen_at"])
    elif not kind:
        return
    facts = {"was": was, "is": one.now, "outcome": one.outcome, "silent": not kind}
    # What came and went again is told to nobody, and remembered so that it is not read anew.
    _make(one, kind or Notice.TAKEN, facts, seen=not kind)


def _pending(one: Told) -> Notice | None:
    """What the technician was to be told of this visit, and has not been."""
    rows = Notice.objects.filter(
        technician=one.technician, visit=one.visit, seen_at=None, pushed_at=None
    )
    rows = rows.exclude(kind=Notice.DECIDED)
    return rows.order_by("-entry_id").select_for_update(no_key=True).first()


def kind_of(
    was: Mapping[str, Any] | None, now: Mapping[str, Any] | None, outcome: str | None
) -> str:
    """What it is for the technician; "" for nothing."""
    if now is not None:
        return Notice.NEW if was is None else Notice.MOVED if was != now else ""
    if was is None:
        return ""
    return Notice.CANCELLED if outcome == "cancelled" else Notice.TAKEN


def _make(one: Told, kind: str, facts: dict[str, Any], *, seen: bool = False) -> None:
    row = Notice.objects.create(
        technician_id=one.technician,
        kind=kind,
        order_id=one.order,
        visit_id=one.visit,
        entry_id=one.entry.id,
        facts=facts,
        seen_at=clock.now() if seen else None,
    )
    if not seen:
        notice_push_later(row.pk)
