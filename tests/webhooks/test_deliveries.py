"""What happened is told: signed, at least once, with one id, and for three days."""

import logging
from base64 import b64decode
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.db.models import QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.accounts.models import User
from callout.kernel import clock, follow
from callout.kernel.actor import Actor
from callout.kernel.errors import Refused
from callout.kernel.models import JournalEntry
from callout.webhooks import selectors, tasks
from callout.webhooks.events import TEST
from callout.webhooks.models import Delivery, Webhook
from callout.webhooks.sending import deliveries_send
from callout.webhooks.services import (
    delivery_send_again,
    webhook_create,
    webhook_remove,
    webhook_secret_renew,
    webhook_test,
    webhook_update,
)
from tests.orders.conftest import company_made
from tests.webhooks.conftest import ADDRESS, Company, Hook, Reader, Receiver


def later(**time: float) -> Any:
    """The clock, so much later."""
    return clock.freeze(clock.now() + timedelta(**time))


def test_an_order_that_is_planned_is_told_with_ids_links_and_what_changed(
    company: Company, hook: Hook, read: Reader, receiver: Receiver
) -> None:
    order = company.planned()
    read()
    deliveries_send(hook.row.pk)
    recorded, planned = receiver.came
    assert (recorded.told["type"], planned.told["type"]) == (
        "service_order.create",
        "service_order.plan",
    )
    data = planned.told["data"]
    assert data["id"] == str(order.pk)
    assert data["api_url"] == f"http://localhost:8000/api/v1/service-orders/{order.pk}"
    assert data["page_url"] == f"http://localhost:8000/orders/{order.pk}/"
    assert data["user_id"] == str(company.manager.user_id)
    assert data["changed"]["to"] == "planned"
    assert data["changed"]["technician"] == str(company.anna.technician_id)
    assert planned.url == ADDRESS


def test_what_is_sent_holds_nothing_that_people_wrote(
    company: Company, hook: Hook, read: Reader, receiver: Receiver
) -> None:
    order = company.planned(note="The dog bites")
    company.act(company.manager, order, "cancel", note="The tenant has moved")
    read()
    deliveries_send(hook.row.pk)
    assert len(receiver.came) == 3
    everything = b"".join(one.body for one in receiver.came).decode()
    for text in ("dog", "tenant", "No hot water", "Lemaire", "Bakery", "Louvain", "Els", "Anna"):
        assert text not in everything


def test_it_is_signed_for_this_body_at_this_time(
    company: Company, hook: Hook, read: Reader, receiver: Receiver
) -> None:
    company.order()
    read()
    deliveries_send(hook.row.pk)
    (came,) = receiver.came
    assert came.is_signed_with(hook.secret)
    assert abs(int(came.headers["webhook-timestamp"]) - clock.now().timestamp()) < 60
    came.body += b" "
    assert not came.is_signed_with(hook.secret)


def test_a_renewed_secret_and_the_one_before_it_both_sign_for_a_day(
    hook: Hook, admin: Actor, receiver: Receiver
) -> None:
    new = webhook_secret_renew(actor=admin, webhook_id=hook.row.pk)
    webhook_test(actor=admin, webhook_id=hook.row.pk)
    deliveries_send(hook.row.pk)
    with later(days=1, seconds=1):
        webhook_test(actor=admin, webhook_id=hook.row.pk)
        deliveries_send(hook.row.pk)
    first, second = receiver.came
    assert (first.is_signed_with(hook.secret), first.is_signed_with(new)) == (True, True)
    assert (second.is_signed_with(hook.secret), second.is_signed_with(new)) == (False, True)


def test_each_secret_signs_for_its_own_day_however_many_are_made_within_it(
    hook: Hook, admin: Actor, receiver: Receiver
) -> None:
    """A receiver may have any of them: pressed twice by mistake, the one in use goes on."""
    secrets = [hook.secret]
    for hours in (0, 10, 20):
        with later(hours=hours):
            secrets.append(webhook_secret_renew(actor=admin, webhook_id=hook.row.pk))
    signed = []
    for hours in (21, 25, 35, 45):
        with later(hours=hours):
            webhook_test(actor=admin, webhook_id=hook.row.pk)
            deliveries_send(hook.row.pk)
        signed.append([receiver.came[-1].is_signed_with(one) for one in secrets])
    assert signed == [
        [True, True, True, True],
        [False, True, True, True],
        [False, False, True, True],
        [False, False, False, True],
    ]


