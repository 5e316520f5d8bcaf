"""What came for a visit when it could not be done any more: reports for the office's desk."""

from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import Length

from callout.fieldwork.models import InboxCommand, LateReport
from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import demand, row_save

MOST_COMMANDS = 300  # of one report
MOST_BYTES = 1_000_000  # a few signatures, and all the words of a day


def late_report_add(actor: Actor, row: InboxCommand, kind: str, code: str) -> LateReport:
    """Put a command on the visit's open report of this phone and kind; a new one where none is.

    Called within a change, behind the phone's lock. `code`: why it could not be applied; the
    first one names the report. Whoever has read it before this came decides anew: its version
    rises.
    """
    demand()
    visit = row.visit
    if visit is None or row.technician_id is None:
        raise ValueError("a late report is about a visit that was once this technician's")
    report = late_report_open(row, kind)
    is_new = report is None
    if report is None:
        report = LateReport.objects.create(
            kind=kind,
            visit=visit,
            order_id=visit.order_id,
            technician_id=row.technician_id,
            device_id=row.device_id,
            code=code[:60],
        )
    else:
        row_save(report, [])
    journal.record(
        actor,
        entity="service_order",
        entity_id=visit.order_id,
        kind="late_report" if is_new else "late_report_more",
        facts={
            "report": str(report.pk),
            "report_kind": kind,
            "visit": str(visit.pk),
            "technician": str(row.technician_id),
            "command": str(row.pk),
            "action": row.action,
            "code": code,
        },
        at=row.true_at,
    )
    late_report_told(actor, report, "create" if is_new else "more")
    return report


def late_report_open(row: InboxCommand, kind: str) -> LateReport | None:
    """The report on which this command would be put, if there is one."""
    reports = LateReport.objects.filter(visit=row.visit_id, device=row.device_id, kind=kind)
    return reports.filter(decided_at=None).first()


def late_report_full(row: InboxCommand, kind: str) -> bool:
    """Whether that report holds as much already as somebody could look through."""
    report = late_report_open(row, kind)
    if report is None:
        return False
    held = report.commands.aggregate(count=Count("pk"), size=Sum(Length("raw")))
    return held["count"] >= MOST_COMMANDS or (held["size"] or 0) > MOST_BYTES


def late_report_told(
    actor: Actor,
    report: LateReport,
    kind: str,
    facts: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> None:
    """An entry of the report itself: open desks hear of it, and its technician when decided."""
    journal.record(
        actor,
        entity="late_report",
        entity_id=report.pk,
        kind=kind,
        facts={
            "order": str(report.order_id),
            "visit": str(report.visit_id),
            "technician": str(report.technician_id),
            **(facts or {}),
        },
        personal=personal,
    )
