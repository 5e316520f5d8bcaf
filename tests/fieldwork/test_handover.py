"""A deactivated user's phone leaves what it holds: written down, never done, nothing read."""

from typing import Any
from uuid import uuid4

import pytest

from callout.accounts.models import Device
from callout.fieldwork.models import InboxCommand, LateReport, Upload
from callout.fieldwork.services import handover as services
from callout.kernel import clock
from callout.kernel.models import JournalEntry
from callout.orders.models import Note, Visit
from tests.fieldwork.conftest import HEADERS, Phone, visit_of
from tests.fieldwork.test_devices import deactivate, lose, revoke, take_role, unlink
from tests.fieldwork.test_sync import note
from tests.orders.conftest import Company


def handed(phone: Phone, *commands: Any) -> Any:
    return phone.post("handover", {"callout": 1, "commands": list(commands)})


@pytest.fixture(params=[deactivate, take_role, unlink], ids=lambda how: how.__name__)
def gone(request: Any, anna: Phone, company: Company) -> tuple[Phone, Any]:
    """A phone of somebody who is no technician any more, and the visit that was theirs."""
    visit = visit_of(company.planned())
    anna.said(anna.command("see", visit))
    request.param(anna, company)
    return anna, visit


def test_what_is_handed_over_is_kept_for_review_and_not_done(gone: Any) -> None:
    phone, visit = gone
    commands = [phone.command("depart", visit), note(phone, visit), note(phone, uuid4())]
    answer = handed(phone, *commands)
    assert answer.status_code == 200
    assert answer.json() == {"callout": 1, "kept": [one["id"] for one in commands]}
    assert handed(phone, *commands).json() == answer.json(), "again is no fault"
    assert Visit.objects.get(pk=visit).status == "planned"
    assert not Note.objects.exists()
    report = LateReport.objects.get()
    assert (report.kind, report.commands.count(), report.code) == ("handover", 2, "deactivated")
    alone = InboxCommand.objects.get(pk=commands[2]["id"])
    assert (alone.outcome, alone.report_id, alone.handed_over) == ("refused", None, True)
    assert JournalEntry.objects.filter(kind="late_report").count() == 1


def test_every_other_door_stays_shut(gone: Any) -> None:
    phone, visit = gone
    assert phone.post("sync", phone.request(note(phone, visit))).status_code == 401
    assert not InboxCommand.objects.exclude(action="see").exists()


@pytest.mark.parametrize("how", [revoke, lose, None])
def test_nobody_else_hands_over(anna: Phone, company: Company, how: Any) -> None:
    visit = visit_of(company.planned())
    if how:
        how(anna, company)
    answer = handed(anna, note(anna, visit))
    assert answer.status_code == 401
    assert not InboxCommand.objects.exists()


def test_after_thirty_days_it_is_over(anna: Phone, company: Company) -> None:
    deactivate(anna, company)
    Device.objects.update(expires_at=clock.now())
    answer = handed(anna, note(anna, uuid4()))
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in")


def test_another_s_ids_are_not_taken(anna: Phone, bert: Phone, company: Company) -> None:
    mine = note(bert, visit_of(company.planned(company.bert)))
    bert.said(mine)
    deactivate(anna, company)
    assert handed(anna, mine | {"body": {}}, note(anna, uuid4())).json()["kept"] != [mine["id"]]
    assert InboxCommand.objects.get(pk=mine["id"]).user_id == company.bert.user_id


@pytest.mark.parametrize(("limit", "most"), [("MOST_COMMANDS", 3), ("MOST_BYTES", 900)])
def test_it_is_capped(
    anna: Phone, company: Company, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    deactivate(anna, company)
    monkeypatch.setattr(services, limit, most)
    first, second = ([note(anna, uuid4()) for _n in range(2)] for _round in range(2))
    assert handed(anna, *first).status_code == 200
    answer = handed(anna, *second)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    assert InboxCommand.objects.count() == 2


def test_hostile_lists_are_refused_in_json(anna: Phone, company: Company) -> None:
    deactivate(anna, company)
    wrong: list[Any] = [{}, "x", None, [note(anna, uuid4())] * 501]
    for commands in wrong:
        answer = anna.post("handover", {"callout": 1, "commands": commands})
        assert answer.status_code == 400
        assert answer.json()["error"]["code"] in {"unreadable", "too_many_commands"}


def put(phone: Phone, data: bytes, sha256: str) -> Any:
    return phone.client.put(
        f"/technician/files/{sha256}/0", data, "application/octet-stream",
        headers={**HEADERS, "X-Size": str(len(data))},
    )  # fmt: skip


def test_files_may_be_put_and_not_asked_for(
    gone: Any, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import hashlib

    settings.MEDIA_ROOT = tmp_path
    phone, _visit = gone
    data = b"a photo's bytes"
    sha256 = hashlib.sha256(data).hexdigest()
    assert put(phone, data, sha256).status_code == 200
    assert Upload.objects.get().user_id == phone.user_id
    assert phone.client.get(f"/technician/files/{sha256}", headers=HEADERS).status_code == 401
    assert phone.client.get(f"/technician/files/{sha256}/0", headers=HEADERS).status_code == 401
    monkeypatch.setattr(services, "MOST_FILE_BYTES", 20)
    assert put(phone, data, sha256).status_code == 413
    assert phone.row.handed_over_bytes == len(data)
