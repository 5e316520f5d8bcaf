"""What higher rooms have to say before a visit is completed or a step undone.

Registered with when the application starts, as orders itself does with lower rooms: see hooks.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from callout.orders.models import Visit

# Why the technician cannot complete the visit yet, in words; "" if nothing is in the way. A manager
# may complete all the same: what was done in the field is then the office's word.
completing_guards: list[Callable[[Visit], str]] = []


@dataclass(frozen=True, slots=True)
class BuiltOn:
    """What is built on a visit (the customer has signed). `rows` are those of a visit since a
    moment, or of the columns that stand for the two; `words` say it.

    A manager is refused too: a signature is not undone from under the customer.
    """

    rows: Callable[[Any, Any], QuerySet[Any]]
    words: Callable[[], str]


built_on_guards: list[BuiltOn] = []


def not_ready(visit: Visit) -> str:
    """The first reason against completing the visit."""
    return next((words for guard in completing_guards if (words := guard(visit))), "")


def built_on(visit_id: UUID, since: datetime) -> str:
    """The first thing that was built on the visit since."""
    found = (one.words() for one in built_on_guards if one.rows(visit_id, since).exists())
    return next(found, "")


def is_built_on(visit: str, since: str) -> Q:
    """The same as a condition on rows that have these two fields: for many at once."""
    found = Q(pk__in=[])
    for one in built_on_guards:
        found |= Q(Exists(one.rows(OuterRef(visit), OuterRef(since))))
    return found
