"""Who keeps webhooks, and what they may point at."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.accounts.models import User
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, Invalid, NotFound, Refused
from callout.kernel.models import JournalEntry
from callout.webhooks import selectors, services, tasks
from callout.webhooks.models import Delivery, Webhook
from callout.webhooks.sending import deliveries_send
from callout.webhooks.signing import MARK
from tests.kernel.test_outgoing import HOSTILE, PUBLIC, Sockets, site, sockets
from tests.webhooks.conftest import ADDRESS, Company, Hook, Receiver

__all__ = ["site", "sockets"]


def strangers(company: Company) -> list[Actor]:
    """A manager, a technician, and an admin's API token."""
    token = replace(company.manager, is_admin=True, token_id=uuid4(), door="api")
    return [company.manager, company.anna, token]


def test_only_an_admin_who_signed_in_sees_or_changes_anything(
    company: Company, hook: Hook, admin: Actor
) -> None:
    delivery = services.webhook_test(actor=admin, webhook_id=hook.row.pk)
    one: dict[str, Any] = {"webhook_id": hook.row.pk}
    calls: list[tuple[Any, dict[str, Any]]] = [
        (services.webhook_create, {"name": "X", "address": ADDRESS, "events": ["*"]}),
        (services.webhook_update, {**one, "name": "X"}),
        (services.webhook_secret_renew, one),
        (services.webhook_remove, one),
        (services.webhook_test, one),
        (services.webhook_give_up, {**one, "why": "gone"}),
        (services.delivery_send_again, {**one, "delivery_id": delivery.pk}),
        (selectors.webhooks_list, {}),
        (selectors.webhook_get, one),
        (selectors.deliveries_page, one),
    ]
    for actor in strangers(company):
        for call, ids in calls:
            with pytest.raises(Forbidden):
                call(actor=actor, **ids)
    assert Webhook.objects.get().version == 1
    assert len(selectors.deliveries_page(actor=admin, **one).items) == 1


@pytest.mark.wide
def test_a_hostile_address_is_not_kept(admin: Actor, sockets: Sockets) -> None:
    sockets.names["localhost."] = ["127.0.0.1"]  # which not every machine knows
    row, _secret = services.webhook_create(actor=admin, name="X", address=ADDRESS, events=["*"])
    for url in {*HOSTILE, *(url.replace("http://", "https://", 1) for url in HOSTILE)}:
        with pytest.raises(Invalid):
            services.webhook_create(actor=admin, name="X", address=url, events=["*"])
        with pytest.raises(Invalid):
            services.webhook_update(actor=admin, webhook_id=row.pk, address=url)
    assert Webhook.objects.get().address == ADDRESS
    assert sockets.opened == []


