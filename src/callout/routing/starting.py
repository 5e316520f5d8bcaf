"""Optimisations asked for. Solving happens in a job (`running.py`); the result is a plan draft."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from callout.accounts.zone import today
from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.errors import Invalid, Refused
from callout.orders.selectors.pile import pile_ids
from callout.planning.drafts.making import FURTHEST, draft_begin, maker_of, technicians_chosen
from callout.planning.models import DraftKind, PlanDraft
from callout.routing import tasks
from callout.routing.asked import (
    LEAST_SECONDS,
    MOST_DAYS,
    MOST_SECONDS,
    MOST_TECHNICIAN_DAYS,
    Asked,
)
from callout.routing.engine.problem import MOST_ORDERS
from callout.routing.loading import visits_count
from callout.workforce.policy import visible_technicians


@service
def optimisation_start(*, actor: Actor, asked: Asked) -> PlanDraft:
    """Have the routes of these days worked out. The draft comes back in the making; a job fills it.

    Invalid for days, people or a time that cannot be; Refused ("empty_day") where nothing is there
    to be planned. Of more than 2,000 orders the most pressing take part, and it is said how many
    do not.
    """
    maker_of(actor)
    days = _days(asked.days)
    _seconds(asked.seconds)
    there = _there(actor, asked, days)
    if len(there) * len(days) > MOST_TECHNICIAN_DAYS:
        words = _("These are more than %(most)d technicians' days: choose fewer days or people.")
        raise Invalid({"days": [words % {"most": MOST_TECHNICIAN_DAYS}]})
    planned = visits_count(actor, [*there, *asked.out], days)
    waiting = pile_ids(actor=actor) if asked.moves == "unplanned" else []
    if planned > MOST_ORDERS:
        words = _("These are more than %(most)d visits: choose fewer days or people.")
        raise Invalid({"days": [words % {"most": MOST_ORDERS}]})
    if not planned and not waiting:
        words = _("Nothing is planned on these days, and nothing that may be: there is no route.")
        raise Refused(words, code="empty_day")
    room = MOST_ORDERS - planned
    asked = replace(asked, days=days, order_ids=tuple(waiting[:room]))
    return draft_begin(
        actor,
        DraftKind.ROUTES,
        asked.kept() | {"left_out": len(waiting[room:])},
        asked.seconds,
        later=tasks.optimisation_later,
    )


def _days(days: Sequence[date]) -> tuple[date, ...]:
    found = tuple(sorted(set(days)))
    if not 1 <= len(found) <= MOST_DAYS:
        raise Invalid({"days": [_("Choose 1 to %(most)d days.") % {"most": MOST_DAYS}]})
    if found[0] < today():
        raise Invalid({"days": [_("This day is past. Choose today or a later one.")]})
    if found[-1] > today() + FURTHEST:
        raise Invalid({"days": [_("This is more than a year ahead.")]})
    return found


def _seconds(seconds: int) -> None:
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        words = _("Choose %(least)d to %(most)d seconds.")
        raise Invalid({"seconds": [words % {"least": LEAST_SECONDS, "most": MOST_SECONDS}]})


def _there(actor: Actor, asked: Asked, days: tuple[date, ...]) -> list[UUID]:
    """Who is to be planned for: those named, or everybody, less who is out on all of the days."""
    named = technicians_chosen(actor, asked.technician_ids)
    rows = visible_technicians(actor).filter(archived_at__isnull=True)
    everybody = list(rows.values_list("pk", flat=True))
    _known(asked.out | asked.lunch_taken | asked.pinned.technician_ids, everybody)
    out = asked.out if days == (today(),) else frozenset()
    there = [one for one in named or everybody if one not in out]
    if not there:
        raise Invalid({"technician_ids": [_("There is nobody to plan for.")]})
    return there


def _known(ids: Collection[UUID], everybody: Collection[UUID]) -> None:
    if not set(ids) <= set(everybody):
        words = _("One of these technicians does not exist, or takes no more work.")
        raise Invalid({"technician_ids": [words]})
