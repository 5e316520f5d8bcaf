"""Statements sent together: what comes back, what is kept, and what an error leaves behind."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection, connections
from psycopg import errors
from psycopg.pq import Format, TransactionStatus

from callout.kernel import wire
from callout.kernel.wire import Binary, Kept, Wire, numbered

pytestmark = pytest.mark.django_db
PREPARED = "SELECT statement FROM pg_prepared_statements WHERE name LIKE 'callout%%'"


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """A connection of its own that keeps what it is told to keep, as in production."""
    monkeypatch.setattr(wire, "is_kept", lambda text: isinstance(text, Kept))
    link: Any = connections.create_connection("default")
    link.ensure_connection()
    yield link.wire
    link.close()


def kept(line: Wire) -> list[str]:
    """Whose plans the server keeps for it."""
    (found,) = line.ask([(PREPARED, [])])
    return sorted(text for (text,) in found.rows())


def test_each_statement_has_its_own_answer_whatever_it_is_given(line: Wire) -> None:
    some = uuid4()
    one, two, none = line.ask([
        ("SELECT %s::text, '100%%'", ["a"]),
        (Kept("SELECT %s::uuid, %s::int FROM generate_series(1, 2)"), [some, None]),
        ("SELECT 1 WHERE false", []),
    ])  # fmt: skip
    assert one.rows() == [("a", "100%")]
    assert (two.rows(), two.count) == ([(some, None)] * 2, 2)
    assert (none.rows(), none.count) == ([], 0)


def test_an_answer_may_be_read_when_others_have_been_asked_for(line: Wire) -> None:
    first, second = line.ask([("SELECT %s::int", [1]), ("SELECT 'a', now()", [])])
    (other,) = line.ask([("SELECT %s::uuid, 2, NULL", [uuid4()])])
    assert [type(value) for value in second.rows()[0]] == [str, datetime]
    assert (other.rows()[0][1:], first.rows(), first.rows()) == ((2, None), [(1,)], [(1,)])


def test_a_list_of_ids_arrives_as_any_other_list_does(line: Wire) -> None:
    ids = [uuid4(), UUID(int=0), UUID(int=2**128 - 1)]
    lists: list[list[Any]] = [ids, [*ids, None], [ids, list(ids)], ["{", 'a"', None], [1, 2]]
    kinds = ("uuid[]", "uuid[]", "uuid[]", "text[]", "int[]")
    asked = [(f"SELECT %s::{kind}", [one]) for kind, one in zip(kinds, lists, strict=True)]
    assert [found.rows() for found in line.ask(asked)] == [[(one,)] for one in lists]
    (none,) = line.ask([("SELECT 1 WHERE %s = ANY (%s::uuid[])", [ids[0], []])])
    assert none.rows() == []


def test_what_is_kept_is_planned_once_and_the_rest_each_time(line: Wire) -> None:
    for number in range(3):
        line.ask([(Kept("SELECT %s::int"), [number]), ("SELECT %s::int + 1", [number])])
    assert kept(line) == ["SELECT $1::int"]


def test_what_is_asked_for_in_bytes_comes_as_the_database_holds_it(
    line: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, values = "SELECT %s::bytea, %s::text", [b"\x00\xff", "Käse"]
    for _asked in range(2):
        found = line.ask([(Binary(text), values), (Kept(text), values), (text, values)])
        assert [one.rows() for one in found] == [[tuple(values)]] * 3
        formats = [one._answer.fformat(0) for one in found]
        assert formats == [Format.BINARY, Format.TEXT, Format.TEXT]
    assert kept(line) == ["SELECT $1::bytea, $2::text"]
    monkeypatch.setattr(wire, "is_kept", lambda _text: False)
    (plain,) = line.ask([(Binary(text), values)])
    assert (plain.rows(), plain._answer.fformat(0)) == ([tuple(values)], Format.BINARY)


def test_of_too_many_plans_the_one_not_used_for_longest_goes(
    line: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MOST", 2)
    for text in ("SELECT 1", "SELECT 2", "SELECT 1", "SELECT 3"):
        line.ask([(Kept(text), [])])
    assert kept(line) == ["SELECT 1", "SELECT 3"]
    assert line.ask([(Kept("SELECT 2"), [])])[0].rows() == [(2,)]


def test_after_an_error_nothing_has_run_and_the_connection_goes_on(line: Wire) -> None:
    line.ask([("CREATE TEMPORARY TABLE noted (x int)", [])])
    with pytest.raises(errors.DivisionByZero):
        line.ask([
            ("SELECT 1 / %s", [0]),
            (Kept("INSERT INTO noted VALUES (%s)"), [1]),
        ])  # fmt: skip
    (found,) = line.ask([("SELECT count(*) FROM noted", [])])
    assert found.rows() == [(0,)]
    assert line.ask([(Kept("INSERT INTO noted VALUES (%s)"), [1])])[0].count == 1


def test_a_statement_that_cannot_be_planned_is_not_taken_for_kept(line: Wire) -> None:
    for _time in range(2):
        with pytest.raises(errors.UndefinedTable):
            line.ask([(Kept("SELECT 1 FROM there_is_no_such_table"), [])])


def test_a_message_that_always_fails_leaves_no_more_plans_each_time(
    line: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MOST", 2)
    line.ask([(Kept("SELECT 1"), []), (Kept("SELECT 2"), [])])
    for _time in range(3):
        with pytest.raises(errors.DivisionByZero):
            line.ask([
                (Kept("SELECT 3"), []), (Kept("SELECT 1 / %s::int"), [0]), (Kept("SELECT 4"), []),
            ])  # fmt: skip
    known = ["SELECT 1", "SELECT 1 / $1::int", "SELECT 2", "SELECT 3"]
    assert kept(line) == known, "nothing was given up, and the last was never planned"
    line.ask([(Kept("SELECT 4"), [])])
    assert kept(line) == ["SELECT 1 / $1::int", "SELECT 4"]


def test_a_plan_that_the_server_has_lost_is_made_anew_at_once(line: Wire) -> None:
    asked = [(Kept("SELECT 1"), ())]
    line.ask(asked)
    line.ask([("DEALLOCATE ALL", [])])
    assert line.ask(asked)[0].rows() == [(1,)]


@pytest.mark.parametrize("autocommit", [True, False])
def test_after_a_migration_a_message_is_asked_anew_and_has_run_once(
    line: Wire, autocommit: bool
) -> None:
    line.ask([("CREATE TEMPORARY TABLE noted (x int)", [])])
    asked = (Kept("SELECT * FROM noted"), ())
    line.ask([asked])
    line.ask([("ALTER TABLE noted ADD COLUMN y int DEFAULT 2", [])])
    line.connection.autocommit = autocommit
    _written, found = line.ask([("INSERT INTO noted VALUES (%s)", [1]), asked], commit=True)
    assert found.rows() == [(1, 2)]
    assert line.connection.info.transaction_status == TransactionStatus.IDLE


def test_an_error_that_asking_anew_does_not_mend_is_raised(line: Wire) -> None:
    broken = "DO $$ BEGIN RAISE EXCEPTION 'never' USING ERRCODE = '0A000'; END $$"
    with pytest.raises(errors.FeatureNotSupported, match="never"):
        line.ask([(broken, [])])
    assert line.ask([(Kept("SELECT 1"), [])])[0].rows() == [(1,)]


def test_within_a_transaction_the_plans_of_a_table_that_has_changed_are_given_up(
    line: Wire,
) -> None:
    line.ask([("CREATE TEMPORARY TABLE noted (x int)", [])])
    asked = [(Kept("SELECT * FROM noted"), ())]
    line.ask([(Kept("SELECT 1"), []), *asked])
    line.ask([("ALTER TABLE noted ADD COLUMN y int", [])])
    line.connection.autocommit = False
    line.ask([("SELECT 1", [])])
    with pytest.raises(errors.FeatureNotSupported):
        line.ask(asked)
    with pytest.raises(errors.InFailedSqlTransaction):
        line.ask(asked)
    line.connection.rollback()
    line.ask(asked)
    line.connection.commit()
    line.connection.autocommit = True
    assert kept(line) == ["SELECT * FROM noted"]
    line.ask([(Kept("SELECT 1"), [])])
    assert kept(line) == ["SELECT * FROM noted", "SELECT 1"], "once, not with each message"


def test_a_transaction_begins_with_what_is_asked_first_in_it(line: Wire) -> None:
    line.connection.autocommit = False
    line.ask([("SELECT 1", [])])
    assert line.connection.info.transaction_status == TransactionStatus.INTRANS
    line.connection.rollback()


def test_a_connection_that_ends_under_a_message_answers_nothing_more(line: Wire) -> None:
    ((pid,),) = line.ask([("SELECT pg_backend_pid()", [])])[0].rows()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    for _time in range(2):
        with pytest.raises(psycopg.OperationalError):
            line.ask([("SELECT 1", []), ("SELECT 2", [])])
    assert line.connection.closed


def test_a_place_is_numbered_and_nothing_else_is_one() -> None:
    assert numbered("a %s b %% c %s") == b"a $1 b % c $2"
    with pytest.raises(psycopg.ProgrammingError):
        numbered("a %(name)s")


def test_a_commit_that_fails_does_not_bring_back_plans_that_were_given_up(
    line: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MOST", 2)
    line.ask([
        ("CREATE TEMPORARY TABLE once (x int UNIQUE DEFERRABLE INITIALLY DEFERRED)", []),
        (Kept("SELECT 1"), []),
        (Kept("INSERT INTO once VALUES (%s::int)"), [1]),
    ])  # fmt: skip
    line.connection.autocommit = False
    with pytest.raises(errors.UniqueViolation):
        line.ask([(Kept("INSERT INTO once VALUES (%s::int)"), [1]), (Kept("SELECT 2"), [])],
                 commit=True)  # fmt: skip
    assert line.connection.info.transaction_status == TransactionStatus.IDLE
    line.connection.autocommit = True
    assert line.ask([(Kept("SELECT 1"), [])])[0].rows() == [(1,)]
    (found,) = line.ask([("SELECT count(*) FROM once", [])])
    assert found.rows() == [(1,)]
