"""A new version takes over in the middle of a queue."""

import pytest
from playwright.sync_api import expect

from callout.fieldwork.models import InboxCommand
from callout.orders.models import TimelineEntry
from tests.journeys.phone.conftest import BIG, Handsets, pill
from tests.journeys.phone.network import SYNC
from tests.journeys.phone.test_installed import BUILD
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey


@pytest.mark.dear
def test_a_new_version_takes_over_with_50_commands_queued_and_all_go_up_once(
    company: Company, handset: Handsets
) -> None:
    order = company.planned(company.anna)
    company.act(company.anna, order, "start_work")
    hand = handset()
    page = hand.sign_in(company.anna)
    hand.at(order)
    hand.sent()
    hand.network.mode = "none"
    breaks = TimelineEntry.objects.filter(visit=order.visit_id, action__in=["break", "resume"])
    for tap in range(50):
        page.locator(BIG if tap % 2 else "#visit-break").click()
        pill(page, "Working" if tap % 2 else "Break")
    queued = [row["id"] for row in hand.rows(company.anna) if row["made"]["action"] != "see"]
    assert len(queued) == 50
    hand.network.mode, hand.network.build = "signal", "second"
    hand.network.broken = {SYNC}
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    take = page.get_by_role("button", name="Take it")
    expect(page.get_by_text("A new version is ready.")).to_be_visible()
    with page.expect_navigation():
        take.click()
    pill(page, "Working")
    assert page.evaluate(BUILD) == "second"
    assert [row["id"] for row in hand.rows(company.anna)][-50:] == queued
    assert breaks.count() == 0
    hand.network.broken = set()
    hand.sent()
    came = InboxCommand.objects.exclude(action="see").order_by("n")
    assert [str(one.pk) for one in came] == queued
    assert {one.outcome for one in came} == {"applied"}
    assert breaks.count() == 50
    assert hand.rows(company.anna) == []
