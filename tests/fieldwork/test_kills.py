"""kill -9 of whoever serves a sync, at each of its steps: nothing that was received is lost."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from callout.fieldwork.models import InboxCommand
from callout.fieldwork.sync import retrying
from callout.kernel.models import JournalEntry
from callout.orders.models import Note
from tests.fieldwork.conftest import Phone, phone_of, visit_of
from tests.fieldwork.test_retrying import after
from tests.fieldwork.test_sync import note, outcomes
from tests.harness.server import on_the_test_database
from tests.orders.conftest import Company, company_made

pytestmark = pytest.mark.process

# A web process that answers one request of a phone, and is killed where it is told to be.
SERVER = """
import os, signal, sys
import django
django.setup()
from callout.accounts.device_selectors import phone_by_id
from callout.fieldwork.sync import exchange, parsing, running
from callout.kernel import clock

def die(*_given, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

where, device = sys.argv[1:]
if where == "received":
    running.commands_run = die
elif where == "in the change":
    running._answered = die
elif where == "between two":
    whole, count = running.command_settle, []
    def one_only(*given):
        if count:
            die()
        count.append(1)
        whole(*given)
    running.command_settle = one_only
elif where == "before the answer":
    exchange.down = die
actor = phone_by_id(device).actor
exchange.exchange(actor, parsing.request_read(sys.stdin.buffer.read(), clock.now()))
"""


@pytest.fixture
def company(transactional_db: None) -> Company:
    return company_made()


def killed(phone: Phone, where: str, *commands: Any) -> None:
    """The request, served by a process that does not survive it."""
    environment = os.environ | on_the_test_database()
    environment["DJANGO_SETTINGS_MODULE"] = "callout.config.settings"
    done = subprocess.run(
        [sys.executable, "-c", SERVER, where, phone.device_id],
        input=json.dumps(phone.request(*commands)).encode(),
        env=environment, cwd=Path(__file__).parents[2], capture_output=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.mark.parametrize(
    ("where", "done"),
    [("received", 0), ("in the change", 0), ("between two", 1), ("before the answer", 2)],
)
@pytest.mark.parametrize("by", ["its phone", "the installation"])
def test_nothing_received_is_lost_or_done_twice(
    company: Company, where: str, done: int, by: str
) -> None:
    phone = phone_of(company.anna)
    visit = visit_of(company.planned())
    commands = [note(phone, visit), note(phone, visit, text="And cold")]
    killed(phone, where, *commands)
    assert InboxCommand.objects.count() == 2, "received"
    assert Note.objects.count() == done
    if by == "the installation":
        with after(minutes=2):
            retrying.retry()
    assert outcomes(phone.said(*commands)) == ["applied", "applied"]
    assert Note.objects.count() == 2
    assert JournalEntry.objects.filter(kind="note_add").count() == 2
