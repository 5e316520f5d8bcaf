"""As a technician, every field through every form: nothing changes outside the allowed list."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import connection, models, transaction

from callout.accounts import services
from callout.accounts.models import User
from callout.customers.models import Customer
from tests.api.conftest import OURS, World
from tests.security.pages import PAGES, addresses, typed
from tests.security.people import People

pytestmark = pytest.mark.wide

ROOMS = (
    "accounts", "customers", "workforce", "travel", "orders", "planning", "webhooks", "notify",
    "fieldwork", "backup",
)  # fmt: skip
# What a change leaves behind by itself.
TRACES = {"version", "search", "updated_at"}
# A technician's whole influence by forms, by page: fields that change and things that come to be.
# What their phone may do is asked of the sync door (tests/fieldwork).
ALLOWED: dict[str, set[str]] = {
    "office:profile": {"User.name", "User.language", "User.mail_of_work"},
    "set_language": {"User.language"},
    "office:tokens": {"+ApiToken"},
    "office:token_revoke": {"ApiToken.revoked_at"},
    "office:session_end": set(),
    "office:phone_deed": {"Device.revoked_at", "Device.lost_at"},  # their own phone
}
# What the technician's own forms read: a made-up value there is refused with all the rest.
THEIRS = {"occurred_at", "reason_id", "minutes", "other_action", "other_at", "action"}
Row = str  # as JSON: read only where it has changed


def tables() -> list[type[models.Model]]:
    return [model for room in ROOMS for model in apps.get_app_config(room).get_models()]


def everything() -> dict[tuple[str, Any], Row]:
    """All rows of all rooms, in one question: it is asked after each of hundreds of presses."""
    each = [
        f"SELECT '{model.__name__}', \"{model._meta.pk.column}\"::text, to_jsonb(t)::text"
        f' FROM "{model._meta.db_table}" t'
        for model in tables()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return {(name, key): row for name, key, row in cursor.fetchall()}


def changes(before: dict[tuple[str, Any], Row], after: dict[tuple[str, Any], Row]) -> set[str]:
    """ "Model.field" for what changed, "+Model" for what is new, "-Model" for what is gone."""
    found = {f"+{key[0]}" for key in after.keys() - before.keys()}
    found |= {f"-{key[0]}" for key in before.keys() - after.keys()}
    for key in before.keys() & after.keys():
        if before[key] != after[key]:
            was, now = json.loads(before[key]), json.loads(after[key])
            names = {name for name in now if now[name] != was[name]} - TRACES
            found |= {f"{key[0]}.{name}" for name in names}
    return found


def every_field(world: World) -> dict[str, Any]:
    """A value for each field of each thing: what somebody tries who knows all the names."""
    sent: dict[str, Any] = {}
    for model in tables():
        for field in model._meta.concrete_fields:
            for name in {field.name, field.attname}:
                sent[name] = _value(field, world)
    ids = {"customer_id": world.bert.customer, "site_id": world.bert.site,
           "asset_id": world.bert.asset, "technician_id": world.bert.technician.pk,
           "order_id": world.bert.order, "actor": "system", "user_id": world.manager.user_id,
           "helper_ids": world.bert.technician.pk, "location": f"site:{world.bert.site}",
           "allow_overlap": "on", "skill_ids": world.skill, "for_technician": "on"}  # fmt: skip
    return sent | ids


def _value(field: "models.Field[Any, Any]", world: World) -> Any:
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateTimeField):
        return typed(-3)()
    if isinstance(field, models.DateField):
        return "2031-01-01"
    if isinstance(field, models.IntegerField):
        return "7"
    if isinstance(field, models.UUIDField) or field.is_relation:
        return str(world.bert.visit)
    return field.choices[-1][0] if field.choices else "hostile"


def pressed(world: World, people: People) -> Iterator[tuple[str, str, set[str]]]:
    """Every page that takes a POST, sent every field by Anna: its name, address, what changed."""
    sent = every_field(world)
    client = people.anna.client
    for name, page in PAGES.items():
        if page.kind not in {"form", "button"} or page.access == "public":
            continue
        query = urlencode(page.query(world, world.anna)) if page.query else ""
        paths = list(addresses(name, world, world.anna, people.tokens))
        before = everything()  # an address may have needed a step that is made for it
        for path in paths:
            own = page.body(world, world.anna) if page.body else {}
            harmless = {one: value for one, value in sent.items() if one not in THEIRS}
            for body in (sent, {**sent, **own}, {**harmless, **own}):
                client.cookies.clear()
                client.cookies.load(people.anna.cookies)
                with transaction.atomic():
                    client.post(f"{path}?{query}", body, headers={"Origin": OURS})
                    found = changes(before, everything())
                    transaction.set_rollback(True)
                yield name, path, found


def looked_at(world: World, people: People) -> set[str]:
    """What changed at all; fails for what is not on the list."""
    seen: set[str] = set()
    for name, path, found in pressed(world, people):
        assert found <= ALLOWED.get(name, set()), (name, path, found - ALLOWED.get(name, set()))
        seen |= {f"{name}: {one}" for one in found}
    return seen


def test_nothing_changes_outside_of_the_list(world: World, people: People) -> None:
    seen = looked_at(world, people)
    # Not in vain: what they may do has been done.
    for one in ("office:profile: User.name", "office:tokens: +ApiToken"):
        assert one in seen, sorted(seen)


def test_control_a_form_that_writes_a_field_too_many_is_found(
    world: World, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = services.user_update

    def careless(**given: Any) -> Any:
        Customer.objects.filter(pk=world.anna.customer).update(alert="hostile")
        return change(**given)

    monkeypatch.setattr(services, "user_update", careless)
    with pytest.raises(AssertionError, match=r"Customer\.alert"):
        looked_at(world, people)


def test_control_a_role_too_many_is_found(world: World, people: People) -> None:
    User.objects.filter(pk=str(world.anna.actor.user_id)).update(is_manager=True)
    with pytest.raises(AssertionError):
        looked_at(world, people)
