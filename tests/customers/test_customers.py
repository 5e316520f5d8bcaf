import json
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from callout.customers import hooks, services
from callout.customers.models import Contact, Customer
from callout.customers.selectors import customer_detail, customer_duplicates
from callout.kernel.actor import Actor
from callout.kernel.errors import (
    CalloutError,
    Forbidden,
    Invalid,
    NotFound,
    NotSignedIn,
    Refused,
    Stale,
)
from callout.kernel.models import JournalEntry
from tests.customers.conftest import last_entry

pytestmark = pytest.mark.django_db


def test_a_customer_is_kept_as_it_is_compared(lemaire: Customer) -> None:
    assert lemaire.phone == "+3210223344"
    assert lemaire.vat_number == "BE0403170701"
    assert lemaire.email == "info@lemaire.example"
    assert lemaire.country == "BE"
    assert lemaire.name_sort == "boulangerie lemaire"


LABELS = [*(["İ" * 20] * 2), *(["b" * 60] * 3), "com"]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("postcode", {"postcode": "ß" * 16, "country": "US"}),
        ("postcode", {"postcode": "ﬃ" * 6, "country": "GB"}),
        ("email", {"email": f"a@{'.'.join(LABELS)}"}),
    ],
)
def test_letters_that_become_two_in_the_other_case_are_refused_in_words_where_they_do_not_fit(
    manager: Actor, field: str, values: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        services.customer_create(actor=manager, name="Grows", **values)
    assert list(refused.value.fields) == [field]


def test_what_is_typed_so_far_is_compared_whatever_it_is(manager: Actor) -> None:
    """A NUL breaks the database's text: it is no postcode."""
    assert customer_duplicates(actor=manager, name="Lemaire", postcode="13\x0000") == []


@pytest.mark.parametrize("who", ["technician", "stranger"])
def test_only_a_manager_makes_a_customer(who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(Forbidden):
        services.customer_create(actor=request.getfixturevalue(who), name="Ours")
    assert not Customer.objects.exists()


def test_nobody_makes_no_customer(db: None) -> None:
    with pytest.raises(NotSignedIn):
        services.customer_create(actor=None, name="Ours")  # type: ignore[arg-type]


@pytest.mark.parametrize("who", ["technician", "stranger"])
def test_only_a_manager_changes_or_archives_one(
    who: str, lemaire: Customer, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who)
    with pytest.raises(Forbidden):
        services.customer_update(actor=actor, customer_id=lemaire.pk, version=1, name="Ours")
    with pytest.raises(Forbidden):
        services.customer_archive(actor=actor, customer_id=lemaire.pk)
    lemaire.refresh_from_db()
    assert (lemaire.name, lemaire.archived_at) == ("Boulangerie Lemaire", None)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("BE 0412.345.67", "Type 10 digits, one is missing"),
        ("0412.345", "Type 10 digits, 3 are missing"),
        ("BE 0412.345.6789", "Type 10 digits, there is 1 too many"),
        ("BE 0403.170.702", "One of the 10 digits is wrong: they do not match each other."),
        ("BE 2403.170.701", "One of the 10 digits is wrong: they do not match each other."),
        ("BE 04O3.170.701", "Type 10 digits, after BE."),
        ("NL 123456789B1", "This is not how a VAT number of NL looks."),
        ("FR 12 345", "This is not how a VAT number of FR looks."),
    ],
)
def test_a_wrong_vat_number_is_answered_in_words(manager: Actor, typed: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.customer_create(actor=manager, name="A", vat_number=typed)
    assert refused.value.fields == {"vat_number": [words]}


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("NL 1234.56.789.B01", "BE", "NL123456789B01"),
        ("123456789", "DE", "DE123456789"),
        ("GR 123456789", "", "EL123456789"),
        ("0403170701", "", "BE0403170701"),
    ],
)
def test_other_vat_numbers_keep_their_plain_form(
    manager: Actor, typed: str, country: str, kept: str
) -> None:
    row = services.customer_create(actor=manager, name="A", vat_number=typed, country=country)
    assert row.vat_number == kept


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 161),
        ("name", "nul\x00"),
        ("name", "half\ud800"),
        ("name", 7),
        ("kind", "robot"),
        ("phone", "12"),
        ("phone", "not a number"),
        ("phone", "010 22 33 44 ext 5"),
        ("email", "nobody"),
        ("language", "xx"),
        ("country", "ZZ"),
        ("postcode", "B-1300"),
        ("postcode", "0300"),
        ("bill_to_id", "no id"),
        ("bill_to_id", "01890000-0000-7000-8000-000000000000"),
        ("notes", "x" * 4001),
        ("is_admin", True),
        ("search", "mine"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(manager: Actor, field: str, value: object) -> None:
    given = {"name": "Good", "town": "Wavre", field: value}
    with pytest.raises(Invalid) as refused:
        services.customer_create(actor=manager, **given)  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]
    assert all(words for words in refused.value.fields[field])
    assert not Customer.objects.exists()
    assert not JournalEntry.objects.filter(entity="customer").exists()


