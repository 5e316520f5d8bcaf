"""What came for a visit when it could not be done any more: reports for the office's desk."""

from typing import Any

from callout.fieldwork.models import InboxCommand, LateReport
from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import demand


def late_report_add(actor: Actor, row: InboxCommand, kind: str, code: str) -> LateReport:
    """Put a command on the visit's open report of this phone and kind; a new one where none is.

    Called within a change, behind the phone's lock. `code`: why it could not be applied; the
    first one names the report.
    """
    demand()
    visit = row.visit
    if visit is None or row.technician_id is None:
        raise ValueError("a late report is about a visit that was once this technician's")
    report = LateReport.objects.filter(
        visit=visit, device=row.device_id, kind=kind, decided_at=None
    ).first()
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
