"""The company of this folder's drafts."""

import pytest

from callout.accounts.zone import today
from callout.workforce import services as workforce
from tests.orders.conftest import actor_made, company_made
from tests.planning.drafting import DAY, WORKED, Office


@pytest.fixture
def office(db: None) -> Office:
    company = company_made()
    for one in (company.anna, company.bert):
        assert one.technician_id
        workforce.working_week_set(
            actor=company.manager,
            technician_id=one.technician_id,
            valid_from=today() - 400 * DAY,
            days=WORKED,
        )
    return Office(company, company.manager, actor_made("Ria", technician=False))
