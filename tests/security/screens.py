"""Every screen of the census, as who may see it opens it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from callout.accounts.models import User
from callout.backup.models import BackupRun, FullExport
from callout.customers.imports.checking import import_check
from callout.customers.imports.making import import_columns_set, import_send
from callout.kernel import clock
from tests.api.conftest import World
from tests.security.pages import PAGES, addresses
from tests.security.people import People

WHO = {"manager": "boss", "technician": "anna", "admin": "admin", "anybody": "boss"}
# More than one look at some.
MORE = {
    "office:orders": ["?day=all", "?q=script", "?stage=planned"],
    "office:order": ["?tab=record", "?tab=notes", "?tab=files", "?tab=time"],
    "office:customers": ["?q=script"],
    "office:search": ["?q=customer"],
}
# No screens: files, and what ends the session.
AWAY = {
    "account_logout", "office:order_file", "office:order_signature", "office:import_template",
    "technician:file",
}  # fmt: skip


def furnish(world: World, people: People, check: Callable[[UUID], object] = import_check) -> World:
    """The company with what screens show and it has not yet: a filter, a webhook and its delivery,
    an import with a row at fault, a backup and an export that failed. `check` waits for the worker
    where there is one."""
    for name in PAGES:
        addresses(name, world, world.anna, people.tokens)
    table = b"name;vat number;alert\nMade;;New\nOther;x;\nSame;;\nSame;;Twice\n"
    run = import_send(actor=world.manager, kind="customers", file_name="t.csv", data=table)
    columns = {"name": 0, "vat_number": 1, "alert": 2}
    import_columns_set(
        actor=world.manager, import_id=run.pk, version=run.version, columns=columns, has_head=True
    )
    check(run.pk)
    now = {"started_at": clock.now(), "finished_at": clock.now()}
    BackupRun.objects.create(
        cause=BackupRun.NIGHTLY, state=BackupRun.FAILED, path="x", words="x", **now
    )
    for user in User.objects.filter(is_admin=True):
        FullExport.objects.create(made_by=user, state=FullExport.FAILED, words="x")
    return replace(world, sent=run.pk)


def screens(world: World, people: People) -> Iterator[tuple[str, str]]:
    """Who opens which address."""
    for name, page in PAGES.items():
        if page.kind == "button" or name in AWAY:
            continue
        query = f"?{urlencode(page.query(world, world.anna))}" if page.query else ""
        who = WHO.get(page.access, "nobody")
        for path in addresses(name, world, world.anna, people.tokens):
            yield who, path + query
            for more in MORE.get(name, []):
                yield who, path + more
