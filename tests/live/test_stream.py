"""Live events against the real server: two web processes and a worker."""

import time
from collections.abc import Callable

import psycopg
import pytest

from callout.accounts import services
from callout.accounts.models import ApiToken, User
from callout.accounts.selectors import actor_for_user
from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.ids import uuid7
from callout.workforce.services import technician_create
from tests.harness import database
from tests.harness.server import Served
from tests.harness.signing import session_of
from tests.live.conftest import SYSTEM, happen, technician_of, token_of
from tests.live.streams import Reader

pytestmark = pytest.mark.wide  # a real server is started

People = Callable[..., User]
Opened = Callable[..., Reader]


def test_a_manager_is_hinted_at_a_change_within_a_second(people: People, opened: Opened) -> None:
    stream = opened(people("mia")).ready()
    start = time.monotonic()
    thing = happen(kind="depart")
    event = stream.next()
    assert event is not None
    assert event.hint() == {"kind": "thing", "id": thing, "entry": "depart"}
    assert time.monotonic() - start < 1


def test_the_head_keeps_proxies_and_caches_away(people: People, opened: Opened) -> None:
    stream = opened(people("mia")).ready()
    assert stream.head["content-type"] == "text/event-stream; charset=utf-8"
    assert stream.head["cache-control"] == "no-store"
    assert stream.head["x-accel-buffering"] == "no"
    assert stream.head["x-content-type-options"] == "nosniff"


def test_what_was_missed_is_told_after_coming_back(people: People, opened: Opened) -> None:
    mia = people("mia")
    first = opened(mia).ready()
    before = happen()
    assert first.next() is not None
    first.close()
    missed = [happen() for _ in range(3)]
    again = opened(mia, headers={"Last-Event-ID": first.last_id}).ready()
    told = [again.next() for _ in missed]
    assert [event.hint()["id"] for event in told if event] == missed
    assert before not in missed
    after = happen()
    event = again.next()
    assert event is not None
    assert event.hint()["id"] == after  # and nothing of it a second time


def test_the_first_time_a_page_may_name_its_cursor_in_the_address(
    people: People, opened: Opened
) -> None:
    mia = people("mia")
    stream = opened(mia).ready()
    stream.close()
    missed = happen()
    again = opened(mia, query=f"?after={stream.last_id}").ready()
    event = again.next()
    assert event is not None
    assert event.hint()["id"] == missed


@pytest.mark.parametrize("forged", ["x", "1/1:1:", "0", "99999999999999999999999/1:1:", "%00"])
def test_a_forged_last_event_id_means_load_everything_again(
    people: People, opened: Opened, forged: str
) -> None:
    stream = opened(people("mia"), headers={"Last-Event-ID": forged}).ready()
    event = stream.next()
    assert event is not None
    assert event.name == "resync"
    thing = happen()
    event = stream.next()
    assert event is not None
    assert event.hint()["id"] == thing


@service
def _burst(*, actor: Actor, count: int) -> None:
    for _ in range(count):
        journal.record(actor, entity="thing", entity_id=uuid7(), kind="imported")


@pytest.mark.wide
def test_an_import_of_more_than_a_thousand_means_load_everything_again(
    people: People, opened: Opened
) -> None:
    stream = opened(people("mia")).ready()
    _burst(actor=SYSTEM, count=1_001)
    events = [stream.next(), stream.next(0.5)]
    assert [event.name for event in events if event] == ["resync"]


@pytest.mark.wide
def test_a_thousand_single_changes_of_one_writer_do_not_hurt_who_reads(
    people: People, opened: Opened
) -> None:
    mia = people("mia")
    streams = [opened(mia).ready() for _ in range(3)]
    start = time.monotonic()
    things = [happen() for _ in range(1_000)]
    wrote = time.monotonic() - start
    last = happen()
    for stream in streams:
        told: list[str] = []
        while not told or told[-1] not in (last, "resync"):
            event = stream.next(5)
            assert event is not None
            told.append("resync" if event.name == "resync" else event.hint()["id"])
        assert told[-1] == "resync" or told == [*things, last]
    assert time.monotonic() - start < wrote + 2


# --- who sees what -------------------------------------------------------------------------------


