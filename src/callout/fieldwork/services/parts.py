"""What was used on a visit: lines of text, quantity and unit, told by the phone that made them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from callout.fieldwork.models import PartLine
from callout.fieldwork.policy import author_of, visit_to_record
from callout.fieldwork.services.telling import record
from callout.kernel import checks, clock
from callout.kernel.actor import Actor
from callout.kernel.change import rows_add, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import Invalid, NotFound, Refused
from callout.orders.models import Visit

MOST_PARTS = 200
PART = {
    "id": checks.id_required,
    "text": checks.text(200, required=True),
    "quantity": checks.decimal(whole=8, places=2, above=0),
    "unit": checks.text(16),
}


@service
def part_set(
    *,
    actor: Actor,
    visit_id: UUID,
    part_id: UUID | str,
    text: str,
    quantity: Any,
    unit: str = "",
    at: datetime | None = None,
) -> PartLine:
    """Say what was used: a new line, or other words for the line that has this id."""
    visit = visit_to_record(actor, visit_id)
    said = {"id": part_id, "text": text, "quantity": quantity, "unit": unit}
    given = cleaned(PART, said)
    row = PartLine.objects.filter(pk=given["id"]).first()
    _on(visit, row)
    if row is None and visit.parts.filter(removed_at=None).count() >= MOST_PARTS:
        raise Refused(_("A visit has 200 lines of parts at most."), code="too_many_parts")
    now = at or clock.now()
    personal = {"part": given["text"], "unit": given["unit"]}
    if row is None:
        row = PartLine(**given, order=visit.order, visit=visit, at=now, author_id=author_of(actor))
        rows_add(row)
    else:
        before = (row.text, row.quantity, row.unit, row.removed_at)
        if before == (given["text"], given["quantity"], given["unit"], None):
            return row
        personal["before"] = f"{row.quantity.normalize():f} {row.unit} {row.text}"
        row.text, row.quantity, row.unit = given["text"], given["quantity"], given["unit"]
        row.removed_at = None
        row.save(update_fields=["text", "quantity", "unit", "removed_at"])
    facts = {"part": str(row.pk), "quantity": str(given["quantity"])}
    record(actor, visit, "part_set", facts, personal, at=at)
    return row


@service
def part_remove(
    *, actor: Actor, visit_id: UUID, part_id: UUID | str, at: datetime | None = None
) -> bool:
    """Take a line back; the journal keeps it. False where it was taken back already."""
    visit = visit_to_record(actor, visit_id)
    pk = cleaned(PART, {"id": part_id})["id"]
    row = PartLine.objects.filter(pk=pk, visit=visit).first()
    if row is None:
        raise NotFound
    if row.removed_at is not None:
        return False
    row.removed_at = at or clock.now()
    row.save(update_fields=["removed_at"])
    record(actor, visit, "part_remove", {"part": str(row.pk)}, {"part": row.text}, at=at)
    return True


def _on(visit: Visit, row: PartLine | None) -> None:
    """Another visit's line is not named by its id."""
    if row is not None and row.visit_id != visit.pk:
        raise Invalid({"id": [_("Choose one of the list.")]})
