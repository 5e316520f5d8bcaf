"""The desk: what came too late is seen with its true times, decided once, and told."""

import base64
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from callout.accounts.models import Device
from callout.accounts.zone import local
from callout.customers.models import Site
from callout.fieldwork.models import InboxCommand, LateReport, Position, Signature, VisitPhoto
from callout.fieldwork.selectors.desk import desk, desk_count
from callout.kernel import clock
from callout.kernel.errors import Forbidden
from callout.kernel.models import JournalEntry
from callout.orders.models import Note, TimeEntry, TimelineEntry, Visit
from callout.orders.numbers import order_number
from callout.orders.selectors.when import When
from callout.orders.services import note_add, note_put_away
from tests.fieldwork.conftest import Phone, phone_of, visit_of
from tests.fieldwork.recording import drawn, seal_of
from tests.notify.conftest import Follower
from tests.office.conftest import Browser
from tests.orders.conftest import Company, soon

Late = Callable[..., LateReport]


@pytest.fixture
def anna(company: Company) -> Phone:
    return phone_of(company.anna)


@pytest.fixture
def late(company: Company, anna: Phone) -> Late:
    """Anna did the work without a signal; meanwhile the visit was unplanned."""

    def made(*more: dict[str, Any], finished: bool = True) -> LateReport:
        order = company.planned()
        visit = visit_of(order)
        company.act(company.manager, order, "unplan")
        steps = [("depart", -3.0), ("arrive", -2.5), ("start_work", -2.4)]
        steps += [("complete", -1.0)] if finished else [("hand_back", -1.0)]
        commands = [
            anna.command(action, visit, at=soon(hours), body={"note": "Part is missing"})
            for action, hours in steps
        ]
        commands += [one | {"visit": str(visit)} for one in more]
        anna.sync(*commands)
        return LateReport.objects.get(visit=visit)

    return made


def decide(browser: Client, report: LateReport, decision: str, **more: str) -> Any:
    report.refresh_from_db()
    fields = {"decision": decision, "version": report.version, "idempotency_key": uuid4(), **more}
    return browser.post(f"/desk/{report.pk}/decide/", fields, follow=True)


def on_minute(moment: datetime) -> datetime:
    """The offset that is measured at sending has milliseconds in it."""
    return moment.replace(second=0, microsecond=0)


def page(browser: Client) -> str:
    return str(browser.get("/desk/").content.decode())


def test_an_empty_desk_says_that_all_is_well(office: Client) -> None:
    assert "All is well" in page(office)
    assert "co-count" not in office.get("/desk/count/").content.decode()


def test_a_report_says_what_was_done_when_why_it_is_here_and_what_would_follow(
    office: Client, late: Late, company: Company
) -> None:
    report = late()
    shown = page(office)
    for words in (
        *("Departed", "Arrived on site", "Work started", "Completed", "Part is missing"),
        *("The visit was unplanned before this came.", "A past visit of Anna is added"),
        *(company.customer.name, "Does it finish the order?"),
    ):
        assert words in shown
    assert f"/desk/{report.pk}/decide/" in shown
    assert "All is well" not in shown
    assert ">1<" in office.get("/desk/count/").content.decode()


def test_what_a_phone_sent_turns_round_none_of_the_desk_s_own_words(
    office: Client, late: Late, anna: Phone
) -> None:
    part = {"id": str(uuid4()), "text": "\u202eValve", "quantity": "1", "unit": "\u2066pc"}
    note = {"id": str(uuid4()), "text": "Ask\u202e twice"}
    late(anna.command("part", None, body=part), anna.command("note", None, body=note))
    shown = page(office)
    assert "1 pc Valve" in shown
    assert "Ask twice" in shown
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", shown)


def test_whose_clock_was_wrong_is_said_with_both_times(
    office: Client, late: Late, anna: Phone
) -> None:
    note = anna.command("note", None, at=soon(48), body={"id": str(uuid4()), "text": "Hot"})
    late(note)
    assert "the phone said" in page(office)


