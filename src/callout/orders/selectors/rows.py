"""A row of the list and a card of the Kanban: what a dispatcher decides by, ready to print.

Every string is made here, once; templates only put it in its place.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, OuterRef, UUIDField, Value
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from callout.accounts.company import company
from callout.kernel.actor import Actor
from callout.kernel.prepared import Given, Prepared
from callout.orders import policy
from callout.orders.lifecycle import Stage
from callout.orders.models import Assignment, Priority, ServiceOrder
from callout.orders.priorities import priority_labels
from callout.orders.selectors.countdown import Countdown, countdown
from callout.orders.selectors.late import promise_left, visit_late_since
from callout.orders.selectors.when import When

COLUMNS = (
    *("id", "number", "stage", "technician_status", "title", "version"),
    *("start", "end", "due_at", "answered_at", "closed_at"),
    *("absent_count", "waiting_for", "waiting_until"),
    *("technician_id", "priority_id", "received_at"),
    *("customer__name", "site__town", "type__name", "type__icon"),
    *("technician__name", "technician__initials"),
    *("visit__expected_end", "visit__promise_from", "visit__promise_to"),
)
# What only the further columns of orders/columns.py show.
FURTHER = (
    *("duration_minutes", "customer_reference", "site__street", "site__postcode"),
    *("asset__kind", "asset__reference"),
)


@dataclass(slots=True)
class OrderRow:
    """One order among others. `url` and `move_url` are the web's to fill in."""

    id: UUID
    number: str
    bare_number: int
    version: int
    stage: str
    status: str  # technician status, or new
    customer: str
    town: str
    title: str
    type: str
    type_icon: str
    priority: str  # its code
    priority_label: str
    slot: str
    late: str  # "+25 min", or nothing
    late_since: datetime | None  # since or from when it runs late, if nothing happens; or never
    countdown: Countdown | None  # how the response target stands, where that matters
    absent: int
    waiting: str
    promised: str
    promise_broken: bool
    technician: str
    initials: str
    technician_id: UUID | None
    start: datetime | None
    end: datetime | None
    sort: str  # orders the cards of a column as text
    url: str = ""
    move_url: str = ""
    further: Mapping[str, str] | None = None  # what the further columns show, if they were read

    @property
    def is_late(self) -> bool:
        """Whether the filter *late* finds it: see selectors/late.py."""
        missed = self.countdown is not None and self.countdown.tone == "late"
        return missed or self.late != ""


def plan_is_seen(sight: policy.Sight, technician: UUID | Given | None) -> Any:
    """Whether the current visit is the reader's business: others' plans are not a technician's."""
    if sight != "own" or technician is None:
        return Value(sight == "all", output_field=BooleanField())
    own = Assignment.objects.filter(visit_id=OuterRef("visit_id"), technician_id=technician)
    return Exists(own)


def _rows_of(sight: policy.Sight, further: bool) -> Prepared[Any]:
    """What a row shows of the orders of some ids, with its joins."""

    def make() -> Any:
        seen = plan_is_seen(sight, Given("me", UUIDField()))
        rows = ServiceOrder.objects.filter(pk__any=Given("ids", UUIDField()))
        columns = (*COLUMNS, *FURTHER) if further else COLUMNS
        return rows.annotate(seen=seen).values_list(*columns, "seen", named=True)

    return Prepared(make)


_ROWS = {
    (sight, further): _rows_of(sight, further)
    for sight in policy.SIGHTS
    for further in (False, True)
}


def rows_read(actor: Actor, ids: Sequence[UUID], *, further: bool = False) -> list[Any]:
    """What a row shows of these orders, in their order. Pass ids that `actor` may see.

    `further`: with what the further columns show.
    """
    if not ids:
        return []
    rows = _ROWS[policy.sight_of(actor), further].all(ids=list(ids), me=actor.technician_id)
    found = {row.id: row for row in rows}
    return [found[one] for one in ids if one in found]


