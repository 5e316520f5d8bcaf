"""As many as there may be, and not one more, however many are made at the very same time."""

from dataclasses import replace
from functools import partial

import pytest

from callout.kernel.errors import Invalid, Refused
from callout.orders.models import SavedFilter
from callout.orders.services import filter_save, views
from callout.webhooks.models import Webhook
from callout.webhooks.services import keeping, webhook_create
from tests.orders.conftest import Company
from tests.races.conftest import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS, AT_ONCE, MOST = 8, 4, 3


def test_there_are_no_more_webhooks_than_there_may_be(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST", MOST)
    admin = replace(company.manager, is_admin=True)
    make = partial(webhook_create, actor=admin, address="https://93.184.216.34/hooks", events=["*"])
    for _number in range(ROUNDS):
        Webhook.objects.all().delete()
        make(name="There before")
        said = together([partial(make, name=f"ERP {one}") for one in range(AT_ONCE)])
        refused = [one.code for one in said if isinstance(one, Refused)]
        assert refused == ["too_many_webhooks"] * (AT_ONCE - MOST + 1)
        assert Webhook.objects.count() == MOST


def test_nobody_has_more_filters_than_there_may_be(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST", MOST)
    make = partial(filter_save, actor=company.manager, query="stage=new")
    for _number in range(ROUNDS):
        SavedFilter.objects.all().delete()
        make(name="There before")
        said = together([partial(make, name=f"Pile {one}") for one in range(AT_ONCE)])
        refused = [one for one in said if isinstance(one, Invalid)]
        assert [list(one.fields) for one in refused] == [["name"]] * (AT_ONCE - MOST + 1)
        assert SavedFilter.objects.count() == MOST
