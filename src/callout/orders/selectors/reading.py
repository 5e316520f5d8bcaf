"""Queries about one order, made once for all managers."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import BigIntegerField, QuerySet, Subquery, UUIDField

from callout.kernel.actor import Actor
from callout.kernel.prepared import Asked, Given, Prepared, together
from callout.orders.models import ServiceOrder

T = TypeVar("T")
# What is told to a manager depends on nothing of who they are.
ANY_MANAGER = Actor.system("any manager")

OrderId = UUID | Given | Subquery
Named = UUID | int  # by its id, or by its number


class AboutOrder(Generic[T]):
    """`make(actor, order_id)` is a queryset about one order, for who reads it.

    Managers all read the same, so theirs is made once; a technician's own work stands in theirs,
    which is made anew.
    """

    def __init__(self, make: Callable[[Actor, OrderId], QuerySet[Any, T]]) -> None:
        self._make = make
        self._by_id = Prepared(lambda: make(ANY_MANAGER, Given("order", UUIDField())))
        self._by_number = Prepared(lambda: make(ANY_MANAGER, _of_number("order")))

    def all(self, actor: Actor, order: Named) -> list[T]:
        """All its rows."""
        if actor.is_manager:
            return self.for_managers(order).all(order=order)
        return list(self._make(actor, order if isinstance(order, UUID) else _of_number(order)))

    def first(self, actor: Actor, order: Named) -> T | None:
        """Its first row, None for none."""
        found = self.all(actor, order)
        return found[0] if found else None

    def for_managers(self, order: Named) -> Prepared[T]:
        """The statement for an order that is named like this one, given as `order`."""
        return self._by_id if isinstance(order, UUID) else self._by_number


def read_about(actor: Actor, order: Named, *asked: AboutOrder[Any]) -> list[list[Any]]:
    """The rows of each: for a manager in one message to the database."""
    if actor.is_manager:
        return together(*ask_about(order, *asked))
    return [one.all(actor, order) for one in asked]


def ask_about(order: Named, *asked: AboutOrder[Any]) -> list[Asked]:
    """The same for a manager, to be asked together with something else."""
    return [one.for_managers(order).ask(order=order) for one in asked]


def of_order(order: OrderId, column: str, **narrowed: Any) -> Subquery:
    """A column of the order itself, to be compared with."""
    return Subquery(ServiceOrder.objects.filter(pk=order, **narrowed).values(column))


def _of_number(number: int | str) -> Subquery:
    """The id of the order with a number, or with the one given by a name."""
    given = Given(number, BigIntegerField()) if isinstance(number, str) else number
    return Subquery(ServiceOrder.objects.filter(number=given).values("pk"))
