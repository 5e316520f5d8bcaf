"""The hostile files through the office's and the API's doors: as tame as through the phone's."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from callout.orders.files import IMAGES, OTHERS
from callout.orders.models import Attachment
from callout.workforce.models import Holiday
from tests.api.conftest import OURS, World
from tests.scale import rounds
from tests.security.hostile_files import HOSTILE, MARK
from tests.security.people import Browser, People
from tests.security.test_hostile_files import tame

pytestmark = pytest.mark.wide

CASES = sorted(HOSTILE)[:: len(HOSTILE) // rounds(30, len(HOSTILE))]
Send = Callable[[World, People, str, bytes], Any]


def by_form(browser: Browser, address: str, name: str, data: bytes, **more: Any) -> Any:
    client = browser.client
    client.cookies.clear()
    client.cookies.load(browser.cookies)
    sent = {"file": SimpleUploadedFile(name, data), **more}
    return client.post(address, sent, headers={"Origin": OURS, "HX-Request": "true"})


def office(world: World, people: People, name: str, data: bytes) -> Any:
    return by_form(people.boss, f"/orders/{world.anna.order}/files/", name, data)


def api(world: World, _people: People, name: str, data: bytes) -> Any:
    path = f"/service-orders/{world.anna.order}/attachments"
    return world.boss.upload(path, name, data).response


def table(world: World, people: People, name: str, data: bytes) -> Any:
    return by_form(people.boss, reverse("office:import_new"), name, data, kind="customers")


def holidays(world: World, people: People, name: str, data: bytes) -> Any:
    address = reverse("office:holidays_import", args=[world.calendar])
    return by_form(people.boss, address, name, data)


def stored() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


@pytest.mark.parametrize("send", [office, api], ids=lambda one: str(one.__name__))
def test_through_no_door_is_a_hostile_file_kept_as_it_was_sent(
    world: World, people: People, send: Send
) -> None:
    ended = through(world, people, send)
    assert ended["kept"] > 3
    assert ended["refused"] > 3


def through(world: World, people: People, send: Send) -> Counter[str]:
    """Send them all; how many were refused and how many kept, written anew."""
    ended: Counter[str] = Counter()
    for case in CASES:
        name, make = HOSTILE[case]
        data, before = make(), stored()
        known = set(Attachment.objects.values_list("pk", flat=True))
        with transaction.atomic():
            answer = send(world, people, name, data)
            assert answer.status_code in {200, 201, 302, 413, 422}, case
            made = list(Attachment.objects.exclude(pk__in=known))
            transaction.set_rollback(True)
        for path in stored() - before:
            kept = path.read_bytes()
            assert data != kept, case
            assert MARK not in kept, case
            tame(kept)
            path.unlink()
        for row in made:
            assert row.name.rpartition(".")[2].lower() in IMAGES | set(OTHERS), case
            assert not set('\r\n<>"/\\') & set(row.name), case
        ended["kept" if made else "refused"] += 1
    return ended


@pytest.mark.parametrize("send", [table, holidays], ids=lambda one: str(one.__name__))
def test_where_a_table_is_wanted_none_of_them_is_one(
    world: World, people: People, send: Send
) -> None:
    holidays_before = Holiday.objects.count()
    for case in CASES:
        name, make = HOSTILE[case]
        with transaction.atomic():
            answer = send(world, people, name, make())
            assert answer.status_code in {200, 302, 413, 422}, case
            assert Holiday.objects.count() == holidays_before, case
            transaction.set_rollback(True)
