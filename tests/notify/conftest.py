from collections.abc import Callable

import pytest

from callout.kernel.feed import FeedEntry
from callout.kernel.models import JournalEntry
from callout.notify.models import Notice
from callout.notify.services import notices_tell
from tests.orders.conftest import Company, company

__all__ = ["Company", "company"]


def entries_since(last: int = 0) -> list[FeedEntry]:
    """The journal as a follower is given it."""
    return [
        FeedEntry(
            id=row.pk,
            xid=0,
            at=row.at,
            actor_id=row.actor_id,
            door=row.door,
            entity=row.entity,
            entity_id=row.entity_id,
            kind=row.kind,
            facts=row.facts,
            audience=frozenset(row.audience),
        )
        for row in JournalEntry.objects.filter(pk__gt=last).order_by("pk")
    ]


class Follower:
    """Tells what is new in the journal, as the worker does."""

    def __init__(self) -> None:
        self.last = 0
        self.skip()

    def skip(self) -> None:
        """What has happened so far is told to nobody."""
        self.last = max((entry.id for entry in entries_since()), default=0)

    def __call__(self) -> list[Notice]:
        """Read on; the notices made by that, seen or not."""
        before = set(Notice.objects.values_list("pk", flat=True))
        entries = entries_since(self.last)
        notices_tell(entries)
        self.last = max((entry.id for entry in entries), default=self.last)
        return list(Notice.objects.exclude(pk__in=before).order_by("entry_id", "pk"))


@pytest.fixture
def follow(company: Company) -> Follower:
    """The follower, which begins here."""
    return Follower()


Follow = Callable[[], list[Notice]]
