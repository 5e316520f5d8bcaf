"""Bytes on their way up: in parts, by user and hash, whole or nothing, and what becomes of them."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.fieldwork.models import Upload, VisitPhoto
from callout.fieldwork.selectors.beside import photos_missing
from callout.fieldwork.selectors.record import records_of
from callout.fieldwork.services import keeping, uploads
from callout.fieldwork.services.photos import photo_announce, photo_remove
from callout.fieldwork.services.uploads import PART, upload_part, upload_state
from callout.fieldwork.tasks import dust_purge, upload_keep, uploads_link
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, Invalid, NotFound, Refused
from callout.kernel.models import JournalEntry
from callout.orders.models import Attachment, Visit
from tests.fieldwork.conftest import HEADERS, Phone, phone_of
from tests.fieldwork.recording import announced, helped, line, picture, sha256, working
from tests.orders.conftest import Company


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def large() -> bytes:
    """A picture of three parts, the last one short."""
    out = io.BytesIO()
    Image.effect_noise((900, 700), 90).save(out, "PNG")
    data = out.getvalue()
    assert 2 * PART < len(data) < 3 * PART
    return data


def parts_of(data: bytes) -> list[bytes]:
    return [data[at : at + PART] for at in range(0, len(data), PART)]


def put(who: Actor, data: bytes, *parts: int, size: int | None = None) -> uploads.Held:
    found = None
    pieces = parts_of(data)
    for part in parts or range(len(pieces)):
        found = upload_part(
            actor=who, sha256=sha256(data), part=part, size=size or len(data), data=pieces[part]
        )
    assert found is not None
    return found


def jobs_run() -> None:
    """The worker's turn."""
    for upload in Upload.objects.filter(state__in=[Upload.WHOLE, Upload.KEPT]).order_by("pk"):
        upload_keep(upload.pk)


def jobs_waiting() -> int:
    return int(ProcrastinateJob.objects.filter(task_name="fieldwork.upload_keep").count())


def on_disk() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_parts_come_in_any_order_and_twice_and_make_the_file(company: Company) -> None:
    visit, data = working(company), large()
    photo_announce(**announced(visit, data, company.anna, name="x.png"))
    held = [put(company.anna, data, part).held for part in (2, 0, 0, 2)]
    assert held == [[2], [0, 2], [0, 2], [0, 2]]
    assert upload_state(actor=company.anna, sha256=sha256(data)).state == Upload.RECEIVING
    assert put(company.anna, data, 1).state == Upload.WHOLE
    jobs_run()
    row = Attachment.objects.get()
    assert (row.sha256_sent, row.visit_id, row.order_id) == (sha256(data), visit.pk, visit.order_id)
    assert row.sha256 != row.sha256_sent
    assert VisitPhoto.objects.get().attachment_id == row.pk
    assert [path.name for path in on_disk()] == [row.sha256]  # the parts are gone
    facts = JournalEntry.objects.get(kind="file_add").facts
    assert (facts["sha256"], facts["sha256_sent"]) == (row.sha256, sha256(data))
    assert put(company.anna, data, 0).state == Upload.KEPT  # sent again: nothing to do
    jobs_run()
    assert Attachment.objects.count() == 1


def test_bytes_may_come_before_the_word(company: Company) -> None:
    visit, data = working(company), picture()
    put(company.anna, data)
    jobs_run()
    assert not Attachment.objects.exists()
    photo_announce(**announced(visit, data, company.anna))
    jobs_run()
    assert Attachment.objects.get().author_id == company.anna.user_id


def test_one_file_may_be_two_photos_whenever_the_second_is_named(company: Company) -> None:
    first, second = working(company), working(company, company.bert, hours=5)
    company.act(company.bert, second.order, "complete")
    data = picture()
    photo_announce(**announced(first, data, company.anna))
    put(company.anna, data)
    jobs_run()
    photo_announce(**announced(first, data, company.anna, tag="after"))
    jobs_run()
    assert Attachment.objects.count() == 2
    assert set(Attachment.objects.values_list("sha256_sent", flat=True)) == {sha256(data)}
    assert not VisitPhoto.objects.filter(attachment=None).exists()


