"""Where the rooms above put what only they know. Registered once, in their app's `ready`.

`archive_guards`: `(entity, id) -> words or None`, asked under the row's lock before a "technician",
"vehicle", "skill", "team" or "calendar" is archived; words are why not (they still have planned
visits).
"""

from collections.abc import Callable
from uuid import UUID

from callout.kernel.errors import Refused

ArchiveGuard = Callable[[str, UUID], str | None]

archive_guards: list[ArchiveGuard] = []


def archive_allowed(entity: str, entity_id: UUID) -> None:
    """Refused, with the guard's words, where something open stands on the thing."""
    for guard in archive_guards:
        if words := guard(entity, entity_id):
            raise Refused(words, code="in_use")
