"""All that the page of one order shows, in a number of queries that nothing makes grow."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Count,
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
from callout.kernel.prepared import Given, Prepared
from callout.orders import policy
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
from callout.orders.selectors.reading import AboutOrder, OrderId
from callout.orders.selectors.related import Related, related_of
from callout.orders.selectors.visits import VisitSeen, visits_seen
from callout.orders.services.undo import action_meant

LINKED = (
    *("customer", "customer__bill_to", "site", "site__parent", "asset", "contact"),
    *("type", "priority", "technician", "visit", "proposed_vehicle"),
    *("follow_up_of", "created_by", "checked_by"),
)
ASSET = JSONObject(id="asset_id", kind="asset__kind", reference="asset__reference")
NOT_READ = ("search", "site__access_code_encrypted", "site__parent__access_code_encrypted")


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """One order for its page. `counts` are those of the tabs' things."""

    order: ServiceOrder
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

    @property
    def visits(self) -> list[VisitSeen]:
        return [*([self.current] if self.current else []), *self.others]


def order_detail(*, actor: Actor, order_id: UUID) -> OrderDetail:
    """Everything of the order's page: six queries. NotFound if it is not there, or not theirs."""
    order = _ORDER.first(actor, order_id)
    if order is None:
        raise NotFound
    when = words.When()
    timeline = _TIMELINE.all(actor, order_id)
    visits = visits_seen(actor, order, timeline, when)
    entries = _JOURNAL.all(actor, order_id)
    last = timeline[-1] if timeline else None
    current = next((visit for visit in visits if visit.id == order.visit_id), None)
    return OrderDetail(
        order=order,
        number=order_number(order.number),
        stage=order.stage,
        status=order.technician_status or "new",
        when=when,
        offers=offers_of(actor, order, last),
        undo_of=action_meant(last) if last else "",
        current=current,
        others=[visit for visit in visits if visit is not current],
        journal=lines_of(entries, when),
        journal_count=len(entries),
        counts={name: getattr(order, f"{name}_count") for name in ("notes", "files", "times")},
        related=related_of(actor, order, when),
        has_code=order.has_code,  # type: ignore[attr-defined]
        more_assets=order.more,  # type: ignore[attr-defined]
        followed_number=order_number(order.follow_up_of.number) if order.follow_up_of else "",
    )


def order_id_of(*, actor: Actor, number: int) -> UUID:
    """The id of the order with this number. NotFound if it is not there, or not theirs."""
    if actor.is_manager:
        found = _BY_NUMBER.first(number=number)
    else:
        found = (
            policy.orders_visible(actor).filter(number=number).values_list("pk", flat=True).first()
        )
    if found is None:
        raise NotFound
    return found


_BY_NUMBER = Prepared(
    lambda: ServiceOrder.objects.filter(number=Given("number", BigIntegerField())).values_list(
        "pk", flat=True
    )
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


def _order(actor: Actor, order_id: OrderId) -> QuerySet[ServiceOrder]:
    rows = (
        policy.orders_visible(actor)
        .select_related(*LINKED)
        .defer(*NOT_READ)
        .annotate(
            has_code=_has_code(),
            notes_count=_count(_notes(actor)),
            files_count=_count(_files(actor)),
            times_count=_count(
                TimeEntry.objects.filter(visit__order=OuterRef("pk")), "visit__order"
            ),
            more=ArraySubquery(
                OrderAsset.objects.filter(order=OuterRef("pk"))
                .order_by("asset__reference_sort")
                .values(json=ASSET)
            ),
        )
    )
    return rows.filter(pk=order_id)


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


def _timeline(_actor: Actor, order_id: OrderId) -> QuerySet[TimelineEntry]:
    return TimelineEntry.objects.filter(order=order_id).select_related("actor").order_by("id")


def _journal(actor: Actor, order_id: OrderId) -> QuerySet[JournalEntry]:
    return journal_of(actor, order_id)[:MOST_LINES]


_ORDER, _PLAIN = AboutOrder(_order), AboutOrder(_plain)
_TIMELINE, _JOURNAL = AboutOrder(_timeline), AboutOrder(_journal)
