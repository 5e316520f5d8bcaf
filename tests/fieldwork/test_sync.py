"""One door: commands are kept, carried out once, and answered, each by itself."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.test import Client

from callout.fieldwork.models import InboxCommand, InboxConflict, LateReport
from callout.fieldwork.sync import limits
from callout.fieldwork.sync.told import HANDLERS, Rule
from callout.kernel.models import Installation, JournalEntry
from callout.notify.models import Notice
from callout.orders.models import Assignment, Note, TimeEntry, Visit
from tests.fieldwork.conftest import Phone, phone_of, visit_of
from tests.orders.conftest import Company, soon

pytestmark = pytest.mark.usefixtures("at_noon")


def outcomes(answers: list[dict[str, Any]]) -> list[str]:
    return [one["outcome"] for one in answers]


def note(phone: Phone, visit: Any, text: str = "Boiler was hot", **given: Any) -> dict[str, Any]:
    return phone.command("note", visit, body={"id": str(uuid4()), "text": text}, **given)


def test_a_tap_is_applied_with_its_true_time(anna: Phone, company: Company) -> None:
    visit = visit_of(company.planned())
    (answer,) = anna.said(anna.command("depart", visit, at=soon(-1)))
    assert (answer["outcome"], answer["code"], answer["words"]) == ("applied", "", "")
    row = Visit.objects.get(pk=visit)
    assert row.status == "en_route"
    assert row.departed_at is not None
    assert answer["at"] == row.departed_at.isoformat()
    kept = InboxCommand.objects.get()
    assert (kept.outcome, kept.entry_id is not None) == ("applied", True)
    entry = JournalEntry.objects.filter(kind="depart").get()
    assert (entry.door, entry.facts["device"]) == ("technician", anna.device_id)


def test_repeats_have_one_effect_and_the_same_answer(anna: Phone, company: Company) -> None:
    visit = visit_of(company.planned())
    commands = [anna.command("depart", visit), note(anna, visit)]
    first = anna.said(*commands)
    assert outcomes(first) == ["applied", "applied"]
    before = JournalEntry.objects.count()
    assert anna.said(*commands, *commands) == first
    assert anna.said(*(one | {"skew": {"ms": 1, "age_s": 1}} for one in commands)) == first
    assert JournalEntry.objects.count() == before
    assert Note.objects.count() == 1


def test_the_status_already_held_is_the_same(anna: Phone, company: Company) -> None:
    visit = visit_of(company.planned())
    taps = [anna.command("depart", visit), anna.command("depart", visit)]
    assert outcomes(anna.said(*taps)) == ["applied", "same"]


def test_by_the_phone_s_own_counter_not_by_its_clock(anna: Phone, company: Company) -> None:
    visit = visit_of(company.planned())
    depart = anna.command("depart", visit, at=soon(30))
    arrive = anna.command("arrive", visit, at=soon(-40))
    answers = anna.said(arrive, depart)
    assert [(one["id"], one["outcome"]) for one in answers] == [
        (depart["id"], "applied"), (arrive["id"], "applied"),
    ]  # fmt: skip
    assert answers[0]["at"] <= answers[1]["at"]


def test_same_id_other_bytes_is_refused_and_both_are_kept(anna: Phone, company: Company) -> None:
    visit = visit_of(company.planned())
    first = note(anna, visit)
    assert outcomes(anna.said(first)) == ["applied"]
    other = first | {"body": first["body"] | {"text": "Something else"}}
    (answer,) = anna.said(other)
    assert (answer["outcome"], answer["code"]) == ("refused", "other_bytes")
    assert outcomes(anna.said(other, first)) == ["refused", "applied"]
    conflict = InboxConflict.objects.get()
    assert "Something else" in (conflict.raw or "")
    assert "Something else" not in (InboxCommand.objects.get().raw or "")
    assert Note.objects.get().text == "Boiler was hot"


def test_another_s_id_is_as_good_as_a_visit_that_is_not_there(
    anna: Phone, bert: Phone, company: Company
) -> None:
    visit = visit_of(company.planned())
    mine = note(anna, visit)
    anna.said(mine)
    (stolen,) = bert.said(mine | {"visit": None, "body": {}})
    (missing,) = bert.said(note(bert, uuid4()))
    assert stolen | {"id": ""} == missing | {"id": ""}
    assert InboxCommand.objects.get(pk=mine["id"]).user_id == company.anna.user_id
    assert outcomes(anna.said(mine)) == ["applied"]


def test_signed_in_again_the_same_user_is_known_by_the_ids(anna: Phone, company: Company) -> None:
    visit = visit_of(company.planned())
    command = note(anna, visit)
    first = anna.said(command)
    anew = phone_of(company.anna)
    assert anew.device_id != anna.device_id
    assert anew.said(command) == first
    assert Note.objects.count() == 1


@pytest.mark.wide
def test_foreign_and_missing_visits_get_equal_bytes(bert: Phone, company: Company) -> None:
    order = company.planned()
    foreign, missing = visit_of(order), uuid4()
    before = JournalEntry.objects.count()
    actions = [*HANDLERS, "nonsense"]
    for action in actions:
        told = []
        for visit in (foreign, missing):
            body = {"id": str(uuid4()), "text": "x", "of": str(uuid4())}
            command = bert.command(action, visit, body=body)
            answer = bert.post("sync", bert.request(command))
            told.append(answer.json()["answers"][0] | {"id": ""})
        if action == "nonsense":
            assert told[0].pop("at") != told[1].pop("at"), "the moment of each"
        assert told[0] == told[1], action
        assert told[0]["outcome"] == ("refused" if action == "nonsense" else "unknown")
    assert JournalEntry.objects.count() == before
    assert not LateReport.objects.exists()


def test_a_poison_command_stands_in_nobody_s_way(
    anna: Phone, company: Company, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    """It breaks in the middle of its change; nothing of it stays, all around it is done."""
    visit = visit_of(company.planned())

    private = "Madame " + "Secret"

    def broken(actor: Any, visit: Visit, told: Any) -> Any:
        HANDLERS["note"].handler(actor, visit, told)
        raise IntegrityError(f"Key (name)=({private}) is taken")

    monkeypatch.setitem(HANDLERS, "poison", Rule(broken, helpers=False))
    good = [anna.command("depart", visit), note(anna, visit), anna.command("arrive", visit)]
    poison = anna.command("poison", visit, body=note(anna, visit)["body"], n=2)
    good[0]["n"], good[1]["n"], good[2]["n"] = 1, 3, 4
    answers = anna.said(*good, poison)
    assert outcomes(answers) == ["applied", "held", "applied", "applied"]
    assert Note.objects.count() == 1
    assert "Secret" not in caplog.text, "what was told is not logged"
    assert "broken" in caplog.text, "where it broke is"
    held = InboxCommand.objects.get(pk=poison["id"])
    assert (held.code, held.tries) == ("IntegrityError", 1)

    # Mended: the next sync carries it out, though the phone sends it no more.
    monkeypatch.setitem(HANDLERS, "poison", HANDLERS["note"])
    assert anna.said() == []
    held.refresh_from_db()
    assert (held.outcome, held.code, held.tries) == ("applied", "", 2)
    assert Note.objects.count() == 2


def test_what_was_received_and_never_run_is_run_at_the_next_sync(
    anna: Phone, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a kill between the two."""
    visit = visit_of(company.planned())
    command = note(anna, visit)
    with monkeypatch.context() as patched:
        patched.setattr("callout.fieldwork.sync.running.commands_run", lambda *_a: None)
        (answer,) = anna.said(command)
        assert answer["outcome"] == "held"
    assert Note.objects.count() == 0
    anna.said()
    assert Note.objects.count() == 1
    assert outcomes(anna.said(command)) == ["applied"]


