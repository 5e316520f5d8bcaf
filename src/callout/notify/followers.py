"""What technicians are told, from the journal."""

from collections.abc import Sequence

from callout.kernel.feed import FeedEntry
from callout.kernel.follow import follower
from callout.notify.services import notices_tell


@follower("notify.notices")
def notices(entries: Sequence[FeedEntry]) -> None:
    """New, moved, taken away, cancelled, decided: for whom it concerns and who did not do it."""
    notices_tell(entries)
