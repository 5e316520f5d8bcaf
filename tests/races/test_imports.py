"""Several workers that come for one import at the very same time: each row told and done once."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection

from callout.customers.imports import checking, making, running
from callout.customers.imports.checking import Work, import_begin, import_check, import_fail
from callout.customers.imports.judging import Judging
from callout.customers.imports.running import import_run
from callout.customers.models import Customer, Import
from tests.orders.conftest import Company
from tests.races.conftest import WAIT, together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS, WORKERS, ROWS = 12, 3, 12


@pytest.fixture(autouse=True)
def portions(imports_by_hand: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small ones, so that there is much to get between."""
    monkeypatch.setattr(checking, "AT_ONCE", 2)
    monkeypatch.setattr(running, "AT_ONCE", 2)


def sent(company: Company, mark: str) -> Import:
    """An import that waits to be looked at."""
    lines = "".join(f"{mark} {number};13{number:02}\n" for number in range(ROWS))
    data = f"name;postcode\n{lines}".encode()
    run = making.import_send(actor=company.manager, kind="customers", file_name="t.csv", data=data)
    return making.import_columns_set(
        actor=company.manager, import_id=run.pk, version=run.version, columns=run.columns,
        has_head=True,
    )  # fmt: skip


def looked_at(company: Company, mark: str) -> tuple[Import, list[Any]]:
    run = sent(company, mark)
    said = together([partial(import_check, run.pk)] * WORKERS)
    run.refresh_from_db()
    return run, said


def is_whole(run: Import) -> bool:
    lines = list(run.rows.order_by("line").values_list("line", flat=True))
    return lines == list(range(2, ROWS + 2)) and (run.state, run.row_count) == ("checked", ROWS)


def test_each_row_is_told_once(company: Company) -> None:
    for number in range(ROUNDS):
        run, said = looked_at(company, f"Firm {number}")
        assert said == [None] * WORKERS
        assert (run.failure, is_whole(run)) == ("", True)


def test_control_where_nobody_leaves_it_to_another_it_goes_wrong(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking.Work, "is_ours", lambda *_asked: True)
    rounds = (looked_at(company, f"Firm {number}") for number in range(10 * ROUNDS))
    assert any(said != [None] * WORKERS or not is_whole(run) for run, said in rounds)


def test_each_row_is_done_once(company: Company) -> None:
    before = Customer.objects.count()
    for number in range(ROUNDS):
        run, said = looked_at(company, f"Firm {number}")
        assert (said, run.state, run.failure) == ([None] * WORKERS, "checked", "")
        making.import_confirm(actor=company.manager, import_id=run.pk, version=run.version)
        assert together([partial(import_run, run.pk)] * WORKERS) == [None] * WORKERS
        run.refresh_from_db()
        assert (run.state, run.progress_done) == ("done", ROWS)
        assert set(run.rows.values_list("outcome", flat=True)) == {"created"}
    assert Customer.objects.count() == before + ROUNDS * ROWS


def one_gives_up(
    work: Callable[[UUID], None], run: Import, monkeypatch: pytest.MonkeyPatch
) -> list[Any]:
    """Two workers: the first has the import locked, in its first portion, until the second's wait
    for it has ended. What the second then has to say waits until the first has gone on."""
    holds, ended = threading.Event(), threading.Event()
    judge, fail = Judging.all, checking.import_fail

    def held(self: Judging, rows: Any) -> Any:
        if not holds.is_set():
            holds.set()
            assert ended.wait(WAIT)
        return judge(self, rows)

    def said(**given: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")
        ended.set()
        fail(**given)

    def second() -> None:
        assert holds.wait(WAIT)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        work(run.pk)

    monkeypatch.setattr(Judging, "all", held)
    monkeypatch.setattr(checking, "import_fail", said)
    results = together([partial(work, run.pk), second])
    run.refresh_from_db()
    return results


def test_who_gives_up_leaves_anothers_check_alone(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = sent(company, "Firm")
    first, second = one_gives_up(import_check, run, monkeypatch)
    assert (first, type(second)) == (None, OperationalError)
    assert (run.failure, is_whole(run)) == ("", True)


def test_who_gives_up_leaves_what_another_does_alone(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _said = looked_at(company, "Firm")
    making.import_confirm(actor=company.manager, import_id=run.pk, version=run.version)
    first, second = one_gives_up(import_run, run, monkeypatch)
    assert (first, type(second)) == (None, OperationalError)
    assert (run.state, run.failure, run.progress_done) == ("done", "", ROWS)


def test_who_was_taken_over_from_has_nothing_to_say_any_more(company: Company) -> None:
    run = sent(company, "Firm")
    before, after = Work.seen(run), Work.seen(run)
    for one in (before, after):
        assert import_begin(actor=company.manager, checking=one)
    for one, state in ((before, "checking"), (after, "sent")):
        import_fail(actor=company.manager, work=one, words="Broke off.")
        run.refresh_from_db()
        assert run.state == state