def test_what_cannot_be_read_is_kept_and_refused(anna: Phone, company: Company) -> None:
    visit = visit_of(company.planned())
    bad = note(anna, visit, n="one")
    good = note(anna, visit)
    big = note(anna, visit, text="x" * 300_000)
    answers = anna.said(bad, good)
    assert [(one["outcome"], one["code"]) for one in answers] == [
        ("refused", "unreadable"), ("applied", ""),
    ]  # fmt: skip
    assert InboxCommand.objects.get(pk=bad["id"]).raw
    (answer,) = anna.said(big)
    assert (answer["outcome"], answer["code"]) == ("refused", "too_large")
    answers = anna.said({"id": "nonsense"}, 5, None)
    assert [(one["id"], one["code"]) for one in answers] == [("nonsense", "unreadable")]


def test_whole_requests_are_refused_in_json(anna: Phone) -> None:
    for said, status in (("[]", 400), ("{", 400), ('{"callout": 1}', 400)):
        answer = anna.client.post(
            "/technician/sync", said, "application/json",
            headers={"Origin": "http://testserver", "X-Callout": "1"},
        )  # fmt: skip
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, "unreadable")
    too_many = anna.request(*(anna.command("see", uuid4()) for _n in range(51)))
    answer = anna.post("sync", too_many)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "too_many_commands")
    assert not InboxCommand.objects.exists()


