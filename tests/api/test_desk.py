"""GET /desk and the decision about a report."""

from datetime import datetime

from callout.fieldwork.models import InboxCommand, LateReport
from callout.kernel import clock
from callout.orders.models import Note
from tests.api.conftest import World


def said(world: World, report: LateReport, n: int, action: str, at: datetime, raw: str) -> None:
    InboxCommand.objects.create(
        id=f"0000000{n}-0000-4000-8000-000000000000",
        device_id=report.device_id,
        user_id=str(world.anna.actor.user_id),
        technician_id=report.technician_id,
        n=n,
        v=1,
        action=action,
        visit_id=report.visit_id,
        raw=raw,
        raw_sha256=str(n) * 64,
        at=at,
        true_at=at,
        received_at=clock.now(),
        outcome="late",
        report=report,
    )


def test_a_report_is_read_and_decided(world: World) -> None:
    report = LateReport.objects.get(pk=world.anna.report)
    said(world, report, 1, "note", clock.now(), '{"body": {"text": "Hot"}}')
    desk = world.boss.get("/desk").body
    assert desk["count"] == 4  # with the two notes
    (one,) = [one for one in desk["reports"] if one["id"] == str(report.pk)]
    assert one["code"] == "visit_ended"
    assert [(e["action"], e["note"]) for e in one["entries"]] == [("note", "Hot")]
    place = f"/desk/reports/{report.pk}/decide"
    answer = world.boss.post(place, {"decision": "note", "note": "Thanks"}, If_Match='"1"')
    assert (answer.status, answer.body["decision"], answer.body["note"]) == (200, "note", "Thanks")
    assert "Hot" in Note.objects.filter(order=world.anna.order).latest("created_at").text
    assert [one["id"] for one in world.boss.get("/desk").body["decided"]] == [str(report.pk)]


def test_decided_is_decided(world: World) -> None:
    place = f"/desk/reports/{world.anna.report}/decide"
    assert world.boss.post(place, {"decision": "note"}).status == 200
    again = world.boss.post(place, {"decision": "happened"})
    assert (again.status, again.code) == (409, "decided")
    stale = world.boss.post(place, {"decision": "happened"}, If_Match='"1"')
    assert stale.status == 412
    assert stale.body["current"]["decision"] == "note"


def test_without_a_step_nothing_is_finished(world: World) -> None:
    place = f"/desk/reports/{world.anna.report}/decide"
    answer = world.boss.post(place, {"decision": "happened", "finishes": True})
    assert (answer.status, answer.code) == (409, "no_steps")


def test_a_repeat_with_its_key_is_one_decision(world: World) -> None:
    place = f"/desk/reports/{world.anna.report}/decide"
    answers = [
        world.boss.post(place, {"decision": "note"}, Idempotency_Key="once") for _ in range(2)
    ]
    assert [answer.status for answer in answers] == [200, 200]
    assert Note.objects.filter(order=world.anna.order, kind="internal").count() == 2  # one was


def test_a_note_to_the_office_lies_there_until_somebody_puts_it_away(world: World) -> None:
    note = str(world.anna.note)
    (shown,) = [one for one in world.boss.get("/desk").body["notes"] if one["id"] == note]
    assert shown["text"] == "Note Lindens"
    place = f"/desk/notes/{note}/put-away"
    assert world.boss.post(place, {}, If_Match='"7"').status == 412
    assert world.boss.post(place, {}, If_Match='"1"').status == 200
    assert note not in [one["id"] for one in world.boss.get("/desk").body["notes"]]
    again = world.boss.post(place, {})
    assert (again.status, again.code) == (409, "put_away")


def test_technicians_have_no_desk(world: World) -> None:
    assert world.anna.api.get("/desk").status == 403
    for api in (world.anna.api, world.bert.api, world.nobody):
        assert api.post(f"/desk/notes/{world.anna.note}/put-away", {}).status == 403
    assert Note.objects.get(pk=world.anna.note).put_away_at is None
    place = f"/desk/reports/{world.anna.report}/decide"
    assert world.anna.api.post(place, {"decision": "note"}).status == 403
    assert world.nobody.get("/desk").status == 401
