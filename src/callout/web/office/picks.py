"""A proposal as a form sends it back when it is picked: whose, and from when."""

from datetime import datetime
from uuid import UUID

from callout.kernel.checks import Wrong, id_or_none, moment


def pick_value(technician_id: UUID, start: datetime) -> str:
    """The value of its radio button."""
    return f"{technician_id}@{start.isoformat()}"


def pick_read(value: str) -> tuple[UUID | None, datetime | None]:
    """Technician and start; nothing for what cannot be read."""
    technician_id, _at, start = value.partition("@")
    try:
        return id_or_none(technician_id), moment(start) if start else None
    except Wrong:
        return None, None
