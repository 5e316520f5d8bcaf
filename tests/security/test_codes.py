"""The code of a door: kept, looked at, and nowhere else: no screen, no table, no row."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.urls import reverse

from callout.accounts.models import User
from callout.customers import secrets
from callout.kernel.models import JournalEntry
from callout.webhooks.followers import deliveries
from callout.webhooks.models import Delivery
from tests.api.conftest import OURS, World
from tests.notify.conftest import entries_since
from tests.security.people import People
from tests.security.screens import furnish, screens

pytestmark = pytest.mark.wide

CODE = "Kd83-Zebra-77"


def keep(world: World) -> None:
    path = f"/sites/{world.anna.site}"
    etag = world.boss.get(path).etag
    given = {"If_Match": etag, "Idempotency_Key": "once"}
    assert world.boss.put(f"{path}/access-code", {"code": CODE}, **given).status == 200


def rows_with_it() -> list[str]:
    """The tables in which it stands, as text or as bytes."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s OR t::text LIKE %s',
                [f"%{CODE}%", f"%{CODE.encode().hex()}%"],
            )
            found += [table] if cursor.fetchone()[0] else []
    return found


def tables_that_leave(people: People) -> Iterator[bytes]:
    addresses = [reverse("office:things_export", args=[kind])
                 for kind in ("customers", "sites", "assets")]  # fmt: skip
    addresses.append(f"{reverse('office:order_export')}?day=all&columns=customer,site,asset")
    for address in addresses:
        client = people.boss.client
        client.cookies.load(people.boss.cookies)
        answer = client.post(address, headers={"Origin": OURS})
        assert answer.status_code == 200
        yield b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.dear
def test_it_is_in_one_answer_alone_and_that_look_in_the_journal(
    world: World, people: People
) -> None:
    before = max((entry.id for entry in entries_since()), default=0)
    keep(world)
    order = world.anna.order
    look = world.anna.api.get(f"/service-orders/{order}/access-code")
    assert (look.status, CODE in look.text) == (200, True)
    assert "no-store" in look.headers["Cache-Control"]
    again = people.anna("POST", reverse("office:order_code", args=[order]), HX_Request="true")
    assert CODE not in again.content.decode()  # the office's pages are for managers
    assert JournalEntry.objects.filter(kind="code_look").count() == 1
    User.objects.filter(pk=str(world.anna.actor.user_id)).update(is_manager=True)  # and both
    there = people.anna("POST", reverse("office:order_code", args=[order]), HX_Request="true")
    assert CODE in there.content.decode()
    assert "no-store" in there.headers["Cache-Control"]
    User.objects.filter(pk=str(world.anna.actor.user_id)).update(is_manager=False)
    assert world.boss.get(f"/service-orders/{order}/access-code").status == 404
    assert world.bert.api.get(f"/service-orders/{order}/access-code").status == 404
    furnish(world, people)
    deliveries(entries_since(before))
    assert Delivery.objects.filter(event="site.update").count() == 0
    assert rows_with_it() == []
    browsers, count = people.all(), 0
    for who, address in screens(world, people):
        answer = browsers[who]("GET", address)
        count += 1
        assert CODE not in getattr(answer, "content", b"").decode("utf-8", "replace"), address
    assert count > 150
    for data in tables_that_leave(people):
        assert CODE.encode() not in data
    for path in (f"/sites/{world.anna.site}", f"/service-orders/{order}", "/sites?q=Kd83"):
        assert CODE not in world.boss.get(path).text
    assert JournalEntry.objects.filter(kind="code_look").count() == 1


def test_control_a_code_that_is_not_sealed_is_found(
    world: World, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "encrypt", lambda code, _site: code.encode())
    with transaction.atomic():
        keep(world)
        assert rows_with_it() == ["customers_site"]
