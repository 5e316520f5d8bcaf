"""How many statements a change costs: a reviewed figure, so that nobody raises it unseen."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.orders.conftest import Company

# Transaction control is not counted; SET CONSTRAINTS is asked only inside the test's transaction.
FREE = ("SAVEPOINT", "RELEASE", "SET CONSTRAINTS")
COSTS = {"depart": 10, "arrive": 9, "start_work": 9, "break": 9, "resume": 10, "complete": 9}


def statements(run: CaptureQueriesContext) -> list[str]:
    return [q["sql"] for q in run.captured_queries if not q["sql"].startswith(FREE)]


@pytest.mark.usefixtures("db")
def test_a_tap_costs_a_constant_number_of_statements(company: Company) -> None:
    order = company.planned(helper_ids=(company.bert.technician_id,))
    found = {}
    for action in COSTS:
        with CaptureQueriesContext(connection) as run:
            company.act(company.anna, order, action)
        found[action] = len(statements(run))
    assert found == COSTS