def test_a_technician_is_hinted_at_own_work_only(people: People, opened: Opened) -> None:
    tom, tim, mia = people("tom", "technician"), people("tim", "technician"), people("mia")
    technicians = [technician_of(tom).pk, technician_of(tim).pk]
    toms, tims, mias = (opened(user).ready() for user in (tom, tim, mia))
    things = [happen(technicians[0]), happen(technicians[1]), happen(*technicians), happen()]
    told = [[event.hint()["id"] for event in s.all(0.7)] for s in (toms, tims, mias)]
    assert told == [[things[0], things[2]], [things[1], things[2]], things]


def test_a_replay_tells_a_technician_of_own_work_only(people: People, opened: Opened) -> None:
    tom = people("tom", "technician")
    technician = technician_of(tom).pk
    stream = opened(tom).ready()
    stream.close()
    happen()
    own = happen(technician)
    again = opened(tom, headers={"Last-Event-ID": stream.last_id}).ready()
    assert [event.hint()["id"] for event in again.all(0.5)] == [own]


def test_a_user_with_the_role_but_no_technician_is_hinted_at_nothing(
    people: People, opened: Opened
) -> None:
    stream = opened(people("tom", "technician")).ready()
    happen()
    assert stream.all(0.7) == []


def test_a_user_who_becomes_a_technician_is_hinted_at_their_work_at_once(
    people: People, opened: Opened
) -> None:
    tom = people("tom", "technician")
    stream = opened(tom).ready()
    technician = technician_create(actor=SYSTEM, name="Tom", user_id=tom.pk)
    event = stream.next()
    assert event is not None
    assert event.name == "resync"
    later = happen(technician.pk)
    event = stream.next()
    assert event is not None
    assert event.hint()["id"] == later


def test_a_stranger_gets_401(opened: Opened, transactional_db: None) -> None:
    stream = opened().open()
    assert stream.status == 401
    assert stream.head["content-type"] == "application/problem+json"
    assert stream.problem()["code"] == "not_signed_in"


def test_a_wrong_token_is_not_made_good_by_a_session(people: People, opened: Opened) -> None:
    key = session_of(people("mia"))
    assert opened(session=key).open().status == 200
    bad = opened(session=key, headers={"Authorization": "Bearer callout_nonsense"})
    assert bad.open().status == 401
    assert opened(session=key, headers={"Authorization": "Basic eDp5"}).open().status == 401


@pytest.mark.parametrize("name", ["token", "access_token", "authorization", "session", "key"])
def test_a_token_in_the_address_opens_nothing(people: People, opened: Opened, name: str) -> None:
    token = token_of(people("mia"))
    assert opened(query=f"?{name}={token}").open().status == 401
    # The control: the same token in its place does.
    assert opened(headers={"Authorization": f"Bearer {token}"}).open().status == 200


