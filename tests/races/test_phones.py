"""The same sent by many at once, and two phones of one person: one effect, equal answers."""

import copy
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.fieldwork.models import InboxCommand, InboxConflict, LateReport, Upload
from callout.fieldwork.services.deciding import Decided, late_report_decide
from callout.fieldwork.services.uploads import PART, bytes_of
from callout.kernel.errors import Refused, Stale
from callout.kernel.models import JournalEntry
from callout.orders.models import Note, Visit
from tests.fieldwork.conftest import HEADERS, Phone, phone_of, unhurried, visit_of
from tests.fieldwork.recording import sha256
from tests.fieldwork.test_sync import note, outcomes
from tests.orders.conftest import Company, soon
from tests.races.conftest import together
from tests.scale import rounds

__all__ = ["unhurried"]

pytestmark = pytest.mark.race


def twins(phone: Phone, many: int) -> list[Phone]:
    """The same phone, on connections of its own."""
    found = []
    for _n in range(many):
        client = Client()
        client.cookies = copy.deepcopy(phone.client.cookies)
        found.append(Phone(client, phone.user_id, phone.device_id))
    return found


def test_ten_replays_at_once_have_one_effect(company: Company) -> None:
    phone = phone_of(company.anna)
    for number in range(rounds(5, 50)):
        visit = visit_of(company.planned(hours=1 + 2 * number))
        commands = [
            phone.command("depart", visit),
            note(phone, visit),
            phone.command("see", visit),
            phone.command("complete", visit),
        ]
        answers = together([partial(twin.said, *commands) for twin in twins(phone, 10)])
        assert all(answer == answers[0] for answer in answers), answers
        assert outcomes(answers[0]) == ["applied"] * 4
        for kind in ("depart", "note_add", "complete"):
            of_visit = JournalEntry.objects.filter(kind=kind, facts__visit=str(visit))
            assert kind == "note_add" or of_visit.count() == 1
        assert Note.objects.filter(visit=visit).count() == 1
        assert InboxCommand.objects.filter(visit=visit).count() == 4


def test_of_ten_that_say_different_things_under_one_id_one_is_kept(company: Company) -> None:
    phone = phone_of(company.anna)
    visit = visit_of(company.planned())
    name = str(uuid4())
    said = [note(phone, visit, text=f"Text {n}", id=name, n=1) for n in range(10)]
    works = [partial(twin.said, one) for twin, one in zip(twins(phone, 10), said, strict=True)]
    told = [answer[0]["code"] for answer in together(works)]
    assert sorted(told) == [""] + ["other_bytes"] * 9
    assert (Note.objects.count(), InboxConflict.objects.count()) == (1, 9)


def test_two_phones_of_one_technician_do_a_step_once(company: Company) -> None:
    phones = [phone_of(company.anna) for _n in range(2)]
    for number in range(rounds(10, 200)):
        order = company.planned(hours=1 + 2 * number)
        visit = visit_of(order)
        works = [partial(one.said, one.command("depart", visit)) for one in phones]
        told = [answer[0]["outcome"] for answer in together(works)]
        assert sorted(told) == ["applied", "same"]
        company.act(company.manager, order, "complete")


def test_whoever_comes_first_to_a_visit_taken_away_one_report_is_opened(
    company: Company,
) -> None:
    phone = phone_of(company.anna)
    order = company.planned()
    visit = visit_of(order)
    company.act(company.manager, order, "unplan")
    works: list[Any] = [partial(one.said, note(one, visit)) for one in twins(phone, 8)]
    assert [answer[0]["outcome"] for answer in together(works)] == ["late"] * 8
    assert LateReport.objects.get().commands.count() == 8


