"""Drafts at real screens: the pile planned by itself, and a technician who falls ill."""

from datetime import time, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from callout.accounts.zone import at, today
from callout.orders.models import ServiceOrder
from callout.planning.models import PlanDraft
from callout.workforce.models import Absence
from tests.journeys.conftest import DESK, PHONE, Opened
from tests.orders.conftest import Company, actor_made

pytestmark = pytest.mark.journey
DAY = timedelta(days=1)


def ready(page: Page) -> None:
    """The scripts listen, and the live stream stands."""
    page.wait_for_load_state()
    page.locator("[data-live-dot]").wait_for()


def planned() -> int:
    return ServiceOrder.objects.filter(stage="planned").count()


def test_the_pile_is_planned_by_itself_looked_at_applied_in_part_and_undone(
    company: Company, screen: Opened
) -> None:
    orders = [company.order() for _ in range(5)]
    ria = actor_made("Ria", technician=False)
    desk, colleague = screen(company.manager), screen(ria)
    page, other = desk.open("/planning/drafts/"), colleague.open("/planning/drafts/")
    ready(page)
    ready(other)

    page.get_by_role("link", name="Auto-plan…").click()
    page.get_by_label("Days").fill("2")
    assert desk.flaws() == []
    page.get_by_role("button", name="Make proposals").click()
    # The worker makes it; the page shows it by itself, and the colleague's list has it.
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(5)
    expect(other.get_by_text("5 proposed")).to_be_visible()
    assert planned() == 0
    assert desk.flaws() == []

    # A colleague cancels one of them; another is switched off here.
    company.act(company.manager, orders[0], "cancel", note="Solved by phone")
    page.get_by_role("checkbox", name=f"Apply SO-{orders[1].number:06d}").uncheck()
    page.get_by_role("button", name="Apply what is ticked").click()
    expect(page.get_by_text("1 could not be: it says why.")).to_be_visible()
    expect(page.get_by_text("It was changed meanwhile.")).to_be_visible()
    expect(boxes).to_have_count(1)
    expect(other.get_by_text("1 proposed, 3 applied, 1 refused")).to_be_visible()
    assert planned() == 3

    page.get_by_role("button", name="Undo all of it").click()
    expect(page.get_by_text("Undone: all is as it was before.")).to_be_visible()
    assert planned() == 0
    assert PlanDraft.objects.get().state == "undone"


def test_a_technician_falls_ill_and_others_take_the_visits(
    company: Company, screen: Opened
) -> None:
    morning = company.planned(start=at(today() + DAY, time(9)))
    company.planned(company.bert, start=at(today() + DAY, time(14)))
    noon = company.planned(start=at(today() + DAY, time(14)))
    desk = screen(company.manager)
    page = desk.open(reverse("office:technician", args=[company.anna.technician_id]))
    ready(page)
    day = f"{today() + DAY:%Y-%m-%d}"
    page.get_by_role("link", name="New absence").click()
    page.get_by_text("Sickness", exact=True).click()
    page.get_by_label("First day").fill(day)
    page.get_by_label("Last day").fill(day)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("2 planned visits lie in it")).to_be_visible()
    page.get_by_role("link", name="Find others for them").click()

    expect(page.get_by_text("These visits lie in it")).to_be_visible()
    page.get_by_role("button", name="Find proposals").click()
    expect(page.get_by_role("heading", name="Anna absent")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(2)
    assert desk.flaws() == []
    page.get_by_role("button", name="Apply for Bert").click()
    expect(page.get_by_text("Applied.", exact=True)).to_be_visible()
    for order in (morning, noon):
        order.refresh_from_db()
        assert order.technician_id == company.bert.technician_id
    # At nine as it was; at two Bert has a visit of his own.
    assert morning.start == at(today() + DAY, time(9))
    assert noon.start != at(today() + DAY, time(14))
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.get_by_text("Undone: all is as it was before.")).to_be_visible()
    morning.refresh_from_db()
    assert morning.technician_id == company.anna.technician_id
    assert Absence.objects.get().archived_at is None


def test_on_a_small_screen_in_the_dark_it_is_whole_too(company: Company, screen: Opened) -> None:
    company.order()
    for size, theme in ((PHONE, "light"), (PHONE, "dark"), (DESK, "dark")):
        one = screen(company.manager, size, theme)
        page = one.open("/planning/auto-plan/")
        ready(page)
        page.get_by_role("button", name="Make proposals").click()
        expect(page.get_by_role("checkbox")).to_have_count(1)
        assert one.flaws() == []
        wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) == 0