@pytest.mark.parametrize("method", ["POST", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_a_stream_is_read_with_get_only(people: People, opened: Opened, method: str) -> None:
    headers = {"Authorization": f"Bearer {token_of(people('mia'))}"}
    assert opened(headers=headers, method=method).open().status == 405


HOSTILE = [
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost:1"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Host": "evil.example"},
]


@pytest.mark.parametrize("headers", HOSTILE)
def test_another_site_cannot_open_a_stream_with_our_cookie(
    people: People, opened: Opened, headers: dict[str, str]
) -> None:
    key = session_of(people("mia"))
    stream = opened(session=key, headers=headers).open()
    assert stream.status == 403
    assert stream.problem()["code"] == "other_origin"


def test_our_own_page_can(people: People, opened: Opened, server: Served) -> None:
    own = {"Origin": server.url, "Sec-Fetch-Site": "same-origin"}
    opened(session=session_of(people("mia")), headers=own).ready()


# --- at most six ---------------------------------------------------------------------------------


def test_the_seventh_stream_of_a_user_is_refused_over_all_processes(
    people: People, opened: Opened
) -> None:
    mia, tom = people("mia"), people("tom")
    six = [opened(mia).ready() for _ in range(6)]
    for _ in range(8):  # whichever process takes it
        seventh = opened(mia).open()
        assert seventh.status == 429
        assert seventh.problem()["code"] == "too_many"
        assert int(seventh.head["retry-after"]) > 0
    opened(tom).ready()
    six[0].close()
    end = time.monotonic() + 3
    while (again := opened(mia).open()).status == 429 and time.monotonic() < end:
        time.sleep(0.05)
    assert again.status == 200


# --- revocation ----------------------------------------------------------------------------------


def closed_within_a_second_and_silent(stream: Reader, revoked: float) -> None:
    stream.wait_for_the_end()
    assert time.monotonic() - revoked < 1.0
    assert stream.all(0.1) == []


def test_deactivating_closes_the_streams_within_a_second(people: People, opened: Opened) -> None:
    mia, tom = people("mia"), people("tom")
    streams = [opened(mia).ready(), opened(session=session_of(mia)).ready()]
    other = opened(tom).ready()
    admin = Actor.system("tests", "command")
    start = time.monotonic()
    services.user_deactivate(actor=admin, user_id=mia.pk)
    thing = happen()
    for stream in streams:
        closed_within_a_second_and_silent(stream, start)
    # The control: whoever was not deactivated gets the hint.
    event = other.next()
    assert event is not None
    assert event.hint()["id"] == thing


def test_revoking_a_token_closes_its_stream_and_no_other(people: People, opened: Opened) -> None:
    mia = people("mia")
    doomed = opened(mia).ready()
    token = ApiToken.objects.get(user=mia)
    other = opened(mia).ready()
    start = time.monotonic()
    services.token_revoke(actor=SYSTEM, token_id=token.pk)
    happen()
    closed_within_a_second_and_silent(doomed, start)
    assert other.next() is not None
    assert not other.ended


def test_a_session_that_ends_closes_its_stream(people: People, opened: Opened) -> None:
    mia = people("mia")
    stream = opened(session=session_of(mia)).ready()
    start = time.monotonic()
    services.user_password_set(actor=SYSTEM, user_id=mia.pk, password="another long one")
    happen()
    closed_within_a_second_and_silent(stream, start)


def test_a_role_taken_away_counts_for_the_open_stream(people: People, opened: Opened) -> None:
    mia = people("mia", "manager", "technician")
    stream = opened(mia).ready()
    services.user_update(actor=SYSTEM, user_id=mia.pk, is_manager=False)
    happen()
    assert [event.name for event in stream.all(1.0)] == ["resync"]
    assert not stream.ended


# --- what goes wrong -----------------------------------------------------------------------------


def test_the_feed_goes_on_after_its_connections_were_cut(people: People, opened: Opened) -> None:
    stream = opened(people("mia")).ready()
    with database.superuser(database.NAME) as root:
        cut = root.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND (query LIKE 'LISTEN%%' OR query LIKE '%%pg_current_snapshot%%')"
        ).fetchone()
    assert cut is not None
    assert cut[0] >= 2
    thing = happen()
    event = stream.next(5)
    assert event is not None
    assert event.hint()["id"] == thing


def test_a_lost_wake_up_costs_no_more_than_the_poll(
    people: People, opened: Opened, app_dsn: str
) -> None:
    stream = opened(people("mia")).ready()
    time.sleep(0.1)
    with psycopg.connect(app_dsn, autocommit=True) as link:  # tells nobody
        link.execute(
            "INSERT INTO kernel_journalentry"
            " (at, actor_name, door, entity, entity_id, kind, facts, audience) VALUES"
            " (now(), '', 'x', 'thing', gen_random_uuid(), 'quiet', '{}', '[]')"
        )
    event = stream.next(1.5)
    assert event is not None
    assert event.hint()["entry"] == "quiet"


def test_what_accounts_record_is_hinted_to_admins_only(people: People, opened: Opened) -> None:
    mia, ada = people("mia"), people("ada", "admin", "manager")
    manager, admin = opened(mia).ready(), opened(ada).ready()
    manager.all(0.3), admin.all(0.3)
    services.token_create(actor=actor_for_user(ada, "office"), name="t")
    happen()
    assert [event.hint()["kind"] for event in manager.all(0.7)] == ["thing"]
    assert [event.hint()["kind"] for event in admin.all(0.7)] == ["api_token", "thing"]