def test_a_phone_that_runs_wild_is_told_to_wait(
    anna: Phone, bert: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(limits, "A_MINUTE", 3)
    monkeypatch.setattr(limits, "time", SimpleNamespace(monotonic=lambda: now))
    for _n in range(3):
        anna.sync()
    answer = anna.post("sync", anna.request())
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_many")
    bert.sync()
    now += 61
    anna.sync()


def test_what_the_phone_holds_is_noted_as_it_says(anna: Phone) -> None:
    unsent = {"commands": 3, "files": 2, "bytes": 5_000_000_000, "since": soon(-30).isoformat()}
    anna.sync(unsent=unsent, app="1.2.3")
    row = anna.row
    assert (row.unsent_commands, row.unsent_files, row.unsent_since) == (3, 2, soon(-30))
    assert (row.app, abs(row.clock_offset_ms or 0) < 60_000) == ("1.2.3", True)


def test_another_life_of_the_server_is_told(anna: Phone) -> None:
    first = anna.sync()["epoch"]
    assert anna.sync()["epoch"] == first
    Installation.objects.update(epoch=uuid4())
    assert anna.sync()["epoch"] != first


# --- whose work it is ---------------------------------------------------------------------------


def taken(company: Company, order: Any) -> None:
    technician = company.bert.technician_id
    company.act(company.manager, order, "replan", technician_id=technician, start=soon(2))


def unplanned(company: Company, order: Any) -> None:
    company.act(company.manager, order, "unplan")


def closed(company: Company, order: Any) -> None:
    company.act(company.manager, order, "complete")


def cancelled(company: Company, order: Any) -> None:
    company.act(company.manager, order, "cancel", note="Called")


@pytest.mark.parametrize("what", [taken, unplanned, closed, cancelled], ids=lambda f: f.__name__)
def test_for_what_is_theirs_no_more_it_goes_to_the_desk(
    anna: Phone, company: Company, what: Any
) -> None:
    order = company.planned()
    visit = visit_of(order)
    what(company, order)
    commands = [note(anna, visit), note(anna, visit, text="And cold")]
    assert outcomes(anna.said(*commands)) == ["late", "late"]
    report = LateReport.objects.get()
    assert (report.visit_id, report.kind, report.commands.count()) == (visit, "late", 2)
    assert report.technician_id == company.anna.technician_id
    assert not Note.objects.exists()
    assert outcomes(anna.said(*commands)) == ["late", "late"]
    assert LateReport.objects.count() == 1


def test_a_moved_slot_alone_makes_nothing_late(anna: Phone, company: Company) -> None:
    order = company.planned()
    visit = visit_of(order)
    company.act(company.manager, order, "replan", start=soon(5))
    assert outcomes(anna.said(note(anna, visit), anna.command("depart", visit))) == [
        "applied", "applied",
    ]  # fmt: skip


def test_a_helper_adds_and_does_not_act(bert: Phone, company: Company) -> None:
    order = company.planned(helper_ids=(company.bert.technician_id,))
    visit = visit_of(order)
    answers = bert.said(
        note(bert, visit), bert.command("depart", visit),
        bert.command("hours", visit, body={
            "id": str(uuid4()), "kind": "work", "start": soon(-2).isoformat(),
            "end": soon(-1).isoformat(), "note": "",
        }),
        bert.command("see", visit),
    )  # fmt: skip
    assert outcomes(answers) == ["applied", "refused", "applied", "applied"]
    assert answers[1]["code"] == "forbidden"
    assert TimeEntry.objects.get().technician_id == company.bert.technician_id
    seen = dict(Assignment.objects.values_list("technician_id", "seen_at"))
    assert {who for who, at in seen.items() if at} == {company.bert.technician_id}


@pytest.mark.wide
@pytest.mark.parametrize("action", sorted(set(HANDLERS) - {"poison", "mended"}))
def test_a_helper_may_say_what_adds_and_nothing_else(
    bert: Phone, company: Company, action: str
) -> None:
    visit = visit_of(company.planned(helper_ids=(company.bert.technician_id,)))
    (answer,) = bert.said(bert.command(action, visit))
    adds = {"see", "note", "hours", "found", "answer", "photo", "photo_remove"}
    assert (answer["code"] == "forbidden") == (action not in adds), answer
    if action not in adds:
        assert answer["outcome"] == "refused"
        assert not LateReport.objects.exists(), "nothing of it is for the desk to do"


def test_a_helper_sees_the_work_as_it_is_and_nobody_s_times_but_their_own(
    anna: Phone, bert: Phone, company: Company
) -> None:
    visit = visit_of(company.planned(helper_ids=(company.bert.technician_id,)))
    anna.said(anna.command("arrive", visit, at=soon(-1)), note(anna, visit))
    docs = [
        next(doc["body"] for doc in phone.sync(known={})["docs"] if doc["id"] == f"visit:{visit}")
        for phone in (anna, bert)
    ]
    hers, his = docs
    assert (hers["helper"], his["helper"]) == (False, True)
    assert hers["times"]
    assert his["times"] == []
    for same in ("order", "customer", "site", "status", "slot", "checklist", "parts", "report"):
        if same in hers:
            assert his[same] == hers[same], same
    assert [one["text"] for one in his["notes"]] == [one["text"] for one in hers["notes"]]
    assert [one["own"] for one in (*hers["notes"], *his["notes"])] == [True, False]


def test_notices_are_put_away_by_whose_they_are(anna: Phone, bert: Phone, company: Company) -> None:
    visit = visit_of(company.planned())
    notice = Notice.objects.create(
        technician_id=str(company.anna.technician_id), kind="new", entry_id=1, visit_id=visit,
        order=Visit.objects.get(pk=visit).order,
    )  # fmt: skip

    def told(phone: Phone) -> list[str]:
        (me,) = (doc["body"] for doc in phone.sync(known={})["docs"] if doc["id"] == "me")
        return [one["id"] for one in me["notices"]]

    def put_away(phone: Phone, pk: Any) -> dict[str, Any]:
        (answer,) = phone.said(phone.command("notice_seen", None, body={"ids": [str(pk)]}))
        return {**answer, "id": "", "at": ""}

    assert (told(anna), told(bert)) == ([str(notice.pk)], [])
    assert put_away(bert, notice.pk) == put_away(bert, uuid4()), "not theirs is as not there"
    assert told(anna) == [str(notice.pk)]
    stranger = Phone(Client(), anna.user_id)
    seen = stranger.command("notice_seen", None, body={"ids": [str(notice.pk)]})
    assert stranger.post("sync", stranger.request(seen)).status_code == 401
    assert told(anna) == [str(notice.pk)]
    assert put_away(anna, notice.pk)["outcome"] == "applied"
    assert told(anna) == []
    assert put_away(anna, notice.pk)["outcome"] == "same"


def test_a_helper_taken_off_is_late_and_not_unknown(bert: Phone, company: Company) -> None:
    order = company.planned(helper_ids=(company.bert.technician_id,))
    visit = visit_of(order)
    company.act(company.manager, order, "replan", helper_ids=())
    assert outcomes(bert.said(note(bert, visit))) == ["late"]


def test_an_id_of_a_note_that_is_another_s_is_refused(
    anna: Phone, bert: Phone, company: Company
) -> None:
    first, second = visit_of(company.planned()), visit_of(company.planned(company.bert))
    one = note(anna, first)
    anna.said(one)
    (answer,) = bert.said(bert.command("note", second, body=one["body"]))
    assert (answer["outcome"], answer["code"]) == ("refused", "invalid")
    assert Note.objects.count() == 1
