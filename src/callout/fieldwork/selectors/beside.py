"""What the office reads of the field besides records: photos that never came, who is where."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from callout.fieldwork.models import LateReport, Position, Signature, VisitPhoto
from callout.fieldwork.selectors.record import Record, any_record, records
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.orders import policy
from callout.orders.lifecycle import UNDER_WAY
from callout.orders.models import ServiceOrder, Visit
from callout.orders.selectors.reading import AboutOrder, OrderId
from callout.orders.selectors.when import When
from callout.orders.selectors.whole import order_seen
from callout.travel.estimate import Place, straight_km

MISSING_FOR = timedelta(days=3)
MOST_MISSING = 100
NEAR_KM = 0.3  # no phone knows better inside a building


def photos_missing(*, actor: Actor) -> list[VisitPhoto]:
    """Photos announced three days ago whose bytes have not come, or could not be kept: the oldest
    first, at most 100."""
    policy.manager_required(actor)
    rows = missing_rows(clock.now() - MISSING_FOR)
    rows = rows.select_related("order", "visit__technician", "user")
    return list(rows.order_by("announced_at", "pk")[:MOST_MISSING])


def missing_rows(before: Any) -> QuerySet[VisitPhoto]:
    """Photos announced before then (a moment, or the Given place of one) without their bytes. For
    selectors that have asked for whom."""
    return VisitPhoto.objects.filter(attachment=None, removed_at=None, announced_at__lt=before)


def position_words(position: Mapping[str, Any] | None, site: Place | None, when: When) -> str:
    """Of the last position of who is on a visit (OrderField.position): how far from the site, and
    how long ago. "" where nothing is known."""
    if position is None:
        return ""
    at = datetime.fromisoformat(position["at"])
    latitude, longitude = position["latitude"], position["longitude"]
    ago = _("%(time)s ago") % {"time": when.span(max(when.now - at, timedelta(minutes=1)))}
    if site is None:
        return f"{latitude:.4f}, {longitude:.4f}, {ago}"
    far = straight_km(Place(latitude, longitude), site)
    if far < NEAR_KM:
        return _("at the site, %(ago)s") % {"ago": ago}
    return _("%(far)s km from the site, %(ago)s") % {"far": number_format(far, 1), "ago": ago}


def order_records(*, actor: Actor, order_id: UUID) -> list[Record]:
    """The record of each visit of an order that `actor` sees, the first visit first."""
    order_seen(actor=actor, order_id=order_id)
    visits = Visit.objects.filter(policy.visit_is_seen(actor), order=order_id)
    found = records(list(visits.order_by("sequence").values_list("pk", flat=True)))
    return sorted(found.values(), key=lambda one: one.visit.sequence)


@dataclass(frozen=True, slots=True)
class OrderField:
    """What an order's page says of the field: the record of each visit that has one, by its id;
    whether a late report lies on the desk; and the last position of who is under way to the current
    visit, or at work on it."""

    records: dict[UUID, Record]
    has_late_report: bool
    position: dict[str, Any] | None


def _field(actor: Actor, order_id: OrderId) -> QuerySet[ServiceOrder, Any]:
    """Of which visits anything is recorded or asked, and the rest in the same statement."""
    policy.manager_required(actor)
    late = LateReport.objects.filter(order=OuterRef("pk"), decided_at=None)
    visits = Visit.objects.filter(any_record(), order=OuterRef("pk"))
    last = Position.objects.filter(
        visit=OuterRef("visit_id"),
        visit__is_open=True,
        visit__status__in=[str(one) for one in UNDER_WAY],
        technician=F("visit__technician"),
    ).order_by("-at")
    return ServiceOrder.objects.filter(pk=order_id).values_list(
        ArraySubquery(visits.values("pk")),
        Exists(late),
        Subquery(
            last.values(found=JSONObject(at="at", latitude="latitude", longitude="longitude"))[:1]
        ),
    )


FIELD = AboutOrder(_field)


def order_field(*, actor: Actor, order_id: UUID, read: list[Any] | None = None) -> OrderField:
    """Of an order, for managers. One statement, and one message for the records, if there are.

    `read`: the row of FIELD, where it was asked with the order.
    """
    policy.manager_required(actor)
    ((visits, late, position),) = read or FIELD.all(actor, order_id)
    return OrderField(records(visits), late, position)


def signature_image(*, actor: Actor, signature_id: UUID) -> bytes:
    """The picture of a signature of an order that `actor` sees; its id alone is no permission."""
    rows = Signature.objects.filter(order__in=policy.orders_visible(actor), pk=signature_id)
    image = rows.values_list("image", flat=True).first()
    if image is None:
        raise NotFound
    return bytes(image)
