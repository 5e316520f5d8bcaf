"""Own work only, at the doors for browsers: every page x who asks x whose thing it is.

Pages come from the URL map: one that tests/security/pages.py does not know fails here. The API's
routes have the same census in tests/api/test_census.py.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse

from callout.accounts.models import User
from callout.kernel.models import JournalEntry
from callout.orders import policy
from callout.orders.models import ServiceOrder
from tests.api.conftest import CANARY, World
from tests.security.pages import ACCOUNTS, PAGES, PHONE, Page, addresses, pages_there
from tests.security.people import HTMX, Browser, People

pytestmark = pytest.mark.wide

# Statuses of a request that got through the door, and past whose thing it is.
THROUGH = {200, 204, 302, 409, 412, 422}
ROLES = {"boss": "manager", "admin": "admin", "anna": "technician"}
# The first start is over once there is a user; a site's code is for who goes there, not for who
# plans it.
CLOSED = {"office:setup": {"boss", "admin", "anna", "nobody"}, "office:order_code": {"boss"}}
# Nothing is an admin's own, nor a stranger's: for them a thing is there or is not.
WHOSE = {
    "boss": ("anna", "bert", "missing"), "admin": ("anna", "missing"),
    "anna": ("anna", "bert", "missing"), "nobody": ("anna", "missing"),
}  # fmt: skip
OURS = [name for name in sorted(PAGES) if name not in ACCOUNTS]


def census() -> None:
    """The table says of every page what the URL map and the page's own mark say."""
    there = pages_there()
    assert set(PAGES) | set(PHONE) == set(there)
    marks = {name: getattr(one.view, "access", None) for name, one in there.items()}
    assert {name: marks[name] for name in OURS} == {name: PAGES[name].access for name in OURS}
    assert {name: marks[name] for name in PHONE} == PHONE
    for name in ACCOUNTS:
        marked = None if is_allauths(there[name].view) else PAGES[name].access
        assert marks[name] == marked, name


def is_allauths(view: Any) -> bool:
    """Whether allauth asks who is there: a page of its own, or one of ours made from it."""
    made_from = getattr(view, "view_class", view)
    return any(
        one.__module__.startswith("allauth.") for one in getattr(made_from, "__mro__", [made_from])
    )


def test_every_page_of_the_url_map_is_listed_and_marked_as_listed() -> None:
    census()


@pytest.mark.parametrize("name", ["office:orders", "technician:shell", "account_login"])
def test_control_a_page_not_listed_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(PAGES, name)
    with pytest.raises(AssertionError):
        census()


def test_control_a_page_whose_guard_is_gone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(pages_there()["office:customers"].view, "access")
    with pytest.raises(AssertionError):
        census()


def test_django_s_admin_is_off() -> None:
    assert not [name for name in pages_there() if name.startswith("admin:")]


def expected(name: str, who: str, whose: str, method: str) -> set[int]:
    """What `who` gets at a thing of `whose`."""
    page = PAGES[name]
    if (page.kind, method) in {("button", "GET"), ("safe", "POST")}:
        return {405}
    only_shows = {405} if page.kind == "read" and method == "POST" else set()
    if who in CLOSED.get(name, set()):
        return {404}
    if page.access == "public":
        return THROUGH | only_shows
    if who == "nobody":
        return {302} | only_shows
    if name in ACCOUNTS:
        return THROUGH | only_shows | {404}  # 404: of a second factor that they do not have
    if page.access not in {"anybody", ROLES[who]}:
        return {403} | only_shows
    if pages_there()[name].parameters and not_theirs(page, who, whose):
        return {404} | only_shows
    return THROUGH | only_shows


def not_theirs(page: Page, who: str, whose: str) -> bool:
    """Whether a thing of `whose` is as good as not there for `who`."""
    seeing = {"boss", "admin"} if page.sees_all == "office" else {page.sees_all}
    return whose == "missing" or (page.owned and who not in {whose, *seeing})


