"""What was waiting to be sent when a backup was made, and is held where it is brought back.

The installation it came from has most likely sent it since; another copy of it may never speak to
anybody. So nothing of it goes out unless that is asked for. In the webhooks' log it can be sent
again, one by one.
"""

from dataclasses import dataclass

import psycopg

from callout.backup import tables

# They make mails, pushes and deliveries of what they read: of what is in a backup, none.
FOLLOWERS = ("notify.notices", "webhooks.deliveries")
QUEUES = ("mail", "push")
HELD = "held"  # why a delivery was given up

JOBS = """
UPDATE procrastinate_jobs SET status = 'cancelled'
WHERE queue_name = %(queue)s AND status IN ('todo', 'doing')
"""
DELIVERIES = """
UPDATE webhooks_delivery SET state = 'given_up', next_at = NULL, failure = %(why)s
WHERE state = 'waiting'
"""
# Else the next mail to its technician would tell it after all.
NOTICES = "UPDATE notify_notice SET mailed_at = now() WHERE mailed_at IS NULL"


@dataclass(frozen=True, slots=True)
class Held:
    """How many of each."""

    mails: int
    pushes: int
    events: int

    def __bool__(self) -> bool:
        return bool(self.mails or self.pushes or self.events)


def hold(raw: psycopg.Connection) -> Held:
    """Let nothing go out of what is waiting, as long as nobody sends it anew. The tables are those
    of the backup's version, which may be older than ours."""
    there = tables.columns(raw)
    mails, pushes = (raw.execute(JOBS, {"queue": queue}).rowcount for queue in QUEUES)
    events = 0
    if "webhooks_delivery" in there:
        events = raw.execute(DELIVERIES, {"why": HELD}).rowcount
    if "mailed_at" in there.get("notify_notice", []):
        raw.execute(NOTICES)
    return Held(mails, pushes, events)
