"""Threads that begin together, each with a database connection of its own, and really commit."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from callout.customers.imports import making
from tests.harness.noon import by_day
from tests.orders.conftest import Company, company_made

__all__ = ["by_day"]
WAIT = 60.0  # seconds until a thread that hangs fails the test


def together(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all `works` at once; what each returned, or the exception it raised, in their order."""
    barrier = threading.Barrier(len(works))
    results: list[Any] = [TimeoutError("a thread did not end")] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            barrier.wait(WAIT)
            results[place] = work()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[place] = error
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(place, work), daemon=True)
        for place, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    return results


@pytest.fixture
def company(transactional_db: None) -> Company:
    """The company, committed: every thread sees it."""
    return company_made()


@pytest.fixture
def imports_by_hand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> None:
    """No worker is told of an import: that of the server which other tests of this process have
    started would look at it, too, and not find its file."""
    settings.MEDIA_ROOT = tmp_path
    for told in ("import_check_later", "import_run_later"):
        monkeypatch.setattr(making, told, lambda _import_id: None)
