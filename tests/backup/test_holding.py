"""What was waiting to be sent when a backup was made does not go out of the one it is brought back
into, unless that is asked for."""

import io
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import call_command
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.accounts.tasks import password_link
from callout.backup import form, holding, restoring
from callout.backup.writing import backup_write
from callout.config.management.commands.restore import Command
from callout.config.ownership import as_owner
from callout.customers.tasks import import_check_later
from callout.kernel.follow import followers_found
from callout.kernel.models import FeedPosition, JournalEntry
from callout.notify.models import Notice
from callout.notify.tasks import push_send
from callout.webhooks.models import Delivery, Webhook
from tests.orders.conftest import Company

# Of these nothing goes out of the installation by itself; webhooks go out by their deliveries.
INSIDE = {
    "backup", "builtin", "customers", "default", "fieldwork", "kernel", "planning", "routing",
    "travel", "webhooks",
}  # fmt: skip


def test_of_each_queue_is_known_whether_it_sends() -> None:
    queues = {task.queue for task in app.tasks.values()}
    assert queues - INSIDE == set(holding.QUEUES)
    assert set(holding.FOLLOWERS) < {one.name for one in followers_found()}


@pytest.fixture
def waiting(company: Company, folder: Path) -> Path:
    """A backup made while a mail, a push, a delivery and a notice were waiting."""
    password_link.defer(user_id=str(company.manager.user_id), kind="invite")
    push_send.defer(notice_id=str(UUID(int=1)), subscription_id=str(UUID(int=2)))
    import_check_later(UUID(int=3))
    webhook = Webhook.objects.create(name="W", address="https://w.example", secret=b"x")
    Delivery.objects.create(webhook=webhook, event="webhook.test", body="{}")
    Delivery.objects.create(
        webhook=webhook, event="webhook.test", body="{}", state=Delivery.TAKEN, next_at=None
    )
    order = company.order()
    Notice.objects.create(
        technician_id=company.anna.technician_id or "", kind="new", order=order, entry_id=1
    )
    for name in ("orders.search", *holding.FOLLOWERS):  # none of them has seen anything
        FeedPosition.objects.create(name=name, snapshot="7/3:3:")
    backup_write(folder / "one.tar")
    return folder / "one.tar"


def brought_back(path: Path, *, send_waiting: bool) -> restoring.Loaded:
    with path.open("rb") as file, as_owner():
        head = form.head_of(file)
        return restoring.load(file, head, other_keys=False, send_waiting=send_waiting)


def jobs() -> dict[str, str]:
    return dict(ProcrastinateJob.objects.values_list("queue_name", "status"))


@pytest.mark.wide
@pytest.mark.django_db(transaction=True)
def test_what_was_waiting_is_held_and_counted(waiting: Path) -> None:
    held = brought_back(waiting, send_waiting=False).held
    assert held == holding.Held(mails=1, pushes=1, events=1)
    assert jobs() == {"mail": "cancelled", "push": "cancelled", "customers": "todo"}
    delivery = Delivery.objects.get(failure="held")
    assert (delivery.state, delivery.next_at) == (Delivery.GIVEN_UP, None)
    assert Notice.objects.get().mailed_at is not None  # else the next mail would tell it
    last = JournalEntry.objects.latest("pk").pk
    stand = dict(FeedPosition.objects.values_list("name", "last_id"))
    assert stand.pop("orders.search") < last  # what it had not seen it gets
    assert set(stand.values()) == {last}


@pytest.mark.wide
@pytest.mark.django_db(transaction=True)
def test_control_what_was_waiting_goes_out_where_that_is_asked_for(waiting: Path) -> None:
    assert brought_back(waiting, send_waiting=True).held is None
    assert set(jobs().values()) == {"todo"}
    assert Delivery.objects.filter(state=Delivery.WAITING).count() == 1
    assert Notice.objects.get().mailed_at is None
    last = JournalEntry.objects.latest("pk").pk
    assert all(one < last for one in FeedPosition.objects.values_list("last_id", flat=True))


@pytest.mark.wide
@pytest.mark.django_db(transaction=True)
def test_the_command_says_how_many_it_holds(waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoring, "room_made", lambda *_args, **_more: None)
    out = io.StringIO()
    call_command(Command(), str(waiting), "--replace", stdout=out)
    counts = "mails: 1, pushes to phones: 1, events of webhooks: 1"
    assert f"Held and not sent ({counts})" in out.getvalue()
    assert "--send-waiting" in out.getvalue()
    out = io.StringIO()
    call_command(Command(), str(waiting), "--replace", "--send-waiting", stdout=out)
    assert "Held" not in out.getvalue()
