"""Own work only: every route x who asks x whose thing it is.

Routes come from the URL map: one that `routes.py` does not know fails here.
"""

from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import get_resolver

from callout.kernel.models import JournalEntry
from callout.web.api import urls
from tests.api.conftest import CANARY, Answer, Api, Share, World
from tests.api.routes import ROUTES, path_of, routes_there

MISSING = uuid4()
# Statuses of a request that got through the door, and past whose thing it is.
THROUGH = {200, 201, 202, 204, 409, 412, 422}
PUBLIC = {"docs", "docs.css", "openapi.json"}


def test_every_route_of_the_url_map_is_in_the_census() -> None:
    assert set(ROUTES) == set(routes_there())


def test_beside_them_there_are_only_the_descriptions() -> None:
    resolvers = [one for one in get_resolver().url_patterns if str(one.pattern) == "api/v1/"]
    assert len(resolvers) == 1
    others = [str(one.pattern) for one in urls.urlpatterns if one not in urls.routes]
    assert set(others) == {*PUBLIC, ""}


def ask(world: World, api: Api, name: str, path: str, share: Share | None) -> Answer:
    """Do it, and take back what it did."""
    method = name.partition(" ")[0]
    route = ROUTES[name]
    body = route.body(world, share or world.anna) if route.body else None
    headers = {"Origin": "http://testserver"}
    if method in {"PATCH", "PUT"} or path.endswith(("/replan", "/move")):
        headers["If_Match"] = '"1"'
    with transaction.atomic():
        if body and "file" in body:
            answer = api.upload(path, *body["file"])
        else:
            answer = api(method, path, body, **headers)
        transaction.set_rollback(True)
    return answer


def expected(name: str, path: str, who: str, whose: str) -> set[int]:
    """What `who` gets at a thing of `whose`."""
    access = ROUTES[name].access
    if who == "nobody":
        return {401}
    if access == "office" and who != "boss":
        return {403}
    if "{" not in name:
        return THROUGH  # a list, narrowed to what is theirs
    if whose == "missing":
        return {404}
    if access == "door":
        return {200} if who == whose else {404}
    if who == "boss" or access in {"team", "office"}:
        return THROUGH
    if who != whose:
        return {404}
    # The office's actions are not a technician's, nor is a file that the office has sent.
    partly = "/actions/" in path or name == "DELETE /attachments/{uuid:attachment_id}"
    return THROUGH | {403} if partly else THROUGH


@pytest.mark.wide
@pytest.mark.parametrize("name", sorted(ROUTES))
def test_each_gets_what_is_theirs_and_no_more(world: World, name: str) -> None:
    template = name.split(" ")[1]
    shares: dict[str, Share | None] = {"anna": world.anna}
    if "{" in template:
        shares |= {"bert": world.bert, "missing": None}
    apis = {
        "boss": world.boss, "anna": world.anna.api, "bert": world.bert.api, "nobody": world.nobody,
    }  # fmt: skip
    for who, api in apis.items():
        texts: dict[str, list[str]] = {}
        for whose, share in shares.items():
            for path in path_of(template, world, share, MISSING):
                before = JournalEntry.objects.count()
                answer = ask(world, api, name, path, share)
                wanted = expected(name, path, who, whose)
                assert answer.status in wanted, (who, whose, path, answer.status, answer.text)
                assert who != "anna" or CANARY not in answer.text, path
                if answer.status in {401, 403, 404}:
                    assert answer.kind.startswith("application/problem+json")
                    assert JournalEntry.objects.count() == before
                texts.setdefault(whose, []).append(answer.text)
        if who == "anna" and ROUTES[name].access in {"own", "work", "door"}:
            assert texts.get("bert") == texts.get("missing"), "not yours equals not there"


LISTS = [
    name
    for name in sorted(ROUTES)
    if name.startswith("GET") and "{" not in name and ROUTES[name].access != "office"
]


@pytest.mark.wide
@pytest.mark.parametrize("name", LISTS)
def test_no_filter_of_a_list_opens_what_is_anothers(world: World, name: str) -> None:
    path = name.split(" ")[1]
    bert = world.bert
    filters = {
        "customer_id": bert.customer, "site_id": bert.site, "asset_id": bert.asset,
        "technician_id": bert.technician.pk, "q": CANARY, "skill_id": world.skill,
        "parent_id": bert.site, "archived": "true",
    }  # fmt: skip
    for field, value in filters.items():
        answer = world.anna.api.get(f"{path}?{field}={value}&limit=200")
        assert answer.status in ({403} if ROUTES[name].access == "office" else {200, 422})
        assert CANARY not in answer.text


def test_the_canary_is_there_for_who_may_see_it(world: World) -> None:
    """The negative control: the words looked for above do stand in the answers to a manager."""
    seen = [
        path
        for name in sorted(ROUTES)
        if name.startswith("GET ")
        for path in path_of(name.split(" ")[1], world, world.bert, MISSING)
        if CANARY in world.boss.get(path).text
    ]
    assert len(seen) >= 20


def test_a_door_left_open_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the census itself: without the narrowing it fails."""
    from callout.customers import policy as customers_policy
    from callout.customers.models import Customer

    monkeypatch.setattr(
        customers_policy, "visible_customers", lambda _actor: Customer.objects.all()
    )
    with pytest.raises(AssertionError):
        test_each_gets_what_is_theirs_and_no_more(world, "GET /customers/{uuid:id}")
