"""Where the rooms above put what only they know. Registered once, in their app's `ready`.

- `own_work_found_by(provider)`: which customers, sites, contacts and assets are a technician's own
  work. Until it is registered, technicians see nothing.
- `archive_guards`: `(entity, id) -> words or None`, asked under the row's lock before "customer",
  "site", "contact", "asset" or "area" is archived; words are why not (it still has open orders).
- `unlink_guards`: `(site_id, customer_id) -> words or None`, asked before a site stops being a
  customer's.
- `sublines`: `(actor, entity, ids) -> {id: words}`, put last on the line under a choice of a
  search ("last order 12 Oct").
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet

from callout.kernel.actor import Actor
from callout.kernel.errors import Refused

Ids = QuerySet[Any, Any]


class OwnWork(Protocol):
    """The first four return querysets of one column of ids, used as subqueries. `audience` are the
    technicians who can see the thing now, and so get a live hint when it changes."""

    def customers(self, technician_id: UUID) -> Ids: ...
    def sites(self, technician_id: UUID) -> Ids: ...
    def contacts(self, technician_id: UUID) -> Ids: ...
    def assets(self, technician_id: UUID) -> Ids: ...
    def audience(self, entity: str, entity_id: UUID) -> Iterable[UUID]: ...


ArchiveGuard = Callable[[str, UUID], str | None]
UnlinkGuard = Callable[[UUID, UUID], str | None]
Subline = Callable[[Actor, str, Sequence[UUID]], Mapping[UUID, str]]

own_work: OwnWork | None = None
archive_guards: list[ArchiveGuard] = []
unlink_guards: list[UnlinkGuard] = []
sublines: list[Subline] = []


def own_work_found_by(provider: OwnWork | None) -> None:
    """Called once by the room of the orders, at start."""
    global own_work
    own_work = provider


def audience(entity: str, entity_id: UUID) -> list[UUID]:
    """The technicians who can see the thing."""
    return list(own_work.audience(entity, entity_id)) if own_work else []


def archive_allowed(entity: str, entity_id: UUID) -> None:
    """Refused, with the guard's words, where something open stands on the thing."""
    for guard in archive_guards:
        if words := guard(entity, entity_id):
            raise Refused(words, code="in_use")


def unlink_allowed(site_id: UUID, customer_id: UUID) -> None:
    """Refused, with the guard's words, where the customer has open work at the site."""
    for guard in unlink_guards:
        if words := guard(site_id, customer_id):
            raise Refused(words, code="in_use")


def subline_ends(actor: Actor, entity: str, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """What the rooms above say of each thing, in one question per room."""
    ends: dict[UUID, list[str]] = {one: [] for one in ids}
    for subline in sublines:
        for one, words in subline(actor, entity, ids).items():
            ends[one].append(words)
    return ends
