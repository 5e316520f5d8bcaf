"""How this room writes a row. Used by the services beside it."""

from callout.customers import hooks
from callout.customers.fields import CODES
from callout.kernel.writing import Writer, chosen, live, state

__all__ = ["chosen", "live", "state", "write"]

write = Writer(
    codes=CODES,
    audience=lambda entity, row: hooks.audience(entity, row.pk),
    archive_allowed=hooks.archive_allowed,
)
