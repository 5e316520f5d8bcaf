"""The company's facts, for whoever formats a number, a price or an hour. They are no secret.

Read many times in a request, changed once a year: kept per process, dropped at once when this
process changes the row, and read again after a few seconds for what another process changed.
"""

import time

from callout.accounts.models import COMPANY_ID, Company

TTL = 5.0  # seconds

_kept: tuple[float, Company] | None = None


def company() -> Company:
    """The company as it stands (at most five seconds old). Read it; never save it."""
    global _kept
    kept = _kept  # another thread may drop it at any moment
    if kept is None or time.monotonic() - kept[0] > TTL:
        row = Company.objects.filter(pk=COMPANY_ID).first() or Company()
        kept = _kept = (time.monotonic(), row)
    return kept[1]


def forget() -> None:
    """Read the row again at the next question."""
    global _kept
    _kept = None
