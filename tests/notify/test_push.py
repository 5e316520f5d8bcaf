"""Pushes: readable by the phone alone, signed by us, to live phones, in working hours."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation
from http_ece import ECEException
from procrastinate.contrib.django.models import ProcrastinateJob
from py_vapid import Vapid02

from callout.accounts.models import Device, User
from callout.kernel import clock, outgoing
from callout.notify import quiet, tasks
from callout.notify.keys import push_key
from callout.notify.models import Notice, PushSubscription
from callout.notify.services import push_subscribe
from callout.notify.tasks import PushNotTaken
from callout.notify.words import notice_words
from callout.orders.models import ServiceOrder
from callout.orders.numbers import order_number
from callout.orders.selectors.when import When
from callout.workforce.services import absence_create, working_week_set
from tests.notify.conftest import Company, Follower, on_phone, phone_of
from tests.notify.service import Browser, PushService

ALWAYS = [[["00:00", "24:00"]]] * 7


@pytest.fixture
def always(company: Company) -> None:
    """Anna works day and night."""
    weeks(company, ALWAYS)


def weeks(company: Company, days: Any) -> None:
    working_week_set(
        actor=company.manager,
        technician_id=company.anna.technician_id,  # type: ignore[arg-type]
        valid_from=datetime(2020, 1, 6, tzinfo=UTC).date(),
        days=days,
    )


class Phone:
    """Anna's phone, and the browser on it."""

    def __init__(self, company: Company, service: PushService, path: str = "a") -> None:
        self.browser = Browser()
        self.device = phone_of(company.anna)
        self.subscription = push_subscribe(
            actor=on_phone(company.anna, self.device),
            endpoint=f"{service.origin}/{path}",
            **self.browser.keys,
        )


@pytest.fixture
def phone(company: Company, always: None, push_service: PushService) -> Phone:
    return Phone(company, push_service)


def jobs(task: str, status: str = "todo") -> list[dict[str, Any]]:
    rows = ProcrastinateJob.objects.filter(task_name=task, status=status).order_by("id")
    return list(rows.values_list("args", flat=True))


def work() -> None:
    """Do the jobs that are there, as the worker would do them."""
    for args in jobs("notify.notice_push"):
        tasks.notice_push.func(**args)
    for args in jobs("notify.push_send"):
        tasks.push_send.func(**args)


def planned_and_told(company: Company, follow: Follower, hours: float = 1) -> ServiceOrder:
    order = company.planned(hours=hours)
    follow()
    return order


def test_a_push_is_read_by_its_phone_and_says_number_and_time_alone(
    company: Company, follow: Follower, phone: Phone, push_service: PushService
) -> None:
    order = planned_and_told(company, follow)
    work()
    ((path, headers, body),) = push_service.came
    told = phone.browser.opened(body)
    number = order_number(order.number)
    assert path == "/a"
    assert told["title"] == f"New work: {number}"
    assert told["body"].startswith("New work: ")
    assert (told["callout"], told["kind"], told["visit"]) == (1, "new", str(order.visit_id))
    assert set(told) == {"callout", "notice", "kind", "visit", "title", "body"}
    for secret in (company.customer.name, company.site.name, company.site.street, "hot water"):
        assert secret not in json.dumps(told)
    assert headers["content-encoding"] == "aes128gcm"
    assert 0 < int(headers["ttl"]) <= 2 * 24 * 3600
    assert headers["topic"] == order.visit_id.hex  # type: ignore[union-attr]


def test_nobody_else_can_read_it(
    company: Company, follow: Follower, phone: Phone, push_service: PushService
) -> None:
    planned_and_told(company, follow)
    work()
    with pytest.raises(ECEException):
        Browser().opened(push_service.came[0][2])


def test_it_is_signed_by_this_installation_for_that_service(
    company: Company, follow: Follower, phone: Phone, push_service: PushService
) -> None:
    planned_and_told(company, follow)
    work()
    scheme, _blank, rest = push_service.came[0][1]["authorization"].partition(" ")
    parts = dict(part.split("=", 1) for part in rest.split(","))
    assert scheme == "vapid"
    assert parts["k"] == push_key()
    assert Vapid02.verify(push_service.came[0][1]["authorization"])
    claims = json.loads(base64.urlsafe_b64decode(parts["t"].split(".")[1] + "=="))
    assert claims["aud"] == push_service.origin
    assert claims["sub"] == "mailto:office@example.com"
    assert time.time() < claims["exp"] <= time.time() + 24 * 3600


