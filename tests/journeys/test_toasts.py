"""Toasts on a phone: they lie over the page, and what stands last can be got from under them."""

import pytest

from tests.journeys.conftest import PHONE, STILL, Opened
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey

TOLD = """() => {
  for (const words of ["Planned", "Moved", "Cancelled"]) {
    const toast = document.createElement("div");
    toast.className = "co-toast";
    toast.textContent = words;
    document.getElementById("co-toasts").append(toast);
  }
}"""
HEIGHT = "(what) => Math.round(document.querySelector(what).getBoundingClientRect().height)"
# How far the last of the page lies under the first toast when the page is at its end.
COVERED = """(last) => {
  scrollTo(0, document.documentElement.scrollHeight);
  const toasts = document.getElementById("co-toasts").getBoundingClientRect();
  const found = [...document.querySelectorAll(last)].at(-1).getBoundingClientRect();
  return Math.max(0, Math.round(found.bottom - toasts.top));
}"""


@pytest.mark.parametrize(
    ("path", "fills", "last"),
    [
        ("/map/", ".co-map-picture", ".co-map"),
        ("/customers/", ".co-panel", ".co-panel"),
        ("/orders/?day=all", "[data-live-item]", "[data-live-item]"),
    ],
)
def test_what_fills_the_screen_stays_as_it_is_and_can_be_scrolled_out_from_under_them(
    company: Company, screen: Opened, path: str, fills: str, last: str
) -> None:
    for _each in range(12):
        company.order()
    page = screen(company.manager, PHONE).open(path)
    page.locator(fills).first.wait_for()
    before = page.evaluate(HEIGHT, fills)
    page.evaluate(TOLD)
    page.evaluate(STILL)
    assert page.evaluate(HEIGHT, fills) == before
    assert page.evaluate(COVERED, last) == 0
