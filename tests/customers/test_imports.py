"""Imports: looked at row by row, done only once confirmed, by the ordinary services, once."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callout.accounts.models import User
from callout.customers import services
from callout.customers.imports import checking, keeping, making, running, selectors
from callout.customers.imports.checking import import_check
from callout.customers.imports.columns import columns_guess
from callout.customers.imports.running import import_portion, import_run
from callout.customers.models import (
    Asset,
    Contact,
    Customer,
    Import,
    ImportRow,
    Site,
    SiteLink,
)
from callout.customers.tasks import imports_purge
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale, TooLarge
from callout.kernel.models import JournalEntry

pytestmark = pytest.mark.django_db
Given = dict[str, Any]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    return tmp_path


def sent(actor: Actor, table: str, kind: str = "customers") -> Import:
    return making.import_send(actor=actor, kind=kind, file_name="t.csv", data=table.encode())


def checked(actor: Actor, table: str, kind: str = "customers", **options: bool) -> Import:
    """Sent, its columns as guessed, and looked at."""
    run = sent(actor, table, kind)
    given: Given = {"columns": run.columns, "has_head": run.has_head, **options}
    making.import_columns_set(actor=actor, import_id=run.pk, version=run.version, **given)
    import_check(run.pk)
    run.refresh_from_db()
    assert run.state == "checked", run.failure
    return run


def confirmed(actor: Actor, run: Import, **options: bool) -> Import:
    return making.import_confirm(actor=actor, import_id=run.pk, version=run.version, **options)


def done(actor: Actor, run: Import, **options: bool) -> list[ImportRow]:
    confirmed(actor, run, **options)
    import_run(run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.failure
    return list(run.rows.order_by("line"))


def verdicts(run: Import) -> list[str]:
    return list(run.rows.order_by("line").values_list("verdict", flat=True))


LIST = """name;vat_number;phone;street;postcode;town;contact_name;contact_mobile
Nova;;010 55 66 77;Rue A 1;1300;Wavre;Jan;0470 11 22 33
Boulangerie Lemaire;BE0403170701;;;;;;
Lemaire SA;BE0403170701;010 22 33 45;;;;;
Autre;;010 22 33 44;;;;;
Wrong;BE 12;nonsense;;;;;
nova;;;;1300;;Piet;
"""


def test_a_preview_says_of_each_row_what_it_would_do_and_touches_nothing(
    manager: Actor, lemaire: Customer
) -> None:
    before = JournalEntry.objects.exclude(entity="import").count()
    run = checked(manager, LIST)
    _new, same, changes, likely, wrong, again = run.rows.order_by("line")
    assert verdicts(run) == ["new", "same", "changes", "likely", "error", "new"]
    assert (same.target_id, same.why) == (lemaire.pk, "same VAT number")
    assert changes.changes == [
        ["name", "Boulangerie Lemaire", "Lemaire SA"],
        ["phone", "+3210223344", "+3210223345"],
    ]
    assert (likely.target_id, likely.why) == (lemaire.pk, "same phone")
    assert set(wrong.errors) == {"vat_number", "phone"}
    assert (wrong.line, again.same_line, again.changes) == (6, 2, [["contact", "", "Piet"]])
    assert Customer.objects.count() == 1
    assert JournalEntry.objects.exclude(entity="import").count() == before


def test_only_what_is_confirmed_is_done_by_who_confirmed_it(
    manager: Actor, manager_user: User, lemaire: Customer
) -> None:
    rows = done(manager, checked(manager, LIST, with_site=True))
    assert [row.outcome for row in rows] == [
        "created", "skipped", "skipped", "skipped", "failed", "created",
    ]  # fmt: skip
    nova = Customer.objects.get(name="Nova")
    assert sorted(nova.contacts.values_list("name", flat=True)) == ["Jan", "Piet"]
    assert nova.contacts.get(name="Jan").mobile == "+32470112233"
    assert SiteLink.objects.get(customer=nova).site.street == "Rue A 1"
    assert Customer.objects.count() == 2
    lemaire.refresh_from_db()
    assert lemaire.name == "Boulangerie Lemaire"
    entry = JournalEntry.objects.get(entity="customer", entity_id=nova.pk)
    assert (entry.kind, entry.actor_id) == ("create", manager_user.pk)
    assert "010" in rows[4].told or "number" in rows[4].told
    assert rows[3].told == "Perhaps the same as Boulangerie Lemaire: same phone."


def test_changes_and_what_may_be_known_are_done_where_that_is_said(
    manager: Actor, lemaire: Customer
) -> None:
    run = checked(manager, LIST)
    rows = done(manager, run, with_changes=True, with_likely=True)
    assert [row.outcome for row in rows] == [
        "created", "skipped", "changed", "created", "failed", "created",
    ]  # fmt: skip
    lemaire.refresh_from_db()
    assert (lemaire.name, lemaire.phone) == ("Lemaire SA", "+3210223345")
    assert lemaire.email == "info@lemaire.example"  # an empty cell says nothing
    assert Customer.objects.filter(name="Autre").exists()


@pytest.mark.wide
def test_a_contact_of_who_may_be_known_is_given_to_nobody_where_that_row_is_left(
    manager: Actor, lemaire: Customer
) -> None:
    table = """name;vat_number;phone;contact_name
