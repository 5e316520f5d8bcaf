"""Days without a signal, and clocks that lie: the office reads when it truly happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from callout.fieldwork.models import InboxCommand, LateReport
from callout.kernel import clock
from callout.orders.models import ServiceOrder
from tests.journeys.conftest import Opened
from tests.journeys.phone.conftest import Handset, Handsets, pill, press
from tests.orders.conftest import Company, soon

pytestmark = pytest.mark.journey

DAY = [("Depart", "En route"), ("Arrive", "On site"), ("Start work", "Working")]


@contextmanager
def days_ago(days: float) -> Iterator[datetime]:
    """The office's clock, while it plans."""
    moment = clock.now().replace(microsecond=0) - timedelta(days=days)
    with clock.freeze(moment):
        yield moment


def at(hand: Handset, moment: datetime) -> datetime:
    """Sets the phone's clock."""
    hand.page.clock.set_fixed_time(moment)
    return moment


def times(order: ServiceOrder) -> dict[str, tuple[datetime, bool]]:
    """When each step happened as the office reads it, and whether that is uncertain."""
    rows = InboxCommand.objects.filter(visit=order.visit_id).exclude(entry=None)
    told = rows.values_list("action", "entry__at", "time_uncertain")
    return {action: (moment, uncertain) for action, moment, uncertain in told}


def test_three_days_without_a_signal_come_up_with_their_true_times_and_late_ones_to_the_desk(
    company: Company, handset: Handsets, screen: Opened
) -> None:
    with days_ago(4):
        orders = [company.planned(company.anna, hours=24 * n + 25) for n in range(3)]
        given_away = company.planned(company.anna, hours=24 * 2 + 30)
    hand = handset()
    now = clock.now().replace(microsecond=0)
    begun = now - timedelta(days=3)
    hand.network.days = -3  # it was then that the phone last heard of the office
    at(hand, begun)
    page = hand.sign_in(company.anna)
    hand.network.mode = "none"
    with days_ago(2.5):
        company.act(company.manager, given_away, "replan", start=soon(60), duration_minutes=60,
                    technician_id=company.bert.technician_id)  # fmt: skip
    wanted = {}
    for n, order in enumerate(orders):
        hand.at(order)
        for step, (label, status) in enumerate(DAY):
            moment = at(hand, begun + timedelta(days=n * 0.9, minutes=20 * step + 5))
            press(page, label, status)
            wanted[order.pk, label] = moment
        moment = at(hand, begun + timedelta(days=n * 0.9, minutes=90))
        page.locator("#visit-break").click()
        pill(page, "Break")
        wanted[order.pk, "Break"] = moment
    hand.at(given_away)
    at(hand, begun + timedelta(days=2.8))
    page.locator("#visit-customer_absent").click()
    page.get_by_role("dialog").get_by_text("Nobody at home").click()
    page.get_by_role("dialog").locator(".co-big").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".co-banner")).to_contain_text("Something has been waiting for")
    hand.given_up()
    at(hand, clock.now())
    hand.network.days = 0
    hand.network.mode = "signal"
    page.reload()
    hand.sent()
    assert hand.rows(company.anna) == []
    # The phone's clock stood still while the office's went on.
    slack = clock.now() - now
    for order in orders:
        order.refresh_from_db()
        found = times(order)
        assert order.technician_status == "break"
        for action, label in [("depart", "Depart"), ("arrive", "Arrive"),
                              ("start_work", "Start work"), ("break", "Break")]:  # fmt: skip
            moment, uncertain = found[action]
            assert abs(moment - wanted[order.pk, label]) <= slack, label
            assert not uncertain, label
    late = LateReport.objects.get()
    assert late.order_id == given_away.pk
    desk = screen(company.manager).open("/desk/")
    report = desk.locator(f"#report-{late.pk}")
    expect(report).to_contain_text("Customer absent")


@pytest.mark.parametrize(
    "wrong", [timedelta(days=5), timedelta(days=-400)], ids=["ahead", "behind"]
)
def test_a_clock_that_is_wrong_by_days_tells_the_office_the_true_time(
    company: Company, handset: Handsets, wrong: timedelta
) -> None:
    order = company.planned(company.anna)
    hand = handset()
    begun = clock.now()
    at(hand, begun + wrong)
    page = hand.sign_in(company.anna)
    hand.at(order)
    hand.network.mode = "none"
    truly = clock.now()
    at(hand, truly + wrong)
    press(page, "Depart", "En route")
    hand.given_up()
    at(hand, clock.now() + wrong)
    hand.network.mode = "signal"
    hand.sent()
    order.refresh_from_db()
    moment, uncertain = times(order)["depart"]
    assert abs(moment - truly) <= clock.now() - begun
    assert not uncertain


def test_a_clock_that_was_set_anew_before_sending_makes_the_time_uncertain_and_says_so(
    company: Company, handset: Handsets
) -> None:
    order = company.planned(company.anna)
    hand = handset()
    at(hand, clock.now() + timedelta(hours=3))
    page = hand.sign_in(company.anna)
    hand.at(order)
    hand.network.mode = "none"
    press(page, "Depart", "En route")
    hand.given_up()
    at(hand, clock.now())
    hand.network.mode = "signal"
    hand.sent()
    moment, uncertain = times(order)["depart"]
    assert moment <= clock.now(), "never in the future"
    assert uncertain
    hand.at(order)
    expect(page.locator(".co-steps-done")).to_contain_text("time uncertain")
