"""Every page of this folder x anonymous, technician, manager, admin."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from callout.accounts import selectors, services
from callout.accounts.company import company
from callout.accounts.models import ApiToken, User
from callout.web.office.account import urls
from tests.accounts.conftest import acting
from tests.accounts.test_sign_in import browser

pytestmark = pytest.mark.django_db

EVERYBODY = {
    "/settings/",
    "/settings/profile/",
    "/settings/security/",
    "/settings/tokens/",
    "/accounts/sessions/",
}
ADMINS = {"/settings/company/", "/settings/users/", "/settings/users/new/"}


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def sign(user: User) -> Client:
        client = browser()
        client.force_login(user)
        return client

    return sign


def test_every_address_of_this_folder_says_who_may_open_it() -> None:
    for pattern in urls.urlpatterns:
        assert getattr(pattern.callback, "access", ""), pattern.name


@pytest.mark.parametrize("path", sorted(EVERYBODY | ADMINS))
def test_a_stranger_is_sent_to_sign_in_and_told_so_where_that_is_no_use(path: str) -> None:
    page = browser().get(path)
    assert (page.status_code, page.headers["Location"]) == (302, f"/accounts/login/?next={path}")
    fragment = browser().get(path, headers={"HX-Request": "true"})
    assert fragment.status_code == 401
    assert 'role="alert"' in fragment.content.decode()
    facts = browser().get(path, headers={"Accept": "application/json"})
    assert (facts.status_code, facts.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize("path", sorted(EVERYBODY))
def test_one_s_own_pages_are_everybody_s(
    admin: User, manager: User, technician: User, signed_in: Callable[[User], Client], path: str
) -> None:
    for user in (admin, manager, technician):
        assert signed_in(user).get(path).status_code == 200


@pytest.mark.parametrize("path", sorted(ADMINS))
def test_an_admin_s_pages_are_nobody_else_s(
    admin: User, manager: User, technician: User, signed_in: Callable[[User], Client], path: str
) -> None:
    assert signed_in(admin).get(path).status_code == 200
    for user in (manager, technician):
        refused = signed_in(user).get(path)
        assert refused.status_code == 403
        assert "This page is for admins." in refused.content.decode()
        assert signed_in(user).post(path, {"name": "X"}).status_code == 403


def test_a_user_s_page_and_buttons_are_an_admin_s(
    admin: User, manager: User, technician: User, signed_in: Callable[[User], Client]
) -> None:
    path = f"/settings/users/{technician.pk}/"
    assert signed_in(admin).get(path).status_code == 200
    for deed in ("invite", "deactivate", "reactivate", "sign-out"):
        assert signed_in(manager).post(f"{path}{deed}/").status_code == 403
        assert browser().post(f"{path}{deed}/").status_code == 302
    technician.refresh_from_db()
    assert technician.is_active
    assert signed_in(admin).post(f"{path}explode/").status_code == 404
    assert signed_in(admin).get(f"{path}deactivate/").status_code == 405
    assert signed_in(admin).get(f"/settings/users/{uuid4()}/").status_code == 404


def test_a_button_that_asks_first_leads_on_by_header(
    admin: User, technician: User, signed_in: Callable[[User], Client]
) -> None:
    path = f"/settings/users/{technician.pk}/"
    page = signed_in(admin).get(path).content.decode()
    assert 'hx-confirm="Deactivate Tom?' in page
    answer = signed_in(admin).post(f"{path}deactivate/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, path)


def test_the_settings_page_shows_each_what_is_theirs(
    admin: User, technician: User, signed_in: Callable[[User], Client]
) -> None:
    assert "/settings/users/" in signed_in(admin).get("/settings/").content.decode()
    mine = signed_in(technician).get("/settings/").content.decode()
    assert "/settings/profile/" in mine
    assert "/settings/users/" not in mine


def test_from_the_pages_of_an_account_a_technician_comes_back_to_the_app(
    admin: User, technician: User, signed_in: Callable[[User], Client]
) -> None:
    back = '<a class="co-tap co-tap-back" href="/technician/"'
    assert back in signed_in(technician).get("/settings/profile/").content.decode()
    assert back not in signed_in(admin).get("/settings/profile/").content.decode()


def test_an_admin_edits_a_user(
    admin: User, manager: User, signed_in: Callable[[User], Client]
) -> None:
    form = {
        "name": "Mia M",
        "email": manager.email,
        "language": "fr",
        "is_manager": "on",
        "is_technician": "on",
        "version": "1",
    }
    path = f"/settings/users/{manager.pk}/"
    assert signed_in(admin).post(path, form).status_code == 302
    manager.refresh_from_db()
    assert (manager.name, manager.is_technician, manager.language) == ("Mia M", True, "fr")


def test_the_later_of_two_forms_is_told_and_keeps_what_was_typed(
    admin: User, manager: User, signed_in: Callable[[User], Client]
) -> None:
    services.user_update(actor=acting(admin), user_id=manager.pk, name="Faster")
    form = {"name": "Slower", "email": manager.email, "language": "en", "is_manager": "on"}
    path, client = f"/settings/users/{manager.pk}/", signed_in(admin)
    told = client.post(path, form | {"version": "1"})
    page = told.content.decode()
    assert told.status_code == 422
    assert "Somebody changed this in the meantime" in page
    assert 'value="Slower"' in page
    assert 'name="version" value="2"' in page
    assert client.post(path, form | {"version": "2"}).status_code == 302


def test_the_last_admin_is_told_in_words(admin: User, signed_in: Callable[[User], Client]) -> None:
    client, path = signed_in(admin), f"/settings/users/{admin.pk}/"
    form = {"name": "Ada", "email": admin.email, "language": "en", "is_manager": "on", "version": 1}
    assert "last active admin" in client.post(path, form).content.decode()
    answer = client.post(f"{path}deactivate/", follow=True)
    assert "last active admin" in answer.content.decode()
    admin.refresh_from_db()
    assert admin.is_active


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "x"), ("name", ""), ("name", "x" * 200), ("language", "xx"), ("name", "\x00")],
)
def test_bad_input_is_answered_beside_its_field_and_changes_nothing(
    admin: User, signed_in: Callable[[User], Client], field: str, value: str
) -> None:
    form = {"name": "Eva", "email": "eva@example.com", "language": "en", "is_manager": "on"}
    answer = signed_in(admin).post("/settings/users/new/", form | {field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}-error"' in answer.content.decode()
    assert User.objects.count() == 1


def test_a_name_is_shown_and_never_run(
    admin: User, manager: User, signed_in: Callable[[User], Client]
) -> None:
    services.user_update(actor=acting(admin), user_id=manager.pk, name="<script>alert(1)</script>")
    for path in ("/settings/users/", f"/settings/users/{manager.pk}/"):
        page = signed_in(admin).get(path).content.decode()
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;" in page


def test_a_token_is_shown_once_and_works(
    manager: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(manager)
    made = client.post("/settings/tokens/", {"name": "export", "days": "30"})
    plain = made.content.decode().split('id="new-token">')[1].split("<")[0]
    assert selectors.actor_for_token(plain).user_id == manager.pk
    assert "no-store" in made.headers["Cache-Control"]
    assert plain not in client.get("/settings/tokens/").content.decode()
    token = ApiToken.objects.get()
    client.post(f"/settings/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at


def test_anothers_token_is_not_there(
    manager: User, technician: User, signed_in: Callable[[User], Client]
) -> None:
    token, _plain = services.token_create(actor=acting(manager), name="canary-of-mia")
    path = f"/settings/tokens/{token.pk}/revoke/"
    missing = f"/settings/tokens/{uuid4()}/revoke/"
    client = signed_in(technician)
    answers = [client.post(way, headers={"HX-Request": "true"}) for way in (path, missing)]
    assert answers[0].content == answers[1].content
    assert client.post(path).status_code == 404
    assert "canary" not in client.get("/settings/tokens/").content.decode()
    assert "canary" in signed_in(manager).get("/settings/tokens/").content.decode()


def test_an_admin_changes_the_company_by_its_page(
    admin: User, signed_in: Callable[[User], Client]
) -> None:
    form = {
        "name": "Acme",
        "country": "be",
        "time_zone": "Europe/Paris",
        "language": "en",
        "currency": "eur",
        "number_digits": "5",
        "number_prefix": "A-",
        "phone": "02 555 12 12",
        "version": "1",
    }
    client = signed_in(admin)
    assert client.post("/settings/company/", form).status_code == 302
    assert (company().name, company().time_zone, company().country) == (
        "Acme",
        "Europe/Paris",
        "BE",
    )
    wrong = client.post("/settings/company/", form | {"phone": "nonsense", "version": "2"})
    assert "This is not a telephone number." in wrong.content.decode()


@pytest.mark.wide
def test_a_phone_that_is_left_stays_the_same_number_where_the_country_becomes_another(
    admin: User, signed_in: Callable[[User], Client]
) -> None:
    services.company_update(actor=acting(admin), name="Acme", country="BE", phone="0470 12 34 56")
    client = signed_in(admin)
    initial = client.get("/settings/company/").context["form"].initial
    form = {name: value for name, value in initial.items() if value is not None}
    assert form["phone"] == "0470 12 34 56"
    assert client.post("/settings/company/", form | {"country": "FR"}).status_code == 302
    assert (company().country, company().phone) == ("FR", "+32470123456")
    typed = {"country": "FR", "phone": "04 70 12 34 56", "version": "3"}
    assert client.post("/settings/company/", form | typed).status_code == 302
    assert company().phone == "+33470123456"


def test_a_form_from_another_site_changes_nothing(
    admin: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(admin)
    for origin in ("https://evil.example", "http://testserver:8001", "null"):
        answer = client.post(
            "/settings/profile/",
            {"name": "X", "language": "en", "version": "1"},
            headers={"Origin": origin},
        )
        assert answer.status_code == 403
    admin.refresh_from_db()
    assert admin.name == "Ada"
