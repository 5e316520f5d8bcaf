"""When an assigned technician may see a site's code: from the day before until the visit ends."""

from datetime import datetime, timedelta

from callout.accounts.zone import day_bounds, local
from callout.kernel import clock
from callout.orders.models import Visit


def code_window(visit: Visit) -> tuple[datetime, bool]:
    """From when the code of the visit's site may be looked at, and whether it may now."""
    opens, _end = day_bounds(local(visit.start).date() - timedelta(days=1))
    return opens, visit.is_open and clock.now() >= opens
