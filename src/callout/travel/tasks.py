"""What others have told is forgotten after a month: roads are built, addresses are somebody's."""

from procrastinate.contrib.django import app

from callout.kernel import clock
from callout.kernel.purging import rows_purge
from callout.travel.kept_drives import KEPT
from callout.travel.models import DrivesKept, FoundKept, LineKept

AT_ONCE = 500  # of some ten kilobytes each


@app.periodic(cron="47 * * * *")
@app.task(name="travel.kept_purge", queue="travel")
def kept_purge(timestamp: int) -> int:  # noqa: ARG001 - cron says when
    """All that is older, in portions; how many rows."""
    before = clock.now() - KEPT
    return sum(
        rows_purge(kind.objects.filter(kept_at__lt=before).order_by("kept_at"), AT_ONCE)
        for kind in (DrivesKept, LineKept, FoundKept)
    )
