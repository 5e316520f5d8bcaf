"""A part of a change that can be refused while the rest stands: what it did is taken back."""

from collections.abc import Callable
from typing import TypeVar

from django.db import connection

from callout.kernel import rows
from callout.kernel.change import (
    CONSTRAINTS_NOW,
    Waiting,
    demand,
    running,
    worded,
    written_together,
)
from callout.kernel.errors import CalloutError

R = TypeVar("R")
SHELTER = "SAVEPOINT shelter"


def sheltered(work: Callable[[], R], then: Callable[[R], rows.Written], *, commit: bool) -> R:
    """Do `work` (one or several changes), and write what `then` makes of it, in the same message.

    The caller has opened a transaction and said SHELTER, together with something else that it had
    to say: a refusal takes back all since then. Deferred guards speak before `then`. `work` must
    let through what a change raises. `commit`: the transaction ends with it.
    """

    def all_of_it(waiting: Waiting) -> R:
        result = work()
        waiting.statements += [*CONSTRAINTS_NOW, then(result)]
        waiting.send(commit=commit)
        return result

    return _or_back("shelter", all_of_it)


def attempted(work: Callable[[], R]) -> R:
    """Do `work`, a part of the running change whose refusal takes back that part alone.

    Deferred guards speak at its end; until then slots may cross each other, so that visits can
    swap them. `work` must let through what a change raises.
    """
    demand()
    current = running()
    entries = current.entries if current else 0
    _say("SAVEPOINT attempt", "SET CONSTRAINTS ALL DEFERRED")

    def all_of_it(waiting: Waiting) -> R:
        result = work()
        waiting.statements += CONSTRAINTS_NOW
        return result

    try:
        result = _or_back("attempt", all_of_it)
    except CalloutError:
        _say("RELEASE SAVEPOINT attempt")
        if current:
            current.entries = entries
        raise
    _say("RELEASE SAVEPOINT attempt")
    return result


def _or_back(savepoint: str, work: Callable[[Waiting], R]) -> R:
    """`work`, or, where it is refused, all as it was at the savepoint."""
    hooks = len(connection.run_on_commit)
    try:
        with worded(), written_together() as waiting:
            return work(waiting)
    except CalloutError:
        # Django forbids any statement after a broken guard; back at the savepoint all is well.
        connection.needs_rollback = False
        _say(f"ROLLBACK TO SAVEPOINT {savepoint}")
        del connection.run_on_commit[hooks:]
        raise


def _say(*statements: str) -> None:
    # One by one: psycopg forgets all that it has prepared when it sees a ROLLBACK, also what stands
    # beside it in the same message.
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