class RowMaker:
    """Makes rows of what `rows_read` reads, with all that is the same for every row at hand."""

    def __init__(self, when: When | None = None, sort: str = "", *, further: bool = False) -> None:
        self.when = when or When()
        self.by = LIST_KEYS.get(sort.removeprefix("-"), card_key)
        firm = company()
        self.prefix, self.digits = firm.number_prefix, firm.number_digits
        self.waiting = Waiting(self.when).words
        self.priorities = priority_labels()
        self.further = further
        self.no_slot = _("no slot")
        self.promised = _("promised %(slot)s")

    def all(self, found: Iterable[Any]) -> list[OrderRow]:
        return [self.one(values) for values in found]

    def one(self, o: Any) -> OrderRow:
        """A row of one tuple that `rows_read` reads."""
        ended = o.closed_at is not None
        seen = ended or o.seen
        start, end = (o.start, o.end) if seen else (None, None)
        waiting = self.waiting(o) if o.waiting_for else ""
        since = None
        if not ended:
            since = visit_late_since(
                o.technician_status, start, end, o.visit__expected_end, o.visit__promise_to
            )
        code = Priority.CODES[o.priority_id]
        promised = not ended and start is not None and o.visit__promise_from is not None
        # By place, not by name: half the time, of sixty for each page.
        return OrderRow(
            o.id,
            f"{self.prefix}{o.number:0{self.digits}d}",
            o.number,
            o.version,
            o.stage,
            o.technician_status or "new",
            o.customer__name,
            o.site__town,
            o.title or o.type__name,
            o.type__name,
            o.type__icon,
            code,
            self.priorities[code],
            self._slot(o, start, end),
            self.when.late_by(since) if since else "",
            since,
            None if ended else self._countdown(o, start, waiting),
            o.absent_count,
            waiting,
            self._promised(o) if promised else "",
            promised and promise_left(o.visit__promise_from, o.visit__promise_to, o.start),
            (seen and o.technician__name) or "",
            (seen and o.technician__initials) or "",
            o.technician_id if seen else None,
            start,
            end,
            self.by(o),
            "",
            "",
            self._further(o) if self.further else None,
        )

    def _further(self, o: Any) -> Mapping[str, str]:
        town = " ".join(filter(None, (o.site__postcode, o.site__town)))
        full = self.when.full
        return {
            "site": ", ".join(filter(None, (o.site__street, town))),
            "asset": " ".join(filter(None, (o.asset__reference, o.asset__kind))),
            "received": full(o.received_at),
            "due": full(o.due_at) if o.due_at else "",
            "closed": full(o.closed_at) if o.closed_at else "",
            "duration": self.when.span(timedelta(minutes=o.duration_minutes)),
            "reference": o.customer_reference,
        }

    def _slot(self, o: Any, start: datetime | None, end: datetime | None) -> str:
        if start and end:
            return self.when.slot(start, end)
        if o.stage == "new" and o.answered_at:
            return self.when.answered(o.answered_at)
        if o.stage == "new" and o.due_at:
            return self.when.answer_by(o.due_at)
        return self.no_slot

    def _countdown(self, o: Any, start: datetime | None, waiting: str) -> Countdown | None:
        target = o.due_at if o.answered_at is None else None
        return countdown(
            self.when, target, stage=o.stage, status=o.technician_status, start=start,
            waits=bool(waiting),
        )  # fmt: skip

    def _promised(self, o: Any) -> str:
        slot = self.when.slot(o.visit__promise_from, o.visit__promise_to)
        return self.promised % {"slot": slot}


def card_key(o: Any) -> str:
    """In a column: New by due, Planned by start, closed by end (latest first), then by number."""
    if o.closed_at is not None:
        return f"{10**10 - int(o.closed_at.timestamp()):011d}-{10**15 - o.number:016d}"
    return _key(o.start if o.stage == "planned" else o.due_at, o.number)


def _key(moment: datetime | None, number: int) -> str:
    seconds = int(moment.timestamp()) if moment else 10**10
    return f"{seconds:011d}-{number:016d}"


def _start_key(o: Any) -> str:
    if o.start:
        return f"1-{_key(o.start, o.number)}"
    return f"0-{_key(o.due_at, o.number)}" if o.stage == "new" else f"2-{_key(None, o.number)}"


def _stage_key(o: Any, key: str) -> str:
    """Sorted within the stage, and what has ended by its end."""
    place = STAGES.index(o.stage)
    return f"{place}-{key if o.closed_at is None else card_key(o)}"


def _due_key(o: Any) -> str:
    return _stage_key(o, _key(o.due_at, o.number))


def _priority_key(o: Any) -> str:
    return _stage_key(o, f"{9 - o.priority_id}-{o.number:016d}")


STAGES = [str(stage) for stage in Stage]
# Where a row stands in the list, as text that ascends; a list the other way round descends.
LIST_KEYS: dict[str, Callable[[Any], str]] = {
    "number": lambda o: f"{o.number:016d}",
    "start": _start_key,
    "due": _due_key,
    "priority": _priority_key,
}


class Waiting:
    """Says what orders wait for."""

    def __init__(self, when: When) -> None:
        self.when = when
        self.until = {
            "part": _("part until %(day)s"),
            "customer": _("customer until %(day)s"),
            "access": _("access until %(day)s"),
            "approval": _("approval until %(day)s"),
            "weather": _("weather until %(day)s"),
        }

    def words(self, o: Any) -> str:
        """ "part until Fri"; "" for one that does not wait, or not any more."""
        if not o.waiting_for or not o.waiting_until or o.waiting_until <= self.when.today:
            return ""
        return self.until[o.waiting_for] % {"day": self.when.day(o.waiting_until)}


def waiting_words() -> dict[str, str]:
    """What an order may wait for."""
    return {
        "part": pgettext("waits for", "part"),
        "customer": pgettext("waits for", "customer"),
        "access": pgettext("waits for", "access"),
        "approval": pgettext("waits for", "approval"),
        "weather": pgettext("waits for", "weather"),
    }
