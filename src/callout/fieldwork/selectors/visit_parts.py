"""All that visit documents are made of, read for all of them at once.

The number of queries does not grow with the visits. Nothing of an order is read that a technician
may not see: no prices, no internal notes, no codes, nobody else's plans.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import F, UUIDField, Window
from django.db.models.functions import RowNumber

from callout.customers.models import Asset
from callout.fieldwork.models import InboxCommand, Outcome
from callout.fieldwork.selectors import pasts
from callout.fieldwork.selectors.record import records_of
from callout.kernel.actor import Actor
from callout.kernel.prepared import Given, Prepared, together
from callout.orders.models import (
    Assignment,
    Attachment,
    Note,
    OrderAsset,
    ServiceOrder,
    TimeEntry,
    TimelineEntry,
    Visit,
)
from callout.orders.technician_selectors import PAST, past_of

HISTORY = 5  # interventions of each asset
EARLIER = 6  # of the site
NOTES, FILES = 30, 60  # of each order, the newest


@dataclass(frozen=True, slots=True)
class Command:
    """The phone's entry that made an entry of the timeline."""

    id: UUID
    own: bool
    uncertain: bool


@dataclass(slots=True)
class Parts:
    """What was read, by the order or the visit that it belongs to."""

    people: dict[UUID, list[Assignment]] = field(default_factory=dict)
    assets: dict[UUID, list[Asset]] = field(default_factory=dict)
    notes: dict[UUID, list[Note]] = field(default_factory=dict)
    files: dict[UUID, list[Attachment]] = field(default_factory=dict)
    timeline: dict[UUID, list[TimelineEntry]] = field(default_factory=dict)
    times: dict[UUID, list[TimeEntry]] = field(default_factory=dict)
    commands: dict[int, Command] = field(default_factory=dict)
    records: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    attempts: dict[UUID, list[tuple[UUID, pasts.Told]]] = field(default_factory=dict)
    past: dict[pasts.Pair, list[pasts.Told]] = field(default_factory=dict)


def parts_read(actor: Actor, own: Sequence[Assignment]) -> Parts:
    """The parts of these visits, which are the technician's own (scope.own_work)."""
    if not own:
        return Parts()
    visits = [one.visit for one in own]
    orders = {visit.order_id: visit.order for visit in visits}
    given = {
        "visits": [visit.pk for visit in visits],
        "orders": list(orders),
        "technician": actor.technician_id,
    }
    people, more, notes, files, steps, times, commands, ended = together(
        *(one.ask(**given) for one in ASKED)
    )
    assets = _assets(orders, more)
    return Parts(
        people=_by("visit_id", people),
        assets=assets,
        notes=_by("order_id", notes),
        files=_by("order_id", files),
        timeline=_by("visit_id", steps),
        times=_by("visit_id", times),
        commands=_commands(actor, commands),
        records=records_of(visits),
        attempts=_attempts(ended),
        past=pasts.latest(
            [(order.pk, order.site_id) for order in orders.values()],
            [(order, asset.pk) for order, rows in assets.items() for asset in rows],
            EARLIER,
            HISTORY,
        ),
    )


def _place() -> Window:
    """Among those of its order, from the newest on."""
    newest = [F("created_at").desc(), F("pk").desc()]
    return Window(RowNumber(), partition_by=[F("order")], order_by=newest)


VISITS, ORDERS = Given("visits", UUIDField()), Given("orders", UUIDField())
ASKED: tuple[Prepared[Any], ...] = (
    Prepared(
        lambda: (
            Assignment.objects.filter(visit__any=VISITS).select_related("technician").order_by("id")
        )
    ),
    Prepared(
        lambda: OrderAsset.objects.filter(order__any=ORDERS).select_related("asset").order_by("id")
    ),
    Prepared(
        lambda: (
            Note.objects.filter(order__any=ORDERS, kind=Note.TECHNICIAN)
            .annotate(place=_place())
            .filter(place__lte=NOTES)
            .select_related("author")
            .order_by("-created_at", "-pk")
        )
    ),
    Prepared(
        lambda: (
            Attachment.objects.filter(
                order__any=ORDERS, for_technician=True, archived_at__isnull=True
            )
            .annotate(place=_place())
            .filter(place__lte=FILES)
            .order_by("-created_at", "-pk")
        )
    ),
    Prepared(
        lambda: (
            TimelineEntry.objects.filter(visit__any=VISITS, undone_at=None)
            .exclude(action="undo")
            .select_related("actor")
            .defer("before")
            .order_by("at", "id")
        )
    ),
    Prepared(
        lambda: TimeEntry.objects.filter(
            visit__any=VISITS, technician=Given("technician", UUIDField())
        ).order_by("start", "pk")
    ),
    Prepared(
        lambda: (
            InboxCommand.objects.filter(visit__any=VISITS, entry__isnull=False)
            .order_by("received_at", "pk")
            .values_list("entry_id", "pk", "user_id", "time_uncertain", "outcome")
        )
    ),
    Prepared(
        lambda: (
            Visit.objects.filter(order__any=ORDERS, is_open=False, outcome__in=PAST)
            .select_related("order__type", "technician")
            .order_by("start", "sequence")
        )
    ),
)


def _assets(
    orders: dict[UUID, ServiceOrder], more: Iterable[OrderAsset]
) -> dict[UUID, list[Asset]]:
    """The order's own asset first."""
    found = {pk: [one.asset] if one.asset else [] for pk, one in orders.items()}
    for row in more:
        found[row.order_id].append(row.asset)
    return found


def _commands(actor: Actor, rows: Iterable[Any]) -> dict[int, Command]:
    """By the entry: of several that say the same, the one that was applied."""
    found: dict[int, Command] = {}
    for entry, pk, user, uncertain, outcome in rows:
        if entry not in found or outcome == Outcome.APPLIED:
            found[entry] = Command(pk, user == actor.user_id, uncertain)
    return found


def _attempts(rows: Iterable[Visit]) -> dict[UUID, list[tuple[UUID, pasts.Told]]]:
    """Past visits of each order, oldest first: (visit, what is told of it)."""
    found: dict[UUID, list[tuple[UUID, pasts.Told]]] = defaultdict(list)
    for row in rows:
        found[row.order_id].append((row.pk, asdict(past_of(row))))
    return found


def _by(name: str, rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found
