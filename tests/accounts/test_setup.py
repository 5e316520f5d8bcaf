import pytest
from django.test import Client

from callout.accounts import selectors, services
from callout.accounts.models import User
from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, Invalid, Refused
from callout.kernel.models import Installation, JournalEntry
from tests.accounts.conftest import PASSWORD, SYSTEM

pytestmark = pytest.mark.django_db
NOBODY = Actor(user_id=None, name="setup", door="office")
ADA = {"email": "ada@example.com", "name": "Ada", "password": PASSWORD}


def test_whoever_holds_the_printed_code_becomes_admin_and_manager() -> None:
    code = services.setup_code_create(actor=SYSTEM)
    user = services.first_admin_create(actor=NOBODY, code=code.lower(), **ADA)
    assert (user.is_admin, user.is_manager) == (True, True)
    assert user.check_password(PASSWORD)
    assert JournalEntry.objects.filter(entity_id=user.pk, kind="created").exists()


def test_the_code_is_kept_hashed() -> None:
    code = services.setup_code_create(actor=SYSTEM)
    kept = Installation.objects.get().setup_code_hash
    assert len(code.replace("-", "")) == 32
    assert code not in kept
    assert code.replace("-", "") not in kept


@pytest.mark.parametrize("code", ["", "AAAA-BBBB", "0" * 64])
def test_without_the_code_nobody_becomes_anything(code: str) -> None:
    for _before_and_after_a_code_is_given in range(2):
        with pytest.raises(Invalid) as error:
            services.first_admin_create(actor=NOBODY, code=code, **ADA)
        assert list(error.value.fields) == ["code"]
        services.setup_code_create(actor=SYSTEM)
    assert not User.objects.exists()


def test_a_code_is_good_once_and_only_while_there_is_no_user() -> None:
    code = services.setup_code_create(actor=SYSTEM)
    services.first_admin_create(actor=NOBODY, code=code, **ADA)
    with pytest.raises(Refused):
        services.first_admin_create(actor=NOBODY, code=code, **(ADA | {"email": "bea@example.com"}))
    with pytest.raises(Refused):
        services.setup_code_create(actor=SYSTEM)
    assert User.objects.count() == 1


def test_a_newer_code_voids_the_older() -> None:
    old = services.setup_code_create(actor=SYSTEM)
    services.setup_code_create(actor=SYSTEM)
    with pytest.raises(Invalid):
        services.first_admin_create(actor=NOBODY, code=old, **ADA)


def test_nobody_from_outside_makes_a_code() -> None:
    with pytest.raises(Forbidden):
        services.setup_code_create(actor=NOBODY)


def test_the_first_start_page_makes_the_admin_and_is_gone(client: Client) -> None:
    assert client.get("/setup/").status_code == 404
    code = services.setup_code_create(actor=SYSTEM)
    assert client.get("/setup/").status_code == 200
    wrong = client.post("/setup/", ADA | {"code": "AAAA"})
    assert wrong.status_code == 422
    assert "not the code that the server printed" in wrong.content.decode()
    assert PASSWORD not in wrong.content.decode()
    assert client.post("/setup/", ADA | {"code": code}).headers["Location"] == "/accounts/login/"
    assert client.get("/setup/").status_code == 404
    assert client.post("/setup/", ADA | {"code": code, "email": "b@example.com"}).status_code == 404
    assert not selectors.setup_is_open()