def test_a_hash_is_no_permission(company: Company) -> None:
    """Two technicians with one hash: each sends their own bytes, or has no photo."""
    mine, theirs = working(company), working(company, company.bert, hours=5)
    data = large()
    photo_announce(**announced(mine, data, company.anna, name="a.png"))
    put(company.anna, data)
    jobs_run()
    assert upload_state(actor=company.bert, sha256=sha256(data)) == uploads.Held(
        0, [], Upload.RECEIVING, ""
    )
    photo_announce(**announced(theirs, data, company.bert, name="b.png"))
    jobs_run()
    photo = VisitPhoto.objects.get(visit=theirs)
    assert photo.attachment is None
    assert put(company.bert, data, 0).held == [0]
    jobs_run()
    photo.refresh_from_db()
    assert photo.attachment is None
    put(company.bert, data, 1, 2)
    jobs_run()
    photo.refresh_from_db()
    assert photo.attachment is not None
    assert photo.attachment.visit_id == theirs.pk
    assert Attachment.objects.count() == 2


@pytest.mark.wide
@pytest.mark.parametrize(
    "given",
    [
        {"sha256": "../../etc/passwd"}, {"sha256": "A" * 64}, {"sha256": "0" * 63},
        {"sha256": "0" * 64 + "\n"}, {"sha256": "٠" * 64}, {"part": -1}, {"part": 3},
        {"part": 10**9}, {"part": 2}, {"data": b""}, {"data": b"x"}, {"data": b"x" * (PART + 1)},
        {"size": 0}, {"size": -1}, {"size": 25_000_001}, {"size": True}, {"size": PART},
    ],
    ids=str,
)  # fmt: skip
def test_a_part_that_is_not_of_the_file_is_refused_and_nothing_is_written(
    company: Company, given: dict[str, Any]
) -> None:
    data = large()
    good: dict[str, Any] = {
        "sha256": sha256(data),
        "part": 0,
        "size": len(data),
        "data": parts_of(data)[0],
    }
    if given == {"size": PART}:
        upload_part(actor=company.anna, **good)
        with pytest.raises(Refused):
            upload_part(actor=company.anna, **{**good, **given})
        return
    with pytest.raises(Invalid):
        upload_part(actor=company.anna, **{**good, **given})
    assert on_disk() == []


def test_bytes_that_are_not_those_named_are_refused_in_words_and_dropped(
    company: Company,
) -> None:
    visit, data = working(company), picture()
    photo_announce(**announced(visit, data, company.anna))
    other = bytes([data[0] ^ 1]) + data[1:]
    held = upload_part(actor=company.anna, sha256=sha256(data), part=0, size=len(data), data=other)
    assert (held.state, held.held) == (Upload.REFUSED, [])
    assert held.words
    assert on_disk() == []
    assert records_of([visit])[visit.pk]["photos"][0]["words"] == held.words


def test_who_is_no_technician_sends_no_bytes(company: Company) -> None:
    data = picture()
    nobody = Actor(user_id=uuid4(), name="Nobody", door="technician")
    for who in (company.manager, nobody, Actor.system("x")):
        with pytest.raises(Forbidden):
            put(who, data)
        with pytest.raises(Forbidden):
            upload_state(actor=who, sha256=sha256(data))


