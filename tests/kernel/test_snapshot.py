"""What is read at one moment: nothing that comes meanwhile is in it."""

import ast
from pathlib import Path

import pytest
from django.db import DatabaseError, connection

import callout
from callout.kernel.snapshot import at_one_moment
from callout.workforce.models import Skill

pytestmark = pytest.mark.django_db(transaction=True)
FAILS = "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{}'; END $$"


def failing(code: str, times: list[int]) -> int:
    """What a reading raises whose plans were made before a migration, once."""
    times.append(1)
    if len(times) == 1:
        with connection.cursor() as cursor:
            cursor.execute(FAILS.format(code))
    return Skill.objects.count()


def test_nothing_can_be_written_in_it() -> None:
    with pytest.raises(DatabaseError, match="read-only"):
        at_one_moment(lambda: Skill.objects.create(name="Gas", name_sort="gas"))


def test_after_a_migration_all_is_read_once_again() -> None:
    times: list[int] = []
    assert at_one_moment(lambda: failing("0A000", times)) == 0
    assert len(times) == 2


def test_any_other_error_is_raised() -> None:
    times: list[int] = []
    with pytest.raises(DatabaseError, match="no"):
        at_one_moment(lambda: failing("22012", times))
    assert len(times) == 1


# Where plans are kept: what is asked by them fails once after a migration, in the middle of a
# transaction. Services, answers under a key and what is read at one moment are then tried again.
KEPT = {"change", "idempotency", "message", "prepared", "rows", "snapshot", "wire"}


def opens_a_transaction(tree: ast.AST) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == "atomic" for node in ast.walk(tree))


def asks_by_kept_plans(tree: ast.AST) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("callout.kernel")
        and bool(KEPT & {*(node.module or "").split("."), *(one.name for one in node.names)})
        for node in ast.walk(tree)
    )


def test_whoever_opens_a_transaction_of_their_own_asks_nothing_by_a_kept_plan() -> None:
    package = Path(callout.__file__).parent
    trees = {
        str(path.relative_to(package)): ast.parse(source)
        for path in package.rglob("*.py")
        if "migrations" not in path.parts and "atomic" in (source := path.read_text())
    }
    own = {name for name, tree in trees.items() if opens_a_transaction(tree)}
    assert "notify/services/telling.py" in own
    assert {name for name in own if asks_by_kept_plans(trees[name])} == {
        *(f"kernel/{name}.py" for name in ("change", "idempotency", "snapshot")),
    }