Autre;BE0202239951;010 22 33 44;Jan
Autre;BE0202239951;;Piet
"""
    run = checked(manager, table)
    assert verdicts(run) == ["likely", "new"]
    likely, more = done(manager, run)
    assert (likely.outcome, more.outcome) == ("skipped", "skipped")
    assert more.told == "Line 2 was not imported."
    assert not lemaire.contacts.filter(name="Piet").exists()
    run = checked(manager, table)
    done(manager, run, with_likely=True)
    autre = Customer.objects.get(name="Autre")
    assert sorted(autre.contacts.values_list("name", flat=True)) == ["Jan", "Piet"]


def test_the_same_file_again_finds_all_of_it_known(manager: Actor) -> None:
    table = LIST.replace("Wrong;BE 12;nonsense", "Right;;010 99 88 77")
    done(manager, checked(manager, table), with_changes=True)
    before = (Customer.objects.count(), Contact.objects.count())
    run = checked(manager, table)
    assert set(verdicts(run)) == {"same", "likely", "changes"} - {"likely"}
    done(manager, run)
    assert (Customer.objects.count(), Contact.objects.count()) == before


@pytest.mark.wide
def test_a_killed_run_goes_on_where_it_was_and_doubles_nothing(
    manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 4)
    lines = "".join(f"Firm {number};130{number % 10}\n" for number in range(10))
    run = confirmed(manager, checked(manager, "name;postcode\n" + lines))
    assert import_portion(actor=manager, import_id=run.pk)
    tries = 0
    whole = running._Portion.do

    def killed(self: Any) -> None:
        nonlocal tries
        tries += 1
        whole(self)
        if tries == 1:
            raise SystemExit

    monkeypatch.setattr(running._Portion, "do", killed)
    with pytest.raises(SystemExit):
        import_run(run.pk)
    assert Customer.objects.count() == 4  # the portion in hand was undone whole
    import_run(run.pk)
    assert Customer.objects.count() == 10
    run.refresh_from_db()
    assert (run.state, run.progress_done) == ("done", 10)


def test_what_others_did_since_the_preview_is_left_in_words(
    manager: Actor, lemaire: Customer
) -> None:
    run = checked(manager, LIST)
    services.customer_create(actor=manager, name="Nova", postcode="1300")
    services.customer_update(
        actor=manager, customer_id=lemaire.pk, version=lemaire.version, phone="010 22 33 46"
    )
    rows = done(manager, run, with_changes=True)
    told = "It is not as it was in the preview any more. Import it again."
    assert [rows[0].told, rows[2].told] == [told, told]
    assert rows[5].told == "Line 2 was not imported."
    assert Customer.objects.count() == 2


def test_a_stopped_run_keeps_what_is_done_and_goes_on_when_asked(
    manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 2)
    run = confirmed(manager, checked(manager, "name\nA1\nB2\nC3\nD4\n"))
    import_portion(actor=manager, import_id=run.pk)
    making.import_stop(actor=manager, import_id=run.pk)
    import_run(run.pk)
    assert Customer.objects.count() == 2
    with pytest.raises(Refused, match="not being done"):
        making.import_stop(actor=manager, import_id=run.pk)
    making.import_go_on(actor=manager, import_id=run.pk)
    import_run(run.pk)
    assert Customer.objects.count() == 4
    with pytest.raises(Refused, match="nothing left"):
        making.import_go_on(actor=manager, import_id=run.pk)


def test_who_may_not_any_more_is_not_acted_for(manager: Actor, manager_user: User) -> None:
    run = confirmed(manager, checked(manager, "name\nA1\n"))
    User.objects.filter(pk=manager_user.pk).update(is_manager=False)
    import_run(run.pk)
    run.refresh_from_db()
    assert (run.state, Customer.objects.count()) == ("failed", 0)
    assert run.failure == "Whoever asked for it may not import any more."


def test_sites_find_their_customer_their_parent_and_their_likes(
    manager: Actor, lemaire: Customer, site: Site
) -> None:
    services.customer_create(actor=manager, name="Twin")
    services.customer_create(actor=manager, name="Twin")
    table = (
        "Klant;Rol;Naam van de site;Straat;Postcode;Gemeente;Ligt in;Lat;Lon\n"
        "BE0403170701;eigenaar;Oven room;;;;Bakery;50,7;4,6\n"
        "boulangerie lemaire;;Bakery;Rue du Pont du Christ 12;1300;Wavre;;;\n"
        "Boulangerie Lemaire;;;Rue du Pont du Christ 12;1300;Bierges;;;\n"
        "Nobody;;X;;;;;;\n"
        "Twin;;X;;;;;;\n"
        "Boulangerie Lemaire;;Attic;;;;Cellar;;\n"
        "Boulangerie Lemaire;king;Attic;;13;;;91;\n"
    )
    run = checked(manager, table, "sites")
    assert verdicts(run) == ["new", "same", "changes", "error", "error", "error", "error"]
    rows = done(manager, run, with_changes=True)
    room = Site.objects.get(name="Oven room")
    assert (room.parent_id, room.latitude) == (site.pk, 50.7)
    assert SiteLink.objects.get(site=room).role == "owner"
    site.refresh_from_db()
    assert site.town == "Bierges"
    told = [row.told for row in rows[3:]]
    assert "no customer “Nobody”" in told[0]
    assert "Several customers are called “Twin”" in told[1]
    assert "no site “Cellar”" in told[2]
    assert "Choose one of the list" in told[3]


def test_who_has_the_number_of_a_contact_above_is_shown_before_it_is_done_however_far_apart(
    manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 1)  # each in a portion of its own
    table = (
        "Name;Phone;Contact name;Contact phone\n"
        "Flats Ltd;;Jan;010 11 22 33\n"
        "Jan Peeters;010 11 22 33;;\n"
        "Other flats Ltd;;Jan;010 11 22 33\n"
    )
    run = checked(manager, table)
    assert verdicts(run) == ["new", "likely", "new"]
    rows = done(manager, run, with_likely=True)
    assert [row.outcome for row in rows] == ["created", "created", "created"]


def test_sites_of_two_customers_at_one_address_are_shown_before_they_are_done_however_far_apart(
    manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 1)  # each in a portion of its own
    for name in ("Flat one", "Flat two"):
        services.customer_create(actor=manager, name=name)
    table = (
        "Customer;Street;Postcode;Town\nFlat one;Rue A 1;1300;Wavre\nFlat two;Rue A 1;1300;Wavre\n"
    )
    run = checked(manager, table, "sites")
    assert verdicts(run) == ["new", "likely"]
    assert run.rows.get(line=3).same_line == 2
    assert [row.outcome for row in done(manager, run, with_likely=True)] == ["created", "created"]
    assert Site.objects.filter(name="Rue A 1").count() == 2


def test_assets_find_their_site_and_their_likes(
    manager: Actor, lemaire: Customer, site: Site, asset: Asset
) -> None:
    other = services.site_create_linked(actor=manager, customer_id=lemaire.pk, name="Shop")
    table = (
        "Site;Customer;Type;Reference;Serial number;Installed on\n"
        "Bakery;Boulangerie Lemaire;Oven;OV-2;SN 2;17/05/2024\n"
        "bakery;;;OV-1;;\n"
        "Shop;;;;SN 19-044;\n"
        "Bakery;BE 0403.170.701;Deck oven;;SN 19-044;\n"
        "Bakery;Somebody else;;OV-9;;\n"
        "Bakery;;;;;\n"
        "Bakery;;;OV-3;;31/02/2024\n"
    )
    run = checked(manager, table, "assets")
    assert verdicts(run) == ["new", "same", "likely", "changes", "error", "error", "error"]
    done(manager, run, with_changes=True)
    made = Asset.objects.get(reference="OV-2")
    assert (made.site, str(made.installed_on)) == (site, "2024-05-17")
    asset.refresh_from_db()
    assert asset.kind == "Deck oven"
    assert not Asset.objects.filter(site=other).exists()


def test_columns_may_be_chosen_otherwise_and_a_file_may_have_no_head(manager: Actor) -> None:
    run = sent(manager, "010 55 66 77;Nova\n010 55 66 78;Orbis\n")
    assert (run.columns, run.has_head) == ({}, False)
    chosen: Given = {"columns": {"name": 1, "phone": 0}, "has_head": False}
    making.import_columns_set(actor=manager, import_id=run.pk, version=run.version, **chosen)
    import_check(run.pk)
    run.refresh_from_db()
    assert verdicts(run) == ["new", "new"]
    # Once more, before it is confirmed.
    chosen = {"columns": {"name": 0}, "has_head": True}
    making.import_columns_set(actor=manager, import_id=run.pk, version=run.version, **chosen)
    import_check(run.pk)
    assert list(run.rows.values_list("values", flat=True)) == [{"name": "010 55 66 78"}]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"phone": 0}, "Say in which column"),
        ({"name": 0, "phone": 0}, "chosen twice"),
        ({"name": 7}, "Choose one of the list"),
        ({"name": -1}, "Choose one of the list"),
    ],
)
def test_a_choice_of_columns_that_cannot_be_is_refused(
    manager: Actor, columns: dict[str, int | None], told: str
) -> None:
    run = sent(manager, "name;phone\nA;1\n")
    with pytest.raises(Invalid, match=told):
        making.import_columns_set(
            actor=manager, import_id=run.pk, version=1, columns=columns, has_head=True
        )


def test_formulas_and_cells_that_are_too_long_are_faults_of_their_row(manager: Actor) -> None:
    run = checked(manager, f'name;notes\n=1+1;x\n"{"x" * 161}";\nGood;"-"\n')
    first, second, _good = run.rows.order_by("line")
    assert verdicts(run) == ["error", "error", "new"]
    assert first.errors == {"name": ["A formula is no value. Copy its result instead."]}
    assert "1 too long" in second.errors["name"][0]


def test_letters_that_grow_are_a_fault_of_their_row_and_stop_nothing(manager: Actor) -> None:
    """A refusal of the database in one row would end the whole import, each time anew."""
    grown = "ß" * 16
    run = checked(manager, f"name;postcode;country\nA;{grown};US\nB;1300;BE\n")
    assert verdicts(run) == ["error", "new"]
    assert [row.outcome for row in done(manager, run)] == ["failed", "created"]


def test_a_site_without_a_name_is_called_by_as_much_of_its_street_as_a_name_can_hold(
    manager: Actor, lemaire: Customer
) -> None:
    street = "R" * 200
    run = checked(manager, f"customer;street\n{lemaire.name};{street}\n", "sites")
    assert [row.outcome for row in done(manager, run)] == ["created"]
    site = Site.objects.get(street=street)
    assert site.name == "R" * 160
    again = checked(manager, f"customer;street\n{lemaire.name};{street}\n", "sites")
    assert verdicts(again) == ["same"]


def test_the_faults_come_as_a_table_that_can_be_mended_and_sent_again(
    manager: Actor, lemaire: Customer
) -> None:
    run = checked(manager, LIST)
    head, lines = selectors.import_faults(actor=manager, import_id=run.pk)
    (line,) = lines
    assert head[:4] == ["Line", "What is wrong", "Name", "VAT number"]
    assert (line[0], line[2], line[3]) == (6, "Wrong", "BE 12")
    guess = columns_guess("customers", head)
    assert set(guess) == set(run.columns)
    assert (guess["name"], guess["vat_number"], guess["phone"]) == (2, 3, 4)


@pytest.mark.parametrize("kind", ["customers", "sites", "assets"])
def test_a_template_is_a_file_that_can_be_sent_as_it_is(manager: Actor, kind: str) -> None:
    if kind != "customers":
        customer = services.customer_create(actor=manager, name="Example Bakery")
        services.site_create_linked(actor=manager, customer_id=customer.pk, name="Workshop")
    head, rows = selectors.import_template(actor=manager, kind=kind)
    run = checked(manager, "\n".join(";".join(row) for row in [head, *rows]), kind)
    assert "error" not in verdicts(run), run.rows.get().errors


def test_looking_at_a_hundred_rows_asks_no_more_than_at_two(
    manager: Actor, lemaire: Customer
) -> None:
    def asked(count: int) -> int:
        lines = "".join(f"F{n};0470 11 2{n:03d};f{n}@x.example;1300\n" for n in range(count))
        run = sent(manager, "name;phone;email;postcode\n" + lines)
        making.import_columns_set(
            actor=manager, import_id=run.pk, version=1, columns=run.columns, has_head=True
        )
        with CaptureQueriesContext(connection) as queries:
            import_check(run.pk)
        return len(queries)

    assert asked(100) == asked(2)


def test_a_broken_file_says_so_and_is_not_kept(manager: Actor, folder: Path) -> None:
    with pytest.raises(Invalid, match="not closed"):
        sent(manager, 'name\n"A')
    with pytest.raises(TooLarge, match="10 MB"):
        making.import_send(actor=manager, kind="customers", file_name="x", data=b"x" * 10_000_001)
    with pytest.raises(Invalid):
        sent(manager, "name\nA", "invoices")
    assert not list(folder.rglob("*.*"))
    assert not Import.objects.exists()


def test_a_file_that_is_gone_before_it_was_looked_at_is_told(manager: Actor, folder: Path) -> None:
    run = sent(manager, "name\nA\n")
    making.import_columns_set(
        actor=manager, import_id=run.pk, version=1, columns=run.columns, has_head=True
    )
    keeping.sent_drop(run.pk)
    import_check(run.pk)
    run.refresh_from_db()
    assert (run.state, run.failure) == (
        "sent", "The file is not there any more. Send it again.",
    )  # fmt: skip


def test_an_import_is_confirmed_once_by_its_latest_version(manager: Actor) -> None:
    run = sent(manager, "name\nA1\n")
    with pytest.raises(Refused, match="checked first"):
        confirmed(manager, run)
    run = checked(manager, "name\nA1\n")
    with pytest.raises(Stale):
        making.import_confirm(actor=manager, import_id=run.pk, version=run.version - 1)
    confirmed(manager, run)
    with pytest.raises((Refused, Stale)):
        confirmed(manager, run)
    with pytest.raises(Refused, match="begun already"):
        making.import_drop(actor=manager, import_id=run.pk)


def test_nobody_but_a_manager_sends_reads_or_confirms(
    manager: Actor, technician: Actor, stranger: Actor
) -> None:
    run = checked(manager, "name\nA1\n")
    for actor in (technician, stranger):
        with pytest.raises(Forbidden):
            sent(actor, "name\nA\n")
        of: Given = {"actor": actor, "import_id": run.pk, "version": run.version}
        with pytest.raises(Forbidden):
            making.import_confirm(**of)
        with pytest.raises(Forbidden):
            making.import_columns_set(**of, columns={}, has_head=True)
        for deed in (making.import_stop, making.import_go_on, making.import_drop):
            with pytest.raises(Forbidden):
                deed(actor=actor, import_id=run.pk)
        for read in (selectors.import_detail, selectors.import_head, selectors.import_faults):
            with pytest.raises(Forbidden):
                read(actor=actor, import_id=run.pk)
        with pytest.raises(Forbidden):
            selectors.import_list(actor=actor)
    assert not Customer.objects.exists()


def test_imports_are_forgotten_after_two_weeks_with_their_files(
    manager: Actor, folder: Path
) -> None:
    old, fresh = checked(manager, "name\nA\n"), checked(manager, "name\nB\n")
    Import.objects.filter(pk=old.pk).update(created_at=clock.now() - timedelta(days=15))
    path = folder / "imports" / old.pk.hex
    os.utime(path, (0, 0))
    imports_purge(0)
    assert list(Import.objects.all()) == [fresh]
    assert set(ImportRow.objects.values_list("run", flat=True)) == {fresh.pk}
    assert [one.name for one in (folder / "imports").iterdir()] == [fresh.pk.hex]
    with pytest.raises(NotFound):
        selectors.import_head(actor=manager, import_id=old.pk)


def test_control_without_the_judging_anew_a_customer_is_made_twice(
    manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = checked(manager, "name;postcode\nNova;1300\n")
    services.customer_create(actor=manager, name="Nova", postcode="1300")
    shown: Callable[..., bool] = lambda *_rows: True  # noqa: E731
    monkeypatch.setattr(running, "_as_shown", shown)
    done(manager, run)
    assert Customer.objects.filter(name="Nova").count() == 2


def test_a_kill_while_it_is_looked_at_begins_anew(
    manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "AT_ONCE", 1)
    run = sent(manager, "name\nA1\nB2\n")
    making.import_columns_set(
        actor=manager, import_id=run.pk, version=1, columns=run.columns, has_head=True
    )
    with monkeypatch.context() as broken:
        broken.setattr(checking, "import_checked", lambda **_given: exit())
        with pytest.raises(SystemExit):
            import_check(run.pk)
    import_check(run.pk)
    run.refresh_from_db()
    assert (run.state, run.row_count, run.rows.count()) == ("checked", 2, 2)


def test_whoever_checks_late_takes_away_no_row_that_another_has_told(
    manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = sent(manager, "Name\nBakery\n")
    making.import_columns_set(
        actor=manager, import_id=run.pk, version=run.version, columns=run.columns, has_head=True
    )
    known = checking.whoever

    def after_another(user_id: UUID | None) -> Actor:
        monkeypatch.setattr(checking, "whoever", known)
        import_check(run.pk)
        return known(user_id)

    monkeypatch.setattr(checking, "whoever", after_another)
    import_check(run.pk)
    run.refresh_from_db()
    assert (run.state, run.rows.count(), run.row_count) == ("checked", 1, 1)