@pytest.mark.parametrize(("hours", "urgency"), [(0, "high"), (72, "normal")])
def test_todays_work_is_urgent(
    company: Company,
    follow: Follower,
    phone: Phone,
    push_service: PushService,
    hours: float,
    urgency: str,
) -> None:
    planned_and_told(company, follow)
    notice = Notice.objects.get()
    notice.facts["is"]["start"] = (clock.now() + timedelta(hours=hours)).isoformat()
    notice.save()
    work()
    assert push_service.came[0][1]["urgency"] == urgency


def test_the_words_are_in_the_users_language(
    company: Company, follow: Follower, phone: Phone, push_service: PushService
) -> None:
    User.objects.filter(pk=str(company.anna.user_id)).update(language="de")
    planned_and_told(company, follow, 72)
    work()
    body = phone.browser.opened(push_service.came[0][2])["body"]
    english = notice_words(Notice.objects.get(), When())
    with translation.override("de"):
        assert body == notice_words(Notice.objects.get(), When())
    assert body != english


def test_several_moves_within_seconds_are_one_push(
    company: Company, follow: Follower, phone: Phone, push_service: PushService
) -> None:
    order = planned_and_told(company, follow, 1)
    for hours in (2, 3):
        start = (clock.now() + timedelta(hours=hours)).replace(second=0, microsecond=0)
        company.act(company.manager, order, "replan", start=start)
        follow()
    waiting = ProcrastinateJob.objects.filter(task_name="notify.notice_push")
    assert all(job.scheduled_at > clock.now() for job in waiting)  # gathered for some seconds
    work()
    ((_path, _headers, body),) = push_service.came
    assert phone.browser.opened(body)["kind"] == "new"


def test_a_job_that_runs_twice_pushes_once(
    company: Company, follow: Follower, phone: Phone, push_service: PushService
) -> None:
    planned_and_told(company, follow)
    (args,) = jobs("notify.notice_push")
    for _ in range(2):
        tasks.notice_push.func(**args)
    assert len(jobs("notify.push_send")) == 1


def test_what_was_seen_meanwhile_is_not_pushed(
    company: Company, follow: Follower, phone: Phone, push_service: PushService
) -> None:
    planned_and_told(company, follow)
    tasks.notice_push.func(**jobs("notify.notice_push")[0])
    Notice.objects.update(seen_at=clock.now())
    tasks.push_send.func(**jobs("notify.push_send")[0])
    assert push_service.came == []


def test_both_phones_of_a_technician_are_told(
    company: Company, follow: Follower, phone: Phone, push_service: PushService
) -> None:
    other = Phone(company, push_service, "b")
    planned_and_told(company, follow)
    work()
    came = {path: body for path, _headers, body in push_service.came}
    assert phone.browser.opened(came["/a"]) == other.browser.opened(came["/b"])


@pytest.mark.parametrize(
    "ended", ["revoked_at", "lost_at", "signed_out_at", "expires_at", "deactivated", "role"]
)
def test_a_phone_that_is_out_is_told_nothing(
    company: Company, follow: Follower, phone: Phone, push_service: PushService, ended: str
) -> None:
    planned_and_told(company, follow)
    tasks.notice_push.func(**jobs("notify.notice_push")[0])
    (sending,) = jobs("notify.push_send")
    user = User.objects.filter(pk=str(company.anna.user_id))
    if ended == "deactivated":
        user.update(is_active=False)
    elif ended == "role":
        user.update(is_technician=False)
    else:
        Device.objects.filter(pk=phone.device.pk).update(**{ended: clock.now()})
    tasks.push_send.func(**sending)
    assert push_service.came == []
    notice = Notice.objects.get()
    assert list(tasks.subscriptions_of(notice)) == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    company: Company, follow: Follower, phone: Phone, push_service: PushService, status: int
) -> None:
    push_service.status = status
    planned_and_told(company, follow)
    work()
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_cannot_now_is_asked_again(
    company: Company, follow: Follower, phone: Phone, push_service: PushService, status: int
) -> None:
    push_service.status = status
    planned_and_told(company, follow)
    with pytest.raises(PushNotTaken):
        work()
    assert PushSubscription.objects.get().failures == 1
    push_service.status = 201
    tasks.push_send.func(**jobs("notify.push_send")[0])
    assert PushSubscription.objects.get().failures == 0
    assert tasks.push_send.retry_strategy is not None


