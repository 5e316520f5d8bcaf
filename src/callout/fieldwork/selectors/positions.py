"""Where technicians were last, of those who are on duty now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.orders.policy import manager_required


@dataclass(frozen=True, slots=True)
class LastPosition:
    """A technician's last known place, and the status that they have on the visit it belongs to."""

    at: datetime
    latitude: float
    longitude: float
    status: str


LONGEST = timedelta(days=1)  # what was said before says nothing of where somebody is

# Of the visit that is under way now, so that what was said on the one before tells nothing of a
# break since; and while the consent stands that it was said with: that of a phone which is signed
# out, or lost, can be taken back by nobody any more, and ends with it. The statuses are written
# out: then the index technician_under_way_once serves it.
_LAST = """
SELECT v.technician_id, p.at, p.latitude, p.longitude, v.status
FROM orders_visit v
CROSS JOIN LATERAL (SELECT * FROM fieldwork_position
                    WHERE technician_id = v.technician_id ORDER BY at DESC LIMIT 1) p
WHERE v.is_open AND v.status IN ('en_route', 'on_site', 'working') AND p.visit_id = v.id
  AND p.at > %(since)s
  AND EXISTS (SELECT 1 FROM workforce_technician t
              JOIN accounts_user u ON u.id = t.user_id AND u.is_active AND u.is_technician
              JOIN accounts_device d ON d.user_id = u.id
              WHERE t.id = v.technician_id AND d.position_consent_at <= p.at
                AND d.signed_out_at IS NULL AND d.revoked_at IS NULL AND d.lost_at IS NULL)
"""


def positions_last(*, actor: Actor) -> dict[UUID, LastPosition]:
    """By technician, of those who are en route, on site or working at this moment. For managers."""
    manager_required(actor)
    with connection.cursor() as cursor:
        cursor.execute(_LAST, {"since": clock.now() - LONGEST})
        return {technician: LastPosition(*rest) for technician, *rest in cursor.fetchall()}
