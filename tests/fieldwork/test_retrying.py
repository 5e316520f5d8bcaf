"""What has no final answer is carried out by the installation, later and later, then told."""

from datetime import timedelta
from typing import Any

import pytest

from callout.accounts.models import Device
from callout.accounts.services import device_lose, user_deactivate
from callout.fieldwork import tasks
from callout.fieldwork.models import InboxCommand, InboxConflict, LateReport
from callout.fieldwork.sync import retrying
from callout.fieldwork.sync.told import HANDLERS, Rule
from callout.kernel import clock
from callout.orders.models import Note
from tests.fieldwork.conftest import Phone, visit_of
from tests.fieldwork.test_devices import ADMIN
from tests.fieldwork.test_sync import note
from tests.orders.conftest import Company


@pytest.fixture
def broken(anna: Phone, company: Company, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A note that met a fault of ours."""

    def poison(*_given: Any) -> Any:
        raise RuntimeError

    whole = HANDLERS["note"]
    monkeypatch.setitem(HANDLERS, "note", Rule(poison, helpers=True))
    command = note(anna, visit_of(company.planned()))
    (answer,) = anna.said(command)
    assert answer["outcome"] == "held"
    monkeypatch.setitem(HANDLERS, "mended", whole)
    return command


def after(**time: float) -> Any:
    return clock.freeze(clock.now() + timedelta(**time))


def row() -> InboxCommand:
    return InboxCommand.objects.get()


def test_it_waits_twice_as_long_after_each_try(broken: Any) -> None:
    assert retrying.due() == []
    begun = clock.now()
    for tries, minutes in enumerate([2, 6, 14, 30, 62, 126, 254, 510], start=2):
        with clock.freeze(begun + timedelta(minutes=minutes - 1)):
            assert retrying.retry() == 0
        with clock.freeze(begun + timedelta(minutes=minutes)):
            assert retrying.retry() == 1
        assert row().tries == tries


def test_mended_it_is_carried_out(broken: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HANDLERS, "note", HANDLERS["mended"])
    with after(minutes=10):
        assert tasks.commands_retry(0) == 1
        assert retrying.due() == []
    assert (row().outcome, Note.objects.count()) == ("applied", 1)
    assert row().entry_id is None


def test_after_three_days_the_office_is_told(broken: Any, anna: Phone) -> None:
    with after(days=3, minutes=1):
        retrying.retry()
    assert (row().outcome, row().code) == ("late", "held")
    assert LateReport.objects.get().code == "held"
    assert retrying.due() == []


def test_what_was_received_and_never_run_is_run(
    anna: Phone, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = note(anna, visit_of(company.planned()))
    with monkeypatch.context() as patched:
        patched.setattr("callout.fieldwork.sync.running.commands_run", lambda *_a: None)
        anna.said(command)
    assert retrying.retry() == 0, "its own request may be about to"
    with after(minutes=2):
        assert retrying.retry() == 1
    assert Note.objects.count() == 1


def test_work_received_before_a_phone_was_lost_is_still_done(
    broken: Any, anna: Phone, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    device_lose(actor=company.manager, device_id=anna.row.pk)
    monkeypatch.setitem(HANDLERS, "note", HANDLERS["mended"])
    with after(minutes=10):
        retrying.retry()
    assert (row().outcome, Note.objects.count()) == ("applied", 1)


def test_what_a_deactivated_user_left_is_reviewed_and_not_done(
    broken: Any, anna: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_deactivate(actor=ADMIN, user_id=anna.user_id)
    monkeypatch.setitem(HANDLERS, "note", HANDLERS["mended"])
    with after(minutes=10):
        retrying.retry()
    assert (row().outcome, Note.objects.count()) == ("late", 0)
    assert LateReport.objects.get().kind == "handover"


def test_bodies_are_forgotten_after_400_days_and_ids_never(anna: Phone, company: Company) -> None:
    visit = visit_of(company.planned())
    old = note(anna, visit)
    anna.said(old)
    anna.said(old | {"body": {}})
    with after(days=200):
        tasks.bodies_empty(0)
        assert row().raw
        Device.objects.update(expires_at=clock.now() + timedelta(days=400))
        anna.said(note(anna, visit))
    with after(days=401):
        assert tasks.bodies_empty(0) == 2, "of the command, and of what came under its id"
    kept = InboxCommand.objects.order_by("received_at")
    assert [bool(one.raw) for one in kept] == [False, True]
    assert not InboxConflict.objects.exists()
    (answer,) = anna.said(old)
    assert answer["outcome"] == "applied", "still known by its id and hash"
    assert Note.objects.count() == 2


@pytest.mark.wide
def test_bodies_are_forgotten_in_portions(
    anna: Phone, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = visit_of(company.planned())
    for _n in range(3):
        old = note(anna, visit)
        anna.said(old)
        anna.said(old | {"body": {}})
    before = clock.now() + timedelta(seconds=1)
    for forget in (retrying.bodies_empty, retrying.conflicts_drop):
        assert [forget(before, 2) for _n in range(3)] == [2, 1, 0]


def test_however_often_it_was_tried_it_is_counted_and_answered(broken: Any, anna: Phone) -> None:
    InboxCommand.objects.update(tries=32_767)  # all that its column holds
    anna.said()
    assert (row().outcome, row().tries) == ("held", 1000)


def test_of_what_was_held_a_request_tries_so_much_and_the_job_the_rest(
    broken: Any, anna: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callout.fieldwork.sync.running.AT_ONCE", 0)
    monkeypatch.setitem(HANDLERS, "note", HANDLERS["mended"])
    (answer,) = anna.said(note(anna, broken["visit"]))
    assert answer["outcome"] == "applied", "its own are always tried"
    assert str(InboxCommand.objects.get(outcome="held").pk) == broken["id"]
    with after(minutes=2):
        assert retrying.retry() == 1
    assert Note.objects.count() == 2


def test_the_job_takes_so_many_at_a_time(broken: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "AT_ONCE", 0)
    with after(minutes=10):
        assert retrying.due() == []


def test_an_answer_that_breaks_blocks_nothing_and_is_given_later(
    anna: Phone, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = company.planned()
    lost, good = note(anna, visit_of(taken)), note(anna, visit_of(company.planned(hours=5)))
    company.act(company.manager, taken, "unplan")

    def broken(*_given: Any) -> Any:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("callout.fieldwork.sync.running.late_report_add", broken)
        answers = anna.said(lost, good)
        assert [one["outcome"] for one in answers] == ["held", "applied"]
        with after(minutes=2):
            assert retrying.retry() == 1
    with after(minutes=4):
        retrying.retry()
    assert InboxCommand.objects.get(pk=lost["id"]).outcome == "late"


def test_a_review_that_breaks_blocks_nothing(
    broken: Any, anna: Phone, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_deactivate(actor=ADMIN, user_id=anna.user_id)

    def breaks(*_given: Any) -> Any:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(retrying, "review", breaks)
        with after(minutes=10):
            assert retrying.retry() == 1
    with after(minutes=12):
        retrying.retry()
    assert row().outcome == "late"
