import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.accounts import services, tasks
from callout.accounts.models import User
from callout.kernel.errors import Refused
from callout.kernel.models import JournalEntry
from tests.accounts.conftest import acting
from tests.accounts.test_sign_in import browser, is_in, sign_in

pytestmark = pytest.mark.django_db
RESET = "/accounts/password/reset/"
NEW = "another good password"


FOREIGN = [
    "evil.example", "evil.example:8000", "localhost.evil.example", "localhost:8000.evil.example",
    "localhost:8000@evil.example", "evil.example#localhost:8000", "evil.example?localhost:8000",
    "localhost:evil", "localhost:8000:80", "localhost,evil.example", "localhost:8000 evil.example",
    "evillocalhost:8000", "localhost\\.evil.example", "[::1]:8000", "[::ffff:127.0.0.1]:8000",
    "127.0.0.1.evil.example", "2130706433", "0x7f.1", "testserver.evil.example", "*", ".localhost",
    "xn--lcalhost-x4a:8000", "localhost/evil.example",
]  # fmt: skip


def work_off() -> None:
    """What the worker does with the jobs that wait."""
    for job in ProcrastinateJob.objects.filter(task_name="accounts.password_link"):
        tasks.password_link(**job.args)


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"(http\S+)", str(message.body))
    assert found
    return found[1]


def open_link(client: Client, link: str) -> str:
    """allauth takes the key out of the address: the page for the new password."""
    answer = client.get(re.sub(r"^http://[^/]+", "", link))
    return str(answer.headers["Location"])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
        {"Forwarded": "host=evil.example"},
        {"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:8000"},
    ],
)
def test_links_in_mails_come_from_the_configured_address_alone(
    manager: User, headers: dict[str, str]
) -> None:
    browser().post(RESET, {"email": manager.email}, headers=headers)
    work_off()
    (message,) = mail.outbox
    assert link_in(message).startswith("http://localhost:8000/accounts/password/reset/key/")
    assert "evil" not in f"{message.subject}{message.body}{message.from_email}"


@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_host_gets_no_mail_sent_at_all(manager: User, host: str) -> None:
    for more in ({}, {"X-Forwarded-Host": "localhost:8000"}, {"Origin": f"http://{host}"}):
        answer = browser().post(RESET, {"email": manager.email}, headers={"Host": host, **more})
        assert answer.status_code in (400, 403)
    assert not ProcrastinateJob.objects.exists()


def test_control_with_every_host_let_in_a_foreign_one_gets_its_mail(
    manager: User, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.OWN_ORIGINS = [*settings.OWN_ORIGINS, "http://evil.example"]
    with pytest.raises(AssertionError):
        test_a_foreign_host_gets_no_mail_sent_at_all(manager, "evil.example")


def test_the_job_that_waits_holds_no_link(manager: User) -> None:
    browser().post(RESET, {"email": manager.email})
    job = ProcrastinateJob.objects.get(task_name="accounts.password_link")
    assert job.args == {"user_id": str(manager.pk), "kind": "reset"}


def test_an_address_nobody_has_is_answered_alike_and_gets_no_mail(manager: User) -> None:
    known = browser().post(RESET, {"email": manager.email})
    unknown = browser().post(RESET, {"email": "nobody@example.com"})
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    work_off()
    assert [message.to for message in mail.outbox] == [[manager.email]]


def test_the_link_sets_a_password_once_and_ends_every_sign_in(manager: User) -> None:
    thief = browser()
    sign_in(thief, manager.email)
    client = browser()
    client.post(RESET, {"email": manager.email})
    work_off()
    link = link_in(mail.outbox[0])
    page = open_link(client, link)
    assert client.post(page, {"password1": NEW, "password2": NEW}).status_code == 302
    assert not is_in(thief)
    assert sign_in(browser(), manager.email, NEW)
    kinds = JournalEntry.objects.filter(entity_id=manager.pk).values_list("kind", flat=True)
    assert {"password_reset", "session_ended"} <= set(kinds)
    again = browser().get(re.sub(r"^http://[^/]+", "", link))
    assert again.status_code == 200
    assert 'name="password1"' not in again.content.decode()


def test_who_is_deactivated_gets_no_link(admin: User, manager: User) -> None:
    browser().post(RESET, {"email": manager.email})
    services.user_deactivate(actor=acting(admin), user_id=manager.pk)
    browser().post(RESET, {"email": manager.email})
    work_off()
    assert mail.outbox == []
    with pytest.raises(Refused):
        services.user_invite(actor=acting(admin), user_id=manager.pk)


def test_an_invitation_lets_a_new_user_choose_a_password(admin: User) -> None:
    client = browser()
    sign_in(client, admin.email)
    answer = client.post(
        "/settings/users/new/",
        {"name": "Eva", "email": "eva@example.com", "language": "nl", "is_technician": "on"},
    )
    assert answer.status_code == 302
    work_off()
    (message,) = mail.outbox
    assert message.to == ["eva@example.com"]
    eva = browser()
    page = open_link(eva, link_in(message))
    eva.post(page, {"password1": NEW, "password2": NEW})
    assert sign_in(eva, "eva@example.com", NEW)


def test_a_name_with_line_breaks_writes_no_headers_of_its_own(admin: User) -> None:
    user = services.user_create(
        actor=acting(admin),
        email="eva@example.com",
        name="Eva\r\nBcc: all@example.com",
        is_manager=True,
        invite=True,
    )
    services.company_update(actor=acting(admin), name="Acme\r\nBcc: all@example.com")
    work_off()
    (message,) = mail.outbox
    assert "\n" not in user.name + message.subject
    assert message.recipients() == ["eva@example.com"]
