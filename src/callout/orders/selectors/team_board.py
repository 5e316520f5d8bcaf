"""The Kanban by technician: what is to plan, and beside it everybody's work of the filter's days.

Whoever has nothing to do has a column too: that is where a card is dragged to. The filter's people
choose the columns; what is to plan is nobody's yet and stays whole.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, UUIDField
from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.kernel.prepared import Given, Prepared, Statement
from callout.orders import policy
from callout.orders.filters import OrderFilter
from callout.orders.lifecycle import Stage
from callout.orders.models import ServiceOrder
from callout.orders.selectors.list_sql import count_words, ids_and_counts_statement
from callout.orders.selectors.listing import Listing
from callout.orders.selectors.narrow import Shape, orders_found, values_of
from callout.orders.selectors.rows import OrderRow, RowMaker, rows_read
from callout.workforce.models import Technician

NEW = Stage.NEW.value
MOST_CARDS = 600
MOST_PEOPLE = 100
FIRST_NEW = 60
ASKED_AT_ONCE = 50  # by a screen: where so many are, others that left with them may follow
CHANGED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Lane:
    """A column: a technician's by their id, or what is to plan ("new")."""

    key: str
    label: str
    initials: str
    count: str
    cards: list[OrderRow]


@dataclass(frozen=True, slots=True)
class TeamBoard:
    """All columns. `cut`: there is more work than fits on it, and days or people are to be
    chosen; `open_only`: without days, what has ended is left out."""

    lanes: list[Lane]
    cut: bool
    open_only: bool


def order_team(*, actor: Actor, wanted: OrderFilter) -> TeamBoard:
    """The board. For managers; as many queries for many people as for none."""
    new, count, work = _ids(actor, wanted)
    cards = _cards(actor, [*new, *work[:MOST_CARDS]])
    owners = Counter(lane_of(card) for card in cards if card.stage != NEW)
    return _board(wanted, cards, owners, count, len(work) > MOST_CARDS)


def order_team_cards(*, actor: Actor, wanted: OrderFilter, ids: Sequence[UUID]) -> TeamBoard:
    """The same board with these cards alone, and the counts as they are now. Every change that
    somebody sees asks for it, so of the others nothing is read but whose they are; and where as
    much is there as is shown, as many of the last: each may have come in the place of one that has
    left."""
    new, count, work = _ids(actor, wanted)
    asked = set(ids)
    left = len(ids) if len(ids) < ASKED_AT_ONCE else CHANGED_AT_ONCE
    if ids and len(new) == FIRST_NEW:
        asked.update(new[-left:])
    if ids and len(work) >= MOST_CARDS:
        asked.update(work[:MOST_CARDS][-left:])
    cards = _cards(actor, [one for one in [*new, *work[:MOST_CARDS]] if one in asked])
    owners = Counter(str(pk) for (pk,) in OWNERS.all(ids=work[:MOST_CARDS]))
    return _board(wanted, cards, owners, count, len(work) > MOST_CARDS)


OWNERS: Prepared[tuple[UUID]] = Prepared(
    lambda: ServiceOrder.objects.filter(pk__any=Given("ids", UUIDField())).values_list(
        "technician_id"
    )
)


def _cards(actor: Actor, ids: list[UUID]) -> list[OrderRow]:
    return RowMaker(sort="start").all(rows_read(actor, ids))


def _board(
    wanted: OrderFilter, cards: list[OrderRow], owners: Counter[str], new: int, cut: bool
) -> TeamBoard:
    by_key: dict[str, list[OrderRow]] = defaultdict(list)
    for card in cards:
        by_key[lane_of(card)].append(card)
    people = _people(wanted, {UUID(key) for key in owners})
    lanes = [
        Lane(str(one.pk), one.name, one.initials, str(owners[str(one.pk)]), by_key[str(one.pk)])
        for one in people[:MOST_PEOPLE]
    ]
    if not wanted.stages or NEW in wanted.stages:
        lanes.insert(0, Lane(NEW, _("To plan"), "", count_words(new), by_key[NEW]))
    return TeamBoard(lanes, cut or len(people) > MOST_PEOPLE, _open_only(wanted))


def lane_of(card: OrderRow) -> str:
    """In which column a card stands."""
    return NEW if card.stage == NEW else str(card.technician_id)


def _open_only(wanted: OrderFilter) -> bool:
    return wanted.day == "all" and not (wanted.date_from or wanted.date_to)


def _ids(actor: Actor, wanted: OrderFilter) -> tuple[list[UUID], int, list[UUID]]:
    """What is to plan, as many as are shown and how many there are; and everybody's work, one more
    than is shown where there is more."""
    policy.manager_required(actor)
    everybody = wanted.but(technicians=(), teams=(), nobody=False)
    new = _new_statement(Listing(policy.sight_of(actor), Shape.of(everybody), NEW))
    ((new_ids, count),) = new.ask(values_of(actor, everybody))
    stages = ("planned",) if _open_only(wanted) else ("planned", "completed")
    people = wanted.but(nobody=False)
    work = _work_statement(policy.sight_of(actor), Shape.of(people), stages)
    ((work_ids,),) = work.ask(values_of(actor, people))
    return new_ids, count, work_ids


@lru_cache(maxsize=256)
def _new_statement(listing: Listing) -> Statement:
    part = listing.rows().order_by("due_at", "number")
    return ids_and_counts_statement(part[:FIRST_NEW], [listing.rows()])


@lru_cache(maxsize=256)
def _work_statement(sight: policy.Sight, shape: Shape, stages: tuple[str, ...]) -> Statement:
    rows = orders_found(sight, shape, stages, has_slot=True)
    rows = rows.filter(Q(stage__in=stages), start__isnull=False).order_by("start", "number")
    return ids_and_counts_statement(rows[: MOST_CARDS + 1], [])


def _people(wanted: OrderFilter, there: set[UUID]) -> list[Any]:
    """Who takes work and is asked for, and whoever has some on the board; one more than is shown
    where there are more."""
    rows: QuerySet[Technician] = Technician.objects.only("name", "initials")
    takes = Q(archived_at__isnull=True)
    if wanted.technicians:
        takes &= Q(pk__in=wanted.technicians)
    if wanted.teams:
        takes &= Q(team__in=wanted.teams)
    return list(rows.filter(takes | Q(pk__in=there)).order_by("name_sort", "id")[: MOST_PEOPLE + 1])
