import io
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from callout.accounts.zone import local
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.orders.models import Attachment, Note, Reason, ServiceOrder, TimeEntry, TimelineEntry
from tests.orders.conftest import Company
from tests.technician.conftest import order_url, tap

Phone = Callable[[Actor], Client]


def status_of(order: ServiceOrder) -> str | None:
    return ServiceOrder.objects.get(pk=order.pk).technician_status


def test_a_tap_answers_with_the_page_anew_and_an_undo(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna)
    status, body = tap(phone(company.anna), order.pk, "depart")
    assert status == 200
    assert 'data-action="arrive"' in body
    assert order_url(order.pk, "do", "undo") in body
    assert status_of(order) == "en_route"


def test_the_same_tap_twice_happens_once(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna)
    client, key = phone(company.anna), str(uuid4())
    for _press in range(3):
        answer = client.post(
            order_url(order.pk, "do", "depart"),
            headers={"HX-Request": "true", "Idempotency-Key": key},
        )
        assert answer.status_code == 200
    assert TimelineEntry.objects.filter(action="depart").count() == 1


def test_without_its_key_the_second_tap_is_refused_in_words(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna)
    client = phone(company.anna)
    assert tap(client, order.pk, "depart")[0] == 200
    status, body = tap(client, order.pk, "depart")
    assert status == 409
    assert "makes no sense now" in body


def test_an_action_of_the_office_has_no_address_here(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna)
    for action in ("plan", "replan", "unplan", "reopen", "nonsense"):
        assert tap(phone(company.anna), order.pk, action)[0] == 404


@pytest.mark.parametrize("action", ["hand-back", "cancel"])
def test_a_reason_is_asked_beside_its_field(company: Company, phone: Phone, action: str) -> None:
    order = company.planned(company.anna)
    company.act(company.anna, order, "start_work")
    status, body = tap(phone(company.anna), order.pk, action)
    assert status == 422
    assert "choose a reason or write a note" in body
    assert status_of(order) == "working"


def test_not_finished_keeps_reason_and_note_and_goes_back_to_the_pile(
    company: Company, phone: Phone
) -> None:
    order = company.planned(company.anna)
    company.act(company.anna, order, "start_work")
    reason = Reason.objects.filter(kind="hand_back").first()
    assert reason is not None
    sent = {"reason_id": str(reason.pk), "note": "valve on order"}
    assert tap(phone(company.anna), order.pk, "hand-back", **sent)[0] == 200
    visit = order.visits.get()
    assert (visit.outcome, visit.reason_id, visit.closing_note) == (
        "handed_back",
        reason.pk,
        "valve on order",
    )
    assert status_of(order) is None


