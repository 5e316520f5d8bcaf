"""The office's desk: what came too late to be done, and what a dispatcher decided about it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callout.fieldwork.models import InboxCommand, LateReport, Upload
from callout.fieldwork.selectors.said import Line, lines_of
from callout.fieldwork.selectors.standing import standing, times_corrected
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.kernel.prepared import Prepared
from callout.orders import policy
from callout.orders.lifecycle import ACTIONS, Stage
from callout.orders.numbers import order_number
from callout.orders.selectors.when import When
from callout.orders.words import status_label

DECIDED_DAYS = 14
MOST = 200
CLOSED = (Stage.COMPLETED, Stage.CANCELLED)
STEPS = frozenset(ACTIONS) - {"undo", "extend"}

WHY: dict[str, Promise] = {
    "visit_unplanned": gettext_lazy("The visit was unplanned before this came."),
    "visit_taken": gettext_lazy("The visit was given to another technician before this came."),
    "visit_ended": gettext_lazy("Somebody else had ended the visit before this came."),
    "visit_closed_by_other": gettext_lazy("Somebody else had ended the visit before this came."),
    "order_cancelled": gettext_lazy("The order was cancelled before this came."),
    "checked": gettext_lazy("The order is checked: nothing of it changes any more."),
    "action_not_open": gettext_lazy("It makes no sense among what is recorded already."),
    "counts_twice": gettext_lazy("Some of these hours are counted already."),
    "under_way_elsewhere": gettext_lazy("The technician was under way on another order then."),
    "too_old": gettext_lazy("It happened more than a month before it came."),
    "earlier_day": gettext_lazy("These hours are of an earlier day than the one before."),
    "before_visit": gettext_lazy("It says a day on which there was no such visit yet."),
    "other_day": gettext_lazy("The new time is on another day."),
    "order_of_entries": gettext_lazy("The new time is not between the steps beside it."),
    "not_own_entry": gettext_lazy("Somebody else entered this step."),
    "held": gettext_lazy("Callout could not carry it out in three days: a fault of ours."),
    "deactivated": gettext_lazy("It was handed over by the phone of a deactivated user."),
}


@dataclass(frozen=True, slots=True)
class File:
    """A photo or file that the report names; `has_come` says whether its bytes are here."""

    name: str
    has_come: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A report as the desk shows it: who, what with true times, why not, what would follow."""

    row: LateReport
    number: str
    customer: str
    town: str
    came_at: datetime | None
    why: str
    lines: list[Line]
    files: list[File]
    start: datetime | None
    end: datetime | None
    now: str
    would: str
    finishes: bool | None  # whether the technician says so; None: no attempt here could end it

    @property
    def is_correction(self) -> bool:
        return self.row.kind == LateReport.CORRECTION


def late_reports(*, actor: Actor) -> list[Report]:
    """The open ones, oldest first, at most 200: for managers."""
    policy.manager_required(actor)
    rows = _rows().filter(decided_at=None).order_by("created_at", "pk")
    return _reports(rows[:MOST])


def late_reports_decided(*, actor: Actor) -> list[Report]:
    """Those decided in the last fourteen days, the newest first."""
    policy.manager_required(actor)
    since = clock.now() - timedelta(days=DECIDED_DAYS)
    return _reports(_rows().filter(decided_at__gt=since).order_by("-decided_at", "pk")[:MOST])


def late_report_detail(*, actor: Actor, report_id: UUID) -> Report:
    """One of them, open or decided."""
    policy.manager_required(actor)
    found = _reports(_rows().filter(pk=report_id))
    if not found:
        raise NotFound
    return found[0]


def late_orders_open(*, actor: Actor) -> set[UUID]:
    """The orders of which an open report lies on the desk. One query, and there are few."""
    policy.manager_required(actor)
    return {order_id for (order_id,) in OPEN.all()}


OPEN: Prepared[tuple[UUID]] = Prepared(
    lambda: LateReport.objects.filter(decided_at=None).values_list("order_id")
)


