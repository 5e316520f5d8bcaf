"""Drafts asked for, stopped, dropped. filling.py works one out, applying.py does it.

Whoever is a manager may do all of it with any draft, as with any order.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from callout.accounts.zone import day_bounds, today
from callout.kernel import clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import (
    constraint_means,
    row_lock,
    row_save,
    rows_add,
    service,
    statement_add,
)
from callout.kernel.errors import Forbidden, Invalid, Refused
from callout.orders.lifecycle import Stage
from callout.orders.policy import manager_required, orders_visible
from callout.orders.selectors.pile import pile_ids
from callout.planning.drafts.loading import visits_of
from callout.planning.models import RUNNING, DraftKind, DraftState, MoveState, PlanDraft
from callout.planning.tasks import draft_fill_later
from callout.workforce.models import Absence, Technician
from callout.workforce.policy import visible_absences, visible_technicians

MOST_DAYS = 14
MOST_ORDERS = 500
FURTHEST = timedelta(days=366)


@service
def draft_auto_plan(
    *,
    actor: Actor,
    first: date,
    days: int = 5,
    order_ids: Sequence[UUID] | None = None,
    technician_ids: Sequence[UUID] = (),
    team_id: UUID | None = None,
    area_id: UUID | None = None,
    replan: bool = False,
    keep_day: bool = True,
) -> PlanDraft:
    """Have these orders, or the whole to-plan pile (or what of it lies in an area), planned on the
    company's days from `first` on.

    For some technicians, or a team, or everybody. With `replan` the planned visits of orders that
    are named move too: to whom was named or suits best, and with `keep_day` on their own day where
    it fits. The draft comes back in the making; a job fills it. Of a pile of more than 500 the most
    pressing are taken. Invalid for an empty pile.
    """
    maker_of(actor)
    _days_check(first, days)
    if replan and order_ids is None:
        raise Invalid({"replan": [_("Name the orders that are to be planned anew.")]})
    chosen = _pile(actor, area_id) if order_ids is None else _orders(actor, order_ids, replan)
    team = technicians_chosen(actor, technician_ids, team_id)
    return draft_begin(
        actor,
        DraftKind.AUTO_PLAN,
        {
            "first": first.isoformat(),
            "days": days,
            "orders": [str(one) for one in chosen[:MOST_ORDERS]],
            "left_out": len(chosen[MOST_ORDERS:]),
            "technicians": [str(one) for one in team],
            "team": str(team_id) if team_id else None,
            "area": str(area_id) if area_id else None,
            "whole_pile": order_ids is None,
            "replan": replan,
            "keep_day": keep_day,
        },
        len(chosen[:MOST_ORDERS]),
    )


@service
def draft_absence(
    *,
    actor: Actor,
    technician_id: UUID | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    absence_id: UUID | None = None,
) -> PlanDraft:
    """Propose what becomes of the visits that a technician cannot hold: those of an absence that
    is entered, or of a time in which they will not be there.

    Refused ("no_visits") where they have none then.
    """
    maker_of(actor)
    if absence_id is not None:
        row = row_of_absence(actor, absence_id)
        technician_id, start, end = row.technician_id, row.start, row.end
    if technician_id is None or start is None or end is None:
        raise Invalid({"technician_id": [_("Say who is absent, and from when to when.")]})
    technician = visible_technicians(actor).filter(pk=technician_id).first()
    if technician is None:
        raise Invalid({"technician_id": [_("There is no such technician.")]})
    start = max(start, day_bounds(today())[0])
    if end <= start or end <= clock.now():
        raise Invalid({"end": [_("It is over already. Choose a later end.")]})
    if end - start > FURTHEST:
        raise Invalid({"end": [_("An absence of more than a year: choose an earlier end.")]})
    visits = visits_of(actor, technician.pk, (start, end))
    if not visits:
        words = _("%(name)s has no planned visits in this time.") % {"name": technician.name}
        raise Refused(words, code="no_visits")
    if len(visits) > MOST_ORDERS:
        words = _("These are more than %(most)d visits: choose an earlier end.")
        raise Invalid({"end": [words % {"most": MOST_ORDERS}]})
    return draft_begin(
        actor,
        DraftKind.ABSENCE,
        {
            "start": start.isoformat(),
            "end": end.isoformat(),
            "absence": str(absence_id) if absence_id else None,
        },
        len(visits),
        technician,
    )


@service
def draft_stop(*, actor: Actor, draft_id: UUID, version: int | None = None) -> PlanDraft:
    """Do not work it out any further: what was found so far is the draft, within a second or two.
    It is awaited until then."""
    draft = draft_lock(actor, draft_id, version)
    if draft.state != DraftState.MAKING:
        raise Refused(_("It is finished already."), code="not_making")
    draft.state = DraftState.STOPPED
    row_save(draft, ["state"])
    recorded(actor, draft, "stopped")
    return draft


@service
def draft_drop(*, actor: Actor, draft_id: UUID, version: int | None = None) -> PlanDraft:
    """Do none of it, or nothing more of it than was done."""
    draft = draft_lock(actor, draft_id, version)
    if draft.state not in RUNNING:
        raise Refused(_("There is nothing left of it to drop."), code="nothing_left")
    partly = draft.state == DraftState.PARTLY_APPLIED
    statement_add(DROP, [MoveState.DROPPED, draft.pk, MoveState.PROPOSED])
    draft.state = DraftState.APPLIED if partly else DraftState.DROPPED
    row_save(draft, ["state"])
    recorded(actor, draft, "dropped")
    return draft


DROP = (
    "UPDATE planning_planmove SET state = %s, version = version + 1"
    " WHERE draft_id = %s AND state = %s"
)


def draft_lock(actor: Actor, draft_id: UUID, version: int | None = None) -> PlanDraft:
    """The draft, before any technician or order is locked. For managers."""
    manager_required(actor)
    return row_lock(PlanDraft.objects.all(), draft_id, version)


def recorded(actor: Actor, draft: PlanDraft, kind: str, **facts: Any) -> None:
    """The draft's own entry; each order that it changed has its own besides."""
    journal.record(
        actor,
        entity="plan_draft",
        entity_id=draft.pk,
        kind=kind,
        facts={"draft_kind": draft.kind, "state": draft.state, "version": draft.version, **facts},
    )


