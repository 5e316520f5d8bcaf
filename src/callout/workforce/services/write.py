"""How this room writes a row. Used by the services beside it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from callout.kernel.writing import Writer, live, state
from callout.workforce import hooks
from callout.workforce.fields import CODES
from callout.workforce.models import Technician

__all__ = ["live", "state", "write"]


def _audience(entity: str, row: Any) -> Iterable[UUID]:
    """The technician whom the row is about."""
    if entity == "technician":
        return [row.pk]
    if entity == "vehicle":
        return Technician.objects.filter(vehicle=row).values_list("pk", flat=True)
    return [row.technician_id] if hasattr(row, "technician_id") else []


write = Writer(codes=CODES, audience=_audience, archive_allowed=hooks.archive_allowed)
