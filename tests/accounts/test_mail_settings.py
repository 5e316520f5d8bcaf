"""Settings, Mail: admins see whether mail goes out, and try it."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.accounts import services, tasks
from callout.accounts.mail import MailNotSent, mail_send
from callout.accounts.mail_state import mail_failed, mail_is_failing, mail_shown
from callout.accounts.models import User
from callout.kernel.errors import Forbidden
from tests.accounts.conftest import acting
from tests.accounts.test_sign_in import browser, sign_in

pytestmark = pytest.mark.django_db


def test_a_test_mail_goes_to_the_admin_who_asked_and_to_nobody_else(
    admin: User, manager: User
) -> None:
    client = browser()
    sign_in(client, admin.email)
    answer = client.post("/settings/mail/test/", {"to": manager.email})
    assert answer.status_code == 302
    assert "It is printed in the log" in client.get("/settings/mail/").content.decode()
    for job in ProcrastinateJob.objects.filter(task_name="accounts.mail_test"):
        tasks.mail_test.func(**job.args)
    (message,) = mail.outbox
    assert message.recipients() == [admin.email]
    assert "http://localhost:8000/settings/mail/" in str(message.body)
    assert "Last sent" in client.get("/settings/mail/").content.decode()


def test_only_an_admin_who_signed_in_sees_or_tries_it(admin: User, manager: User) -> None:
    token = replace(acting(admin), token_id=uuid4())
    for actor in (acting(manager), token):
        for call in (services.mail_test, mail_shown, mail_is_failing):
            with pytest.raises(Forbidden):
                call(actor=actor)
    assert not ProcrastinateJob.objects.exists()


def test_an_address_that_no_mail_can_carry_is_told_as_mail_that_does_not_go_out(
    admin: User,
) -> None:
    """Each part of a host's name has 63 letters at most, as they are sent."""
    user = services.user_create(
        actor=acting(admin), email=f"eva@{'é' * 60}.example", name="Eva", is_manager=True
    )
    with pytest.raises(MailNotSent) as raised:
        mail_send(user, "accounts/mail/test", {"link": "x"})
    assert "é" not in str(raised.value)
    assert mail_is_failing(actor=acting(admin))
    assert mail_shown(actor=acting(admin)).failure == "UnicodeError"


def test_that_nothing_goes_out_stands_on_both_pages_for_admins_alone(
    admin: User, manager: User
) -> None:
    mail_failed(ConnectionRefusedError("10.0.0.1 refused me"))
    client = browser()
    sign_in(client, admin.email)
    assert "Mail does not go out" in client.get("/settings/").content.decode()
    page = client.get("/settings/mail/").content.decode()
    assert "ConnectionRefusedError" in page
    assert "refused me" not in page
    other = browser()
    sign_in(other, manager.email)
    assert "Mail does not go out" not in other.get("/settings/").content.decode()


def test_the_password_of_the_server_is_on_no_page(admin: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example.com", 587
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "the-user", "the-password"
    client = browser()
    sign_in(client, admin.email)
    page = client.get("/settings/mail/").content.decode()
    assert "mail.example.com:587" in page
    assert "the-password" not in page
    assert "the-user" not in page


def test_mails_about_work_are_each_technicians_own_choice(manager: User) -> None:
    User.objects.filter(pk=manager.pk).update(is_technician=True)
    client = browser()
    sign_in(client, manager.email)
    page = client.get("/settings/profile/").content.decode()
    assert 'name="mail_of_work"' in page
    user = User.objects.get(pk=manager.pk)
    given = {"name": user.name, "language": "en", "version": user.version}
    assert client.post("/settings/profile/", given).status_code == 302
    assert not User.objects.get(pk=manager.pk).mail_of_work
    User.objects.filter(pk=manager.pk).update(is_technician=False, mail_of_work=True)
    assert 'name="mail_of_work"' not in client.get("/settings/profile/").content.decode()
    given["version"] = User.objects.get(pk=manager.pk).version
    assert client.post("/settings/profile/", {**given, "mail_of_work": ""}).status_code == 302
    assert User.objects.get(pk=manager.pk).mail_of_work
