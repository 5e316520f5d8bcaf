import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from callout.customers import hooks, services
from callout.customers.models import Asset, AssetMove, Contact, Customer, Site, SiteLink
from callout.customers.secrets import decrypt, encrypt
from callout.customers.selectors import customer_detail, site_detail
from callout.customers.services.sites import DEEPEST
from callout.kernel import change, clock
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError, Forbidden, Invalid, NotFound, Refused, Unavailable
from callout.kernel.models import JournalEntry
from tests.customers.conftest import last_entry

pytestmark = pytest.mark.django_db


def inside(manager: Actor, parent: Site | None, name: str) -> Site:
    return services.site_create(actor=manager, name=name, parent_id=parent.pk if parent else None)


# --- the tree --------------------------------------------------------------------------


def test_a_site_is_never_inside_itself(manager: Actor) -> None:
    block = inside(manager, None, "Block")
    flat = inside(manager, block, "Flat")
    room = inside(manager, flat, "Room")
    for below in (block, flat, room):
        with pytest.raises(Invalid) as refused:
            services.site_update(actor=manager, site_id=block.pk, version=1, parent_id=below.pk)
        assert refused.value.fields == {"parent_id": ["A site cannot lie inside itself."]}


def test_the_database_refuses_a_site_that_is_its_own_parent(site: Site) -> None:
    with pytest.raises(IntegrityError, match="site_parent_other"), transaction.atomic():
        Site.objects.filter(pk=site.pk).update(parent=site.pk)


def test_the_tree_stays_shallow_from_above_and_below(manager: Actor) -> None:
    lowest = None
    for level in range(DEEPEST):
        lowest = inside(manager, lowest, f"Level {level}")
    with pytest.raises(Invalid, match="levels deep"):
        inside(manager, lowest, "Too deep")
    top = inside(manager, None, "Above all")
    first = Site.objects.get(name="Level 0")
    with pytest.raises(Invalid, match="levels deep"):
        services.site_update(actor=manager, site_id=first.pk, version=1, parent_id=top.pk)


def test_a_parent_must_be_in_use(manager: Actor, site: Site) -> None:
    services.site_archive(actor=manager, site_id=site.pk)
    with pytest.raises(Invalid, match="not archived"):
        inside(manager, site, "Flat")


# --- fields ----------------------------------------------------------------------------