def _rows() -> QuerySet[LateReport]:
    return LateReport.objects.select_related(
        "visit__technician",
        "order__customer",
        "order__site",
        "order__visit__technician",
        "technician",
        "device__user",
        "decided_by",
        "made",
    )


def _reports(rows: Iterable[LateReport]) -> list[Report]:
    rows, when = list(rows), When()
    commands: dict[UUID, list[InboxCommand]] = defaultdict(list)
    for command in InboxCommand.objects.filter(report__in=rows):
        if command.report_id is not None:
            commands[command.report_id].append(command)
    lines = {line.id: line for line in lines_of(c for some in commands.values() for c in some)}
    come = _come(lines.values())
    return [_report(row, commands[row.pk], lines, come, when) for row in rows]


def _come(lines: Iterable[Line]) -> set[str]:
    """The hashes of the files named whose bytes are whole here."""
    named = {line.file for line in lines if line.file}
    rows = Upload.objects.filter(sha256__in=named, state__in=[Upload.WHOLE, Upload.KEPT])
    return set(rows.values_list("sha256", flat=True)) if named else set()


def _report(
    row: LateReport,
    commands: Sequence[InboxCommand],
    lines: dict[UUID, Line],
    come: set[str],
    when: When,
) -> Report:
    left = standing(commands)
    times = times_corrected(left) if row.kind != LateReport.CORRECTION else {}
    found = [_at(lines[c.pk], times.get(c.pk)) for c in commands if c.pk in lines]
    own = sorted(found, key=lambda line: line.at)
    stands = {command.pk for command in left}
    steps = [line for line in own if line.action in STEPS and line.id in stands]
    return Report(
        row=row,
        number=order_number(row.order.number),
        customer=row.order.customer.name,
        town=row.order.site.town,
        came_at=min((c.received_at for c in commands), default=None),
        why=_why(row, commands),
        lines=own,
        files=[File(line.text, line.file in come) for line in own if line.file],
        start=steps[0].at if steps else None,
        end=steps[-1].at if steps else None,
        now=_now(row, when),
        would=_would(row, steps, when),
        finishes=None
        if row.order.stage in CLOSED or not steps
        else any(line.action == "complete" for line in steps),
    )


def _at(line: Line, corrected: datetime | None) -> Line:
    """At the time that the technician has set afterwards, with the first one beside it."""
    if corrected is None:
        return line
    return replace(line, at=corrected, phone_at=line.phone_at or line.at)


def _why(row: LateReport, commands: Sequence[InboxCommand]) -> str:
    """Each reason once, in the reader's words; of one that has none, what was said to the
    technician."""
    told = [str(WHY.get(row.code) or "")]
    told += [str(WHY.get(command.code) or command.words) for command in commands]
    return " ".join(dict.fromkeys(filter(None, told)))


def _now(row: LateReport, when: When) -> str:
    """How the order stands."""
    order, visit = row.order, row.order.visit
    status = status_label(order.technician_status)
    if visit is None or order.technician_status is None:
        return status
    words = {"status": status, "name": visit.technician.name, "slot": when.full(visit.start)}
    return _("%(status)s, %(name)s, %(slot)s") % words


def _would(row: LateReport, steps: Sequence[Line], when: When) -> str:
    """What *It happened* would write down."""
    if row.kind == LateReport.CORRECTION:
        return _("The step gets the time that the technician asks for; the first one stays known.")
    if not steps:
        return _("What was sent is added to the order.")
    words = {
        "name": row.technician.name,
        "slot": when.slot_full(steps[0].at, steps[-1].at),
        "status": status_label(row.order.technician_status),
    }
    if row.order.stage in CLOSED:
        # Translators: %(status)s is “Cancelled” or “Done”, as on its label.
        return (
            _("A past visit of %(name)s is added: %(slot)s. The order stays “%(status)s”.") % words
        )
    would = str(_("A past visit of %(name)s is added: %(slot)s.") % words)
    if steps[-1].action == "cancel":
        would += " " + _("It cancels nothing: if the customer wants no more, cancel the order.")
    return would
