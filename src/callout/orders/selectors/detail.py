"""All that the page of one order shows, in a number of queries that nothing makes grow."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models import When as Where
from django.db.models.functions import Coalesce, JSONObject

from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.kernel.models import JournalEntry
from callout.orders import policy
from callout.orders.guards import is_built_on
from callout.orders.models import (
    Assignment,
    Attachment,
    Note,
    OrderAsset,
    ServiceOrder,
    TimeEntry,
    TimelineEntry,
)
from callout.orders.numbers import order_number
from callout.orders.selectors import when as words
from callout.orders.selectors.history import MOST_LINES, Line, journal_of, lines_of
from callout.orders.selectors.offers import Offer, offers_of
from callout.orders.selectors.reading import AboutOrder, Named, OrderId, read_about
from callout.orders.selectors.related import AROUND, Related, related_of
from callout.orders.selectors.seen import COLUMNS, OrderSeen, order_made
from callout.orders.selectors.visits import VISITS, VisitSeen, visits_seen
from callout.orders.services.undo import action_of

LINKED = (
    *("customer", "customer__bill_to", "site", "site__parent", "asset", "contact"),
    *("type", "priority", "technician", "visit", "proposed_vehicle"),
    *("follow_up_of", "created_by", "checked_by"),
)
ASSET = JSONObject(id="asset_id", kind="asset__kind", reference="asset__reference")
ENTRY = (
    *("id", "visit_id", "action", "at", "recorded_at", "undone_at", "actor_id", "actor__name"),
    *("built_on", "follows"),
)
JOURNAL = (
    *("id", "kind", "at", "recorded_at", "actor_name", "door", "facts", "personal"),
    *("person", "technician", "reason"),
)
NOT_READ = ("search", "site__access_code_encrypted", "site__parent__access_code_encrypted")


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """One order for its page. `counts` are those of the tabs' things."""

    order: OrderSeen
    number: str
    stage: str
    status: str
    when: words.When
    offers: dict[str, Offer]
    undo_of: str  # the action that Undo would take back, "" for none
    current: VisitSeen | None
    others: list[VisitSeen]
    journal: list[Line]
    journal_count: int
    counts: dict[str, int]
    related: Related
    has_code: bool
    more_assets: list[dict[str, str]]  # id, kind and reference of each
    followed_number: str
    beside: list[Any]  # the rows of what was asked beside

    @property
    def visits(self) -> list[VisitSeen]:
        return [*([self.current] if self.current else []), *self.others]


def order_detail(
    *, actor: Actor, order: Named, beside: AboutOrder[Any] | None = None
) -> OrderDetail:
    """Everything of the order's page, by its id or its number: one message to the database for a
    manager. NotFound if it is not there, or not theirs.

    `beside`: what a higher room asks of the order in the same message.
    """
    asked = (_ORDER, _TIMELINE, VISITS, _JOURNAL, AROUND, *([beside] if beside else []))
    rows, timeline, visits, entries, around, *more_read = read_about(actor, order, *asked)
    if not rows:
        raise NotFound
    seen, row = order_made(rows[0]), rows[0]
    has_code, notes, files, times, more = row[-5:]
    when = words.When()
    shown = visits_seen(visits, seen, timeline, when)
    last = timeline[-1] if timeline else None
    current = next((visit for visit in shown if visit.id == seen.visit_id), None)
    return OrderDetail(
        order=seen,
        number=order_number(seen.number),
        stage=seen.stage,
        status=seen.technician_status or "new",
        when=when,
        offers=offers_of(actor, seen, last),
        undo_of=action_of(last.action, last.follows) if last else "",
        current=current,
        others=[visit for visit in shown if visit is not current],
        journal=lines_of(entries, when),
        journal_count=len(entries),
        counts={"notes": notes, "files": files, "times": times},
        related=related_of(around, when),
        has_code=has_code,
        more_assets=more,
        followed_number=order_number(seen.follow_up_of) if seen.follow_up_of else "",
        beside=more_read[0] if more_read else [],
    )


def order_plain(*, actor: Actor, order_id: UUID) -> ServiceOrder:
    """The order with what a dialog or form about it speaks of, `helper_ids` and `more_ids`."""
    order = _PLAIN.first(actor, order_id)
    if order is None:
        raise NotFound
    return order


def _plain(actor: Actor, order_id: OrderId) -> QuerySet[ServiceOrder]:
    helpers = Assignment.objects.filter(visit_id=OuterRef("visit_id"), role=Assignment.HELPER)
    rows = policy.orders_visible(actor).select_related(*LINKED).defer(*NOT_READ)
    more = OrderAsset.objects.filter(order=OuterRef("pk")).order_by("asset__reference_sort")
    rows = rows.annotate(
        helper_ids=ArraySubquery(helpers.values("technician_id")),
        more_ids=ArraySubquery(more.values("asset_id")),
    )
    return rows.filter(pk=order_id)


def _order(actor: Actor, order_id: OrderId) -> QuerySet[ServiceOrder, Any]:
    more = OrderAsset.objects.filter(order=OuterRef("pk")).order_by("asset__reference_sort")
    times = TimeEntry.objects.filter(visit__order=OuterRef("pk"))
    rows = policy.orders_visible(actor).annotate(
        has_code=_has_code(),
        notes_count=_count(_notes(actor)),
        files_count=_count(_files(actor)),
        times_count=_count(times, "visit__order"),
        more=ArraySubquery(more.values(json=ASSET)),
    )
    beside = ("has_code", "notes_count", "files_count", "times_count", "more")
    return rows.filter(pk=order_id).values_list(*COLUMNS, *beside)


def _has_code() -> Case:
    """Whether the site keeps a code; the code itself is not read."""
    there = Q(site__access_code_encrypted__isnull=False)
    return Case(Where(there, then=True), default=False, output_field=BooleanField())


def _count(rows: QuerySet[Any], by: str = "order") -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted[:1]), Value(0))


def _notes(actor: Actor) -> QuerySet[Note]:
    rows = Note.objects.filter(order=OuterRef("pk"))
    return rows if actor.is_manager else rows.filter(kind=Note.TECHNICIAN)


def _files(actor: Actor) -> QuerySet[Attachment]:
    rows = Attachment.objects.filter(order=OuterRef("pk"), archived_at__isnull=True)
    return rows if actor.is_manager else rows.filter(for_technician=True)


def _timeline(_actor: Actor, order_id: OrderId) -> QuerySet[TimelineEntry, Any]:
    """What was done, the newest last, and whether anything is built on it: asked in the same
    statement, which is cheaper than to ask for the last one alone."""
    rows = TimelineEntry.objects.filter(order=order_id).order_by("id")
    rows = rows.annotate(
        built_on=is_built_on("visit_id", "at"),
        follows=ExpressionWrapper(Q(before__has_key="with"), output_field=BooleanField()),
    )
    return rows.values_list(*ENTRY, named=True)


def _journal(actor: Actor, order_id: OrderId) -> QuerySet[JournalEntry, Any]:
    return journal_of(actor, order_id).values_list(*JOURNAL, named=True)[:MOST_LINES]


_ORDER, _PLAIN = AboutOrder(_order), AboutOrder(_plain)
_TIMELINE, _JOURNAL = AboutOrder(_timeline), AboutOrder(_journal)
