"""Statements sent together over one connection, by libpq itself.

psycopg's own pipeline asks the socket, makes a cursor and looks up plans in Python for each
statement: of a change, which has twenty of them, that was a third of its time.
"""

import functools
import re
from collections import OrderedDict
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from psycopg import errors, generators, pq
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.types.array import ListDumper

Part = tuple[str, Sequence[Any]]  # a statement and its values
Key = tuple[str, tuple[int, ...]]  # what a plan is made of: a statement, the types of its values
MOST = 100  # plans that one connection keeps; beyond them the one least used goes
FAILED = (pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.PIPELINE_ABORTED)
# A plan of ours that the server does not know any more, or whose columns are others now.
FORGOTTEN = ("26000", "0A000")

# Django reads moments by a loader in Python, to give them the connection's zone, which is UTC. So
# does psycopg's own, in C: 0.3 microseconds instead of 4.7, and a board reads 8,000 of them.
MOMENTS = psycopg.adapters.get_loader(psycopg.postgres.types["timestamptz"].oid, pq.Format.TEXT)


class _Ids(ListDumper):
    """Lists as psycopg writes them, and those of ids at once: it looks at each by itself, which
    took longer for a page of orders than to find them."""

    def dump(self, obj: list[Any]) -> Any:
        if obj and all(type(one) is UUID for one in obj):
            return f"{{{','.join([one.hex for one in obj])}}}".encode()
        return super().dump(obj)


class Kept(str):
    """SQL whose plan is kept by the connection."""

    __slots__ = ()


class Binary(Kept):
    """The same, answered as the database holds it. For bytes and texts: what else there is may be
    read by other loaders than those that Django has set."""

    __slots__ = ()


def is_kept(statement: str) -> bool:
    """Whether its plan is kept: what says so, and rows written by their id."""
    return isinstance(statement, Kept) or statement.startswith(("INSERT ", "UPDATE ", "DELETE "))


@functools.lru_cache(maxsize=512)
def numbered(statement: str) -> bytes:
    """With the places of its values numbered, as the database wants them."""
    numbers = iter(range(1, 1 << 16))

    def place(found: "re.Match[str]") -> str:
        if found[0] == "%%":
            return "%"
        if found[0] != "%s":
            raise psycopg.ProgrammingError(f"no place for a value: {found[0]}")
        return f"${next(numbers)}"

    return re.sub("%.?", place, statement).encode()


