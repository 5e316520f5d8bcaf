"""Every screen of the census, as who may see it opens it."""

from collections.abc import Iterator
from urllib.parse import urlencode

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
# Leave the screen, or end the session.
AWAY = {"account_logout", "office:order_file", "office:order_signature", "technician:file"}


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