def test_more_secrets_than_a_header_should_hold_are_refused_until_the_first_has_had_its_day(
    hook: Hook, admin: Actor
) -> None:
    for _number in range(5):
        webhook_secret_renew(actor=admin, webhook_id=hook.row.pk)
    before = bytes(Webhook.objects.get().secret)
    with pytest.raises(Refused, match="5 secrets before this one still sign"):
        webhook_secret_renew(actor=admin, webhook_id=hook.row.pk)
    assert bytes(Webhook.objects.get().secret) == before
    with later(days=1, seconds=1):
        webhook_secret_renew(actor=admin, webhook_id=hook.row.pk)
    assert len(Webhook.objects.get().old_secrets) == 1  # what is over is forgotten


def test_only_events_that_were_chosen_are_told_and_accounts_never(
    company: Company, admin: Actor, read: Reader, receiver: Receiver
) -> None:
    some, _secret = webhook_create(
        actor=admin, name="Board", address=ADDRESS, events=["service_order.depart"]
    )
    order = company.planned()
    company.act(company.anna, order, "depart")
    read()
    deliveries_send(some.pk)
    assert [one.told["type"] for one in receiver.came] == ["service_order.depart"]
    assert not Delivery.objects.filter(event__startswith="webhook").exists()
    assert not Delivery.objects.filter(event__startswith="user").exists()


def test_what_is_off_is_told_nothing(
    company: Company, hook: Hook, admin: Actor, read: Reader, receiver: Receiver
) -> None:
    webhook_update(actor=admin, webhook_id=hook.row.pk, is_on=False)
    company.order()
    read()
    assert not Delivery.objects.exists()
    webhook_update(actor=admin, webhook_id=hook.row.pk, is_on=True)
    company.order()
    read()
    deliveries_send(hook.row.pk)
    assert len(receiver.came) == 1


def test_an_entry_that_is_read_again_is_no_second_delivery(
    company: Company, hook: Hook, read: Reader, receiver: Receiver
) -> None:
    company.order()
    read(forget=True)
    deliveries_send(hook.row.pk)
    read()
    deliveries_send(hook.row.pk)
    assert len(receiver.came) == 1


def test_killed_between_sending_and_noting_it_is_sent_again_with_the_same_id(
    company: Company, hook: Hook, read: Reader, receiver: Receiver
) -> None:
    class Killed(BaseException):
        pass

    def kill() -> None:
        raise Killed

    company.order()
    read()
    receiver.before = kill
    with pytest.raises(Killed):
        deliveries_send(hook.row.pk)
    receiver.before = None
    deliveries_send(hook.row.pk)
    first, second = receiver.came
    assert (first.id, first.body) == (second.id, second.body)
    assert Delivery.objects.get().state == Delivery.TAKEN


@pytest.mark.wide
@pytest.mark.parametrize("status", [301, 302, 400, 404, 429, 500, 503])
def test_what_is_not_taken_is_tried_again_with_growing_pauses_and_one_id(
    company: Company, hook: Hook, read: Reader, receiver: Receiver, status: int
) -> None:
    receiver.status = status
    company.order()
    read()
    pauses = []
    with clock.freeze(clock.now()):
        deliveries_send(hook.row.pk)
        assert deliveries_send(hook.row.pk) is False  # not due: not sent
    for _ in range(4):
        row = Delivery.objects.get()
        assert row.next_at
        pauses.append((row.next_at - row.tried_at).total_seconds())  # type: ignore[operator]
        with clock.freeze(row.next_at):
            deliveries_send(hook.row.pk)
    assert pauses == sorted(pauses)
    assert pauses[-1] > 4 * pauses[0]
    assert len({(one.id, one.body) for one in receiver.came}) == 1
    assert len(receiver.came) == 5
    receiver.status = 204
    with clock.freeze(Delivery.objects.get().next_at or clock.now()):
        deliveries_send(hook.row.pk)
    row = Delivery.objects.get()
    assert (row.state, row.tries, row.status, row.next_at) == ("taken", 6, 204, None)
    assert Webhook.objects.get().failing_since is None


@pytest.mark.wide
def test_after_three_days_it_is_given_up_told_in_the_log_switched_off_and_the_admins_are_told(
    company: Company,
    hook: Hook,
    read: Reader,
    receiver: Receiver,
    caplog: pytest.LogCaptureFixture,
) -> None:
    User.objects.create(email="boss@example.com", name="Boss", is_admin=True, language="en")
    User.objects.create(email="gone@example.com", name="Gone", is_admin=True, is_active=False)
    receiver.error = "too_slow"
    company.order()
    read()
    began = Delivery.objects.get().began_at
    tries = 0
    with caplog.at_level(logging.WARNING):
        while (next_at := Delivery.objects.get().next_at) is not None:
            tries += 1
            with clock.freeze(next_at):
                deliveries_send(hook.row.pk)
    row = Delivery.objects.get()
    assert (row.state, row.failure, row.tries) == ("given_up", "too_slow", tries)
    assert 12 < tries < 40
    assert row.tried_at == began + timedelta(days=3)
    webhook = Webhook.objects.get()
    assert (webhook.is_on, webhook.off_why) == (False, "failing")
    assert "given up" in caplog.text
    assert "erp.example.com" in caplog.text
    assert "hidden-in-the-path" not in caplog.text
    mails_sent()
    (message,) = mail.outbox
    assert message.to == ["boss@example.com"]
    assert f"http://localhost:8000/settings/webhooks/{webhook.pk}/" in str(message.body)