class Wire:
    """One connection, and what it has been told already."""

    def __init__(self, link: "psycopg.Connection[Any]") -> None:
        self.connection = link  # as psycopg calls it, to whom this is a context of adapters
        self.adapters = AdaptersMap(link.adapters)
        if MOMENTS is not None:
            self.adapters.register_loader("timestamptz", MOMENTS)
        self.adapters.register_dumper(list, _Ids)
        # One for all messages: it learns once how each type is written and read.
        self._transformer = Transformer(self)
        self._plans: OrderedDict[Key, bytes] = OrderedDict()
        self._number = 0
        self._is_to_empty = False  # the server keeps plans that are not known here any more

    def ask(self, parts: Sequence[Part], *, commit: bool = False) -> list["Result"]:
        """Send all, then read all: a result for each. The first error is raised, when all that
        came with it is read; nothing after it has run. `commit`: nor is anything committed then,
        while else the transaction ends with this message.

        A plan made before a migration is no error where the message is the first of its
        transaction: nothing of it stands, so all is asked once again, planned anew.
        """
        link, begins = self.connection, self._is_idle()
        try:
            return self._ask(parts, commit)
        except psycopg.Error as error:
            if error.sqlstate not in FORGOTTEN or not begins:
                raise
        if not link.autocommit:
            link.rollback()
        return self._ask(parts, commit)

    def _is_idle(self) -> bool:
        status: int = self.connection.pgconn.transaction_status
        return status == pq.TransactionStatus.IDLE

    def _ask(self, parts: Sequence[Part], commit: bool) -> list["Result"]:
        transformer = self._transformer
        asked = [_Asked.of(statement, given, transformer) for statement, given in parts]
        change = _Change()
        with self.connection.lock:
            answers, ours = self._exchange(asked, change, commit)
        wrong = next((one for one in answers if one.status in FAILED), None)
        if wrong is not None:
            error = errors.error_from_result(wrong)
            if error.sqlstate in FORGOTTEN:
                # Which are there is not known. Given up with the next message: none is heard in a
                # transaction that has failed.
                self._plans.clear()
                self._is_to_empty = True
            else:
                self._take_back(change, answers)
            raise error
        return [Result(answers[place], transformer) for place in ours]

    def _exchange(
        self, asked: Sequence["_Asked"], change: "_Change", commit: bool
    ) -> tuple[list[Any], list[int]]:
        """What the server answers, and which of the answers are to what was asked."""
        link, pgconn = self.connection, self.connection.pgconn
        idle = self._is_idle()
        pgconn.enter_pipeline_mode()
        try:
            sent, ours = 0, []
            if idle and not link.autocommit:
                pgconn.send_query_params(b"BEGIN", None)
                sent = 1
            emptied = sent if self._is_to_empty else None
            if self._is_to_empty:
                pgconn.send_query_params(b"DEALLOCATE ALL", None)
                sent += 1
            for one in asked:
                sent += self._send(one, sent, change)
                ours.append(sent - 1)
            sent += self._forget(sent, change)
            if commit:  # last: what can go wrong has gone wrong before
                pgconn.send_query_params(b"COMMIT", None)
                sent += 1
            pgconn.pipeline_sync()
            answers = link.wait(_answers(pgconn, sent))
            if emptied is not None:
                self._is_to_empty = answers[emptied].status in FAILED
        except BaseException:
            # What is still to come would be taken for the answer to the next question.
            pgconn.finish()
            raise
        pgconn.exit_pipeline_mode()
        return answers, ours

    def _send(self, one: "_Asked", place: int, change: "_Change") -> int:
        """Put it on its way; how many answers that makes, from `place` on, its own last."""
        pgconn, sent = self.connection.pgconn, 1
        if one.kept is None:
            pgconn.send_query_params(one.text, one.values, one.types, one.formats, one.answer)
            return sent
        name = self._plans.get(one.kept)
        if name is None:
            self._number += 1
            name = self._plans[one.kept] = f"callout_{self._number}".encode()
            change.made[one.kept] = place
            pgconn.send_prepare(name, one.text, one.types)
            sent += 1
        else:
            self._plans.move_to_end(one.kept)
        pgconn.send_query_prepared(name, one.values, one.formats, one.answer)
        return sent

    def _forget(self, sent: int, change: "_Change") -> int:
        """Give up the plans that are too many, those not used for longest; how many."""
        many = max(0, len(self._plans) - MOST) if change.made else 0
        for place in range(sent, sent + many):
            key, name = self._plans.popitem(last=False)
            change.given_up.append((key, name, place))
            self.connection.pgconn.send_query_params(b"DEALLOCATE " + name, None)
        return many

    def _take_back(self, change: "_Change", answers: Sequence[Any]) -> None:
        """After an error. What was planned before it stays planned, though its transaction does not
        stand; what was given up before it is gone. A plan that is there and not known
        here would never be given up: a request that always fails would fill the server with them.
        """
        for key, name, place in reversed(change.given_up):
            if answers[place].status in FAILED:
                self._plans[key] = name
                self._plans.move_to_end(key, last=False)
        for key, place in change.made.items():
            if answers[place].status in FAILED:
                self._plans.pop(key, None)


@dataclass(slots=True)
class _Change:
    """What one message does to the plans: those that it makes, by where the answer to that stands;
    those that it gives up, likewise."""

    made: dict[Key, int] = field(default_factory=dict)
    given_up: list[tuple[Key, bytes, int]] = field(default_factory=list)


@dataclass(slots=True)  # frozen would take three times as long to make
class _Asked:
    """One statement as libpq takes it. `kept` says under what its plan is kept, if it is."""

    text: bytes
    values: Sequence[Any]
    types: tuple[int, ...]
    formats: Sequence[Any] | None
    kept: "Key | None"
    answer: pq.Format

    @classmethod
    def of(cls, statement: str, given: Sequence[Any], transformer: Any) -> "_Asked":
        values = transformer.dump_sequence(given, [PyFormat.AUTO] * len(given))
        types = transformer.types or ()
        kept = (statement, types) if is_kept(statement) else None
        answer = pq.Format.BINARY if type(statement) is Binary else pq.Format.TEXT
        return cls(numbered(statement), values, types, transformer.formats, kept, answer)


class Result:
    """What one statement answered."""

    __slots__ = ("_answer", "_transformer")

    def __init__(self, answer: Any, transformer: Any) -> None:
        self._answer, self._transformer = answer, transformer

    def rows(self) -> list[tuple[Any, ...]]:
        """All of them."""
        self._transformer.set_pgresult(self._answer)
        found: list[tuple[Any, ...]]
        found = self._transformer.load_rows(0, self._answer.ntuples, tuple)
        self._transformer.set_pgresult(None)  # it outlives the answer, which may be large
        return found

    @property
    def count(self) -> int:
        """How many rows it found or wrote; -1 for what does neither."""
        written = self._answer.command_tuples
        return -1 if written is None else int(written)


def _answers(pgconn: Any, count: int) -> Generator[Any, Any, list[Any]]:
    """psycopg's way of waiting: whoever runs it looks after the socket."""
    yield from generators.send(pgconn)
    found = []
    for _number in range(count):
        found += yield from generators.fetch_many(pgconn)
    yield from generators.fetch_many(pgconn)  # the end of the message
    return found
