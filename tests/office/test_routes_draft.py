"""A draft of routes on planning's own screens: in the list, while it is made, before and after."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from callout.accounts.zone import today
from callout.planning.models import PlanDraft
from callout.routing import running
from callout.routing.engine.problem import Problem
from callout.routing.engine.solving import Solved, solve
from callout.routing.starting import optimisation_start
from callout.workforce.models import Technician
from tests.office.conftest import Browser
from tests.routing.world import DAY, Town, town_made, worked

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None, monkeypatch: pytest.MonkeyPatch) -> Town:
    def solved(problem: Problem, *, seed: int, **more: Any) -> Solved:
        del more["seconds"]
        return solve(problem, seconds=1, seed=seed, iterations=50, **more)

    monkeypatch.setattr(running, "solve_apart", solved)
    return town_made()


def shown(client: Client, name: str, draft: PlanDraft | None = None) -> str:
    args = [draft.pk] if draft else []
    return str(client.get(reverse(f"office:{name}", args=args)).content.decode())


def test_it_is_seen_while_it_is_made_and_compared_and_leads_to_the_map(
    town: Town, browser: Browser
) -> None:
    client = browser(town.els)
    Technician.objects.filter(pk=town.bert_id).update(latitude=None, longitude=None)
    order, nowhere = town.order(2), town.company.order()
    draft = optimisation_start(actor=town.els, asked=town.asked(moves="unplanned", seconds=60))
    PlanDraft.objects.filter(pk=draft.pk).update(
        progress_done=7, progress={"served": 5, "driving_minutes": 80}
    )
    page = shown(client, "plan_draft_progress", draft)
    assert "7 of 60 s" in page
    assert "best so far: 5 visits, 80 min of driving" in page
    worked(draft)
    assert "Routes" in shown(client, "plan_drafts")
    page = shown(client, "plan_draft", draft)
    assert f"SO-{order.number:06}" in page
    assert "0 → 1" in page  # visits
    assert f"SO-{nowhere.number:06}" in page
    assert "Its site has no position on the map." in page
    assert "Bert has no home base" in page
    day = today() + DAY
    where = f"{reverse('office:map')}?from={day}&to={day}&draft={draft.pk}"
    assert where.replace("&", "&amp;") in page
    assert client.get(where).status_code == 200


def test_days_that_cannot_be_better_say_so(town: Town, browser: Browser) -> None:
    town.planned(9, 1)
    draft = worked(optimisation_start(actor=town.els, asked=town.asked()))
    assert "The days are as good as they are." in shown(browser(town.els), "plan_draft", draft)
