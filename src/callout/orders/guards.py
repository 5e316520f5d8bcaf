"""What higher rooms have to say before a visit is completed or a step undone.

Registered with when the application starts, as orders itself does with lower rooms: see hooks.py.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from callout.orders.models import Visit

# Why the technician cannot complete the visit yet, in words; "" if nothing is in the way. A manager
# may complete all the same: what was done in the field is then the office's word.
completing_guards: list[Callable[[Visit], str]] = []

# What was built on a visit since a moment (the customer has signed), in words; "" if nothing was.
# A manager is refused too: a signature is not undone from under the customer.
built_on_guards: list[Callable[[UUID, datetime], str]] = []


def not_ready(visit: Visit) -> str:
    """The first reason against completing the visit."""
    return next((words for guard in completing_guards if (words := guard(visit))), "")


def built_on(visit_id: UUID, since: datetime) -> str:
    """The first thing that was built on the visit since."""
    return next((words for guard in built_on_guards if (words := guard(visit_id, since))), "")
