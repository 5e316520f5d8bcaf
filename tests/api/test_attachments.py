"""Files of an order: sent, kept, served."""

import io
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from PIL import Image

from callout.orders.models import Attachment
from tests.api.conftest import Answer, World


def picture(*, note: str = "") -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (40, 30), "red")
    exif = image.getexif()
    exif[0x010E] = note  # ImageDescription
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def bytes_of(answer: Answer) -> bytes:
    """What the edge would send."""
    path = Path(answer.headers["X-Callout-File"])
    assert path.is_relative_to(settings.MEDIA_ROOT)
    return path.read_bytes()


def test_a_photo_is_written_anew_without_what_came_with_it(world: World) -> None:
    sent = picture(note="taken at home")
    path = f"/service-orders/{world.anna.order}/attachments"
    made = world.anna.api.upload(path, "boiler.jpg", sent, visit_id=str(world.anna.visit))
    assert made.status == 201, made.text
    assert (made.body["kind"], made.body["media_type"]) == ("photo", "image/jpeg")
    assert (made.body["width"], made.body["height"]) == (40, 30)
    assert made.body["visit_id"] == str(world.anna.visit)
    kept = bytes_of(world.anna.api.get(made.body["content"].removeprefix("/api/v1")))
    assert b"taken at home" not in kept
    assert kept != sent


def test_a_file_goes_out_as_a_download_and_nothing_may_run_in_it(world: World) -> None:
    answer = world.anna.api.get(f"/attachments/{world.anna.attachment}/content")
    assert answer.status == 200
    assert bytes_of(answer) == b"Bytes Lindens"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_owner_is_asked_at_each_request(world: World) -> None:
    for api in (world.bert.api, world.nobody):
        answer = api.get(f"/attachments/{world.anna.attachment}/content")
        assert answer.status == (401 if api is world.nobody else 404)
        assert "X-Callout-File" not in answer.headers


def test_what_the_office_keeps_is_not_a_technicians(world: World) -> None:
    path = f"/service-orders/{world.anna.order}/attachments"
    made = world.boss.upload(path, "price.txt", b"dear", for_technician="false").body
    for place in (f"/attachments/{made['id']}", f"/attachments/{made['id']}/content"):
        assert world.anna.api.get(place).status == 404
    assert made["id"] not in {item["id"] for item in world.anna.api.get(path).items}
    assert made["id"] in {item["id"] for item in world.boss.get(path).items}
    assert world.anna.api.delete(f"/attachments/{made['id']}").status == 404


def test_a_technician_puts_own_files_away_and_no_others(world: World) -> None:
    path = f"/service-orders/{world.anna.order}/attachments"
    own = world.anna.api.upload(path, "own.txt", b"mine").body
    assert world.anna.api.delete(f"/attachments/{own['id']}").status == 204
    assert world.anna.api.get(f"/attachments/{own['id']}").status == 404
    assert world.anna.api.delete(f"/attachments/{world.anna.attachment}").status == 403
    assert world.anna.api.delete(f"/attachments/{world.bert.attachment}").status == 404
    assert Attachment.objects.filter(archived_at__isnull=False).count() == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("photo.jpg", b"<script>alert(1)</script>"),
        ("program.exe", b"MZ\x90"),
        ("paper.pdf", b"no paper"),
        ("drawing.svg", b"<svg onload=alert(1)>"),
        ("list.csv", b"\x00\x01"),
        ("nothing.txt", b""),
        ("noending", b"text"),
    ],
)
def test_a_hostile_file_is_refused_and_nothing_is_kept(
    world: World, name: str, data: bytes
) -> None:
    count = Attachment.objects.count()
    path = f"/service-orders/{world.anna.order}/attachments"
    answer = world.anna.api.upload(path, name, data)
    assert (answer.status, answer.fields()) == (422, {"file"}), answer.text
    assert Attachment.objects.count() == count


def test_a_form_with_other_fields_is_422(world: World) -> None:
    path = f"/service-orders/{world.anna.order}/attachments"
    assert world.anna.api.upload(path, "a.txt", b"a", owner="me").fields() == {"owner"}
    assert world.anna.api.upload(path, "a.txt", b"a", visit_id="x").fields() == {"visit_id"}
    assert world.anna.api.upload(path, "a.txt", b"a", visit_id=str(uuid4())).status == 404
    response = world.boss.client.post(
        f"/api/v1{path}", {"file": "text"}, headers={"Authorization": f"Bearer {world.boss.token}"}
    )
    assert (response.status_code, Answer(response).fields()) == (422, {"file"})


def test_a_file_sent_again_with_its_key_is_kept_once(world: World) -> None:
    path = f"/service-orders/{world.anna.order}/attachments"
    first = world.anna.api.upload(path, "a.txt", b"one", Idempotency_Key="k1")
    again = world.anna.api.upload(path, "a.txt", b"one", Idempotency_Key="k1")
    assert first.status == again.status == 201
    assert first.body == again.body
    assert again.headers["Idempotency-Replayed"] == "true"
    other = world.anna.api.upload(path, "a.txt", b"two", Idempotency_Key="k1")
    assert (other.status, other.code) == (422, "idempotency_key_reused")
