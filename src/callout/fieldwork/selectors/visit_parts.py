"""All that visit documents are made of, read for all of them at once.

The number of queries does not grow with the visits. Nothing of an order is read that a technician
may not see: no prices, no internal notes, no codes, nobody else's plans.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q

from callout.customers.models import Asset
from callout.fieldwork.models import InboxCommand, Outcome
from callout.fieldwork.selectors import pasts
from callout.fieldwork.selectors.record import records_of
from callout.kernel.actor import Actor
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

    visits: list[Visit]
    orders: dict[UUID, ServiceOrder] = field(default_factory=dict)
    assignments: dict[UUID, list[Assignment]] = field(default_factory=dict)
    assets: dict[UUID, list[Asset]] = field(default_factory=dict)
    notes: dict[UUID, list[Note]] = field(default_factory=dict)
    files: dict[UUID, list[Attachment]] = field(default_factory=dict)
    timeline: dict[UUID, list[TimelineEntry]] = field(default_factory=dict)
    times: dict[UUID, list[TimeEntry]] = field(default_factory=dict)
    commands: dict[int, Command] = field(default_factory=dict)
    records: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    attempts: dict[UUID, list[tuple[UUID, pasts.Told]]] = field(default_factory=dict)
    at_site: dict[pasts.Pair, list[pasts.Told]] = field(default_factory=dict)
    on_asset: dict[pasts.Pair, list[pasts.Told]] = field(default_factory=dict)


def parts_read(actor: Actor, ids: Collection[UUID]) -> Parts:
    """The parts of these visits, which whoever asks has picked as the technician's own."""
    parts = Parts(list(Visit.objects.filter(pk__in=ids)))
    if not parts.visits:
        return parts
    parts.orders = {row.pk: row for row in _orders({one.order_id for one in parts.visits})}
    for visit in parts.visits:
        visit.order = parts.orders[visit.order_id]
    people = Assignment.objects.filter(visit__in=ids).select_related("technician").order_by("id")
    parts.assignments = _by("visit_id", people)
    parts.assets = _assets(parts.orders)
    notes = Note.objects.filter(order__in=parts.orders, kind=Note.TECHNICIAN)
    notes = notes.select_related("author").order_by("-created_at", "-pk")
    parts.notes = _by("order_id", notes, NOTES)
    files = Attachment.objects.filter(
        order__in=parts.orders, for_technician=True, archived_at__isnull=True
    )
    parts.files = _by("order_id", files.order_by("-created_at", "-pk"), FILES)
    steps = TimelineEntry.objects.filter(visit__in=ids, undone_at=None).exclude(action="undo")
    parts.timeline = _by("visit_id", steps.select_related("actor").order_by("at", "id"))
    hours = TimeEntry.objects.filter(visit__in=ids, technician=actor.technician_id)
    parts.times = _by("visit_id", hours.order_by("start", "pk"))
    parts.commands = _commands(actor, ids)
    parts.records = records_of(parts.visits)
    parts.attempts = pasts.attempts(parts.visits)
    sites = [(order.pk, order.site_id) for order in parts.orders.values()]
    parts.at_site = pasts.latest("site_id", sites, EARLIER)
    assets = [(order, asset.pk) for order, rows in parts.assets.items() for asset in rows]
    parts.on_asset = pasts.latest("asset_id", assets, HISTORY)
    return parts


def _orders(ids: set[UUID]) -> list[ServiceOrder]:
    has_code = ExpressionWrapper(
        Q(site__access_code_encrypted__isnull=False), output_field=BooleanField()
    )
    rows = ServiceOrder.objects.filter(pk__in=ids).annotate(has_code=has_code)
    rows = rows.select_related("customer", "site", "asset", "contact", "type", "priority")
    return list(rows.defer("site__access_code_encrypted"))


def _assets(orders: dict[UUID, ServiceOrder]) -> dict[UUID, list[Asset]]:
    """The order's own asset first."""
    found = {pk: [one.asset] if one.asset else [] for pk, one in orders.items()}
    more = OrderAsset.objects.filter(order__in=orders).select_related("asset")
    for row in more.order_by("id"):
        found[row.order_id].append(row.asset)
    return found


def _commands(actor: Actor, ids: Collection[UUID]) -> dict[int, Command]:
    """By the entry: of several that say the same, the one that was applied."""
    rows = InboxCommand.objects.filter(visit__in=ids, entry__isnull=False).order_by("received_at")
    wanted = rows.values_list("entry_id", "pk", "user_id", "time_uncertain", "outcome")
    found: dict[int, Command] = {}
    for entry, pk, user, uncertain, outcome in wanted:
        if entry is not None and (entry not in found or outcome == Outcome.APPLIED):
            found[entry] = Command(pk, user == actor.user_id, uncertain)
    return found


def _by(name: str, rows: Any, most: int = 0) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        there = found[getattr(row, name)]
        if not most or len(there) < most:
            there.append(row)
    return found
