"""The technician's words on a visit, and why nobody signed."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from callout.fieldwork.models import WorkReport
from callout.fieldwork.policy import author_of, visit_to_record
from callout.fieldwork.services.telling import record
from callout.kernel import checks, clock
from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.checks import cleaned
from callout.kernel.errors import Refused
from callout.orders.models import Visit

TEXT = {"text": checks.text(10_000, lines=True)}
WHY = {"why": checks.text(200, required=True)}


@service
def report_set(*, actor: Actor, visit_id: UUID, text: str, at: datetime | None = None) -> bool:
    """Write the report, or write it anew. False where it said so already."""
    visit = visit_to_record(actor, visit_id)
    text = cleaned(TEXT, {"text": text})["text"]
    row = _report(actor, visit, at)
    if row.text == text:
        return False
    row.text = text
    _keep(row, actor, at)
    record(actor, visit, "report_set", {}, {"text": text}, at=at)
    return True


@service
def unsigned_set(*, actor: Actor, visit_id: UUID, why: str, at: datetime | None = None) -> bool:
    """Say why the customer cannot sign. False where it was said already; refused once one has."""
    visit = visit_to_record(actor, visit_id)
    why = cleaned(WHY, {"why": why})["why"]
    if visit.signatures.exists():
        raise Refused(_("This visit is signed."), code="signed")
    row = _report(actor, visit, at)
    if row.unsigned_because == why:
        return False
    row.unsigned_because = why
    _keep(row, actor, at)
    record(actor, visit, "cannot_sign", {}, {"note": why}, at=at)
    return True


def _report(actor: Actor, visit: Visit, at: datetime | None) -> WorkReport:
    found = WorkReport.objects.filter(visit=visit).first()
    return found or WorkReport(visit=visit, at=at or clock.now(), author_id=author_of(actor))


def _keep(row: WorkReport, actor: Actor, at: datetime | None) -> None:
    row.at, row.author_id = at or clock.now(), author_of(actor)
    row.save()