def test_what_one_user_may_have_waiting_is_bounded(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_WAITING", 1000)
    one, two = b"x" * 700, b"y" * 700
    put(company.anna, one)
    with pytest.raises(Refused) as caught:
        put(company.anna, two)
    assert caught.value.code == "too_much"
    put(company.bert, two)  # somebody else's are their own
    monkeypatch.setattr(uploads, "MOST_WAITING", 10**6)
    monkeypatch.setattr(uploads, "MOST_FILES", 1)
    with pytest.raises(Refused):
        put(company.anna, two)


def test_a_refused_file_says_why_on_its_photo(company: Company) -> None:
    visit, data = working(company), b"<html><script>alert(1)</script></html>"
    photo_announce(**announced(visit, data, company.anna))
    put(company.anna, data)
    jobs_run()
    (photo,) = records_of([visit])[visit.pk]["photos"]
    assert photo["words"] == "This picture cannot be read. Take it again."
    assert photo["attachment"] == ""
    assert upload_state(actor=company.anna, sha256=sha256(data)).state == Upload.REFUSED
    assert on_disk() == []
    assert JournalEntry.objects.filter(kind="photo_refused").count() == 1
    # And who names it once more is told at once.
    photo_announce(**announced(visit, data, company.anna))
    assert [one["words"] for one in records_of([visit])[visit.pk]["photos"]] == [photo["words"]] * 2


def test_a_photo_counts_though_the_visit_went_to_somebody_else_before_its_bytes(
    company: Company,
) -> None:
    order = company.planned()
    company.act(company.anna, order, "start_work")
    visit = Visit.objects.get(order=order)
    data = picture()
    photo_announce(**announced(visit, data, company.anna))
    company.act(company.manager, order, "complete")
    put(company.anna, data)
    jobs_run()
    assert VisitPhoto.objects.get().attachment is not None


def test_a_photo_is_taken_off_by_whose_it_is(company: Company) -> None:
    visit = helped(company, company.bert)
    data = picture()
    given = announced(visit, data, company.anna)
    photo_announce(**given)
    put(company.anna, data)
    jobs_run()
    by: dict[str, Any] = {"visit_id": visit.pk, "photo_id": given["photo_id"]}
    with pytest.raises(Forbidden):
        photo_remove(actor=company.bert, **by)
    assert [photo_remove(actor=company.anna, **by) for _again in range(2)] == [True, False]
    assert records_of([visit])[visit.pk]["photos"] == []
    assert Attachment.objects.get().archived_at is not None
    with pytest.raises(NotFound):
        photo_remove(actor=company.anna, visit_id=visit.pk, photo_id=uuid4())


def test_an_announcement_is_one_however_often_it_comes(company: Company) -> None:
    visit, other = working(company), working(company, company.bert, hours=5)
    given = announced(visit, picture(), company.anna)
    assert [photo_announce(**given) for _again in range(2)] == [True, False]
    with pytest.raises(Invalid):
        photo_announce(**{**given, "file": "0" * 64})
    with pytest.raises(Invalid):
        photo_announce(**{**given, "actor": company.bert, "visit_id": other.pk})
    assert VisitPhoto.objects.count() == 1


@pytest.mark.wide
@pytest.mark.parametrize(
    "odd",
    [
        {"tag": "checklist"}, {"tag": "other kind"}, {"item": "x"}, {"item": str(UUID(int=7))},
        {"size": 0},
        {"size": 25_000_001}, {"size": "7"}, {"file": "x"}, {"file": None}, {"name": "x" * 161},
        {"name": "a\x00"}, {"taken_at": "yesterday"}, {"taken_at": "2026-01-01"}, {"type": 7},
    ],
    ids=str,
)  # fmt: skip
def test_an_announcement_that_cannot_be_is_refused(company: Company, odd: dict[str, Any]) -> None:
    visit = working(company)
    with pytest.raises(Invalid):
        photo_announce(**announced(visit, picture(), company.anna, **odd))
    assert not VisitPhoto.objects.exists()


def test_a_photo_for_a_line_is_for_a_line_that_takes_one(company: Company) -> None:
    visit, tick, shot = working(company), line(company), line(company, "photo")
    with pytest.raises(Invalid):
        photo_announce(**announced(visit, picture(), company.anna, tag="checklist", item=tick.pk))
    photo_announce(**announced(visit, picture(), company.anna, tag="checklist", item=shot.pk))
    assert records_of([visit])[visit.pk]["photos"][0]["item"] == str(shot.pk)


def test_the_desk_hears_of_photos_whose_bytes_never_came(company: Company) -> None:
    visit, data = working(company), picture()
    photo_announce(**announced(visit, data, company.anna))
    there = picture(colour="blue")
    photo_announce(**announced(visit, there, company.anna))
    put(company.anna, there)
    jobs_run()
    assert photos_missing(actor=company.manager) == []
    with clock.freeze(clock.now() + timedelta(days=3, hours=1)):
        (missing,) = photos_missing(actor=company.manager)
        assert missing.sha256 == sha256(data)
        with pytest.raises(Forbidden):
            photos_missing(actor=company.anna)


def test_bytes_that_nothing_names_are_dropped_after_thirty_days(company: Company) -> None:
    visit, named, unnamed = working(company), picture(), picture(colour="blue")
    photo_announce(**announced(visit, named, company.anna))
    half = large()
    put(company.anna, unnamed)
    put(company.anna, half, 0)
    upload_part(actor=company.bert, sha256=sha256(named), part=0, size=len(named), data=named)
    with clock.freeze(clock.now() + timedelta(days=29)):
        assert dust_purge(0) == 0
    put(company.anna, named)  # named, and its job has not run
    with clock.freeze(clock.now() + timedelta(days=31)):
        assert dust_purge(0) == 3
    assert [row.sha256 for row in Upload.objects.all()] == [sha256(named)]
    assert len(on_disk()) == 1


def test_parts_that_a_crash_has_left_behind_are_dropped(company: Company) -> None:
    visit, data = working(company), picture()
    photo_announce(**announced(visit, data, company.anna))
    put(company.anna, data)
    folder = next(path.parent for path in on_disk())
    jobs_run()
    folder.mkdir(parents=True)
    (folder / "0").write_bytes(data)
    dust_purge(0)
    assert not folder.exists()


# --- the endpoint --------------------------------------------------------------------------------


@pytest.fixture
def send(anna: Phone) -> Callable[..., Any]:
    def put_part(data: bytes, part: Any = 0, *, name: str = "", **headers: str) -> Any:
        return anna.client.put(
            f"/technician/files/{name or sha256(data)}/{part}", data, "application/octet-stream",
            headers={**HEADERS, "X-Size": str(len(data)), **headers},
        )  # fmt: skip

    return put_part


def test_a_phone_puts_parts_and_asks_which_are_held(anna: Phone, send: Any) -> None:
    data = b"x" * PART + b"y"
    answer = send(data[:PART], name=sha256(data), **{"X-Size": str(len(data))})
    assert answer.json() == {
        "callout": 1, "size": len(data), "held": [0], "state": "receiving", "words": "",
    }  # fmt: skip
    asked = anna.client.get(f"/technician/files/{sha256(data)}", headers=HEADERS)
    assert asked.json()["held"] == [0]
    assert send(b"y", 1, name=sha256(data), **{"X-Size": str(len(data))}).json()["state"] == "whole"


def test_what_cannot_be_is_refused_as_json_and_costs_nothing(send: Any) -> None:
    for answer, status in (
        (send(b"x", **{"X-Size": ""}), 422),
        (send(b"x", **{"X-Size": "-1"}), 422),
        (send(b"x", **{"X-Size": "9" * 30}), 422),
        (send(b"x", **{"X-Size": "١"}), 422),
        (send(b"x" * (PART + 1)), 422),
        (send(b"x", name="0" * 63), 422),
        (send(b"x", name="g" * 64), 422),
        (send(b"x", part=10**18), 422),
        (send(b""), 422),
    ):
        assert answer.status_code == status, answer.content
        assert answer.json()["callout"] == 1
    assert on_disk() == []
    assert not Upload.objects.exists()


def test_another_phone_of_hers_goes_on_where_the_first_was_and_his_does_not(
    company: Company, send: Any, bert: Phone
) -> None:
    data = b"x" * PART + b"y"
    send(data[:PART], name=sha256(data), **{"X-Size": str(len(data))})
    second = phone_of(company.anna)
    for phone, held in ((second, [0]), (bert, [])):
        asked = phone.client.get(f"/technician/files/{sha256(data)}", headers=HEADERS)
        assert asked.json()["held"] == held


def test_a_photo_announced_in_the_moment_its_bytes_came_gets_them_within_the_hour(
    company: Company,
) -> None:
    visit, data = working(company), picture()
    put(company.anna, data)
    jobs_run()  # it saw no photo: the announcement was not committed yet
    photo_announce(**announced(visit, data, company.anna))
    assert uploads_link(0) == 0, "its own job may be about to"
    with clock.freeze(clock.now() + timedelta(hours=1, minutes=1)):
        before = jobs_waiting()
        assert uploads_link(0) == 1
        assert jobs_waiting() == before + 1
        jobs_run()
        assert VisitPhoto.objects.get().attachment is not None
        assert uploads_link(0) == 0


def test_a_photo_taken_off_while_its_bytes_are_decoded_gets_none(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, data = working(company), picture()
    photo = announced(visit, data, company.anna)
    photo_announce(**photo)
    put(company.anna, data)
    whole = keeping._kept

    def taken_off(*given: Any) -> Any:
        photo_remove(actor=company.anna, visit_id=visit.pk, photo_id=photo["photo_id"])
        return whole(*given)

    monkeypatch.setattr(keeping, "_kept", taken_off)
    jobs_run()
    assert VisitPhoto.objects.get().attachment is None
    assert not Attachment.objects.exists()