@pytest.mark.wide
def test_one_event_that_is_never_taken_does_not_switch_off_what_takes_the_others(
    company: Company, hook: Hook, read: Reader, receiver: Receiver
) -> None:
    receiver.status = 500
    company.order()
    read()
    while (next_at := Delivery.objects.earliest("pk").next_at) is not None:
        receiver.status = 500
        with clock.freeze(next_at):
            deliveries_send(hook.row.pk)
        receiver.status = 200
        with clock.freeze(next_at):
            company.order()
            read()
            deliveries_send(hook.row.pk)
    assert Delivery.objects.earliest("pk").state == Delivery.GIVEN_UP
    assert Webhook.objects.get().is_on


def test_gone_switches_off_at_once(
    company: Company, hook: Hook, read: Reader, receiver: Receiver
) -> None:
    receiver.status = 410
    company.order()
    read()
    deliveries_send(hook.row.pk)
    webhook = Webhook.objects.get()
    assert (webhook.is_on, webhook.off_why) == (False, "gone")
    assert Delivery.objects.get().state == Delivery.GIVEN_UP


def test_one_that_is_sent_again_while_its_last_try_is_under_way_is_not_given_up(
    admin: Actor, company: Company, hook: Hook, read: Reader, receiver: Receiver
) -> None:
    receiver.status = 500
    company.order()
    read()
    delivery = Delivery.objects.get()

    def again() -> None:
        receiver.before = None
        delivery_send_again(actor=admin, webhook_id=hook.row.pk, delivery_id=delivery.pk)

    receiver.before = again
    with later(days=4):
        deliveries_send(hook.row.pk)
        delivery.refresh_from_db()
        assert (delivery.state, delivery.began_at) == (Delivery.WAITING, clock.now())
        assert delivery.next_at is not None
        assert delivery.next_at > clock.now()
    assert len(receiver.came) == 2
    assert Webhook.objects.get().is_on


def test_one_that_is_removed_while_its_receiver_answers_ends_without_a_fault(
    admin: Actor, company: Company, hook: Hook, read: Reader, receiver: Receiver
) -> None:
    receiver.status = 410
    receiver.before = lambda: webhook_remove(actor=admin, webhook_id=hook.row.pk)
    company.order()
    read()
    assert deliveries_send(hook.row.pk) is False
    assert not Webhook.objects.exists()
    assert not JournalEntry.objects.filter(entity="webhook", kind="switched_off").exists()


def test_a_dead_receiver_is_asked_three_times_in_a_row_and_then_left_for_a_minute(
    company: Company, hook: Hook, read: Reader, receiver: Receiver
) -> None:
    receiver.error = "too_slow"
    for _ in range(5):
        company.order()
    read()
    assert deliveries_send(hook.row.pk) is False
    assert len(receiver.came) == 3
    ProcrastinateJob.objects.all().delete()
    assert tasks.due(0) == 1
    assert ProcrastinateJob.objects.filter(task_name="webhooks.sending").count() == 1


def test_one_job_of_a_webhook_waits_whatever_happens_and_each_has_a_lane_of_its_own(
    company: Company, hook: Hook, admin: Actor, read: Reader
) -> None:
    other, _secret = webhook_create(actor=admin, name="B", address=ADDRESS, events=["*"])
    for _ in range(3):
        company.order()
        read()
    jobs = ProcrastinateJob.objects.filter(task_name="webhooks.sending")
    assert {job.lock for job in jobs} == {f"webhooks.{hook.row.pk}", f"webhooks.{other.pk}"}
    assert jobs.count() == 2
    assert {job.queue_name for job in jobs} == {"webhooks"}


def test_what_an_answer_begins_with_is_kept_as_plain_text(
    hook: Hook, admin: Actor, receiver: Receiver
) -> None:
    receiver.answer = b"no\x00 <script>\r\n\xff" + b"x" * 5_000
    receiver.status = 500
    webhook_test(actor=admin, webhook_id=hook.row.pk)
    deliveries_send(hook.row.pk)
    row = Delivery.objects.get()
    assert row.answer.startswith("no <script> ")
    assert len(row.answer) == 300


