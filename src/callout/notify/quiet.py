"""When somebody may be disturbed: within their working hours, and not while they are away."""

from datetime import datetime, timedelta
from uuid import UUID

from callout.accounts.zone import local
from callout.kernel.actor import Actor
from callout.workforce.selectors import technician_days

FAR = timedelta(days=30)


def awake_from(technician_id: UUID, now: datetime) -> datetime | None:
    """The first moment from `now` on when this technician works; None within a month."""
    work = technician_days(
        actor=Actor.system("notify"),
        technician_ids=[technician_id],
        days=(local(now).date(), local(now + FAR).date()),
        span=(now, now + FAR),
    )
    away = [(one.start, one.end) for one in work.absences.get(technician_id, [])]
    for start, end in work.hours.get(technician_id, []):
        moment = max(start, now)
        for gone, back in away:  # in order: one may begin where another ends
            if gone <= moment < back:
                moment = back
        if moment < end:
            return moment
    return None
