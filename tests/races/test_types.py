"""A type archived just when an order of it is recorded, or when the last other one is archived."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db.models import Q

from callout.kernel.errors import Invalid, Refused
from callout.orders.models import InterventionType, ServiceOrder
from callout.orders.services import (
    order_create,
    order_update,
    type_archive,
    type_create,
)
from tests.orders.conftest import Company
from tests.races.conftest import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 12


def test_an_open_order_never_has_a_type_that_is_archived(company: Company) -> None:
    ended = set()
    for number in range(ROUNDS):
        kind = type_create(actor=company.manager, values={"name": f"Kind {number}"})
        other = company.order()
        create = partial(
            order_create, actor=company.manager, customer_id=company.customer.pk,
            site_id=company.site.pk, type_id=kind.pk,
        )  # fmt: skip
        change = partial(
            order_update, actor=company.manager, order_id=other.pk, version=other.version,
            type_id=kind.pk,
        )  # fmt: skip
        archive = partial(type_archive, actor=company.manager, type_id=kind.pk)
        works: list[Callable[[], object]] = [create, change, archive]
        said = together(works[:: 1 if number % 2 else -1])
        ended |= {type(one) for one in said}
        assert not ServiceOrder.objects.filter(type=kind, type__archived_at__isnull=False).exists()
    assert ended <= {ServiceOrder, InterventionType, Invalid, Refused}


def test_one_type_stays_whoever_archives_the_others(company: Company) -> None:
    for _number in range(ROUNDS):
        offered = InterventionType.objects.filter(archived_at__isnull=True)
        last = [type_create(actor=company.manager, values={"name": name}) for name in "AB"]
        offered.filter(~Q(pk__in=[one.pk for one in last])).update(archived_at="2020-01-01T00:00Z")
        works = [partial(type_archive, actor=company.manager, type_id=one.pk) for one in last]
        assert {type(one) for one in together(works)} == {InterventionType, Refused}
        assert offered.count() == 1
        InterventionType.objects.filter(pk__in=[one.pk for one in last]).delete()