def test_kept_as_a_note_everything_that_was_said_is_on_the_order(
    office: Client, late: Late, company: Company
) -> None:
    report = late()
    before = Visit.objects.count()
    answer = decide(office, report, "note", note="Bert was there already")
    assert answer.status_code == 200
    report.refresh_from_db()
    assert (report.decision, report.note) == ("note", "Bert was there already")
    assert report.decided_by_id == company.manager.user_id
    note = Note.objects.get(order=report.order_id)
    assert note.kind == "internal"
    for words in ("Anna", "Departed", "Completed", "Part is missing"):
        assert words in note.text
    assert Visit.objects.count() == before
    shown = page(office)
    assert "Bert was there already" in shown
    assert "All is well" in shown


def test_the_entry_of_a_decision_names_what_others_need(office: Client, late: Late) -> None:
    report = late()
    decide(office, report, "note")
    entry = JournalEntry.objects.get(entity="late_report", kind="decided")
    assert entry.facts == {
        "order": str(report.order_id),
        "visit": str(report.visit_id),
        "technician": str(report.technician_id),
        "decision": "note",
        "made": None,
    }


def test_it_happened_and_finishes_the_order(office: Client, late: Late) -> None:
    report = late()
    decide(office, report, "happened", finishes="yes")
    report.refresh_from_db()
    report.order.refresh_from_db()
    made = report.made
    assert made is not None
    assert (made.technician_id, made.outcome) == (report.technician_id, "done")
    assert (on_minute(made.start), on_minute(made.end)) == (soon(-3), soon(-1))
    assert report.order.stage == "completed"
    shown = order_page(office, report.order)
    assert "Last visit" in shown
    assert "overlap on purpose" not in shown  # nobody has planned it


def test_it_happened_and_the_order_stays_as_it_is(office: Client, late: Late) -> None:
    report = late(finished=False)
    decide(office, report, "happened", finishes="no")
    report.refresh_from_db()
    report.order.refresh_from_db()
    assert report.made is not None
    assert report.made.outcome == "handed_back"
    assert report.made.closing_note == "Part is missing"
    assert report.order.stage == "new"


@pytest.mark.wide
def test_notes_and_photos_go_with_it(office: Client, late: Late, anna: Phone) -> None:
    note = anna.command("note", None, body={"id": str(uuid4()), "text": "Boiler was hot"})
    photo_id = uuid4()
    photo = anna.command(
        "photo",
        None,
        body={"id": str(photo_id), "file": "a" * 64, "size": 1000, "name": "b.jpg", "tag": "after"},
    )
    report = late(note, photo)
    assert "b.jpg (after)" in page(office)
    decide(office, report, "happened", finishes="yes")
    report.refresh_from_db()
    kept = Note.objects.get(pk=note["body"]["id"])
    assert (kept.visit_id, str(kept.author_id)) == (report.made_id, str(anna.user_id))
    assert VisitPhoto.objects.get(pk=photo_id).visit_id == report.made_id


@pytest.mark.wide
def test_photos_of_what_is_kept_as_a_note_are_kept_too(
    office: Client, late: Late, anna: Phone
) -> None:
    photo_id = uuid4()
    photo = anna.command(
        "photo", None, body={"id": str(photo_id), "file": "a" * 64, "size": 1000, "name": "b.jpg"}
    )
    report = late(photo)
    decide(office, report, "note")
    assert VisitPhoto.objects.get(pk=photo_id).visit_id == report.visit_id


@pytest.mark.wide
def test_what_cannot_be_taken_over_is_said_and_the_rest_is(
    office: Client, late: Late, anna: Phone
) -> None:
    empty = anna.command("note", None, body={"id": str(uuid4()), "text": ""})
    good = anna.command("note", None, body={"id": str(uuid4()), "text": "Good"})
    report = late(good)
    InboxCommand.objects.filter(report=report, action="depart").update(action="note", raw="{}")
    answer = decide(office, report, "happened", finishes="yes")
    assert "could not be taken over" in answer.content.decode()
    assert Note.objects.filter(pk=good["body"]["id"]).exists()
    assert empty["id"]