def test_a_dispatcher_and_a_phone_at_once_end_in_one_order(company: Company) -> None:
    """Whichever is first: the tap counts, or it lies at the desk. Nothing in between, no error."""
    phone = phone_of(company.anna)
    for number in range(rounds(10, 200)):
        order = company.planned(hours=1 + 2 * number)
        visit = visit_of(order)
        bert = company.bert.technician_id
        told, moved = together(
            [
                partial(phone.said, phone.command("depart", visit)),
                partial(
                    company.act, company.manager, order, "replan",
                    technician_id=bert, start=soon(500 + 2 * number),
                ),
            ]
        )  # fmt: skip
        row = Visit.objects.get(pk=visit)
        if told[0]["outcome"] == "applied":
            assert (row.status, row.technician_id) == ("en_route", company.anna.technician_id)
            assert isinstance(moved, Exception)
            company.act(company.manager, order, "complete")
        else:
            assert (told[0]["outcome"], row.technician_id) == ("late", bert), told


def test_of_ten_decisions_at_once_one_counts(company: Company) -> None:
    """Two managers, a double click, and the phone that sends more in that moment."""
    phone = phone_of(company.anna)
    for number in range(rounds(4, 40)):
        order = company.planned(hours=1 + 2 * number)
        visit = visit_of(order)
        company.act(company.manager, order, "unplan")
        start = soon(-2 - number)
        phone.said(
            phone.command("start_work", visit, at=start),
            phone.command("complete", visit, at=start + timedelta(minutes=30)),
        )
        report = LateReport.objects.get(visit=visit)
        decide = [
            partial(
                late_report_decide,
                actor=company.manager,
                report_id=report.pk,
                decision=decision,
                version=report.version,
            )
            for decision in ("happened", "note") * 5
        ]
        *decided, answers = together([*decide, partial(phone.said, note(phone, visit))])
        done = [one for one in decided if isinstance(one, Decided)]
        assert all(isinstance(one, Decided | Refused | Stale) for one in decided), decided
        assert outcomes(answers) == ["late"]
        if not done:  # what came in between was not there when they read it
            assert LateReport.objects.get(visit=visit).version == 2
            continue
        assert len(done) == 1
        entries = JournalEntry.objects.filter(entity="late_report", kind="decided")
        assert entries.filter(entity_id=report.pk).count() == 1
        made = Visit.objects.filter(order=order, entered_afterwards=True).count()
        assert made == (done[0].report.decision == "happened")


def test_hours_said_on_two_phones_at_once_count_once(company: Company) -> None:
    """Of two orders, so that no order's lock stands in for the technician's."""
    phones = [phone_of(company.anna) for _n in range(2)]
    visits = [visit_of(company.planned(hours=hours)) for hours in (1, 3)]
    for number in range(rounds(8, 20)):
        start = soon(-0.5 * (number + 1))
        span = {"start": start.isoformat(), "end": (start + timedelta(minutes=25)).isoformat()}
        works = []
        for phone, visit in zip(phones, visits, strict=True):
            body = {"id": str(uuid4()), "kind": "other", "note": "", **span}
            works.append(partial(phone.said, phone.command("hours", visit, body=body)))
        told = [(one["outcome"], one["code"]) for (one,) in together(works)]
        assert sorted(told) == [("applied", ""), ("late", "counts_twice")]


def test_parts_of_one_file_at_once_make_it_once(
    company: Company, settings: Any, tmp_path: Path
) -> None:
    """Every part three times, from two phones of hers: one file, whole, and one job for it."""
    settings.MEDIA_ROOT = tmp_path
    phones = [phone_of(company.anna) for _n in range(2)]
    for number in range(rounds(3, 30)):
        data = bytes([number]) * (2 * PART) + b"end"
        parts = [data[:PART], data[PART : 2 * PART], data[2 * PART :]]
        senders = [twin for phone in phones for twin in twins(phone, 5)][:9]
        works = [
            partial(
                twin.client.put, f"/technician/files/{sha256(data)}/{part}", parts[part],
                "application/octet-stream", headers={**HEADERS, "X-Size": str(len(data))},
            )
            for part, twin in zip([0, 1, 2] * 3, senders, strict=True)
        ]  # fmt: skip
        assert {answer.status_code for answer in together(works)} == {200}
        row = Upload.objects.get(sha256=sha256(data))
        assert row.state == Upload.WHOLE
        assert bytes_of(row) == data
        jobs = ProcrastinateJob.objects.filter(task_name="fieldwork.upload_keep")
        assert jobs.filter(args={"upload_id": row.pk}).count() == 1
