from collections.abc import Sequence
from uuid import UUID

from callout.kernel import clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import rows_lock, service
from callout.kernel.errors import NotFound
from callout.notify.models import Notice


@service
def notices_see(*, actor: Actor, ids: Sequence[UUID]) -> int:
    """The technician has seen these of their own notices; how many were news. Twice is no fault,
    and neither is an id that is not theirs: a phone may name what is long forgotten."""
    if actor.technician_id is None or actor.user_id is None:
        raise NotFound
    own = Notice.objects.filter(technician=actor.technician_id, seen_at=None, pk__in=ids)
    seen = rows_lock(own)
    if seen:
        Notice.objects.filter(pk__in=[one.pk for one in seen]).update(seen_at=clock.now())
        journal.record(
            actor,
            entity="user",
            entity_id=actor.user_id,
            kind="notices_seen",
            facts={"notices": [str(one.pk) for one in seen]},
        )
    return len(seen)
