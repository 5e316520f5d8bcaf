"""A technician is told by mail what the office did with their work: once, in their own words."""

import re
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.accounts.mail import MailNotSent
from callout.accounts.mail_state import mail_is_failing
from callout.accounts.models import Company as CompanyRow
from callout.accounts.models import User
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.notify import tasks
from callout.notify.models import Notice
from callout.orders.numbers import order_number
from tests.notify.conftest import Company, Follower
from tests.orders.conftest import soon


def jobs() -> Any:
    return ProcrastinateJob.objects.filter(task_name="notify.work_mail").order_by("pk")


def work() -> list[Any]:
    """Do the jobs of mails that wait, as the worker would; the mails that went by that."""
    before = len(mail.outbox)
    for job in list(jobs().filter(status="todo")):
        tasks.work_mail.func(**job.args)
        ProcrastinateJob.objects.filter(pk=job.pk).delete()
    return list(mail.outbox[before:])


def anna(**values: Any) -> None:
    User.objects.filter(name="Anna").update(**values)


def test_new_work_is_told_with_its_number_time_kind_town_and_link(
    company: Company, follow: Follower
) -> None:
    order = company.planned()
    follow()
    (message,) = work()
    number = order_number(order.number)
    assert message.to == ["anna@example.com"]
    assert message.subject.startswith(f"{number}: New work: ")
    assert f"http://localhost:8000/technician/#/visit/{order.visit_id}" in message.body
    assert "Wavre" in message.body
    for text in ("Lemaire", "Bakery", "Louvain", "hot water", "Bert"):
        assert text not in message.body
    assert work() == []


def test_many_changes_within_some_minutes_are_one_mail_that_says_how_it_is_now(
    company: Company, follow: Follower
) -> None:
    first, second = company.planned(hours=1), company.planned(hours=3)
    follow()
    for hours in (5, 6, 7):
        company.act(company.manager, first, "replan", start=soon(hours))
        follow()
    (job,) = jobs()
    assert job.scheduled_at > clock.now() + timedelta(minutes=4)
    (message,) = work()
    assert message.subject == "2 changes in your work"
    lines = re.findall(r"^SO-\d+: .*$", message.body, re.MULTILINE)
    assert [line.partition(": ")[0] for line in lines] == [
        order_number(second.number),
        order_number(first.number),
    ]
    assert all("New work" in line for line in lines)


@pytest.mark.parametrize(
    ("action", "given", "words"),
    [
        ("replan", {"hours": 5}, "Moved: "),
        ("cancel", {"note": "The tenant has moved"}, "Cancelled: "),
        ("unplan", {}, "No longer yours: "),
    ],
)
def test_moved_cancelled_and_taken_away_are_told(
    company: Company, follow: Follower, action: str, given: dict[str, Any], words: str
) -> None:
    order = company.planned()
    follow()
    work()
    if "hours" in given:
        given = {"start": soon(given["hours"])}
    company.act(company.manager, order, action, **given)
    follow()
    (message,) = work()
    assert words in message.subject
    assert "tenant" not in message.body


def test_what_came_and_went_again_within_some_minutes_is_no_mail(
    company: Company, follow: Follower
) -> None:
    order = company.planned()
    follow()
    company.act(company.manager, order, "unplan")
    follow()
    assert work() == []


def test_what_they_did_themselves_or_have_seen_in_the_app_is_no_mail(
    company: Company, follow: Follower
) -> None:
    order = company.planned()
    follow()
    Notice.objects.update(seen_at=clock.now())
    assert work() == []
    company.act(company.anna, order, "depart")
    company.act(company.anna, order, "complete")
    follow()
    assert jobs().count() == 0


@pytest.mark.parametrize(
    "values", [{"mail_of_work": False}, {"is_active": False}, {"is_technician": False}]
)
def test_who_wants_none_or_left_meanwhile_is_sent_none(
    company: Company, follow: Follower, values: dict[str, bool]
) -> None:
    company.planned()
    follow()
    anna(**values)
    assert work() == []
    anna(mail_of_work=True, is_active=True, is_technician=True)
    tasks.work_mail.func(technician_id=str(company.anna.technician_id))
    assert mail.outbox == []  # switched on again, they are not told what is long known


def test_each_technician_gets_their_own_mail_and_no_line_of_anothers(
    company: Company, follow: Follower
) -> None:
    hers, his = company.planned(), company.planned(company.bert)
    follow()
    told = {message.to[0]: message.body for message in work()}
    assert order_number(hers.number) in told["anna@example.com"]
    assert order_number(his.number) not in told["anna@example.com"]
    assert order_number(hers.number) not in told["bert@example.com"]


def test_it_is_in_their_language_and_the_companys_time(company: Company, follow: Follower) -> None:
    anna(language="fr")
    CompanyRow.objects.update_or_create(pk=CompanyRow().pk, defaults={"time_zone": "Asia/Tokyo"})
    from callout.accounts.company import KEPT

    KEPT.forget()
    order = company.planned()
    follow()
    (message,) = work()
    KEPT.forget()
    start = order.visits.get().start
    assert "New work" not in message.subject
    assert f"{(start + timedelta(hours=9)).replace(tzinfo=None):%H:%M}" in message.subject


def test_the_html_says_the_same_and_makes_links_of_our_own_address_alone(
    company: Company, follow: Follower
) -> None:
    name = 'É <script>alert(1)</script> http://evil.example/" x="'
    type(company.kind).objects.update(name=name)
    anna(name="Anna\nhttp://evil.example/\r\nBcc: all@example.com")
    company.planned()
    follow()
    (message,) = work()
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    assert "<script" not in html
    links = re.findall(r'href="([^"]*)"', html)
    assert len(links) == 2
    assert all(link.startswith("http://localhost:8000/") for link in links)
    assert message.recipients() == ["anna@example.com"]
    assert "\n" not in message.subject
    assert "Bcc" not in dict(message.message().items())
    shown = re.sub(r"<[^>]+>", " ", html)
    assert all(word in shown for word in ("New work", "Wavre"))


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError("no"),
        SMTPDataError(452, b"mailbox of anna@example.com is full"),
        SMTPRecipientsRefused({"anna@example.com": (550, b"who is anna@example.com?")}),
    ],
)
def test_a_server_that_takes_nothing_is_tried_again_and_admins_see_it_without_an_address(
    company: Company, follow: Follower, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    system = Actor.system("tests")
    company.planned()
    follow()

    def broken(*_args: Any) -> int:
        raise error

    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "send_messages", broken)
        with pytest.raises(MailNotSent) as raised:
            work()
    assert "anna" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__
    assert mail_is_failing(actor=system)
    assert tasks.work_mail.retry_strategy is not None
    assert len(work()) == 1
    assert not mail_is_failing(actor=system)
