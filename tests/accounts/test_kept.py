"""What a process keeps for a few seconds, its threads ask for while another one drops it."""

import time
from collections.abc import Callable
from types import ModuleType

import pytest

from callout.accounts import company
from callout.customers import paces
from callout.orders import priorities

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("room", "ask"),
    [
        (company, company.company),
        (paces, paces.paces_all),
        (priorities, priorities.priority_labels),
    ],
    ids=["company", "paces", "priorities"],
)
def test_what_is_dropped_while_it_is_looked_at_is_still_told(
    room: ModuleType, ask: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, clock = ask(), time.monotonic

    def at_once() -> float:
        """Another thread drops it between the look at its age and the look at itself."""
        room.KEPT.forget()
        return clock()

    monkeypatch.setattr(time, "monotonic", at_once)
    assert ask() == before