@pytest.mark.wide
@pytest.mark.parametrize("status", [400, 403, 413])
def test_a_refusal_is_not_repeated_and_ten_in_a_row_end_it(
    company: Company, follow: Follower, phone: Phone, push_service: PushService, status: int
) -> None:
    push_service.status = status
    planned_and_told(company, follow)
    work()
    assert PushSubscription.objects.get().failures == 1
    PushSubscription.objects.update(failures=9)
    tasks.push_send.func(**jobs("notify.push_send")[0])
    assert not PushSubscription.objects.exists()


def test_an_address_inside_the_network_is_never_asked_and_is_forgotten(
    company: Company,
    follow: Follower,
    phone: Phone,
    push_service: PushService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outgoing, "is_public", lambda _address: False)
    planned_and_told(company, follow)
    work()
    assert push_service.came == []
    assert not PushSubscription.objects.exists()


def test_a_service_that_is_away_is_asked_again(
    company: Company, follow: Follower, phone: Phone, push_service: PushService
) -> None:
    push_service.stop()
    planned_and_told(company, follow)
    with pytest.raises(PushNotTaken):
        work()


def test_without_a_key_of_the_installation_nothing_is_pushed(
    company: Company, follow: Follower, phone: Phone, settings: Any
) -> None:
    settings.VAPID_KEY = ""
    planned_and_told(company, follow)
    assert jobs("notify.notice_push") == []
    assert push_key() == ""
    assert Notice.objects.count() == 1


# --- quiet ---------------------------------------------------------------------------------------


def test_outside_working_hours_it_waits_for_the_next_ones(
    company: Company, follow: Follower, phone: Phone, push_service: PushService
) -> None:
    now = clock.now()
    weeks(company, [[] if day == (now.weekday()) else [["08:00", "16:00"]] for day in range(7)])
    planned_and_told(company, follow)
    tasks.notice_push.func(**jobs("notify.notice_push")[0])
    assert jobs("notify.push_send") == []
    waiting = ProcrastinateJob.objects.filter(task_name="notify.notice_push").latest("id")
    assert waiting.scheduled_at == quiet.awake_from(company.anna.technician_id, now)  # type: ignore[arg-type]
    assert Notice.objects.get().pushed_at is None


@pytest.mark.parametrize(
    ("hour", "away", "awake"),
    [
        (12, None, "2026-11-26 12:00"),  # at work
        (5, None, "2026-11-26 08:00"),  # before it
        (17, None, "2026-11-27 08:00"),  # after it
        (9, ("2026-11-26 08:00", "2026-11-26 10:00"), "2026-11-26 10:00"),  # a meeting
        (9, ("2026-11-26 00:00", "2026-11-28 00:00"), "2026-11-30 08:00"),  # ill until Monday
        (9, ("2026-11-26 10:00", "2026-11-26 11:00"), "2026-11-26 09:00"),  # away later
        (9, ("2026-11-01 00:00", "2027-01-30 00:00"), None),  # for two months
    ],
)
def test_when_somebody_may_be_disturbed(
    company: Company, hour: int, away: tuple[str, str] | None, awake: str | None
) -> None:
    weeks(company, [[["08:00", "16:00"]]] * 5 + [[], []])
    if away is not None:
        absence_create(
            actor=company.manager,
            technician_id=company.anna.technician_id,  # type: ignore[arg-type]
            kind="sickness",
            start=brussels(away[0]),
            end=brussels(away[1]),
        )
    found = quiet.awake_from(
        company.anna.technician_id,  # type: ignore[arg-type]
        brussels(f"2026-11-26 {hour:02}:00"),
    )
    assert found == (brussels(awake) if awake else None)


def brussels(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+01:00")
