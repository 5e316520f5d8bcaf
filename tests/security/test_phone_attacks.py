"""What got through when technicians were the attackers: each is shut, and stays so."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils.dateparse import parse_datetime

from callout.accounts.models import Company as Firm
from callout.accounts.models import Device, User
from callout.accounts.services import device_sessions
from callout.fieldwork.models import (
    InboxCommand,
    InboxConflict,
    LateReport,
    Signature,
    VisitPhoto,
)
from callout.fieldwork.selectors import beside
from callout.fieldwork.services import handover, late
from callout.fieldwork.services.deciding import late_report_decide
from callout.fieldwork.sync import limits, running
from callout.kernel import clock
from callout.kernel.errors import Stale, TooMany
from callout.orders.models import ServiceOrder, TimeEntry, TimelineEntry, Visit
from callout.orders.selectors.when import When
from tests.fieldwork.conftest import HEADERS, Phone, anna, bert, company, unhurried, visit_of
from tests.fieldwork.recording import drawn, seal_of
from tests.fieldwork.test_devices import deactivate
from tests.fieldwork.test_handover import handed
from tests.fieldwork.test_sync import note, outcomes
from tests.orders.conftest import Company, soon
from tests.scale import rounds
from tests.security.payloads import PAYLOADS
from tests.security.test_output import Tame

pytestmark = pytest.mark.wide

__all__ = ["anna", "bert", "company", "unhurried"]


@pytest.fixture
def office(company: Company) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=str(company.manager.user_id)))
    return client


@pytest.fixture
def unplanned(anna: Phone, company: Company) -> str:
    """A visit that was Anna's: whatever she says of it lands on the desk."""
    order = company.planned()
    visit = str(visit_of(order))
    company.act(company.manager, order, "unplan")
    return visit


def pages_of(office: Client, order: ServiceOrder) -> list[str]:
    """What shows the order to the office."""
    api = f"/api/v1/service-orders/{order.pk}"
    return [f"/orders/{order.number}/", "/desk/", api, f"{api}/record", "/api/v1/desk"]


def signing(phone: Phone, visit: Any, seal: str, **given: Any) -> dict[str, Any]:
    image = base64.b64encode(drawn()).decode()
    return phone.command(
        "sign", visit, body={"name": "Mevr. Peeters", "seal": seal, "image": image}, **given
    )


# --- scripts in what a phone says ----------------------------------------------------------------


UNCHECKED = (
    *("note", "part", "photo", "answer", "report", "found", "hours", "depart"),
    *("sign", "cannot_sign", "correct", "undo", "part_remove"),
)