def asked(world: World, people: People, name: str, whose: str) -> Iterator[tuple[str, str, str]]:
    """Method, full address and the bare one, of everything to ask about a thing of `whose`."""
    share = {"anna": world.anna, "bert": world.bert, "missing": None}[whose]
    page = PAGES[name]
    query = urlencode(page.query(world, share or world.anna)) if page.query else ""
    for path in addresses(name, world, share, people.tokens):
        for method in ("GET", "POST"):
            yield method, f"{path}?{query}" if query else path, path


def said(answer: HttpResponse, path: str) -> str:
    """What an answer tells, without what differs each time and the address that was asked for."""
    text = re.sub(r'(csrfmiddlewaretoken" value|csrf-token" content)="\w+"', "", shown(answer))
    return f"{answer.status_code} {answer.get('Location', '')} {text}".replace(path, "")


def shown(answer: HttpResponse) -> str:
    headers = [f"{name}: {value}" for name, value in answer.items() if name.startswith("HX-")]
    pieces = getattr(answer, "streaming_content", None)
    body = answer.content if pieces is None else b"".join(pieces)
    return "\n".join([*headers, body.decode(errors="replace")])  # a picture too


@pytest.mark.parametrize("name", sorted(PAGES))
def test_each_gets_what_is_theirs_and_no_more(world: World, people: People, name: str) -> None:
    has_parameters = bool(pages_there()[name].parameters)
    for who, browser in people.all().items():
        told: dict[str, set[str]] = {}
        for whose in WHOSE[who] if has_parameters else ("anna",):
            for method, address, path in asked(world, people, name, whose):
                answer = checked(world, browser, name, who, whose, method, address)
                told.setdefault(whose, set()).add(said(answer, path))
        if who == "anna" and has_parameters and PAGES[name].access != "public":
            assert told["bert"] == told["missing"], "not yours equals not there"


def checked(
    world: World, browser: Browser, name: str, who: str, whose: str, method: str, address: str
) -> HttpResponse:
    """Ask, and look at what came back."""
    page = PAGES[name]
    share = world.bert if whose == "bert" else world.anna
    body = page.body(world, share) if page.body and method == "POST" else None
    before = JournalEntry.objects.count()
    answer = browser(method, address, body)
    case = (who, whose, method, address, answer.status_code, answer.get("Location"))
    assert answer.status_code in expected(name, who, whose, method), case
    if who == "nobody" and answer.status_code == 302 and name not in ACCOUNTS:
        assert answer["Location"].startswith("/accounts/login/"), case
    if who in {"anna", "nobody"}:
        assert CANARY not in shown(answer), case
    if answer.status_code in {401, 403, 404, 405}:
        assert JournalEntry.objects.count() == before, case
    return answer


@pytest.mark.parametrize("name", OURS)
def test_who_is_signed_out_is_told_so_in_a_fragment_too(
    world: World, people: People, name: str
) -> None:
    if PAGES[name].access == "public":
        return
    for method, address, _path in asked(world, people, name, "anna"):
        answer = people.nobody(method, address, None, **HTMX)
        assert answer.status_code in {401, 405}, address
        assert CANARY not in shown(answer)


def test_the_canary_is_there_for_who_may_see_it(world: World, people: People) -> None:
    """The negative control: the words looked for above do stand in the answers to a manager."""
    seen = set()
    for name in OURS:
        for method, address, _path in asked(world, people, name, "bert"):
            if method == "GET" and CANARY in shown(people.boss("GET", address)):
                seen.add(name)
    assert len(seen) >= 30, seen


@pytest.mark.parametrize("name", ["office:order_file", "office:order_signature"])
def test_control_a_door_left_open_to_others_work_is_found(
    world: World, people: People, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "orders_visible", lambda _actor: ServiceOrder.objects.all())
    with pytest.raises(AssertionError):
        test_each_gets_what_is_theirs_and_no_more(world, people, name)


@pytest.mark.parametrize("name", ["office:orders", "office:customer", "office:order_act"])
def test_control_a_role_too_many_is_found(world: World, people: People, name: str) -> None:
    User.objects.filter(pk=str(world.anna.actor.user_id)).update(is_manager=True)
    with pytest.raises(AssertionError):
        test_each_gets_what_is_theirs_and_no_more(world, people, name)