def test_a_site_without_a_name_is_called_by_its_street(manager: Actor) -> None:
    assert services.site_create(actor=manager, street="Rue Haute 1").name == "Rue Haute 1"
    with pytest.raises(Invalid, match="a name or an address"):
        services.site_create(actor=manager)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"latitude": 50.7}, "longitude"),
        ({"longitude": "4.6"}, "latitude"),
        ({"latitude": 91, "longitude": 0}, "latitude"),
        ({"latitude": "nan", "longitude": 0}, "latitude"),
        ({"latitude": "north", "longitude": 0}, "latitude"),
        ({"opening_hours": "always"}, "opening_hours"),
        ({"opening_hours": [[]] * 6}, "opening_hours"),
        ({"opening_hours": [[["08:00"]], *[[]] * 6]}, "opening_hours"),
        ({"opening_hours": [[["12:00", "08:00"]], *[[]] * 6]}, "opening_hours"),
        ({"opening_hours": [[["08:00", "12:00"], ["11:00", "13:00"]], *[[]] * 6]}, "opening_hours"),
        ({"opening_hours": [[["8:00", "25:00"]], *[[]] * 6]}, "opening_hours"),
        ({"parent_id": "x"}, "parent_id"),
        ({"access_code_encrypted": "1"}, "access_code_encrypted"),
        ({"postcode": "12"}, "postcode"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(
    manager: Actor, values: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.site_create(actor=manager, name="A", **values)  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]
    assert not Site.objects.exists()


def test_half_a_position_is_refused_by_the_database_too(site: Site) -> None:
    with pytest.raises(IntegrityError, match="site_position_whole"), transaction.atomic():
        Site.objects.filter(pk=site.pk).update(latitude=50.0)


def test_postcodes_are_checked_by_their_country(manager: Actor) -> None:
    row = services.site_create(actor=manager, name="A", postcode="1012 ab", country="nl")
    assert (row.postcode, row.country) == ("1012 AB", "NL")
    with pytest.raises(Invalid, match="1012 AB"):
        services.site_create(actor=manager, name="B", postcode="1012", country="NL")


# --- links -----------------------------------------------------------------------------


def test_a_role_is_given_once(manager: Actor, lemaire: Customer, site: Site) -> None:
    with pytest.raises(Refused) as refused:
        services.site_link(actor=manager, site_id=site.pk, customer_id=lemaire.pk)
    assert refused.value.code == "already_linked"
    services.site_link(actor=manager, site_id=site.pk, customer_id=lemaire.pk, role="owner")
    assert SiteLink.objects.count() == 2


def test_the_database_refuses_the_same_link_twice_and_it_has_words(
    manager: Actor, lemaire: Customer, site: Site
) -> None:
    @change.service
    def raw(*, actor: Actor) -> None:
        SiteLink(site=site, customer=lemaire, role="occupant").save(force_insert=True)

    with pytest.raises(Refused, match="linked in this way already"):
        raw(actor=manager)


def test_the_last_link_stays_while_something_needs_it(
    manager: Actor, lemaire: Customer, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = SiteLink.objects.get()
    second = services.site_link(
        actor=manager, site_id=site.pk, customer_id=lemaire.pk, role="owner"
    )
    monkeypatch.setattr(hooks, "unlink_guards", [lambda _site, _customer: "It has open orders."])
    services.site_unlink(actor=manager, link_id=second.pk)
    with pytest.raises(Refused, match="open orders"):
        services.site_unlink(actor=manager, link_id=first.pk)
    monkeypatch.setattr(hooks, "unlink_guards", [])
    contact = services.contact_create(
        actor=manager, customer_id=lemaire.pk, name="Anne", site_id=site.pk
    )
    with pytest.raises(Refused, match="Anne is a contact for this site"):
        services.site_unlink(actor=manager, link_id=first.pk)
    services.contact_archive(actor=manager, contact_id=contact.pk)
    services.site_unlink(actor=manager, link_id=first.pk)
    assert last_entry(site.pk).facts == {"customer_id": str(lemaire.pk), "role": "occupant"}
    with pytest.raises(NotFound):
        services.site_unlink(actor=manager, link_id=first.pk)


@pytest.mark.parametrize("who", ["technician", "stranger"])
def test_only_a_manager_changes_sites_links_codes_and_assets(
    who: str, lemaire: Customer, site: Site, asset: Asset, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who)
    for attempt in (
        lambda: services.site_create(actor=actor, name="Mine"),
        lambda: services.site_update(actor=actor, site_id=site.pk, version=1, name="Mine"),
        lambda: services.site_archive(actor=actor, site_id=site.pk),
        lambda: services.site_link(actor=actor, site_id=site.pk, customer_id=lemaire.pk),
        lambda: services.site_unlink(actor=actor, link_id=SiteLink.objects.get().pk),
        lambda: services.site_code_set(actor=actor, site_id=site.pk, version=1, code="1"),
        lambda: services.asset_create(actor=actor, site_id=site.pk, reference="Mine"),
        lambda: services.asset_update(actor=actor, asset_id=asset.pk, version=1, kind="Mine"),
        lambda: services.asset_move(actor=actor, asset_id=asset.pk, version=1, site_id=site.pk),
        lambda: services.asset_archive(actor=actor, asset_id=asset.pk),
        lambda: services.contact_create(actor=actor, customer_id=lemaire.pk, name="Mine"),
    ):
        before = JournalEntry.objects.count()
        with pytest.raises(Forbidden):
            attempt()
        assert JournalEntry.objects.count() == before


# --- archive ---------------------------------------------------------------------------


def test_a_site_with_assets_or_sites_inside_is_not_archived(
    manager: Actor, site: Site, asset: Asset
) -> None:
    with pytest.raises(Refused, match="1 asset at this site"):
        services.site_archive(actor=manager, site_id=site.pk)
    services.asset_archive(actor=manager, asset_id=asset.pk)
    flat = inside(manager, site, "Flat")
    with pytest.raises(Refused, match="1 other site lies inside it"):
        services.site_archive(actor=manager, site_id=site.pk)
    services.site_archive(actor=manager, site_id=flat.pk)
    services.site_archive(actor=manager, site_id=site.pk)
    with pytest.raises(Refused, match="Bakery, which is archived"):
        services.site_restore(actor=manager, site_id=flat.pk)
    with pytest.raises(Refused, match="Its site Bakery is archived"):
        services.asset_restore(actor=manager, asset_id=asset.pk)
    asset.refresh_from_db()
    assert asset.archived_at is not None


# --- the code of the door --------------------------------------------------------------


def test_a_code_is_kept_encrypted_and_bound_to_its_site(manager: Actor, site: Site) -> None:
    services.site_code_set(actor=manager, site_id=site.pk, version=1, code="#4711#")
    site.refresh_from_db()
    kept = bytes(site.access_code_encrypted or b"")
    assert b"4711" not in kept
    assert services.site_code_read(actor=manager, site_id=site.pk) == "#4711#"
    other = services.site_create(actor=manager, name="Other")
    with pytest.raises(Unavailable):
        decrypt(kept, other.pk)
    with pytest.raises(Unavailable):
        decrypt(b"\x02" + kept[1:], site.pk)
    assert encrypt("#4711#", site.pk) != kept


def test_each_look_is_in_the_journal_and_the_code_never(manager: Actor, site: Site) -> None:
    services.site_code_set(actor=manager, site_id=site.pk, version=1, code="#4711#")
    services.site_code_read(actor=manager, site_id=site.pk)
    services.site_code_read(actor=manager, site_id=site.pk)
    entries = JournalEntry.objects.filter(entity_id=site.pk).order_by("id")
    assert [entry.kind for entry in entries][-3:] == ["code_set", "code_look", "code_look"]
    assert "4711" not in json.dumps([[entry.facts, entry.personal] for entry in entries])


def test_a_code_is_taken_away_by_an_empty_one(manager: Actor, site: Site) -> None:
    services.site_code_set(actor=manager, site_id=site.pk, version=1, code="1")
    assert site_detail(actor=manager, site_id=site.pk).has_code
    services.site_code_set(actor=manager, site_id=site.pk, version=2, code="")
    assert not site_detail(actor=manager, site_id=site.pk).has_code
    with pytest.raises(NotFound):
        services.site_code_read(actor=manager, site_id=site.pk)


def test_no_selector_loads_the_code(manager: Actor, site: Site, asset: Asset) -> None:
    links = customer_detail(actor=manager, customer_id=SiteLink.objects.get().customer_id).links
    shown = [site_detail(actor=manager, site_id=site.pk).site, links[0].site]
    for row in shown:
        assert "access_code_encrypted" in row.get_deferred_fields()


# --- assets ----------------------------------------------------------------------------


def test_a_moved_asset_remembers_where_it_stood(manager: Actor, site: Site, asset: Asset) -> None:
    other = services.site_create(actor=manager, name="Depot")
    services.asset_move(actor=manager, asset_id=asset.pk, version=1, site_id=other.pk)
    asset.refresh_from_db()
    move = AssetMove.objects.get()
    assert (asset.site, asset.version) == (other, 2)
    assert (move.from_site, move.to_site, move.moved_by_id) == (site, other, manager.user_id)
    assert last_entry(asset.pk).facts == {
        "from_site_id": str(site.pk),
        "to_site_id": str(other.pk),
    }


def test_an_impossible_move_is_refused(manager: Actor, site: Site, asset: Asset) -> None:
    other = services.site_create(actor=manager, name="Depot")
    tomorrow = clock.now() + timedelta(days=1)
    for site_id, moved_at, words in (
        (site.pk, None, "stands there already"),
        (other.pk, tomorrow, "once it has happened"),
        (other.pk, "yesterday", "day and an hour"),
        ("no id", None, "Choose one of the list"),
    ):
        with pytest.raises(Invalid, match=words):
            services.asset_move(
                actor=manager, asset_id=asset.pk, version=1, site_id=site_id, moved_at=moved_at
            )
    services.asset_move(actor=manager, asset_id=asset.pk, version=1, site_id=other.pk)
    with pytest.raises(Invalid, match="after that already"):
        services.asset_move(
            actor=manager,
            asset_id=asset.pk,
            version=2,
            site_id=site.pk,
            moved_at=clock.now() - timedelta(hours=1),
        )
    assert AssetMove.objects.count() == 1


def test_an_asset_is_called_by_what_is_known_of_it(manager: Actor, site: Site) -> None:
    row = services.asset_create(actor=manager, site_id=site.pk, kind="Lift", serial_number="S1")
    assert row.reference == "S1"
    with pytest.raises(Invalid, match="a reference, a serial number or a type"):
        services.asset_create(actor=manager, site_id=site.pk)
    with pytest.raises(Invalid, match="ends before the installation"):
        services.asset_create(
            actor=manager,
            site_id=site.pk,
            kind="Lift",
            installed_on="2026-02-01",
            warranty_until="2026-01-31",
        )


# --- the place of an order -------------------------------------------------------------


@change.service
def hold(*, actor: Actor, **place: object) -> services.Place:
    return services.place_hold(actor=actor, **place)  # type: ignore[arg-type]


def test_an_asset_gives_its_site(
    manager: Actor, lemaire: Customer, asset: Asset, contact: Contact
) -> None:
    place = hold(actor=manager, customer_id=lemaire.pk, asset_id=asset.pk, contact_id=contact.pk)
    assert (place.site, place.asset, place.contact) == (asset.site, asset, contact)


def test_a_place_that_does_not_fit_together_is_refused(
    manager: Actor, lemaire: Customer, site: Site, asset: Asset
) -> None:
    other = services.customer_create(actor=manager, name="Other")
    theirs = services.contact_create(actor=manager, customer_id=other.pk, name="Their man")
    depot = services.site_create(actor=manager, name="Depot")
    for place, field, code in (
        ({"customer_id": other.pk, "site_id": site.pk}, "site_id", "site_not_linked"),
        ({"customer_id": lemaire.pk}, "site_id", "invalid"),
        ({"customer_id": lemaire.pk, "site_id": depot.pk, "asset_id": asset.pk}, "asset_id", ""),
        (
            {"customer_id": lemaire.pk, "site_id": site.pk, "contact_id": theirs.pk},
            "contact_id",
            "",
        ),
    ):
        with pytest.raises(CalloutError) as refused:
            hold(actor=manager, **place)
        assert isinstance(refused.value, Invalid)
        assert list(refused.value.fields) == [field]
        assert refused.value.code == (code or "invalid")
    services.customer_archive(actor=manager, customer_id=lemaire.pk)
    with pytest.raises(Invalid, match="not archived"):
        hold(actor=manager, customer_id=lemaire.pk, site_id=site.pk)


def test_the_search_columns_have_their_index(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%gin_trgm_ops%'")
        names = {name for (name,) in cursor.fetchall()}
    assert {"customer_search", "contact_search", "site_search", "asset_search"} <= names
    assert {"technician_search", "vehicle_search"} <= names
