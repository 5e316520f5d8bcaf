"""Reading many things as they stood at one moment."""

from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, connection, transaction

from callout.kernel.change import sqlstate
from callout.kernel.wire import FORGOTTEN

R = TypeVar("R")


def at_one_moment(read: Callable[[], R]) -> R:
    """What `read` gives, all of it of one moment; nothing can be written in it.

    Inside a transaction that is under way it changes nothing: what that has read already decides.
    Where a migration has made the connection's plans useless, all is read once again.
    """
    if connection.in_atomic_block:
        return read()
    try:
        return _read(read)
    except DatabaseError as error:
        if sqlstate(error) not in FORGOTTEN:
            raise
        return _read(read)


def _read(read: Callable[[], R]) -> R:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return read()