def test_send_again_has_the_same_id_and_three_days_anew(
    hook: Hook, admin: Actor, receiver: Receiver
) -> None:
    delivery = webhook_test(actor=admin, webhook_id=hook.row.pk)
    deliveries_send(hook.row.pk)
    with later(days=5):
        delivery_send_again(actor=admin, webhook_id=hook.row.pk, delivery_id=delivery.pk)
        receiver.status = 500
        deliveries_send(hook.row.pk)
    first, second = receiver.came
    assert (first.id, first.body) == (second.id, second.body)
    assert Delivery.objects.get().state == Delivery.WAITING


def test_the_log_is_forgotten_after_thirty_days(
    hook: Hook, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        webhook_test(actor=admin, webhook_id=hook.row.pk)
    old = clock.now() - timedelta(days=30, minutes=1)
    two = Delivery.objects.values_list("pk", flat=True)[:2]
    Delivery.objects.filter(pk__in=list(two)).update(created_at=old)
    monkeypatch.setattr(tasks, "AT_ONCE", 1)
    assert tasks.log_purge(0) == 2
    assert Delivery.objects.count() == 1


@pytest.mark.wide
def test_the_few_that_were_given_up_are_found_without_reading_those_that_were_taken(
    admin: Actor, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = [Delivery.GIVEN_UP, *[Delivery.TAKEN] * 2_000]
    rows = [
        Delivery(webhook=hook.row, event=TEST, body="{}", state=state, next_at=None)
        for state in states
    ]
    Delivery.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE webhooks_delivery")
    asked: list[QuerySet[Delivery]] = []

    def page(rows: QuerySet[Delivery], order: list[str], **_more: object) -> None:
        asked.append(rows.order_by(*order))

    monkeypatch.setattr(selectors, "page", page)
    selectors.deliveries_page(actor=admin, webhook_id=hook.row.pk, state=Delivery.GIVEN_UP)
    assert "delivery_untaken" in asked[0][:25].explain()


def test_another_field_key_is_told_as_that_and_nothing_is_sent(
    hook: Hook, admin: Actor, receiver: Receiver, settings: Any
) -> None:
    settings.FIELD_KEY = "a quite different one"
    webhook_test(actor=admin, webhook_id=hook.row.pk)
    deliveries_send(hook.row.pk)
    assert receiver.came == []
    assert Delivery.objects.get().failure == "key"


def test_secrets_and_addresses_are_in_no_journal_no_job_and_not_readable_in_the_table(
    company: Company, hook: Hook, admin: Actor, read: Reader, receiver: Receiver
) -> None:
    new = webhook_secret_renew(actor=admin, webhook_id=hook.row.pk)
    company.order()
    read()
    receiver.status = 410
    deliveries_send(hook.row.pk)
    row = Webhook.objects.get()
    kept = [str(list(JournalEntry.objects.values_list("facts", "personal")))]
    kept += [str(list(ProcrastinateJob.objects.values_list("args", flat=True)))]
    kept += [bytes(row.secret).hex(), *(b64decode(one["kept"]).hex() for one in row.old_secrets)]
    for secret in (hook.secret, new):
        for text in kept:
            assert secret not in text
            assert secret.removeprefix("whsec_").encode().hex() not in text
            assert "hidden-in-the-path" not in text


@pytest.mark.django_db(transaction=True)
def test_the_follower_misses_nothing_when_it_is_killed_and_started_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    company = company_made()
    one = next(o for o in follow.followers_found() if o.name == "webhooks.deliveries")
    follow.advance(one)
    webhook_create(actor=Actor.system("test"), name="ERP", address=ADDRESS, events=["*"])
    orders = [company.order() for _ in range(2)]
    moved = follow._moved
    monkeypatch.setattr(follow, "_moved", _killed)
    with pytest.raises(KeyboardInterrupt):
        follow.advance(one)
    monkeypatch.setattr(follow, "_moved", moved)
    orders.append(company.order())
    follow.advance(one)
    told = Delivery.objects.order_by("entry_id").values_list("body", flat=True)
    assert len(told) == 3
    assert all(str(order.pk) in body for order, body in zip(orders, told, strict=True))


def _killed(*_args: Any, **_more: Any) -> None:
    raise KeyboardInterrupt


def mails_sent() -> None:
    """Do the jobs of mails, as the worker would."""
    for job in ProcrastinateJob.objects.filter(task_name="webhooks.off_mail"):
        tasks.off_mail.func(**job.args)
    for job in ProcrastinateJob.objects.filter(task_name="webhooks.off_mail_to"):
        tasks.off_mail_to.func(**job.args)