def test_all_wrong_fields_are_told_at_once(manager: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        services.customer_create(actor=manager, name="", phone="1", email="x")
    assert set(refused.value.fields) == {"name", "phone", "email"}


def test_an_update_raises_the_version_and_tells_the_journal(
    manager: Actor, lemaire: Customer
) -> None:
    row = services.customer_update(
        actor=manager, customer_id=lemaire.pk, version=1, name="Lemaire & Fils", language="fr"
    )
    assert (row.version, row.name_sort) == (2, "lemaire & fils")
    entry = last_entry(lemaire.pk)
    assert entry.kind == "update"
    assert entry.facts == {"fields": ["language", "name"], "language": "fr"}
    assert entry.personal == {"name": ["Boulangerie Lemaire", "Lemaire & Fils"]}


def test_nothing_personal_stands_in_the_facts(manager: Actor, lemaire: Customer) -> None:
    facts = json.dumps(last_entry(lemaire.pk).facts)
    for personal in ("Lemaire", "3210223344", "lemaire.example", "Pont du Christ", "0403170701"):
        assert personal not in facts


def test_an_update_that_changes_nothing_leaves_no_trace(manager: Actor, lemaire: Customer) -> None:
    before = JournalEntry.objects.count()
    row = services.customer_update(
        actor=manager, customer_id=lemaire.pk, version=1, name="Boulangerie Lemaire"
    )
    assert (row.version, JournalEntry.objects.count()) == (1, before)


def test_the_second_of_two_writers_is_told(manager: Actor, lemaire: Customer) -> None:
    services.customer_update(actor=manager, customer_id=lemaire.pk, version=1, name="First")
    with pytest.raises(Stale) as refused:
        services.customer_update(actor=manager, customer_id=lemaire.pk, version=1, name="Second")
    assert refused.value.current["version"] == 2
    lemaire.refresh_from_db()
    assert lemaire.name == "First"


def test_a_missing_customer_is_not_found(manager: Actor) -> None:
    missing = UUID("01890000-0000-7000-8000-000000000000")
    with pytest.raises(NotFound):
        services.customer_update(actor=manager, customer_id=missing, version=1, name="A")


# --- who pays --------------------------------------------------------------------------


def test_a_payer_is_never_itself_billed_elsewhere(manager: Actor, lemaire: Customer) -> None:
    payer = services.customer_create(actor=manager, name="Head office")
    services.customer_update(actor=manager, customer_id=lemaire.pk, version=1, bill_to_id=payer.pk)
    with pytest.raises(Invalid, match="Choose Head office"):
        services.customer_create(actor=manager, name="Branch", bill_to_id=lemaire.pk)
    other = services.customer_create(actor=manager, name="Other")
    with pytest.raises(Invalid, match="pays for others"):
        services.customer_update(
            actor=manager, customer_id=payer.pk, version=1, bill_to_id=other.pk
        )


def test_nobody_is_billed_to_themselves(manager: Actor, lemaire: Customer) -> None:
    with pytest.raises(Invalid, match="needs no payer"):
        services.customer_update(
            actor=manager, customer_id=lemaire.pk, version=1, bill_to_id=lemaire.pk
        )
    with pytest.raises(IntegrityError, match="customer_bill_to_other"), transaction.atomic():
        Customer.objects.filter(pk=lemaire.pk).update(bill_to=lemaire.pk)


def test_who_pays_for_others_is_not_archived(manager: Actor, lemaire: Customer) -> None:
    services.customer_create(actor=manager, name="Branch", bill_to_id=lemaire.pk)
    with pytest.raises(Refused, match="pays for 1 other customer"):
        services.customer_archive(actor=manager, customer_id=lemaire.pk)


# --- archive ---------------------------------------------------------------------------


def test_archived_is_not_edited_and_can_be_restored(manager: Actor, lemaire: Customer) -> None:
    row = services.customer_archive(actor=manager, customer_id=lemaire.pk, version=1)
    with pytest.raises(Refused) as refused:
        services.customer_update(actor=manager, customer_id=lemaire.pk, version=2, name="New")
    assert refused.value.code == "archived"
    with pytest.raises(Refused):
        services.customer_archive(actor=manager, customer_id=lemaire.pk)
    row = services.customer_restore(actor=manager, customer_id=lemaire.pk, version=row.version)
    assert (row.archived_at, row.version) == (None, 3)
    with pytest.raises(Refused):
        services.customer_restore(actor=manager, customer_id=lemaire.pk)


def test_a_guard_of_a_higher_room_stops_an_archive(
    manager: Actor, lemaire: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, UUID]] = []

    def guard(entity: str, entity_id: UUID) -> str:
        asked.append((entity, entity_id))
        return "There are 2 open orders for it."

    monkeypatch.setattr(hooks, "archive_guards", [guard])
    with pytest.raises(Refused, match="2 open orders") as refused:
        services.customer_archive(actor=manager, customer_id=lemaire.pk)
    assert (refused.value.code, asked) == ("in_use", [("customer", lemaire.pk)])
    monkeypatch.setattr(hooks, "archive_guards", [])
    services.customer_archive(actor=manager, customer_id=lemaire.pk)