@pytest.mark.wide
def test_a_step_that_was_taken_back_did_not_happen(
    office: Client, company: Company, anna: Phone
) -> None:
    order = company.planned()
    visit = visit_of(order)
    company.act(company.manager, order, "unplan")
    depart = anna.command("depart", visit, at=soon(-3))
    complete = anna.command("complete", visit, at=soon(-2))
    undo = anna.command("undo", visit, at=soon(-1.9), body={"of": complete["id"]})
    anna.sync(depart, complete, undo)
    report = LateReport.objects.get()
    decide(office, report, "happened", finishes="no")
    report.refresh_from_db()
    assert report.made is not None
    assert on_minute(report.made.start) == soon(-3)
    assert report.made.outcome == "handed_back"


@pytest.mark.wide
def test_a_decision_is_made_once_and_the_second_is_told(office: Client, late: Late) -> None:
    report = late()
    version = report.version
    decide(office, report, "note")
    again = office.post(
        f"/desk/{report.pk}/decide/",
        {"decision": "happened", "version": version, "idempotency_key": uuid4()},
        follow=True,
    )
    assert "Somebody" in again.content.decode()
    report.refresh_from_db()
    assert (report.decision, report.made_id) == ("note", None)


@pytest.mark.wide
def test_what_the_ordinary_service_refuses_stays_open(
    office: Client, late: Late, company: Company
) -> None:
    report = late()
    order = report.order
    company.act(company.manager, order, "complete", technician_id=company.bert.technician_id,
                start=soon(-5), duration_minutes=30)  # fmt: skip
    decide(office, report, "happened", finishes="yes")
    report.refresh_from_db()
    assert report.decided_at is None
    decide(office, report, "happened")
    report.refresh_from_db()
    assert report.made is not None


def test_nonsense_decides_nothing(office: Client, late: Late) -> None:
    report = late()
    for fields in ({"decision": "maybe"}, {}, {"decision": "note", "note": "x" * 3000}):
        given = {"version": report.version, "idempotency_key": uuid4(), **fields}
        office.post(f"/desk/{report.pk}/decide/", given)
    office.post(f"/desk/{report.pk}/decide/", {"decision": "note"})
    assert office.post(f"/desk/{uuid4()}/decide/", {"version": 1}).status_code == 302
    report.refresh_from_db()
    assert report.decided_at is None


@pytest.mark.parametrize("path", ["/desk/", "/desk/count/"])
def test_technicians_and_strangers_have_no_desk(
    company: Company, browser: Browser, client: Client, path: str
) -> None:
    assert browser(company.anna).get(path).status_code == 403
    assert client.get(path).status_code == 302


def test_a_technician_decides_nothing(company: Company, browser: Browser, late: Late) -> None:
    report = late()
    answer = browser(company.anna).post(
        f"/desk/{report.pk}/decide/", {"decision": "note", "version": report.version}
    )
    assert answer.status_code == 403


@pytest.mark.wide
def test_what_is_held_for_over_an_hour_is_shown(office: Client, late: Late, anna: Phone) -> None:
    late()
    InboxCommand.objects.filter(action="depart").update(
        outcome="held", received_at=clock.now() - timedelta(minutes=61), report=None
    )
    InboxCommand.objects.filter(action="arrive").update(outcome="held", report=None)
    shown = page(office)
    assert "Received and not done yet" in shown
    assert shown.count("tried 1 times") == 1


def test_photos_and_phones_that_wait_are_shown(
    office: Client, company: Company, anna: Phone
) -> None:
    visit = visit_of(company.planned())
    now = clock.now()
    VisitPhoto.objects.create(
        id=uuid4(),
        order_id=Visit.objects.get(pk=visit).order_id,
        visit_id=visit,
        user_id=anna.user_id,
        name="meter.jpg",
        sha256="b" * 64,
        size=10,
        announced_at=now - timedelta(days=4),
    )
    Device.objects.filter(pk=anna.device_id).update(
        unsent_commands=2, unsent_since=now - timedelta(hours=26)
    )
    shown = page(office)
    for words in ("meter.jpg", "has not come", "not sent: 2 entries"):
        assert words in shown
    assert ">2<" in office.get("/desk/count/").content.decode()


def test_the_way_to_the_desk_is_on_every_page_of_a_manager(
    office: Client, company: Company, browser: Browser
) -> None:
    assert "/desk/count/" in office.get("/orders/").content.decode()
    assert "/desk/" not in browser(company.anna).get("/settings/").content.decode()


