"""A technician's phone hears at once what the office changes, by its own cookie and no other."""

import time
from collections.abc import Callable
from uuid import UUID

import pytest

from callout.accounts.models import User
from callout.accounts.selectors import actor_for_user
from callout.accounts.services import device_revoke, device_sign_in, user_password_set
from callout.kernel.actor import Actor
from tests.harness.server import Served
from tests.harness.signing import session_of
from tests.live.conftest import happen, technician_of
from tests.live.streams import Reader

pytestmark = pytest.mark.wide  # a real server is started

People = Callable[..., User]
Opened = Callable[..., Reader]
PATH = "/technician/live"


def phone_of(user: User) -> tuple[UUID, str]:
    """A phone that this technician signs in on: its id and its secret."""
    device, secret = device_sign_in(actor=actor_for_user(user, "office"), user_agent="Chrome")
    return device.pk, secret


def cookie(server: Served, secret: str) -> dict[str, str]:
    return {"Cookie": f"callout-device-{server.port}={secret}"}


def test_a_phone_is_hinted_at_its_technician_s_work_and_at_nobody_else_s(
    people: People, opened: Opened, server: Served
) -> None:
    tom, ann = people("tom", "technician"), people("ann", "technician")
    his, hers = technician_of(tom), technician_of(ann)
    _device, secret = phone_of(tom)
    stream = opened(path=PATH, headers=cookie(server, secret)).ready()
    happen(hers.pk)
    own = happen(his.pk)
    event = stream.next()
    assert event is not None
    assert event.hint()["id"] == own


def test_a_phone_of_a_manager_hears_of_their_own_work_alone(
    people: People, opened: Opened, server: Served
) -> None:
    both = people("both", "manager", "technician")
    own_technician = technician_of(both)
    _device, secret = phone_of(both)
    stream = opened(path=PATH, headers=cookie(server, secret)).ready()
    happen()
    own = happen(own_technician.pk)
    event = stream.next()
    assert event is not None
    assert event.hint()["id"] == own


def test_a_phone_that_is_revoked_hears_nothing_within_a_second(
    people: People, opened: Opened, server: Served
) -> None:
    tom = people("tom", "technician")
    technician = technician_of(tom)
    device, secret = phone_of(tom)
    stream = opened(path=PATH, headers=cookie(server, secret)).ready()
    other_device, other_secret = phone_of(tom)
    other = opened(path=PATH, headers=cookie(server, other_secret)).ready()
    device_revoke(actor=actor_for_user(tom, "office"), device_id=device)
    start = time.monotonic()
    assert stream.next() is None
    assert stream.finished
    assert time.monotonic() - start < 1
    own = happen(technician.pk)
    event = other.next()
    assert event is not None, f"the other phone, {other_device}, is still his"
    assert event.hint()["id"] == own


def test_a_new_password_closes_the_phone_s_stream_within_a_second(
    people: People, opened: Opened, server: Served
) -> None:
    tom = people("tom", "technician")
    technician_of(tom)
    _device, secret = phone_of(tom)
    stream = opened(path=PATH, headers=cookie(server, secret)).ready()
    user_password_set(actor=Actor.system("tests"), user_id=tom.pk, password="another long one")
    start = time.monotonic()
    assert stream.next() is None
    assert stream.finished
    assert time.monotonic() - start < 1


@pytest.mark.parametrize("what", ["session", "nothing", "forged"])
def test_nothing_but_a_phone_s_cookie_opens_its_stream(
    what: str, people: People, opened: Opened, server: Served
) -> None:
    tom = people("tom", "technician")
    technician_of(tom)
    headers = {
        "session": {"Cookie": f"callout-{server.port}={session_of(tom)}"},
        "nothing": {},
        "forged": cookie(server, "x" * 43),
    }[what]
    assert opened(path=PATH, headers=headers).open().status == 401


def test_a_phone_s_cookie_opens_no_stream_of_the_office(
    people: People, opened: Opened, server: Served
) -> None:
    tom = people("tom", "technician")
    technician_of(tom)
    _device, secret = phone_of(tom)
    assert opened(headers=cookie(server, secret)).open().status == 401