# --- with its first site, and twice ----------------------------------------------------


def test_one_tick_makes_the_first_site_too(manager: Actor) -> None:
    customer, site = services.customer_create_with_site(
        actor=manager, name="Atelier", street="Rue Haute 1", postcode="1000", town="Brussels"
    )
    assert site.street == "Rue Haute 1"
    links = customer_detail(actor=manager, customer_id=customer.pk).links
    assert [(link.site_id, link.role) for link in links] == [(site.pk, "occupant")]


def test_with_a_wrong_address_neither_is_made(manager: Actor) -> None:
    with pytest.raises(Invalid, match="Work is done at this address"):
        services.customer_create_with_site(actor=manager, name="Atelier")
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"phone": "+32 (0)10 22 33 44"}, "same phone"),
        ({"vat_number": "0403.170.701"}, "same VAT number"),
        ({"email": "INFO@lemaire.example "}, "same email"),
        ({"name": "boulangerie  LEMAIRE", "postcode": "1300"}, "same name and postcode"),
        ({"phone": "0498001122"}, "same phone as its contact Anne Lemaire"),
    ],
)
def test_a_likely_duplicate_is_told_with_its_reason(
    manager: Actor, lemaire: Customer, contact: Contact, typed: dict[str, Any], reason: str
) -> None:
    found = customer_duplicates(actor=manager, **typed)
    assert [(one.customer, one.reason) for one in found] == [(lemaire, reason)]


@pytest.mark.parametrize(
    "typed",
    [
        {"phone": "010"},
        {"vat_number": "0403"},
        {"email": "info"},
        {"name": "Boulangerie Lemaire"},
        {"name": "Boulangerie Lemaire", "postcode": "1301"},
        {"phone": "\x00"},
        {},
    ],
)
def test_half_of_it_is_no_duplicate(
    manager: Actor, lemaire: Customer, typed: dict[str, Any]
) -> None:
    assert customer_duplicates(actor=manager, **typed) == []


def test_a_customer_is_no_duplicate_of_itself(manager: Actor, lemaire: Customer) -> None:
    assert customer_duplicates(actor=manager, phone="010223344", besides=lemaire.pk) == []


@pytest.mark.parametrize("who", ["technician", "stranger"])
def test_only_a_manager_is_told_of_duplicates(
    who: str, lemaire: Customer, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who)
    assert customer_duplicates(actor=actor, vat_number="0403170701") == []


# --- contacts --------------------------------------------------------------------------


def test_a_contact_is_for_a_site_of_its_customer_only(manager: Actor, lemaire: Customer) -> None:
    theirs = services.site_create(actor=manager, name="Elsewhere")
    with pytest.raises(Invalid, match="site of this customer"):
        services.contact_create(actor=manager, customer_id=lemaire.pk, name="A", site_id=theirs.pk)


def test_a_contact_is_changed_archived_and_restored(manager: Actor, contact: Contact) -> None:
    row = services.contact_update(
        actor=manager, contact_id=contact.pk, version=1, phone="010 22 33 44"
    )
    assert (row.phone, row.version) == ("+3210223344", 2)
    services.contact_archive(actor=manager, contact_id=contact.pk, version=2)
    services.contact_restore(actor=manager, contact_id=contact.pk, version=3)
    kinds = JournalEntry.objects.filter(entity_id=contact.pk).order_by("id")
    assert [entry.kind for entry in kinds] == ["create", "update", "archive", "restore"]


@pytest.mark.parametrize("value", ["", "no id", "01890000-0000-7000-8000-000000000000"])
def test_a_contact_of_nobody_is_refused_beside_the_field(manager: Actor, value: str) -> None:
    with pytest.raises(CalloutError) as refused:
        services.contact_create(actor=manager, customer_id=value, name="A")
    assert isinstance(refused.value, Invalid)
    assert list(refused.value.fields) == ["customer_id"]
