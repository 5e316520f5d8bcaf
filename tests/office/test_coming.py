"""Each answer to a list of late orders brings what comes next: or a screen would ask for it again
and again."""

from datetime import timedelta

import pytest
from django.test import Client

from callout.kernel import clock
from callout.orders.models import ServiceOrder
from tests.orders.conftest import Company

PATHS = (
    "/orders/", "/orders/rows/?ids={id}", "/orders/rows/?ids=", "/orders/kanban/",
    "/orders/cards/?ids={id}", "/orders/cards/?ids=", "/orders/kanban/team/",
    "/orders/kanban/team/cards/?ids={id}", "/orders/kanban/team/cards/?ids=",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_says_what_becomes_late_next_even_where_nothing_is_late(
    path: str, company: Company, office: Client
) -> None:
    order, due_at = company.order(), clock.now() + timedelta(minutes=5)
    ServiceOrder.objects.filter(pk=order.pk).update(due_at=due_at)
    asked = path.format(id=order.pk)
    asked += f"{'&' if '?' in asked else '?'}late=true"

    def told() -> str:
        return office.get(asked, headers={"HX-Request": "true"}).content.decode()

    assert f'data-coming="{order.pk}={due_at.isoformat()} "' in told()
    with clock.freeze(due_at + timedelta(seconds=1)):
        assert 'data-coming=""' in told(), "it is late, and not asked for again"