@pytest.mark.parametrize("address", ["https://10.0.0.1/", "https://inside.example/"])
def test_one_inside_the_network_is_refused_in_words_when_it_is_saved(
    admin: Actor, sockets: Sockets, address: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.webhook_create(actor=admin, name="X", address=address, events=["*"])
    (words,) = refused.value.fields["address"]
    assert "inside the network" in words
    assert "CALLOUT_WEBHOOKS_INTERNAL" in words


def test_a_name_that_leads_inside_only_later_is_never_asked(admin: Actor, sockets: Sockets) -> None:
    row, _secret = services.webhook_create(
        actor=admin, name="X", address="https://example.com/", events=["*"]
    )
    sockets.names["example.com"] = ["10.1.2.3"]
    services.webhook_test(actor=admin, webhook_id=row.pk)
    deliveries_send(row.pk)
    assert Delivery.objects.get().failure == "address"
    assert sockets.opened == []
    # It may stay as it is while something else of it is changed.
    services.webhook_update(actor=admin, webhook_id=row.pk, name="Y", address=row.address)


def test_a_name_that_nobody_knows_now_may_be_kept(admin: Actor, sockets: Sockets) -> None:
    services.webhook_create(actor=admin, name="X", address="https://not-yet.invalid/", events=["*"])
    assert sockets.asked == ["not-yet.invalid"]


def test_control_a_public_address_is_asked(admin: Actor, sockets: Sockets) -> None:
    row, _secret = services.webhook_create(
        actor=admin, name="X", address="https://example.com/", events=["*"]
    )
    services.webhook_test(actor=admin, webhook_id=row.pk)
    deliveries_send(row.pk)
    assert [to[0] for to in sockets.opened] == [PUBLIC]


def test_inside_the_network_only_what_the_environment_names_is_asked(
    admin: Actor, site: tuple[str, Any], settings: Any
) -> None:
    origin, kind = site
    settings.OUTGOING_INTERNAL = []
    settings.WEBHOOKS_INTERNAL = [origin]
    row, _secret = services.webhook_create(
        actor=admin, name="X", address=f"{origin}/hello", events=["*"]
    )
    services.webhook_test(actor=admin, webhook_id=row.pk)
    deliveries_send(row.pk)
    assert Delivery.objects.get().answer == "hello"
    assert len(kind.seen) == 1
    settings.WEBHOOKS_INTERNAL = []
    services.webhook_test(actor=admin, webhook_id=row.pk)
    deliveries_send(row.pk)
    assert Delivery.objects.latest("pk").failure == "address"
    assert len(kind.seen) == 1
    with pytest.raises(Invalid):
        services.webhook_update(actor=admin, webhook_id=row.pk, address=f"{origin}/packed")


def test_one_that_may_not_be_asked_any_more_is_given_up_changed_and_removed_like_any_other(
    admin: Actor, settings: Any
) -> None:
    settings.WEBHOOKS_INTERNAL = ["http://10.1.2.3:8080"]
    row, _secret = services.webhook_create(
        actor=admin, name="X", address="http://10.1.2.3:8080/key", events=["*"]
    )
    delivery = services.webhook_test(actor=admin, webhook_id=row.pk)
    settings.WEBHOOKS_INTERNAL = []
    long_ago = clock.now() - timedelta(days=3, minutes=1)
    Delivery.objects.filter(pk=delivery.pk).update(began_at=long_ago)
    Webhook.objects.update(failing_since=long_ago)
    deliveries_send(row.pk)
    assert Webhook.objects.get().off_why == "failing"
    services.webhook_update(actor=admin, webhook_id=row.pk, name="Y", address=row.address)
    services.webhook_remove(actor=admin, webhook_id=row.pk)
    assert not Webhook.objects.exists()
    told = JournalEntry.objects.filter(entity="webhook", kind__in=["switched_off", "remove"])
    assert [entry.facts["host"] for entry in told] == ["10.1.2.3", "10.1.2.3"]


def test_a_removed_one_is_gone_at_once_and_its_log_by_a_job_in_portions(
    admin: Actor, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, _secret = services.webhook_create(actor=admin, name="B", address=ADDRESS, events=["*"])
    for _number in range(5):
        services.webhook_test(actor=admin, webhook_id=hook.row.pk)
    stays = services.webhook_test(actor=admin, webhook_id=other.pk)
    with CaptureQueriesContext(connection) as asked:
        services.webhook_remove(actor=admin, webhook_id=hook.row.pk)
    assert not [one for one in asked if "webhooks_delivery" in one["sql"]], "however long it is"
    assert list(Webhook.objects.all()) == [other]
    assert not deliveries_send(hook.row.pk)

    (job,) = ProcrastinateJob.objects.filter(task_name="webhooks.log_remove")
    monkeypatch.setattr(tasks, "AT_ONCE", 2)
    with CaptureQueriesContext(connection) as asked:
        assert tasks.log_remove(**job.args) == 5
    assert sum(one["sql"].startswith("DELETE") for one in asked) == 3
    assert list(Delivery.objects.all()) == [stays]


def test_what_a_broken_off_job_left_of_a_removed_one_s_log_goes_in_the_night(
    admin: Actor, hook: Hook
) -> None:
    made = [services.webhook_create(actor=admin, name=name, address=ADDRESS, events=["*"])
            for name in ("B", "C", "D")]  # fmt: skip
    rows = [hook.row, *(row for row, _secret in made)]
    told = {row.pk: services.webhook_test(actor=admin, webhook_id=row.pk) for row in rows}
    for row in (rows[0], rows[2]):
        services.webhook_remove(actor=admin, webhook_id=row.pk)
    ProcrastinateJob.objects.all().delete()
    assert tasks.log_purge(timestamp=0) == 2
    assert set(Delivery.objects.all()) == {told[rows[1].pk], told[rows[3].pk]}


@pytest.mark.parametrize(
    "events", [[], ["user.created"], ["service_order.code_look"], [1], "*", None, [["*"]]]
)
def test_only_events_of_the_list_can_be_chosen(admin: Actor, events: Any) -> None:
    with pytest.raises(Invalid):
        services.webhook_create(actor=admin, name="X", address=ADDRESS, events=events)


def test_there_are_ten_at_most_as_each_has_a_hand_of_its_own(admin: Actor) -> None:
    for number in range(10):
        services.webhook_create(actor=admin, name=str(number), address=ADDRESS, events=["*"])
    with pytest.raises(Refused):
        services.webhook_create(actor=admin, name="X", address=ADDRESS, events=["*"])


def test_a_delivery_is_sent_again_by_its_own_webhook_alone_and_none_that_is_off(
    admin: Actor, hook: Hook
) -> None:
    other, _secret = services.webhook_create(actor=admin, name="B", address=ADDRESS, events=["*"])
    delivery = services.webhook_test(actor=admin, webhook_id=hook.row.pk)
    with pytest.raises(NotFound):
        services.delivery_send_again(actor=admin, webhook_id=other.pk, delivery_id=delivery.pk)
    services.webhook_update(actor=admin, webhook_id=hook.row.pk, is_on=False)
    with pytest.raises(Refused):
        services.webhook_test(actor=admin, webhook_id=hook.row.pk)


# --- the pages -----------------------------------------------------------------------------------


@pytest.fixture
def browser(admin: Actor) -> Client:
    user = User.objects.get(pk=str(admin.user_id))
    user.is_admin = True
    user.save()
    client = Client(headers={"Origin": "http://testserver"})
    client.force_login(user, backend="callout.accounts.backend.Backend")
    return client


def test_a_secret_is_shown_once_when_made_and_once_when_renewed(browser: Client) -> None:
    given = {"name": "ERP", "address": ADDRESS, "events": ["service_order.plan"]}
    made = browser.post("/settings/webhooks/new/", given)
    row = Webhook.objects.get()
    page = f"/settings/webhooks/{row.pk}/"
    assert row.events == ["service_order.plan"]
    assert MARK in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    assert MARK not in browser.get(page).content.decode()
    assert MARK in browser.post(f"{page}secret/").content.decode()
    assert MARK not in browser.get(page).content.decode()


def test_a_new_one_is_told_every_event_until_some_are_asked_for(browser: Client) -> None:
    page = browser.get("/settings/webhooks/new/").content.decode()
    assert 'value="every" checked' in page
    assert 'value="some" checked' not in page
    given = {"name": "ERP", "address": ADDRESS, "which": "some"}
    answer = browser.post("/settings/webhooks/new/", given)
    assert answer.status_code == 422
    assert "Tick one event at least, or choose every event." in answer.content.decode()
    assert 'value="some" checked' in answer.content.decode()
    # What was ticked before somebody thought better of it does not narrow what is told.
    browser.post("/settings/webhooks/new/", given | {"which": "every", "events": ["site.link"]})
    row = Webhook.objects.get()
    assert row.events == ["*"]
    assert 'value="every" checked' in browser.get(f"/settings/webhooks/{row.pk}/").content.decode()


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(browser: Client) -> None:
    given = {"name": "ERP <b>", "address": "http://10.0.0.1/hooks", "events": ["site.link"]}
    answer = browser.post("/settings/webhooks/new/", given)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "https://" in text
    assert 'value="http://10.0.0.1/hooks"' in text
    assert 'value="ERP &lt;b&gt;"' in text
    assert 'value="site.link" checked' in text


def test_where_somebody_was_faster_all_that_was_chosen_stays_chosen(
    browser: Client, admin: Actor, hook: Hook
) -> None:
    services.webhook_update(actor=admin, webhook_id=hook.row.pk, name="Renamed")
    chosen = ["site.link", "site.unlink", "asset.move"]
    given = {"name": "Mine", "address": ADDRESS, "events": chosen, "is_on": "on", "version": "1"}
    answer = browser.post(f"/settings/webhooks/{hook.row.pk}/", given)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert [one for one in chosen if f'value="{one}" checked' in text] == chosen
    assert 'name="version" value="2"' in text


def test_the_log_shows_each_delivery_and_an_answer_is_text_only(
    browser: Client, admin: Actor, hook: Hook, receiver: Receiver
) -> None:
    page = f"/settings/webhooks/{hook.row.pk}/"
    receiver.status, receiver.answer = 500, b"<script>alert(1)</script> no room"
    assert browser.post(f"{page}test/").status_code == 302
    assert "every 3s" in browser.get(page).content.decode()  # it looks again until it is sent
    deliveries_send(hook.row.pk)
    text = browser.get(page).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; no room" in text
    assert "<script>alert" not in text
    assert "<b>500</b>" in text
    assert "next try" in text
    assert "Taken" not in browser.get(f"{page}?state=given_up").content.decode()
    receiver.status = 200
    again = f"{page}again/{Delivery.objects.get().pk}/"
    assert browser.post(again).status_code == 302
    deliveries_send(hook.row.pk)
    assert "<b>200</b>" in browser.get(page).content.decode()


def test_more_secrets_than_may_sign_are_refused_on_the_page_in_words(
    browser: Client, hook: Hook
) -> None:
    page = f"/settings/webhooks/{hook.row.pk}/"
    for _number in range(5):
        assert MARK in browser.post(f"{page}secret/").content.decode()
    answer = browser.post(f"{page}secret/", follow=True)
    text = answer.content.decode()
    assert "5 secrets before this one still sign" in text
    assert MARK not in text
    assert "the last until" in text


def test_the_log_says_what_a_restore_has_held(browser: Client, hook: Hook) -> None:
    Delivery.objects.create(
        webhook=hook.row, event="webhook.test", body="{}", state=Delivery.GIVEN_UP, next_at=None,
        failure="held",
    )  # fmt: skip
    text = browser.get(f"/settings/webhooks/{hook.row.pk}/").content.decode()
    assert "it was waiting in the backup that was restored here" in text
