"""kill -9 of the worker itself in the middle of an import: another goes on, and each row is done
once."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Count
from procrastinate.contrib.django import app

from callout.customers.imports import making, selectors
from callout.customers.imports.checking import import_check
from callout.customers.models import Customer, Import
from callout.kernel.models import JournalEntry
from tests.harness.server import on_the_test_database, until
from tests.orders.conftest import Company, company_made
from tests.scale import rounds

pytestmark = [pytest.mark.process, pytest.mark.dear, pytest.mark.django_db(transaction=True)]
ROWS = 200
KILLS = rounds(1, 5)


@pytest.fixture
def company(transactional_db: None, tmp_path: Path, settings: Any) -> Company:
    settings.MEDIA_ROOT = tmp_path  # a run is done from its rows: no worker asks for the file
    return company_made()


@contextmanager
def worker() -> Iterator["subprocess.Popen[bytes]"]:
    """One that does imports, and hands out anew what killed ones had."""
    environment = os.environ | on_the_test_database()
    environment["DJANGO_SETTINGS_MODULE"] = "callout.config.settings"
    process = subprocess.Popen(
        [sys.executable, "-m", "callout", "worker", "--queues", "customers,kernel"],
        env=environment, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def handed_out_anew() -> None:
    """As it would be half a minute later."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"
            " WHERE id IN (SELECT worker_id FROM procrastinate_jobs WHERE status = 'doing')"
        )
    app.configure_task("kernel.stalled_jobs_retry", queue="kernel").defer(timestamp=0)


def confirmed(company: Company) -> UUID:
    lines = "".join(f"Firm {number};1{number:03}\n" for number in range(ROWS))
    data = f"name;postcode\n{lines}same;\nFirm 7;1007\n".encode()
    run = making.import_send(actor=company.manager, kind="customers", file_name="t.csv", data=data)
    given: Any = {"version": run.version, "columns": run.columns, "has_head": True}
    making.import_columns_set(actor=company.manager, import_id=run.pk, **given)
    import_check(run.pk)
    run.refresh_from_db()
    making.import_confirm(actor=company.manager, import_id=run.pk, version=run.version)
    return run.pk


def progress(run: UUID) -> int:
    return Import.objects.get(pk=run).progress_done


def test_each_row_is_done_once_and_the_report_says_so(company: Company) -> None:
    before = Customer.objects.count()
    run = confirmed(company)
    stood = 0
    for _number in range(KILLS):
        with worker() as one:
            if stood:
                handed_out_anew()
            until(lambda least=stood + 25: progress(run) >= least)  # type: ignore[misc]
            os.kill(one.pid, signal.SIGKILL)
            one.wait(30)
        stood = progress(run)
        assert 0 < stood < ROWS
        assert Customer.objects.count() - before == stood  # nothing by half
    with worker():
        handed_out_anew()
        until(lambda: Import.objects.get(pk=run).state == "done")
    detail = selectors.import_detail(actor=company.manager, import_id=run)
    assert detail.run.progress_done == detail.run.row_count == ROWS + 2
    assert (detail.outcomes["created"], detail.outcomes["skipped"]) == (ROWS + 1, 1)
    assert sum(detail.outcomes.values()) == ROWS + 2
    assert Customer.objects.count() - before == ROWS + 1
    twice = Customer.objects.values("name").annotate(n=Count("pk")).filter(n__gt=1)
    assert not twice.exists()
    told = JournalEntry.objects.filter(entity="import", entity_id=run)
    assert told.filter(kind="done").count() == 1
    assert JournalEntry.objects.filter(entity="customer", kind="create").count() >= ROWS + 1
