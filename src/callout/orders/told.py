"""The lifecycle table as the phone is told it: the rows that a technician may use, as JSON.

frontend/src/technician/core/types.ts calls the shape `Lifecycle`.
"""

from typing import Any

from callout.orders.lifecycle import (
    NEXT_SENSIBLE,
    TABLE,
    UNDER_WAY,
    UNDO_MINUTES,
    Action,
    Status,
)
from callout.orders.words import action_label, status_label


def lifecycle_told() -> dict[str, Any]:
    """In the language that is active."""
    rows = [action for action in TABLE if "technician" in action.roles]
    codes = {action.code for action in rows}
    return {
        "actions": [_row(action) for action in rows],
        "next": {
            status.value: NEXT_SENSIBLE[status]
            for status in Status
            if NEXT_SENSIBLE[status] in codes
        },
        "under_way": [status.value for status in Status if status in UNDER_WAY],
        "statuses": [{"code": one.value, "label": status_label(one.value)} for one in Status],
        "undo_minutes": UNDO_MINUTES,
    }


def _row(action: Action) -> dict[str, Any]:
    return {
        "code": action.code,
        "label": action_label(action.code),
        "sources": [status.value for status in Status if status in action.sources],
        "to": action.to.value,
        "closes": action.closes.value if action.closes else "",
        "takes_reason": action.takes_reason,
        "wants_reason": action.wants_reason,
    }
