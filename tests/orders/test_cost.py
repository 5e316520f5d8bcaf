"""How many statements a change costs: a reviewed figure, so that nobody raises it unseen."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.orders.conftest import Company

# Transaction control is not counted. What a change asks together is one, and so is what it writes.
FREE = ("SAVEPOINT", "RELEASE")
# A technician's Complete asks for open lines of the checklist too.
COSTS = {"depart": 2, "arrive": 2, "start_work": 2, "break": 2, "resume": 2, "complete": 3}


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


PLANNED_AGAIN = """
SELECT statement FROM pg_prepared_statements
WHERE name LIKE 'callout%%' AND custom_plans > %s
"""
WEIGHED = 5  # plans that PostgreSQL makes of a statement before it keeps one


@pytest.mark.usefixtures("db")
def test_what_a_tap_asks_and_writes_is_planned_once(company: Company) -> None:
    order = company.planned(helper_ids=(company.bert.technician_id,))
    with connection.cursor() as cursor:
        cursor.execute("SET plan_cache_mode = auto")  # as it is in earnest
    for _again in range(WEIGHED + 2):
        company.act(company.anna, order, "depart")
        company.act(company.anna, order, "turn_back")
    with connection.cursor() as cursor:
        cursor.execute(PLANNED_AGAIN, [WEIGHED])
        assert cursor.fetchall() == []
