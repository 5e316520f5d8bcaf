"""Who sees what, by which words it is found, and how many questions that costs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callout.customers import hooks, selectors, services
from callout.customers.models import Asset, Contact, Customer, Site
from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid, NotFound
from callout.kernel.searching import Choice
from tests.customers.conftest import FixedWork

pytestmark = pytest.mark.django_db


@pytest.fixture
def nothing_above(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "sublines", [])


def names(choices: list[Choice]) -> list[str]:
    return [one.label for one in choices]


@pytest.mark.parametrize(
    "typed",
    [
        "lemair", "LEMAIRE", "boul lem", "wavre", "1300 lemaire", "010 22 33 44", "+32 10 22.33.44",
        "0032 10 22 33 44", "be 0403.170.701", "0403170701", "info@lemaire", "pont du christ",
        "Lémaire",
    ],
)  # fmt: skip
def test_a_customer_is_found_by(manager: Actor, lemaire: Customer, typed: str) -> None:
    services.customer_create(actor=manager, name="Somebody Else", town="Arlon")
    assert names(selectors.customer_search(actor=manager, q=typed)) == ["Boulangerie Lemaire"]
    page = selectors.customer_list(actor=manager, q=typed)
    assert [row.name for row in page.items] == ["Boulangerie Lemaire"]


@pytest.mark.parametrize("typed", ["zzz", "%", "_", "\x00", "\ud800zz", "x" * 5000, "010 22 33 45"])
def test_nothing_is_found_by(manager: Actor, lemaire: Customer, typed: str) -> None:
    found = names(selectors.customer_search(actor=manager, q=typed))
    # A character that cannot be searched counts as not typed.
    assert found == ([] if typed != "\x00" else ["Boulangerie Lemaire"])


def test_the_name_that_begins_with_it_comes_first(manager: Actor, lemaire: Customer) -> None:
    for name in ("Transports Lemaire & Fils", "Lemaire Chauffage", "Alemaire"):
        services.customer_create(actor=manager, name=name)
    assert names(selectors.customer_search(actor=manager, q="lemaire")) == [
        "Lemaire Chauffage",
        "Boulangerie Lemaire",
        "Transports Lemaire & Fils",
        "Alemaire",
    ]


def test_a_choice_says_why_it_is_this_one(
    manager: Actor, lemaire: Customer, asset: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        hooks, "sublines", [lambda _actor, _entity, ids: dict.fromkeys(ids, "last order 12 Oct")]
    )
    services.customer_create(
        actor=manager, kind="person", name="Anne-Sophie", town="Nivelles", phone="0498 00 11 22"
    )
    assert {one.label: one.detail for one in selectors.customer_search(actor=manager)} == {
        "Boulangerie Lemaire": "Wavre · 1 site · 1 asset · last order 12 Oct",
        "Anne-Sophie": "Person · Nivelles · 0498 00 11 22 · last order 12 Oct",
    }


def test_locations_are_the_customers_own_then_others(
    manager: Actor, lemaire: Customer, site: Site, asset: Asset, nothing_above: None
) -> None:
    services.site_create(actor=manager, name="Baker Street", town="London", country="GB")
    search = selectors.location_search
    assert search(actor=manager, customer_id=None, q="bak") == []
    own = search(actor=manager, customer_id=lemaire.pk)
    assert [(one.kind, one.label, one.linked) for one in own] == [
        ("site", "Bakery", True),
        ("asset", "Oven OV-1", True),
    ]
    typed = search(actor=manager, customer_id=lemaire.pk, q="bak")
    assert [(one.label, one.linked) for one in typed] == [("Bakery", True), ("Baker Street", False)]
    assert typed[1].detail == "not linked yet · London"
    assert names(search(actor=manager, customer_id=lemaire.pk, q="sn 19-044")) == ["Oven OV-1"]


def test_what_is_archived_is_offered_no_more(manager: Actor, lemaire: Customer) -> None:
    services.customer_archive(actor=manager, customer_id=lemaire.pk)
    assert selectors.customer_search(actor=manager, q="lemaire") == []
    assert selectors.customer_list(actor=manager).items == []
    assert selectors.customer_list(actor=manager, archived=True).items == [lemaire]


# --- own work only ---------------------------------------------------------------------

Reader = Callable[[Actor], Any]


@pytest.fixture
def readers(lemaire: Customer, site: Site, asset: Asset, contact: Contact) -> list[Reader]:
    """Every list and search of the room, as something to be called for an actor."""
    return [
        lambda actor: selectors.customer_list(actor=actor).items,
        lambda actor: selectors.site_list(actor=actor).items,
        lambda actor: selectors.contact_list(actor=actor).items,
        lambda actor: selectors.asset_list(actor=actor).items,
        lambda actor: selectors.site_link_list(actor=actor).items,
        lambda actor: selectors.customer_search(actor=actor),
        lambda actor: selectors.site_search(actor=actor),
        lambda actor: selectors.asset_search(actor=actor),
        lambda actor: selectors.contact_search(actor=actor, customer_id=lemaire.pk),
        lambda actor: selectors.location_search(actor=actor, customer_id=lemaire.pk),
    ]


@pytest.fixture
def details(lemaire: Customer, site: Site, asset: Asset, contact: Contact) -> list[Reader]:
    return [
        lambda actor: selectors.customer_detail(actor=actor, customer_id=lemaire.pk),
        lambda actor: selectors.site_detail(actor=actor, site_id=site.pk),
        lambda actor: selectors.asset_detail(actor=actor, asset_id=asset.pk),
        lambda actor: selectors.contact_detail(actor=actor, contact_id=contact.pk),
    ]


def test_a_manager_reads_all(manager: Actor, readers: list[Reader], details: list[Reader]) -> None:
    assert all(read(manager) for read in [*readers, *details])


def test_a_stranger_reads_nothing(
    stranger: Actor, readers: list[Reader], details: list[Reader]
) -> None:
    assert [len(read(stranger)) for read in readers] == [0] * len(readers)
    for read in details:
        with pytest.raises(NotFound):
            read(stranger)


def test_a_technician_reads_nothing_that_is_not_own_work(
    technician: Actor, own_work: FixedWork, readers: list[Reader], details: list[Reader]
) -> None:
    assert [len(read(technician)) for read in readers] == [0] * len(readers)
    for read in details:
        with pytest.raises(NotFound):
            read(technician)


def test_without_a_provider_technicians_read_nothing(
    technician: Actor, own_work: FixedWork, lemaire: Customer
) -> None:
    own_work.ids["customers"] = [lemaire.pk]
    assert len(selectors.customer_list(actor=technician).items) == 1
    hooks.own_work_found_by(None)
    assert selectors.customer_list(actor=technician).items == []


def test_a_technician_reads_own_work_and_not_what_hangs_on_it(
    manager: Actor, technician: Actor, own_work: FixedWork, lemaire: Customer, site: Site
) -> None:
    depot = services.site_create_linked(actor=manager, customer_id=lemaire.pk, name="Depot")
    oven = services.asset_create(actor=manager, site_id=site.pk, kind="Oven")
    services.asset_create(actor=manager, site_id=depot.pk, kind="Secret")
    services.contact_create(actor=manager, customer_id=lemaire.pk, name="Somebody Secret")
    branch = services.customer_create(actor=manager, name="Secret branch", bill_to_id=lemaire.pk)
    services.site_link(actor=manager, site_id=site.pk, customer_id=branch.pk)
    own_work.ids |= {"customers": [lemaire.pk], "sites": [site.pk], "assets": [oven.pk]}
    seen = selectors.customer_detail(actor=technician, customer_id=lemaire.pk)
    assert [link.site for link in seen.links] == [site]
    assert (seen.assets, seen.contacts, seen.billed) == ([oven], [], [])
    assert not seen.all_fields
    there = selectors.site_detail(actor=technician, site_id=site.pk)
    assert [link.customer for link in there.links] == [lemaire]
    links = selectors.site_list(actor=technician).items[0].links.all()
    assert [link.customer for link in links] == [lemaire]


def test_a_technician_is_not_told_where_an_own_asset_stood_before(
    manager: Actor, technician: Actor, own_work: FixedWork, site: Site, asset: Asset
) -> None:
    depot = services.site_create(actor=manager, name="Depot")
    services.asset_move(actor=manager, asset_id=asset.pk, version=1, site_id=depot.pk)
    own_work.ids |= {"sites": [depot.pk], "assets": [asset.pk]}
    assert len(selectors.asset_detail(actor=manager, asset_id=asset.pk).moves) == 1
    assert selectors.asset_detail(actor=technician, asset_id=asset.pk).moves == []


def test_a_technician_cannot_ask_whose_vat_number_an_own_customer_has(
    manager: Actor, technician: Actor, own_work: FixedWork, lemaire: Customer
) -> None:
    own_work.ids["customers"] = [lemaire.pk]
    asked = selectors.customer_duplicates
    assert len(asked(actor=manager, vat_number="0403170701")) == 1
    assert asked(actor=technician, vat_number="0403170701") == []


# --- pages and costs -------------------------------------------------------------------


def test_pages_follow_each_other_without_gap_or_double(manager: Actor) -> None:
    for name in ("Émile", "emile", "Eva", "Zoe", "Ada", "Émile"):
        services.customer_create(actor=manager, name=name)
    seen: list[str] = []
    cursor = None
    while True:
        page = selectors.customer_list(actor=manager, cursor=cursor, limit=2)
        seen += [str(row.pk) for row in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 6
    sorted_names = [Customer.objects.get(pk=pk).name_sort for pk in seen]
    assert sorted_names == ["ada", "emile", "emile", "emile", "eva", "zoe"]


def test_a_cursor_that_is_not_of_this_list_is_refused(manager: Actor) -> None:
    for name in ("A", "B"):
        services.customer_create(actor=manager, name=name)
        services.site_create(actor=manager, name=name)
    cursor = selectors.customer_list(actor=manager, limit=1).next
    assert cursor
    for forged in ("x", cursor[:-1], cursor + "x", "WyJhIl0:1abc:def", "\x00"):
        with pytest.raises(Invalid, match="page is not known"):
            selectors.customer_list(actor=manager, cursor=forged)
    with pytest.raises(Invalid, match="page is not known"):
        selectors.site_list(actor=manager, cursor=cursor)
    for limit in (0, -1, 201):
        with pytest.raises(Invalid, match="1 to 200"):
            selectors.customer_list(actor=manager, limit=limit)


@pytest.mark.wide
def test_more_rows_cost_no_more_questions(manager: Actor, lemaire: Customer) -> None:
    reads: list[Reader] = [
        lambda actor: selectors.customer_search(actor=actor, q="lemaire"),
        lambda actor: selectors.customer_list(actor=actor),
        lambda actor: selectors.site_list(actor=actor),
        lambda actor: selectors.asset_list(actor=actor),
        lambda actor: selectors.location_search(actor=actor, customer_id=lemaire.pk, q="le"),
        lambda actor: selectors.customer_detail(actor=actor, customer_id=lemaire.pk),
    ]

    def costs() -> list[int]:
        counted = []
        for read in reads:
            with CaptureQueriesContext(connection) as queries:
                read(manager)
            counted.append(len(queries))
        return counted

    def grow(number: int) -> None:
        site = services.site_create_linked(
            actor=manager, customer_id=lemaire.pk, name=f"Lemaire {number}"
        )
        services.asset_create(actor=manager, site_id=site.pk, kind="Lemaire oven")
        services.customer_create(actor=manager, name=f"Lemaire {number}")
        services.contact_create(actor=manager, customer_id=lemaire.pk, name="Anne", site_id=site.pk)

    grow(1)
    first = costs()
    for number in range(2, 7):
        grow(number)
    # The box stops asking for others' sites once it is full.
    assert all(now <= then for now, then in zip(costs(), first, strict=True))
    assert max(first) <= 6
