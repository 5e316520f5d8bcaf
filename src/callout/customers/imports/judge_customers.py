"""Customers with a contact in each row: the same by the rule of the form (see `duplicates`)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from callout.customers import fields, policy
from callout.customers.imports.finding import customer_named, customers_named, sort_of
from callout.customers.imports.judging import (
    Changes,
    Key,
    Match,
    Row,
    cleaned_all,
    differing,
    told_beside,
)
from callout.customers.models import Contact, Customer
from callout.kernel.actor import Actor
from callout.kernel.checks import Wrong

CONTACT = "contact_"
CALLED = "called"  # a number that a contact has


@dataclass(frozen=True, slots=True)
class Ready:
    """What a row would be: its customer, the fields that it gives, its contact or None."""

    customer: Customer
    given: dict[str, Any]
    contact: dict[str, Any] | None


class CustomersJudge:
    """See `judging.Judge`."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.found: dict[Key, Customer] = {}
        self.contacts: dict[UUID, list[Contact]] = {}
        self.called: dict[str, Contact] = {}

    # --- reading -----------------------------------------------------------------------------

    def prepare(self, rows: Sequence[Row]) -> None:
        payers = customers_named(self.actor, [row.values.get("bill_to", "") for row in rows])
        for row in rows:
            row.ready = self._ready(row, payers)
        self._look([row.ready for row in rows if not row.faults])

    def _ready(self, row: Row, payers: Any) -> Ready | None:
        given: dict[str, Any] = {k: v for k, v in row.values.items() if not k.startswith(CONTACT)}
        if payer := given.pop("bill_to", ""):
            try:
                given["bill_to_id"] = customer_named(payers, payer).pk
            except Wrong as error:
                row.faults["bill_to"] = [str(error)]
        person = {
            k.removeprefix(CONTACT): v for k, v in row.values.items() if k.startswith(CONTACT)
        }
        clean = cleaned_all(fields.CUSTOMER, {"name": "", **given}, row.faults)
        contact = cleaned_all(fields.CONTACT, _called(person), row.faults, CONTACT)
        customer = Customer(**clean)
        for check in (fields.address_checked, fields.vat_checked):
            with told_beside(row.faults):
                check(customer)
        if row.faults:
            return None
        fields.customer_columns(customer)
        return Ready(customer, clean, contact or None)

    def _look(self, all_ready: Sequence[Ready]) -> None:
        """What is there of what these rows could be the same as."""
        rows = policy.visible_customers(self.actor).filter(archived_at=None)
        mine = [one.customer for one in all_ready]
        numbers = {one.phone for one in mine if one.phone}
        self.found, self.called = {}, {}
        for name, values in (
            ("vat_number", {one.vat_number for one in mine if one.vat_number}),
            ("phone", numbers),
            ("email", {one.email for one in mine if one.email}),
        ):
            if values:
                there = rows.filter(**{f"{name}__in": values}).exclude(**{name: ""})
                for row in there.order_by("-pk"):
                    self.found[name, getattr(row, name)] = row
        by_name = rows.filter(name_sort__in={one.name_sort for one in mine}).exclude(postcode="")
        for row in by_name.order_by("-pk"):
            self.found["name", row.name_sort, row.postcode] = row
        self._look_for_contacts(numbers)

    def _look_for_contacts(self, numbers: set[str]) -> None:
        people = Contact.objects.filter(archived_at=None).select_related("customer")
        by_number = Q(phone__in=numbers) & ~Q(phone="") | Q(mobile__in=numbers) & ~Q(mobile="")
        if numbers:
            mine = people.filter(customer__in=policy.visible_customers(self.actor))
            for person in mine.filter(by_number, customer__archived_at=None).order_by("-pk"):
                for number in (person.phone, person.mobile):
                    self.called[number] = person
        self.contacts = defaultdict(list)
        for person in people.filter(customer__in={row.pk for row in self.found.values()}):
            self.contacts[person.customer_id].append(person)

    # --- telling -----------------------------------------------------------------------------

    def keys(self, row: Row) -> list[tuple[Key, str, bool]]:
        one: Customer = row.ready.customer
        keys = [
            (("vat_number", one.vat_number), _("same VAT number"), True),
            (("phone", one.phone), _("same phone"), False),
            (("email", one.email), _("same email"), False),
            (("name", one.name_sort, one.postcode), _("same name and postcode"), True),
            ((CALLED, one.phone), _("same phone"), False),
        ]
        return [found for found in keys if all(found[0])]

    def match(self, row: Row) -> Match | None:
        one: Customer = row.ready.customer
        found = [
            Match(there.pk, there.name, why, sure or there.name_sort == one.name_sort, row=there)
            for key, why, sure in self.keys(row)
            if (there := self.found.get(key)) is not None
        ]
        if one.phone in self.called:
            person = self.called[one.phone]
            why = _("same phone as its contact %(name)s") % {"name": person.name}
            found.append(Match(person.customer_id, person.customer.name, why, False))
        return next((match for match in found if match.sure), next(iter(found), None))

    def brings(self, row: Row) -> list[Key]:
        """Its contact's numbers, by which `called` finds it afterwards."""
        person = row.ready.contact or {}
        return [(CALLED, person[name]) for name in ("phone", "mobile") if person.get(name)]

    def changes(self, row: Row, match: Match) -> Changes:
        return differing(match.row, row.ready.customer, row.ready.given)

    def adds(self, row: Row, match: Match) -> Changes:
        person = row.ready.contact
        if person is None or (match.target and contact_known(self.contacts[match.target], person)):
            return []
        return [["contact", "", person["name"]]]


def _called(person: dict[str, str]) -> dict[str, str]:
    """A contact's values; one without a name is called by what is known of them."""
    known = (person.get(name) for name in ("name", "email", "mobile", "phone"))
    name = next((one for one in known if one), "")
    return {**person, "name": name} if name else {}


def contact_known(there: Sequence[Contact], person: dict[str, Any]) -> bool:
    """Whether this person is one of these contacts already, by name, email or number."""
    mine = {person.get(name) for name in ("email", "phone", "mobile")} - {None, ""}
    return any(
        one.name_sort == sort_of(person["name"]) or mine & {one.email, one.phone, one.mobile}
        for one in there
    )
