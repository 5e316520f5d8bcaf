"""The office on a phone: what has no place there says itself only when it matters."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Opened
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey


def test_a_lost_stream_shows_on_a_narrow_screen_and_covers_nothing(
    company: Company, screen: Opened
) -> None:
    els = screen(company.manager, PHONE)
    page = els.open("/orders/")
    sign = page.locator("[data-live-dot]")
    page.locator("[data-live-dot][data-state=on]").wait_for(state="attached")
    nothing = sign.bounding_box()
    assert nothing
    assert nothing["width"] <= 1
    others = page.locator(".co-top > :is(form, a, button)")
    before = [one.bounding_box() for one in others.all()][1:]
    page.evaluate("() => window.dispatchEvent(new Event('offline'))")
    expect(page.locator("[data-live-dot][data-state=lost]")).to_be_visible()
    expect(sign).to_have_text("Reconnecting…")
    here = sign.bounding_box()
    assert here
    assert here["width"] >= 24
    # The search gives way, and nothing else moves.
    assert [one.bounding_box() for one in others.all()][1:] == before
    for one in others.all():
        there = one.bounding_box()
        assert there
        apart = there["x"] + there["width"] <= here["x"] or there["x"] >= here["x"] + here["width"]
        assert apart, one
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    assert els.flaws() == []
