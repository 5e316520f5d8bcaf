"""Whose a visit is, or once was: what a phone's entry may name."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection

# A visit taken away leaves no assignment; its timeline knows whom it was planned for, and what
# each plan replaced: see orders/services/keeping.py.
_ONCE = """
SELECT v.id FROM orders_visit v
WHERE v.id = ANY (%(visits)s) AND (
    v.technician_id = %(technician)s
    OR EXISTS (SELECT 1 FROM orders_assignment a
               WHERE a.visit_id = v.id AND a.technician_id = %(technician)s)
    OR EXISTS (SELECT 1 FROM orders_timelineentry t
               WHERE t.visit_id = v.id AND t.technician_id = %(technician)s)
    OR EXISTS (SELECT 1 FROM orders_timelineentry t
               WHERE t.order_id = v.order_id
                 AND (t.before -> 'visits' -> v.id::text -> 'helpers' ? %(text)s
                      OR t.before -> 'visits' -> v.id::text ->> 'technician_id' = %(text)s)))
"""


def visits_once_theirs(technician_id: UUID | None, visits: Collection[UUID]) -> set[UUID]:
    """Those of `visits` that are this technician's work, or were it before they were taken away.

    No actor: asked for the technician whose phone names them.
    """
    if technician_id is None or not visits:
        return set()
    given: dict[str, Any] = {
        "visits": list(visits), "technician": technician_id, "text": str(technician_id),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_ONCE, given)
        return {row[0] for row in cursor.fetchall()}