def test_customer_absent_is_kept_with_time_and_place(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna, hours=-0.1)
    earlier = local(clock.now() - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M")
    sent = {"latitude": "50.7167", "longitude": "4.6", "occurred_at": earlier}
    assert tap(phone(company.anna), order.pk, "customer-absent", **sent)[0] == 200
    visit = order.visits.get()
    assert (visit.closing_latitude, visit.closing_longitude) == (50.7167, 4.6)
    assert visit.closed_at is not None
    assert local(visit.closed_at).strftime("%Y-%m-%dT%H:%M") == earlier
    order.refresh_from_db()
    assert order.absent_count == 1


def test_the_time_left_as_it_was_means_now(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna)
    client = phone(company.anna)
    tap(client, order.pk, "depart")
    now = local(clock.now()).strftime("%Y-%m-%dT%H:%M")
    sent = {"action": "arrive", "occurred_at": now, "occurred_at_was": now}
    assert client.post(order_url(order.pk, "step"), sent).status_code == 302
    assert status_of(order) == "on_site"


def test_a_time_to_come_is_refused_beside_its_field(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna)
    later = local(clock.now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    sent = {"action": "depart", "occurred_at": later}
    answer = phone(company.anna).post(order_url(order.pk, "step"), sent)
    assert answer.status_code == 422
    assert "still to come" in answer.content.decode()
    assert status_of(order) == "planned"


@pytest.mark.parametrize("value", ["tomorrow", "2026-13-45T99:99", "0", "9" * 40])
def test_a_time_that_is_none_is_an_error_and_no_fault(
    company: Company, phone: Phone, value: str
) -> None:
    order = company.planned(company.anna)
    sent = {"action": "depart", "occurred_at": value}
    assert phone(company.anna).post(order_url(order.pk, "step"), sent).status_code == 422


def test_departing_to_b_while_working_on_a_asks_what_became_of_a(
    company: Company, phone: Phone
) -> None:
    a, b = company.planned(company.anna), company.planned(company.anna, hours=4)
    client = phone(company.anna)
    tap(client, a.pk, "start-work")
    answer = client.post(order_url(b.pk, "do", "depart"), headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#co-dialog"
    assert 'name="other_action"' in answer.content.decode()
    assert (status_of(a), status_of(b)) == ("working", "planned")
    assert tap(client, b.pk, "depart", other_action="break")[0] == 200
    assert (status_of(a), status_of(b)) == ("break", "en_route")


@pytest.mark.parametrize(
    ("step", "sent", "chosen"),
    [
        ("depart", {}, "break"),
        ("start-work", {}, "complete"),
        ("start-work", {"other_action": "break", "other_at": "2020-01-01T08:00"}, "break"),
    ],
)
def test_what_was_not_begun_is_not_proposed_as_finished_and_a_choice_is_kept(
    company: Company, phone: Phone, step: str, sent: dict[str, str], chosen: str
) -> None:
    a, b = company.planned(company.anna), company.planned(company.anna, hours=4)
    client = phone(company.anna)
    tap(client, a.pk, step)
    answer = client.post(order_url(b.pk, "do", "depart"), sent, headers={"HX-Request": "true"})
    assert answer.status_code in (409, 422)
    page = answer.content.decode()
    assert f'value="{chosen}" checked' in page
    assert ("more than a month ago" in page) == bool(sent)


def test_running_late_tells_the_office_and_moves_no_slot(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna)
    was = order.visits.get().end
    url = order_url(order.pk, "do", "extend") + "?minutes=30"
    answer = phone(company.anna).post(url, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    visit = order.visits.get()
    assert visit.end == was
    assert visit.expected_end == was + timedelta(minutes=30)


def test_undo_takes_the_last_step_back_for_ten_minutes(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna)
    client = phone(company.anna)
    tap(client, order.pk, "depart")
    assert tap(client, order.pk, "undo")[0] == 200
    assert status_of(order) == "planned"
    tap(client, order.pk, "depart")
    with clock.freeze(clock.now() + timedelta(minutes=11)):
        status, body = tap(client, order.pk, "undo")
    assert status == 409
    assert "ten minutes" in body
    assert status_of(order) == "en_route"


def test_after_a_closing_the_undo_is_still_offered(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna)
    client = phone(company.anna)
    tap(client, order.pk, "start-work")
    _status, body = tap(client, order.pk, "complete")
    assert order_url(order.pk, "do", "undo") in body
    assert tap(client, order.pk, "undo")[0] == 200
    assert status_of(order) == "working"


def test_a_note_is_for_the_whole_order_even_from_a_manager_who_is_a_technician(
    company: Company, phone: Phone
) -> None:
    order = company.planned(company.anna)
    url = order_url(order.pk, "note")
    assert phone(company.anna).post(url, {"text": ""}).status_code == 422
    assert phone(company.anna).post(url, {"text": "key at the pharmacy"}).status_code == 302
    assert Note.objects.get().kind == Note.TECHNICIAN


@pytest.mark.parametrize("name", ["note", "hours", "files", "step"])
def test_each_form_is_sent_to_where_it_came_from(company: Company, phone: Phone, name: str) -> None:
    order = company.planned(company.anna)
    url = order_url(order.pk, name)
    page = phone(company.anna).get(url, headers={"HX-Request": "true"}).content.decode()
    assert f'hx-post="{url}"' in page


def test_the_pages_themselves_take_no_change(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna)
    for url in ("/technician/today/", order_url(order.pk), order_url(order.pk, "earlier")):
        assert phone(company.anna).post(url).status_code == 405


def test_a_photo_is_kept_and_served_only_to_whom_it_belongs(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna)
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "JPEG")
    client = phone(company.anna)
    sent = {"file": SimpleUploadedFile("boiler.jpg", picture.getvalue(), "image/jpeg")}
    assert client.post(order_url(order.pk, "files"), sent).status_code == 302
    row = Attachment.objects.get()
    url = order_url(order.pk, "files", str(row.pk))
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["X-Callout-File"].endswith(row.sha256)
    assert "sandbox" in answer["Content-Security-Policy"]
    assert phone(company.bert).get(url).status_code == 404
    others = company.planned(company.bert)
    assert phone(company.bert).get(order_url(others.pk, "files", str(row.pk))).status_code == 404


def test_a_file_that_lies_about_itself_is_refused_in_words(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna)
    sent = {"file": SimpleUploadedFile("boiler.jpg", b"<script>", "image/jpeg")}
    answer = phone(company.anna).post(order_url(order.pk, "files"), sent)
    assert answer.status_code == 422
    assert "cannot be read" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_helper_enters_own_hours(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna, helper_ids=(company.bert.technician_id,))
    form = "%Y-%m-%dT%H:%M"
    start = local(clock.now() - timedelta(hours=2)).strftime(form)
    end = local(clock.now() - timedelta(hours=1)).strftime(form)
    sent = {"kind": "work", "start": start, "end": end}
    assert phone(company.bert).post(order_url(order.pk, "hours"), sent).status_code == 302
    assert TimeEntry.objects.get().technician_id == company.bert.technician_id
    backwards = {"kind": "work", "start": end, "end": start}
    assert phone(company.bert).post(order_url(order.pk, "hours"), backwards).status_code == 422


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59", "2026-02-30T10:00"])
def test_hours_at_the_end_of_the_calendar_are_refused_in_words(
    company: Company, phone: Phone, typed: str
) -> None:
    order = company.planned(company.anna)
    sent = {"kind": "work", "start": typed, "end": "2026-11-20T09:00"}
    assert phone(company.anna).post(order_url(order.pk, "hours"), sent).status_code == 422
    sent = {"kind": "work", "start": "2026-11-20T09:00", "end": typed}
    assert phone(company.anna).post(order_url(order.pk, "hours"), sent).status_code == 422
    assert not TimeEntry.objects.exists()


def test_a_visit_taken_away_says_so_on_the_open_page(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna)
    client = phone(company.anna)
    company.act(company.manager, order, "unplan")
    answer = client.get(order_url(order.pk), headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert answer["HX-Retarget"] == "#main"
    assert "not yours any more" in answer.content.decode()


def test_another_site_cannot_press_the_buttons(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna)
    client = phone(company.anna)
    answer = client.post(
        order_url(order.pk, "do", "depart"), headers={"Origin": "http://evil.example"}
    )
    assert answer.status_code == 403
    assert status_of(order) == "planned"