def test_scripts_in_all_that_a_phone_says_come_out_as_text(
    anna: Phone, company: Company, office: Client, unplanned: str
) -> None:
    """Unchecked, as a late report has it; decided; and where the visit stands, checked."""
    order = company.planned(hours=4)
    visit = visit_of(order)
    image = base64.b64encode(drawn()).decode()
    commands = []
    for payload in PAYLOADS[:: len(PAYLOADS) // rounds(10, 40)]:
        body = {
            **dict.fromkeys(("text", "name", "why", "note", "quantity", "unit", "tag"), payload),
            **dict.fromkeys(("value", "kind", "item", "reason", "at", "of", "entry"), payload),
            "id": str(uuid4()), "file": "ab" * 32, "size": 1, "type": "image/png",
        }  # fmt: skip
        for action in UNCHECKED:
            commands.append(anna.command(action, unplanned, body=body, seen=payload))
        name = payload[:100].strip()
        facts = {"report": payload, "result": payload, "parts": [body]}
        seal = seal_of(Visit.objects.get(pk=visit), name, texts=[[payload, payload]], facts=facts)
        whole = body | {"quantity": "1", "unit": "", "kind": "order", "tag": "other", "item": None}
        whole["taken_at"] = None
        for action in ("note", "part", "photo", "report", "found"):
            commands.append(anna.command(action, visit, body=whole | {"id": str(uuid4())}))
        signed = {"name": name, "seal": seal, "image": image}
        commands.append(anna.command("sign", visit, body=signed))
    for first in range(0, len(commands), 40):
        anna.sync(*commands[first : first + 40])
    report = LateReport.objects.get(visit=UUID(unplanned))
    assert report.commands.count() >= 100
    assert Signature.objects.count() >= 10
    followed = ServiceOrder.objects.filter(follow_up_of=order).values_list("number", flat=True)
    for page in ["/desk/", *(f"/orders/{number}/" for number in (order.number, *followed))]:
        html = office.get(page).content.decode()
        assert "__xss=1" in html, page
        assert Tame(html).found == [], page
        assert "51317" not in html
    late_report_decide(
        actor=company.manager, report_id=report.pk, decision="note", note=PAYLOADS[0]
    )
    for page in ("/desk/", f"/orders/{report.order.number}/"):
        html = office.get(page).content.decode()
        assert Tame(html).found == [], page


# --- one that breaks every reader ----------------------------------------------------------------

SEALS = {
    "half a surrogate, escaped": ('"X"', '"\\ud800"'),
    "half a surrogate for a name of a field": ('"report": "X"', '"report": "X", "\\udfff": 1'),
    "too deep for the page's stack": ('"X"', "[" * 885 + "]" * 885),
    "deep behind a quotation mark in a text": ('"X"', '"\\"", "more": ' + "[" * 885 + "]" * 885),
}


@pytest.mark.parametrize("case", SEALS)
def test_no_seal_breaks_what_reads_it(
    anna: Phone, company: Company, office: Client, case: str
) -> None:
    order = company.planned()
    visit = visit_of(order)
    seal = seal_of(Visit.objects.get(pk=visit), facts={"report": "X"}).replace(*SEALS[case])
    answers = anna.said(anna.command("depart", visit), signing(anna, visit, seal))
    assert outcomes(answers) in (["applied", "applied"], ["applied", "refused"])
    assert anna.sync()["docs"], "a document that can be sent"
    for page in pages_of(office, order):
        assert office.get(page).status_code == 200, page


@pytest.mark.parametrize("zone", ["Europe/Brussels", "America/New_York", "Pacific/Auckland"])
def test_a_clock_at_the_beginning_of_the_calendar_breaks_nothing(
    anna: Phone, company: Company, office: Client, zone: str
) -> None:
    """`at` in 1900 and a skew of 1,900 years: no zone can say such a time, no page could show."""
    Firm.objects.update_or_create(defaults={"time_zone": zone})
    order, gone = company.planned(), company.planned(hours=3)
    visit, lost = visit_of(order), visit_of(gone)
    company.act(company.manager, gone, "unplan")
    first = datetime(1900, 1, 1, tzinfo=UTC)
    skew = {"ms": -int((first - datetime(1, 1, 1, tzinfo=UTC)).total_seconds() * 1000), "age_s": 1}
    old: dict[str, Any] = {"at": first, "skew": skew}
    answers = anna.said(
        anna.command("depart", visit, **old),
        signing(anna, visit, seal_of(Visit.objects.get(pk=visit)), **old),
        note(anna, visit, **old),
        note(anna, lost, **old),
        anna.command("depart", lost, **old),
    )
    assert outcomes(answers) == ["applied"] * 3 + ["late"] * 2
    assert all(one["uncertain"] for one in answers)
    assert not InboxCommand.objects.filter(true_at__lt=soon(-1)).exists()
    for one in (order, gone):
        for page in pages_of(office, one):
            assert office.get(page).status_code == 200, page


def test_the_files_cookie_alone_is_the_same_phone(anna: Phone) -> None:
    """A jar that lost one of the two answers, and gets both again."""
    del anna.client.cookies[settings.DEVICE_COOKIE_NAME]
    anna.client.cookies[settings.DEVICE_FILES_COOKIE_NAME]["path"] = "/"
    assert anna.sync()["callout"] == 1
    assert settings.DEVICE_COOKIE_NAME in anna.client.cookies


# --- hours that nobody worked --------------------------------------------------------------------


def test_no_step_is_older_than_the_day_on_which_the_visit_was_made(
    anna: Phone, company: Company
) -> None:
    visit = visit_of(company.planned())
    steps = [anna.command(one, visit, at=soon(-72)) for one in ("depart", "start_work")]
    answers = anna.said(*steps, anna.command("complete", visit))
    assert [one["code"] for one in answers] == ["before_visit", "before_visit", ""]
    assert LateReport.objects.get().code == "before_visit"
    assert not TimeEntry.objects.exists(), "three days of work that were none"


def test_own_hours_of_earlier_days_are_for_the_office(anna: Phone, company: Company) -> None:
    visit = visit_of(company.planned())

    def hours(start: datetime, end: datetime) -> dict[str, Any]:
        body = {
            "id": str(uuid4()), "kind": "work", "note": "",
            "start": start.isoformat(), "end": end.isoformat(),
        }  # fmt: skip
        return anna.command("hours", visit, body=body)

    first = datetime(1900, 1, 1, tzinfo=UTC)
    answers = anna.said(
        hours(first, first.replace(hour=20)),
        hours(soon(-32 * 24), soon(-32 * 24 + 8)),
        hours(soon(-49), soon(-48.5)),
        hours(soon(-24), soon(-23)),
        hours(soon(-23.5), soon(-22)),
    )
    codes = [one["code"] for one in answers]
    assert codes == ["too_old", "too_old", "earlier_day", "", "counts_twice"]
    assert TimeEntry.objects.count() == 1


# --- a dispatcher who says yes to what they have not read ----------------------------------------


@pytest.mark.usefixtures("at_noon")
def test_the_desk_says_which_time_is_asked_for(
    anna: Phone, company: Company, office: Client
) -> None:
    visit = visit_of(company.planned())
    depart = anna.command("depart", visit, at=soon(-1))
    anna.said(depart)
    entry = TimelineEntry.objects.get(action="depart")
    asked, again = soon(-30), soon(-31)
    answers = anna.said(
        anna.command("correct", visit, body={"of": depart["id"], "at": asked.isoformat()}),
        anna.command("correct", visit, body={"entry": str(entry.pk), "at": again.isoformat()}),
    )
    assert outcomes(answers) == ["late", "late"]
    page, when = office.get("/desk/").content.decode(), When()
    for time in (asked, again):
        assert f"({when.full(entry.at)}): asks for {when.full(time)} instead" in page


def test_what_the_desk_shows_is_what_is_written(
    anna: Phone, company: Company, office: Client, unplanned: str
) -> None:
    """A correction beside the late steps moves them on the desk too, not only in what follows."""
    start, gone = (anna.command(one, unplanned, at=soon(-3)) for one in ("start_work", "depart"))
    anna.said(
        gone,
        anna.command("undo", unplanned, at=soon(-3), body={"of": gone["id"]}),
        start,
        anna.command("complete", unplanned, at=soon(-1)),
        anna.command("correct", unplanned, body={"of": start["id"], "at": soon(-9).isoformat()}),
    )
    report = LateReport.objects.get()
    shown = office.get("/api/v1/desk").json()["reports"][0]
    started = next(one for one in shown["entries"] if one["words"] == "Work started")
    assert parse_datetime(shown["start"]) == parse_datetime(started["at"]) == soon(-9)
    assert abs((parse_datetime(started["phone_at"]) or clock.now()) - soon(-3)).seconds < 60
    late_report_decide(actor=company.manager, report_id=report.pk, decision="happened")
    assert TimeEntry.objects.get().start == soon(-9)


def test_what_came_after_it_was_read_is_not_decided_with_it(
    anna: Phone, company: Company, unplanned: str
) -> None:
    anna.said(anna.command("start_work", unplanned, at=soon(-2)))
    read = LateReport.objects.get().version
    anna.said(anna.command("complete", unplanned, at=soon(-1)))
    report = LateReport.objects.get()
    with pytest.raises(Stale):
        late_report_decide(
            actor=company.manager, report_id=report.pk, decision="happened", version=read
        )
    assert LateReport.objects.get().decided_at is None


# --- floods --------------------------------------------------------------------------------------


def test_a_late_report_holds_what_somebody_can_look_through(
    anna: Phone, company: Company, unplanned: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late, "MOST_COMMANDS", 3)
    answers = anna.said(*(note(anna, unplanned) for _n in range(5)))
    assert outcomes(answers) == ["late"] * 3 + ["refused"] * 2
    assert {one["code"] for one in answers[3:]} == {"report_full"}
    monkeypatch.setattr(late, "MOST_COMMANDS", 300)
    monkeypatch.setattr(late, "MOST_BYTES", 1000)
    answers = anna.said(note(anna, unplanned, "x" * 900), note(anna, unplanned))
    assert outcomes(answers) == ["late", "refused"]


def test_words_that_nobody_has_checked_are_cut_on_the_desk(
    anna: Phone, company: Company, office: Client, unplanned: str
) -> None:
    body = {"id": str(uuid4()), "text": "w" * 200_000, "quantity": "q" * 20_000, "unit": ""}
    for action in ("note", "part"):
        anna.said(anna.command(action, unplanned, body=body))
    assert len(office.get("/desk/").content) < 60_000


def test_thousands_of_held_entries_do_not_keep_a_thread(
    anna: Phone, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 4)
    newer = [anna.command("note", None, v=2) for _n in range(9)]
    assert outcomes(anna.said(*newer)) == ["held"] * 9
    visit = visit_of(company.planned())
    assert outcomes(anna.said(note(anna, visit))) == ["applied"], "its own are always tried"
    tries = InboxCommand.objects.exclude(action="note").order_by("pk").values_list("tries")
    assert sorted(one for (one,) in tries) == [1] * 5 + [2] * 4


@pytest.mark.parametrize(("limit", "most"), [("MOST_COMMANDS", 3), ("MOST_BYTES", 2000)])
def test_other_bytes_under_one_id_are_capped_when_handed_over(
    anna: Phone, company: Company, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    """Each is kept too: a thousand of them are not one."""
    visit = visit_of(company.planned())
    anna.said(anna.command("see", visit))
    deactivate(anna, company)
    monkeypatch.setattr(handover, limit, most)
    first = note(anna, visit)
    said = [first | {"body": {"id": first["id"], "text": str(n) * 400}} for n in range(9)]
    statuses = [handed(anna, one).status_code for one in said]
    assert statuses[0] == 200
    assert statuses[-1] == 413
    assert InboxConflict.objects.count() < 5


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(limits, "AT_ONCE", 2)
    yield
    limits.forget()


def test_one_person_s_phones_leave_threads_to_others(
    anna: Phone, bert: Phone, company: Company, narrow: None
) -> None:
    with limits.turn(anna.user_id), limits.turn(anna.user_id):
        for path, method in (("sync", "POST"), (f"files/{'0' * 64}/0", "PUT")):
            answer = anna.client.generic(
                method, f"/technician/{path}", "{}", "application/json", headers=HEADERS
            )
            assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_many")
        assert bert.post("sync", bert.request()).status_code == 200
    assert anna.post("sync", anna.request()).status_code == 200
    with limits.turn(anna.user_id), limits.turn(anna.user_id), pytest.raises(TooMany):  # noqa: SIM117
        with limits.turn(anna.user_id):
            raise AssertionError
    assert anna.post("sync", anna.request()).status_code == 200, "a refusal counts no turn"


def test_who_sends_more_than_any_work_makes_waits_a_day(
    anna: Phone, bert: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BYTES_A_DAY", 2000)
    body = anna.request(positions=["x" * 1500])
    assert [anna.post("sync", body).status_code for _n in range(2)] == [200, 429]
    assert bert.post("sync", bert.request()).status_code == 200


@pytest.mark.parametrize("door", ["consent", "push", "code"])
def test_every_small_door_has_its_rate(anna: Phone, company: Company, door: str) -> None:
    path = f"code/{visit_of(company.planned())}" if door == "code" else door
    for _n in range(limits.A_MINUTE):
        limits.hurry_refused(Device.objects.get().pk)
    assert anna.post(path, {"callout": 1, "position": True}).status_code == 429


def test_new_phones_of_a_day_are_counted(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Out and in again: each is a phone more in the lists, and another report on the desk."""
    monkeypatch.setattr(device_sessions, "MOST", 3)
    phone = Phone(Client(), company.anna.user_id)
    for _n in range(3):
        phone.sign_in().post("sign-out")
    phone.client.force_login(User.objects.get(pk=phone.user_id))
    answer = phone.post("device")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "too_many_devices")
    Device.objects.update(created_at=soon(-25))
    assert phone.post("device").status_code == 200


def test_photos_that_never_come_fill_no_page(
    anna: Phone, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = visit_of(company.planned())
    monkeypatch.setattr(beside, "MOST_MISSING", 2)
    anna.said(
        *(
            anna.command("photo", visit, body={
                "id": str(uuid4()), "file": f"{n}" * 64, "size": 9, "name": "a.jpg",
                "type": "image/jpeg", "tag": "other", "item": None, "taken_at": None,
            })
            for n in range(3)
        )
    )  # fmt: skip
    VisitPhoto.objects.update(announced_at=soon(-24 * 4))
    assert len(beside.photos_missing(actor=company.manager)) == 2