def draft_begin(
    actor: Actor,
    kind: DraftKind,
    parameters: dict[str, Any],
    total: int,
    technician: Technician | None = None,
    later: Callable[[UUID, str], None] = draft_fill_later,
) -> PlanDraft:
    """A draft in the making, within the change that is open, and by `later` the job that fills
    it."""
    draft = PlanDraft(
        kind=kind,
        made_by_id=maker_of(actor),
        technician=technician,
        parameters=parameters,
        progress_total=total,
    )
    # First the job: what the draft's own guards say is then said by our writing, in words.
    later(draft.pk, kind)
    rows_add(draft)
    recorded(actor, draft, "create", moves=total)
    return draft


constraint_means(
    "draft_one_in_the_making",
    lambda: Refused(
        _("A draft that you asked for is still being worked out. Wait for it, or stop it."),
        code="one_in_the_making",
    ),
)


def maker_of(actor: Actor) -> UUID:
    """The job acts as who asked for it, so it must be somebody."""
    manager_required(actor)
    if actor.user_id is None:
        raise Forbidden
    return actor.user_id


def _days_check(first: date, days: int) -> None:
    if not 1 <= days <= MOST_DAYS:
        raise Invalid({"days": [_("Choose 1 to %(most)d days.") % {"most": MOST_DAYS}]})
    if first < today():
        raise Invalid({"first": [_("This day is past. Choose today or a later one.")]})
    if first > today() + FURTHEST:
        raise Invalid({"first": [_("This is more than a year ahead.")]})


def _pile(actor: Actor, area_id: UUID | None) -> list[UUID]:
    found = pile_ids(actor=actor, area_id=area_id)
    if not found:
        raise Invalid({"order_ids": [_("Nothing waits to be planned.")]}, code="empty_pile")
    return found


def _orders(actor: Actor, ids: Sequence[UUID], replan: bool) -> list[UUID]:
    if len(set(ids)) > MOST_ORDERS:
        words = _("Choose %(most)d orders at most.") % {"most": MOST_ORDERS}
        raise Invalid({"order_ids": [words]})
    rows = orders_visible(actor).filter(pk__in=ids)
    far = Q(visits__is_open=True, visits__start__gt=clock.now() + FURTHEST)
    if replan and rows.filter(far).exists():
        words = _("One of these is planned more than a year ahead: move it by hand.")
        raise Invalid({"order_ids": [words]})
    found = list(rows.values_list("pk", "stage"))
    if len(found) < len(set(ids)):
        raise Invalid({"order_ids": [_("One of these orders does not exist.")]})
    takes = {Stage.NEW.value, Stage.PLANNED.value} if replan else {Stage.NEW.value}
    if not any(stage in takes for _pk, stage in found):
        words = _("None of these orders waits to be planned.")
        if replan:
            words = _("None of these orders can be planned: each has ended.")
        raise Invalid({"order_ids": [words]}, code="empty_pile")
    return [pk for pk, _stage in found]


def technicians_chosen(
    actor: Actor, ids: Sequence[UUID], team_id: UUID | None = None
) -> list[UUID]:
    """Those named, or of the team; none for everybody."""
    rows = visible_technicians(actor).filter(archived_at__isnull=True)
    if ids:
        rows = rows.filter(pk__in=ids)
        if team_id:
            raise Invalid({"team_id": [_("Choose technicians or a team, not both.")]})
        if rows.count() < len(set(ids)):
            words = _("One of these technicians does not exist, or takes no more work.")
            raise Invalid({"technician_ids": [words]})
    elif team_id:
        rows = rows.filter(team=team_id)
        if not rows.exists():
            raise Invalid({"team_id": [_("There is nobody in this team.")]})
    else:
        return []
    return list(rows.order_by("name_sort", "id").values_list("pk", flat=True))


def row_of_absence(actor: Actor, absence_id: UUID) -> Absence:
    """The absence, if it is entered still."""
    row = visible_absences(actor).filter(pk=absence_id, archived_at__isnull=True).first()
    if row is None:
        raise Invalid({"absence_id": [_("There is no such absence.")]})
    return row
