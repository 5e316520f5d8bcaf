"""Two at once: each lock is shown by what happens without it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from callout.customers import hooks, services
from callout.customers.models import Customer, Site
from callout.customers.services import places, sites
from callout.kernel import change
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError, Invalid, Refused

pytestmark = pytest.mark.django_db(transaction=True)

MANAGER = Actor.system("tests", "command")
LONG = 10


class Two:
    """A first change that stops half-way, and a second one started meanwhile."""

    def __init__(self) -> None:
        self.half_way = threading.Event()
        self.go_on = threading.Event()
        self.said: dict[str, Any] = {}

    def stop(self) -> None:
        """Called by the first from inside its change."""
        self.half_way.set()
        assert self.go_on.wait(LONG)

    def run(self, first: Callable[[], object], second: Callable[[], object]) -> dict[str, Any]:
        """Both to their end: the second begins while the first stands half-way."""
        threads = [
            threading.Thread(target=self._do, args=(name, work))
            for name, work in (("first", first), ("second", second))
        ]
        threads[0].start()
        assert self.half_way.wait(LONG)
        threads[1].start()
        threads[1].join(0.5)  # it waits for a lock, or it is done
        self.go_on.set()
        for thread in threads:
            thread.join(LONG)
            assert not thread.is_alive()
        return self.said

    def _do(self, name: str, work: Callable[[], object]) -> None:
        try:
            self.said[name] = work()
        except CalloutError as error:
            self.said[name] = error
        finally:
            connection.close()


def order_made(two: Two, customer: Customer, site: Site, made: list[str]) -> Callable[[], None]:
    @change.service
    def make(*, actor: Actor) -> None:
        services.place_hold(actor=actor, customer_id=customer.pk, site_id=site.pk)
        two.stop()
        made.append("an open order")

    return lambda: make(actor=MANAGER)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> tuple[Customer, Site, list[str]]:
    """A customer with a site, and a guard that knows of the orders made in the test."""
    customer = services.customer_create(actor=MANAGER, name="Lemaire")
    site = services.site_create_linked(actor=MANAGER, customer_id=customer.pk, name="Bakery")
    made: list[str] = []
    guard = lambda _entity, _id: made[0] if made else None  # noqa: E731
    monkeypatch.setattr(hooks, "archive_guards", [guard])
    return customer, site, made


@contextmanager
def without(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, instead: Any) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, instead)
        yield


def archived(site: Site) -> Callable[[], object]:
    return lambda: services.site_archive(actor=MANAGER, site_id=site.pk)


def test_a_site_is_not_archived_under_an_order_being_made(
    place: tuple[Customer, Site, list[str]],
) -> None:
    customer, site, made = place
    two = Two()
    said = two.run(order_made(two, customer, site, made), archived(site))
    assert isinstance(said["second"], Refused)
    site.refresh_from_db()
    assert site.archived_at is None


def test_without_the_hold_it_would_be(
    place: tuple[Customer, Site, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    customer, site, made = place
    two = Two()

    with without(monkeypatch, places, "LOCK", ""):
        said = two.run(order_made(two, customer, site, made), archived(site))
    assert not isinstance(said["second"], CalloutError)
    site.refresh_from_db()
    assert (site.archived_at is not None, made) == (True, ["an open order"])


def test_orders_at_the_same_place_do_not_wait_for_each_other(
    place: tuple[Customer, Site, list[str]],
) -> None:
    customer, site, made = place
    two = Two()
    finished_first: list[str] = []

    @change.service
    def quick(*, actor: Actor) -> None:
        services.place_hold(actor=actor, customer_id=customer.pk, site_id=site.pk)
        finished_first.append("second" if not made else "first")

    two.run(order_made(two, customer, site, made), lambda: quick(actor=MANAGER))
    assert finished_first == ["second"]


def put_under(site: Site, parent: Site) -> Callable[[], object]:
    return lambda: services.site_update(
        actor=MANAGER, site_id=site.pk, version=1, parent_id=parent.pk
    )


def cycle_tried(monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, Any], list[Site]]:
    """A under B and B under A at the same time; the first stops after its check."""
    a, b = (services.site_create(actor=MANAGER, name=name) for name in "AB")
    two = Two()
    checked = sites._parent_checked

    def check_and_stop(row: Site) -> None:
        checked(row)
        if row.pk == a.pk:
            two.stop()

    with without(monkeypatch, sites, "_parent_checked", check_and_stop):
        said = two.run(put_under(a, b), put_under(b, a))
    for site in (a, b):
        site.refresh_from_db()
    return said, [a, b]


def test_two_sites_are_never_put_inside_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    said, (a, b) = cycle_tried(monkeypatch)
    assert isinstance(said["second"], Invalid)
    assert (a.parent_id, b.parent_id) == (b.pk, None)


def test_without_the_locks_of_the_tree_they_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked_up_only(row: Site) -> None:
        if row.parent_id is not None and row.pk in sites._ids_above(row.parent_id):
            raise sites._inside_itself()

    with (
        without(monkeypatch, sites, "_tree_locked", lambda: None),
        without(monkeypatch, sites, "_parent_checked", looked_up_only),
    ):
        _said, (a, b) = cycle_tried(monkeypatch)
    assert (a.parent_id, b.parent_id) == (b.pk, a.pk)
