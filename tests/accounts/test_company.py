from typing import Any

import pytest
from django.db import IntegrityError, transaction

from callout.accounts import services
from callout.accounts.company import company
from callout.accounts.models import Company, User
from callout.kernel.errors import Forbidden, Invalid, Stale
from callout.kernel.ids import uuid7
from tests.accounts.conftest import SYSTEM, acting

pytestmark = pytest.mark.django_db


def test_an_admin_says_who_the_company_is(admin: User) -> None:
    services.company_update(
        actor=acting(admin), name="Van Damme NV", phone="02 555 12 12", number_prefix="VD-"
    )
    assert (company().name, company().phone) == ("Van Damme NV", "+3225551212")
    assert company().number_prefix == "VD-"


def test_neither_manager_nor_technician_changes_the_company(
    manager: User, technician: User
) -> None:
    for who in (manager, technician):
        with pytest.raises(Forbidden):
            services.company_update(actor=acting(who), name="X")
    assert company().name == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Mars/Olympus"),
        ("country", "XX"),
        ("currency", "EURO"),
        ("currency", "€€€"),
        ("phone", "no number"),
        ("email", "nowhere"),
        ("number_digits", 0),
        ("number_digits", 13),
        ("number_prefix", "much too long a prefix"),
        ("language", "xx"),
        ("name", "x" * 121),
    ],
)
def test_what_a_company_cannot_have_is_said_beside_its_field(field: str, value: Any) -> None:
    given: Any = {field: value}
    with pytest.raises(Invalid) as error:
        services.company_update(actor=SYSTEM, **given)
    assert list(error.value.fields) == [field]
    assert not Company.objects.exists()


def test_of_two_forms_the_later_is_told() -> None:
    services.company_update(actor=SYSTEM, version=1, name="First")
    with pytest.raises(Stale):
        services.company_update(actor=SYSTEM, version=1, name="Second")
    assert company().name == "First"


def test_there_is_one_company() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Company.objects.create(id=uuid7())
