"""The negative controls: with a guard taken out, what it forbids happens."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import close_old_connections

from callout.accounts import services
from callout.accounts.models import User
from callout.kernel.actor import Actor
from callout.kernel.hub import Hub
from callout.kernel.slots import Slots
from callout.kernel.stream import Stream
from callout.web.live import endpoint
from callout.web.live.rights import AccountRules
from tests.harness.signing import session_of
from tests.live.conftest import SYSTEM, happen, technician_of, token_of

pytestmark = pytest.mark.wide

People = Callable[..., User]


class Screen:
    """A stream of this very process."""

    def __init__(self, **headers: str) -> None:
        self.status, self.body = 0, b""
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": "/api/v1/live",
            "query_string": b"",
            "headers": [
                (b"host", b"testserver"),
                *[(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
            ],
        }

    async def receive(self) -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async def send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")

    async def open(self) -> "Screen":
        self.task = asyncio.create_task(endpoint.live_app(self.scope, self.receive, self.send))
        while not self.body:
            await asyncio.sleep(0.01)
        return self


def in_one_loop(work: Callable[[], Awaitable[None]], rules: AccountRules | None = None) -> None:
    """Run with a hub of its own, and leave nothing behind."""

    async def run() -> None:
        endpoint._hub = hub = Hub(rules or AccountRules())
        try:
            await work()
        finally:
            hub.close_all()
            await asyncio.sleep(0.3)
            assert hub._task is not None
            hub._task.cancel()
            await asyncio.gather(hub._task, return_exceptions=True)
            hub._pool.shutdown()
            endpoint._hub = None

    asyncio.run(run())


def in_thread(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """From within an event loop; other tests may have cut that thread's connection."""

    def fresh(*args: Any, **kwargs: Any) -> Any:
        close_old_connections()
        return function(*args, **kwargs)

    return sync_to_async(fresh)


class Blind(AccountRules):
    """Takes no notice of what happens to accounts."""

    entities = frozenset[str]()


@pytest.mark.parametrize(("rules", "told"), [(AccountRules(), False), (Blind(), True)])
def test_without_the_rules_a_deactivated_user_would_go_on_listening(
    people: People, rules: AccountRules, told: bool
) -> None:
    mia = people("mia")
    token = token_of(mia)

    async def work() -> None:
        screen = await Screen(authorization=f"Bearer {token}").open()
        await in_thread(services.user_deactivate)(actor=SYSTEM, user_id=mia.pk)
        await in_thread(happen)(kind="secret")
        await asyncio.sleep(0.9)
        assert (b"secret" in screen.body) is told
        assert screen.task.done() is not told

    in_one_loop(work, rules)


def _believed(actor: Actor) -> Actor:
    return actor


@pytest.mark.parametrize("guarded", [True, False])
def test_who_is_deactivated_while_the_stream_opens_does_not_slip_in(
    people: People, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    mia = people("mia")
    token = token_of(mia)
    admitted = Hub._admitted

    async def slowly(self: Hub, stream: Stream) -> bool:
        await in_thread(services.user_deactivate)(actor=SYSTEM, user_id=mia.pk)
        await asyncio.sleep(0.8)  # by now the hub has read of it, and knows of no such stream
        if not guarded:
            stream.verify = partial(_believed, stream.actor)
        return await admitted(self, stream)

    monkeypatch.setattr(Hub, "_admitted", slowly)

    async def work() -> None:
        screen = await Screen(authorization=f"Bearer {token}").open()
        assert screen.status == (401 if guarded else 200)

    in_one_loop(work)


@pytest.mark.parametrize("guarded", [True, False])
def test_without_the_places_a_seventh_would_be_let_in(
    people: People, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    token = token_of(people("mia"))

    async def always(_self: Slots, _user: object) -> int:
        return 0

    if not guarded:
        monkeypatch.setattr(Slots, "claim", always)

    async def work() -> None:
        for _ in range(6):
            assert (await Screen(authorization=f"Bearer {token}").open()).status == 200
        seventh = await Screen(authorization=f"Bearer {token}").open()
        assert seventh.status == (429 if guarded else 200)

    in_one_loop(work)


@pytest.mark.parametrize("guarded", [True, False])
def test_without_the_origin_rule_another_site_would_be_let_in(
    people: People, monkeypatch: pytest.MonkeyPatch, settings: Any, guarded: bool
) -> None:
    cookie = f"{settings.SESSION_COOKIE_NAME}={session_of(people('mia'))}"
    if not guarded:
        monkeypatch.setattr(endpoint, "_ours", lambda _headers: True)

    async def work() -> None:
        await Screen(cookie=cookie).open()
        stream = await Screen(cookie=cookie, origin="https://evil.example").open()
        assert stream.status == (403 if guarded else 200)

    in_one_loop(work)


def test_without_the_audience_a_technician_would_hear_of_others_work(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    tom = people("tom", "technician")
    technician_of(tom)
    token = token_of(tom)

    async def work() -> None:
        screen = await Screen(authorization=f"Bearer {token}").open()
        await in_thread(happen)(kind="guarded")
        await asyncio.sleep(0.4)
        sort = Hub._sorted

        def all_to_all(self: Hub, entries: Any) -> Any:
            everything, _office, _own = sort(self, entries)
            return (
                everything,
                everything,
                {str(s.actor.technician_id): everything for s in self.streams},
            )

        monkeypatch.setattr(Hub, "_sorted", all_to_all)
        await in_thread(happen)(kind="unguarded")
        await asyncio.sleep(0.4)
        assert b'"unguarded"' in screen.body
        assert b'"guarded"' not in screen.body

    in_one_loop(work)