@pytest.mark.wide
def test_the_count_of_every_page_is_one_message_and_the_page_s_own(
    office: Client, late: Late, anna: Phone, company: Company, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        assert desk_count(actor=company.manager) == 0
    late()
    late()
    now = clock.now()
    Device.objects.filter(pk=anna.device_id).update(unsent_since=now - timedelta(hours=25))
    InboxCommand.objects.filter(action="depart").update(
        outcome="held", received_at=now - timedelta(hours=2), report=None
    )
    VisitPhoto.objects.create(
        id=uuid4(), order=LateReport.objects.all()[0].order, visit=Visit.objects.all()[0],
        user_id=anna.user_id, name="m.jpg", sha256="b" * 64, size=1,
        announced_at=now - timedelta(days=4),
    )  # fmt: skip
    with django_assert_num_queries(1):
        assert desk_count(actor=company.manager) == 2 + 2 + 1 + 1
    assert desk(actor=company.manager).count == 6
    with pytest.raises(Forbidden):
        desk_count(actor=company.anna)


@pytest.mark.wide
def test_a_hundred_reports_cost_no_more_questions_than_one(
    office: Client, late: Late, django_assert_max_num_queries: Any
) -> None:
    late()
    with django_assert_max_num_queries(20):
        page(office)
    for _ in range(5):
        late()
    with django_assert_max_num_queries(20):
        page(office)


# --- elsewhere in the office ---------------------------------------------------------------------


def order_page(browser: Client, order: Any) -> str:
    return str(browser.get(f"/orders/{order.number}/").content.decode())


def test_the_order_says_that_something_came_too_late(office: Client, late: Late) -> None:
    report = late()
    shown = order_page(office, report.order)
    assert "late report" in shown
    assert "Came too late for the visit: Departed" in shown


@pytest.mark.usefixtures("at_noon")
def test_each_line_says_why_it_is_at_the_desk(
    office: Client, company: Company, anna: Phone
) -> None:
    order = company.planned()
    visit = visit_of(order)
    hours = {"kind": "work", "note": "", "id": str(uuid4())}
    old = {"start": soon(-75).isoformat(), "end": soon(-74).isoformat()}
    depart = anna.command("depart", visit, at=soon(-0.5))
    moved = {"of": depart["id"], "at": soon(-30).isoformat()}
    anna.sync(
        anna.command("hours", visit, body=hours | old), depart,
        anna.command("correct", visit, body=moved),
    )  # fmt: skip
    shown = order_page(office, order)
    assert "Of an earlier day, the office decides: Hours" in shown
    assert "Asks for another time of a step" in shown
    assert "Came too late" not in shown


@pytest.mark.wide
def test_what_was_late_is_over_once_it_is_decided(office: Client, late: Late) -> None:
    report = late()
    decide(office, report, "happened", finishes="yes")
    assert 'href="/desk/"><span class="co-flag' not in order_page(office, report.order)
    assert "It happened, told late" in order_page(office, report.order)


def test_the_board_marks_the_visits_of_an_order_with_a_late_report(
    office: Client, late: Late, company: Company
) -> None:
    report = late()
    company.plan(report.order, company.bert, hours=2)
    company.planned(company.bert, hours=5)
    days = f"first={on_day(soon(2))}&days=3"
    rows = office.get(f"/api/v1/planning/board?{days}").json()["rows"]
    bars = {one["number"]: one["late_report"] for row in rows for one in row["visits"]}
    assert bars == {order_number(report.order.number): True, **dict.fromkeys(others(bars), False)}
    assert len(bars) == 2


def others(bars: dict[str, bool]) -> list[str]:
    return sorted(bars)[1:]


def on_day(moment: datetime) -> str:
    return f"{local(moment):%Y-%m-%d}"


@pytest.mark.usefixtures("at_noon")
def test_a_step_whose_time_is_uncertain_says_both(
    office: Client, company: Company, anna: Phone
) -> None:
    order = company.planned()
    skew = {"ms": -3_600_000, "age_s": 60}
    depart = anna.command("depart", visit_of(order), at=soon(-0.5), skew=skew)
    anna.sync(depart)
    assert InboxCommand.objects.get().time_uncertain
    shown = order_page(office, order)
    assert "the phone’s clock said" in shown


@pytest.mark.usefixtures("at_noon")
def test_where_the_technician_is_stands_with_the_visit_under_way(
    office: Client, company: Company, anna: Phone
) -> None:
    order = company.planned()
    anna.sync(anna.command("depart", visit_of(order), at=soon(-0.5)))
    point = Position(
        technician_id=str(company.anna.technician_id),
        visit_id=visit_of(order),
        at=clock.now() - timedelta(minutes=4),
        latitude=50.7,
        longitude=4.6,
    )
    point.save()
    assert "50.7000, 4.6000, 4 min ago" in order_page(office, order)
    Site.objects.filter(pk=company.site.pk).update(latitude=50.7, longitude=4.6)
    assert "at the site, 4 min ago" in order_page(office, order)
    Site.objects.filter(pk=company.site.pk).update(latitude=50.8, longitude=4.6)
    assert "11.1 km from the site" in order_page(office, order)
    anna.sync(anna.command("break", visit_of(order)))
    assert "Last position" not in order_page(office, order)


def test_the_technician_is_told_what_was_decided(office: Client, late: Late) -> None:
    report = late()
    follow = Follower()
    decide(office, report, "happened", finishes="yes")
    notices = [one for one in follow() if one.kind == "decided"]
    assert [(one.technician_id, one.facts) for one in notices] == [
        (report.technician_id, {"decision": "happened"})
    ]


@pytest.mark.wide
def test_a_correction_of_another_day_is_the_office_s_to_accept(
    office: Client, company: Company, anna: Phone
) -> None:
    with clock.freeze(clock.now().replace(hour=12, minute=0, second=0, microsecond=0)):
        visit = visit_of(company.planned())
        depart = anna.command("depart", visit, at=soon(-1))
        body = {"entry": "", "of": depart["id"], "at": soon(-20).isoformat()}
        anna.sync(depart, anna.command("correct", visit, body=body))
        report = LateReport.objects.get(kind="correction")
        assert "The new time is on another day." in page(office)
        decide(office, report, "happened")
        report.refresh_from_db()
        assert report.decision == "happened"
        entry = TimelineEntry.objects.get(action="depart")
        assert (entry.at, entry.first_at) == (soon(-20), soon(-1))
        assert Visit.objects.get(pk=visit).departed_at == soon(-20)


@pytest.mark.wide
def test_hours_that_are_the_office_s_to_say_lie_at_the_desk(
    office: Client, company: Company, anna: Phone
) -> None:
    with clock.freeze(clock.now().replace(hour=12, minute=0, second=0, microsecond=0)):
        visit = visit_of(company.planned())
        body = {"kind": "work", "note": "", "id": str(uuid4())}
        days = {"start": soon(-75).isoformat(), "end": soon(-74).isoformat()}
        (answer,) = anna.said(anna.command("hours", visit, body=body | days))
        assert (answer["outcome"], answer["code"]) == ("late", "earlier_day")
        shown = page(office)
        assert "earlier day than the one before" in shown
        assert f"Work, {When().slot_full(soon(-75), soon(-74))}" in shown
        decide(office, LateReport.objects.get(), "happened")
        kept = TimeEntry.objects.get()
        assert (str(kept.pk), kept.start) == (body["id"], soon(-75))


@pytest.mark.wide
def test_every_reason_is_given_and_hours_are_not_asked_to_finish_an_order(
    office: Client, company: Company, anna: Phone
) -> None:
    with clock.freeze(clock.now().replace(hour=12, minute=0, second=0, microsecond=0)):
        visit = visit_of(company.planned())
        anna.sync(anna.command("start_work", visit, at=soon(-2)))
        for start, end in ((-75.0, -74.0), (-1.5, -1.0)):
            body = {"kind": "work", "note": "", "id": str(uuid4())}
            days = {"start": soon(start).isoformat(), "end": soon(end).isoformat()}
            anna.sync(anna.command("hours", visit, body=body | days))
        shown = page(office)
        assert "earlier day than the one before" in shown
        assert "Some of these hours are counted already." in shown
        assert "Does it finish the order?" not in shown


@pytest.mark.wide
def test_that_the_customer_cancels_is_told_and_cancels_nothing_by_itself(
    office: Client, company: Company, anna: Phone
) -> None:
    order = company.planned()
    visit = visit_of(order)
    company.act(company.manager, order, "unplan")
    reason = {"note": "No longer needed"}
    anna.sync(anna.command("cancel", visit, at=soon(-1), body=reason))
    assert "It cancels nothing" in page(office)
    decide(office, LateReport.objects.get(), "happened")
    order.refresh_from_db()
    assert order.stage == "new"


def signature_of(visit: Any) -> dict[str, str]:
    image = drawn()
    seal = seal_of(Visit.objects.get(pk=visit), image=image, texts=[["Report", "All <b>tight</b>"]])
    return {
        "name": "Mevr. Peeters", "seal": seal, "image": base64.b64encode(image).decode(),
    }  # fmt: skip


@pytest.mark.wide
def test_what_was_signed_on_a_visit_that_another_has_now_goes_with_the_attempt(
    office: Client, company: Company, anna: Phone
) -> None:
    order = company.planned()
    visit = visit_of(order)
    company.act(company.manager, order, "replan", technician_id=company.bert.technician_id)
    signature = anna.command("sign", visit, at=soon(-1.2), body=signature_of(visit))
    steps = [
        anna.command(code, visit, at=soon(at)) for code, at in (("arrive", -2), ("complete", -1))
    ]
    anna.sync(*steps, signature)
    shown = page(office)
    assert "Report: All &lt;b&gt;tight&lt;/b&gt;" in shown
    report = LateReport.objects.get()
    decide(office, report, "happened", finishes="no")
    report.refresh_from_db()
    kept = Signature.objects.get()
    assert (kept.visit_id, str(kept.pk)) == (report.made_id, signature["id"])
    assert json.loads(kept.seal)["visit"] == str(visit)


@pytest.mark.wide
def test_without_an_attempt_it_is_another_s_and_can_be_kept_as_what_was_read(
    office: Client, company: Company, anna: Phone
) -> None:
    order = company.planned()
    visit = visit_of(order)
    company.act(company.manager, order, "replan", technician_id=company.bert.technician_id)
    anna.sync(anna.command("sign", visit, body=signature_of(visit)))
    report = LateReport.objects.get()
    answer = decide(office, report, "happened")
    assert "another technician’s now" in answer.content.decode()
    assert not Signature.objects.exists()
    LateReport.objects.update(decided_at=None, decision="")
    decide(office, report, "note")
    note = Note.objects.get().text
    assert "Signed by Mevr. Peeters" in note
    assert "Report: All <b>tight</b>" in note


@pytest.mark.wide
def test_it_happened_on_a_cancelled_order_and_the_work_was_done_all_the_same(
    office: Client, late: Late, company: Company
) -> None:
    report = late()
    company.act(company.manager, report.order, "cancel", note="Customer has called")
    shown = page(office)
    assert "The order stays “Cancelled”." in shown
    assert "Does it finish the order?" not in shown
    decide(office, report, "happened")
    report.refresh_from_db()
    report.order.refresh_from_db()
    assert report.made is not None
    assert (report.made.outcome, report.order.stage) == ("done", "cancelled")


@pytest.mark.wide
@pytest.mark.usefixtures("at_noon")
def test_a_correction_that_the_rules_forbid_is_said_so_and_can_be_declined(
    office: Client, company: Company, anna: Phone
) -> None:
    visit = visit_of(company.planned())
    depart = anna.command("depart", visit, at=soon(-1))
    anna.sync(depart)
    body = {"entry": "", "of": depart["id"], "at": soon(-30).isoformat()}
    anna.sync(anna.command("correct", visit, body=body))
    report = LateReport.objects.get(kind="correction")
    assert "Correction asked for" in page(office)
    answer = decide(office, report, "happened")
    assert "longer than a day" in answer.content.decode()
    report.refresh_from_db()
    assert report.decided_at is None
    decide(office, report, "note", note="Please say the right day")
    assert "Declined by Els" in page(office)


# --- notes to the office -------------------------------------------------------------------------


@pytest.fixture
def note(company: Company, anna: Phone) -> Note:
    """Anna found something else, and tells the office of it."""
    visit = visit_of(company.planned(hours=40))
    body = {"id": str(uuid4()), "kind": "note", "text": "The roof leaks"}
    anna.sync(anna.command("found", visit, body=body))
    return Note.objects.get()


def put_away(browser: Client, note: Note, **more: str) -> Any:
    fields = {"version": "1", "idempotency_key": uuid4(), **more}
    return browser.post(f"/desk/notes/{note.pk}/put-away/", fields, follow=True)


@pytest.mark.wide
def test_a_note_to_the_office_lies_on_the_desk_until_it_is_put_away(
    office: Client, company: Company, note: Note
) -> None:
    assert "The roof leaks" in page(office)
    assert ">1<" in office.get("/desk/count/").content.decode()
    assert "Note to the office" in order_page(office, note.order)
    assert "Put away. It stays on its order." in put_away(office, note).content.decode()
    assert "The roof leaks" not in page(office)
    assert desk_count(actor=company.manager) == 0
    assert "Note to the office read and put away" in order_page(office, note.order)
    notes = office.get(f"/orders/{note.order.number}/?tab=notes").content.decode()
    assert "The roof leaks" in notes
    assert "put this note away already" in put_away(office, note, version="2").content.decode()
    kinds = JournalEntry.objects.filter(entity="note", entity_id=note.pk).values_list("kind")
    assert sorted(kinds) == [("create",), ("put_away",)]


@pytest.mark.wide
def test_nobody_but_a_manager_puts_it_away(company: Company, browser: Browser, note: Note) -> None:
    assert put_away(Client(), note).status_code == 403  # a stranger has not even its token
    for actor in (company.anna, company.bert):
        assert put_away(browser(actor), note).status_code == 403
        with pytest.raises(Forbidden):
            note_put_away(actor=actor, note_id=note.pk)
    note.refresh_from_db()
    assert note.put_away_at is None


def test_only_a_note_to_the_office_is_put_away(office: Client, company: Company) -> None:
    other = note_add(actor=company.manager, order_id=company.planned().pk, text="Of ours")
    assert put_away(office, other).status_code == 404


def test_what_is_let_in_from_a_late_report_was_read_there(
    office: Client, late: Late, anna: Phone, company: Company
) -> None:
    body = {"id": str(uuid4()), "kind": "note", "text": "The roof leaks"}
    report = late(anna.command("found", None, body=body))
    decide(office, report, "happened", finishes="yes")
    assert Note.objects.filter(text="The roof leaks").exists()
    assert desk_count(actor=company.manager) == 0


# --- where the keyboard is -----------------------------------------------------------------------


def focused(answer: Any) -> str:
    """The one element of the page that has the focus first, by its id; "" for a heading without."""
    (tag,) = re.findall(r"<[^>]* autofocus[^>]*>", answer.content.decode())
    found = re.search(r' id="([^"]*)"', tag)
    return found[1] if found else ""


@pytest.mark.wide
def test_after_a_decision_the_keyboard_is_at_the_next_report(
    office: Client, late: Late, note: Note
) -> None:
    first, second, third = late(), late(), late()
    assert "autofocus" not in page(office)
    refused = decide(office, second, "neither", next=str(third.pk))
    assert focused(refused) == f"title-{second.pk}"
    assert f'name="next" value="{third.pk}"' in refused.content.decode()
    assert focused(decide(office, second, "note", next=str(third.pk))) == f"title-{third.pk}"
    assert focused(decide(office, third, "note", next=str(note.pk))) == f"note-{note.pk}"
    assert focused(put_away(office, note, next=str(first.pk))) == f"title-{first.pk}"
    assert focused(decide(office, first, "note", next=str(first.pk))) == ""


@pytest.mark.wide
def test_where_the_next_one_has_gone_it_is_at_the_first(office: Client, late: Late) -> None:
    first, second, third = late(), late(), late()
    decide(office, third, "note")
    assert focused(decide(office, second, "note", next=str(third.pk))) == f"title-{first.pk}"
    assert focused(office.get(f"/desk/?at={third.pk}")) == f"title-{first.pk}"
