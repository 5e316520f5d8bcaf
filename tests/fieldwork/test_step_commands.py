"""Taps that come late, are taken back, or get another time; and what lies beside a visit."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from callout.accounts.services import device_consent
from callout.fieldwork.models import InboxCommand, LateReport, Position
from callout.kernel import clock
from callout.notify.models import Notice
from callout.orders.models import Note, ServiceOrder, TimelineEntry, Visit
from callout.orders.selectors.beside import notes_on_desk
from tests.fieldwork.conftest import Phone, visit_of
from tests.fieldwork.test_documents import on_phone, the_visit
from tests.fieldwork.test_sync import outcomes
from tests.orders.conftest import Company


def ago(minutes: float) -> Any:
    return clock.now() - timedelta(minutes=minutes)


@pytest.fixture(autouse=True)
def noon() -> Any:
    """A clock that stands, so that times can be told to the second; no day ends meanwhile."""
    with clock.freeze(clock.now().replace(hour=12, microsecond=0)):
        yield


@pytest.fixture
def visit(company: Company) -> Any:
    return visit_of(company.planned())


def test_a_day_offline_comes_in_one_go(anna: Phone, visit: Any) -> None:
    taps = [
        anna.command(code, visit, at=ago(minutes))
        for code, minutes in (("depart", 90), ("arrive", 60), ("start_work", 55), ("complete", 5))
    ]
    answers = anna.said(*taps)
    assert outcomes(answers) == ["applied"] * 4
    row = Visit.objects.get(pk=visit)
    assert (row.outcome, row.departed_at) == ("done", ago(90))
    assert [one["at"] for one in answers] == [ago(m).isoformat() for m in (90, 60, 55, 5)]


def test_the_office_pressed_first_and_the_technician_s_own_tap_replaces_it(
    anna: Phone, company: Company
) -> None:
    order = company.planned()
    visit = visit_of(order)
    company.act(company.manager, order, "depart")
    tap = anna.command("depart", visit, at=ago(30))
    (answer,) = anna.said(tap)
    assert (answer["outcome"], answer["at"]) == ("applied", ago(30).isoformat())
    entry = TimelineEntry.objects.filter(action="depart").get()
    assert (entry.actor_id, entry.at) == (company.anna.user_id, ago(30))
    steps = the_visit(anna, visit)["timeline"]
    shown = next(one for one in steps if one["action"] == "depart")
    assert (shown["command"], shown["own"]) == (tap["id"], True)


def test_for_what_somebody_else_has_closed_a_tap_is_late_whatever_its_time(
    anna: Phone, company: Company
) -> None:
    order = company.planned()
    visit = visit_of(order)
    company.act(company.manager, order, "cancel", note="Called")
    answers = anna.said(
        anna.command("depart", visit, at=ago(90)), anna.command("arrive", visit, at=ago(60))
    )
    assert [(one["outcome"], one["code"]) for one in answers] == [("late", "order_cancelled")] * 2
    assert LateReport.objects.get().commands.count() == 2


def test_an_undo_names_the_command_that_it_takes_back(anna: Phone, visit: Any) -> None:
    depart = anna.command("depart", visit)
    undo = anna.command("undo", visit, body={"of": depart["id"]})
    assert outcomes(anna.said(depart, undo)) == ["applied", "applied"]
    assert Visit.objects.get(pk=visit).status == "planned"
    again = anna.command("undo", visit, body={"of": depart["id"]})
    assert outcomes(anna.said(again)) == ["same"]
    nothing = anna.command("undo", visit, body={"of": str(uuid4())})
    (answer,) = anna.said(nothing)
    assert (answer["outcome"], answer["code"]) == ("refused", "nothing_to_undo")


def test_nobody_undoes_by_another_s_command(
    anna: Phone, bert: Phone, company: Company, visit: Any
) -> None:
    depart = anna.command("depart", visit)
    anna.said(depart)
    own = visit_of(company.planned(company.bert))
    for of in (depart["id"], str(uuid4())):
        (answer,) = bert.said(bert.command("undo", own, body={"of": of}))
        assert (answer["outcome"], answer["code"]) == ("refused", "nothing_to_undo")
    assert Visit.objects.get(pk=visit).status == "en_route"


def test_an_undo_of_what_came_late_goes_to_the_desk_with_it(anna: Phone, company: Company) -> None:
    order = company.planned()
    visit = visit_of(order)
    company.act(company.manager, order, "unplan")
    depart = anna.command("depart", visit)
    undo = anna.command("undo", visit, body={"of": depart["id"]})
    correct = anna.command("correct", visit, body={"of": depart["id"], "at": ago(5).isoformat()})
    assert outcomes(anna.said(depart, undo, correct)) == ["late"] * 3
    assert LateReport.objects.get().commands.count() == 3


def test_a_time_is_corrected_and_the_first_value_stays(anna: Phone, visit: Any) -> None:
    depart = anna.command("depart", visit)
    anna.said(depart)
    body = {"of": depart["id"], "at": ago(20).isoformat()}
    assert outcomes(anna.said(anna.command("correct", visit, body=body))) == ["applied"]
    steps = the_visit(anna, visit)["timeline"]
    shown = next(one for one in steps if one["action"] == "depart")
    assert (shown["at"], shown["first_at"]) == (ago(20).isoformat(), ago(0).isoformat())
    by_entry = {"entry": shown["id"], "at": ago(20).isoformat()}
    assert outcomes(anna.said(anna.command("correct", visit, body=by_entry))) == ["same"]


def hours(phone: Phone, visit: Any, days: int, **given: Any) -> dict[str, Any]:
    """Of an hour so many days ago."""
    start = clock.now() - timedelta(days=days, hours=2)
    body = {"id": given.pop("name", str(uuid4())), "kind": "other", "note": ""}
    body |= {"start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat()}
    return phone.command("hours", visit, body=body, **given)


def test_hours_are_of_the_day_on_which_they_were_entered_without_a_signal(
    anna: Phone, visit: Any
) -> None:
    entered = clock.now() - timedelta(days=5)
    answers = anna.said(hours(anna, visit, 5, at=entered), hours(anna, visit, 4))
    assert [(one["outcome"], one["code"]) for one in answers] == [
        ("applied", ""),
        ("late", "earlier_day"),
    ]


def test_hours_under_an_id_that_is_taken_are_no_work_for_the_desk(anna: Phone, visit: Any) -> None:
    name = str(uuid4())
    answers = anna.said(*(hours(anna, visit, 0, name=name) for _twice in range(2)))
    assert outcomes(answers) == ["applied", "refused"]
    assert not LateReport.objects.exists()


def test_a_time_of_another_day_is_a_request_at_the_desk(anna: Phone, visit: Any) -> None:
    depart = anna.command("depart", visit)
    anna.said(depart)
    body = {"of": depart["id"], "at": ago(60 * 30).isoformat()}
    (answer,) = anna.said(anna.command("correct", visit, body=body))
    assert (answer["outcome"], answer["code"]) == ("late", "other_day")
    assert LateReport.objects.get().kind == "correction"


def test_something_else_found_is_an_order_or_a_note(
    anna: Phone, company: Company, visit: Any
) -> None:
    before = ServiceOrder.objects.count()
    bodies = [
        {"id": str(uuid4()), "kind": kind, "text": "The roof leaks"} for kind in ("order", "note")
    ]
    commands = [anna.command("found", visit, body=body) for body in bodies]
    assert outcomes(anna.said(*commands)) == ["applied", "applied"]
    anna.said(*commands)
    assert ServiceOrder.objects.count() == before + 1
    assert ServiceOrder.objects.get(follow_up_of__isnull=False).created_by_id == (
        company.anna.user_id
    )
    assert [note.text for note in notes_on_desk(actor=company.manager)] == ["The roof leaks"]


def test_a_note_for_the_order_is_not_to_the_office(
    anna: Phone, company: Company, visit: Any
) -> None:
    anna.said(anna.command("note", visit, body={"id": str(uuid4()), "text": "The roof leaks"}))
    assert Note.objects.count() == 1
    assert notes_on_desk(actor=company.manager) == []


def test_notices_are_seen(anna: Phone, bert: Phone, company: Company, visit: Any) -> None:
    row = Visit.objects.get(pk=visit)
    notices = [
        Notice.objects.create(
            technician_id=str(one.technician_id), kind="new", order_id=row.order_id, entry_id=n
        )
        for n, one in enumerate((company.anna, company.bert))
    ]
    ids = [str(one.pk) for one in notices] + [str(uuid4())]
    assert outcomes(anna.said(anna.command("notice_seen", body={"ids": ids}))) == ["applied"]
    seen = [one.seen_at for one in Notice.objects.order_by("entry_id")]
    assert (seen[0] is not None, seen[1]) == (True, None), "one's own alone"
    for wrong in ([1], "x", ids * 40, [None]):
        answers = anna.said(anna.command("notice_seen", body={"ids": wrong}))
        assert outcomes(answers) == ["refused"]


BAD = [
    {"minutes": "30"}, {"minutes": True}, {"minutes": 10**9}, {"latitude": 91}, {"latitude": []},
    {"reason": "x"}, {"reason": str(uuid4())}, {"note": 5}, {"note": "x" * 5000},
    {"other_action": "cancel"}, {"other_at": "soon"}, {"nonsense": 1},
]  # fmt: skip


@pytest.mark.wide
@pytest.mark.parametrize("body", BAD, ids=[*"abcdefghijkl"])
def test_what_a_step_cannot_be_told_is_refused(anna: Phone, visit: Any, body: Any) -> None:
    (answer,) = anna.said(anna.command("depart", visit, body=body))
    assert (answer["outcome"], answer["code"]) == ("refused", "invalid")
    assert Visit.objects.get(pk=visit).status == "planned"


def test_positions_come_with_the_sync_and_break_nothing(
    anna: Phone, company: Company, visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    device_consent(actor=on_phone(company.anna, anna), position=True)
    anna.said(anna.command("depart", visit))
    point = {"visit": str(visit), "at": clock.now().isoformat(), "latitude": 50.7,
             "longitude": 4.6, "accuracy": 12.5}  # fmt: skip
    anna.sync(positions=[point, {"visit": 5}, {}, point | {"latitude": "x"}])
    assert Position.objects.count() == 1

    def broken(**_given: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("callout.fieldwork.sync.exchange.positions_add", broken)
    assert outcomes(anna.said(anna.command("arrive", visit), positions=[point])) == ["applied"]
    assert InboxCommand.objects.count() == 2
