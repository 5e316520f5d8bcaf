"""Queries about one order, made once for all managers."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import QuerySet, UUIDField

from callout.kernel.actor import Actor
from callout.kernel.prepared import Given, Prepared

T = TypeVar("T")
# What is told to a manager depends on nothing of who they are.
ANY_MANAGER = Actor.system("any manager")

OrderId = UUID | Given


class AboutOrder(Generic[T]):
    """`make(actor, order_id)` is a queryset about one order, for who reads it.

    Managers all read the same, so theirs is made once; a technician's own work stands in theirs,
    which is made anew.
    """

    def __init__(self, make: Callable[[Actor, OrderId], QuerySet[Any, T]]) -> None:
        self._make = make
        self._for_managers = Prepared(lambda: make(ANY_MANAGER, Given("order", UUIDField())))

    def all(self, actor: Actor, order_id: UUID) -> list[T]:
        """All its rows."""
        if actor.is_manager:
            return self._for_managers.all(order=order_id)
        return list(self._make(actor, order_id))

    def first(self, actor: Actor, order_id: UUID) -> T | None:
        """Its first row, None for none."""
        found = self.all(actor, order_id)
        return found[0] if found else None
