"""`python -m bench.board_screen`: the Planning in a real browser, 200 technicians, 4,000 visits.

Five days of four visits for each technician: all in one week. Told: until the board can be used
(day and week), and the frames while it is scrolled and while a visit is dragged across rows and
hours. A database of its own, dropped afterwards.
"""

import os
import random
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bench import place

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.harness.server import Served

DATABASE = "bench_screen"
TECHNICIANS, DAYS, A_DAY = 200, 5, 4
PASSWORD = "only to measure with"
DESK = {"width": 1366, "height": 768}
OPENED, LASTS = 5, 3.0
# Said once the first visits are drawn, and a frame after, when they can be seen.
USABLE = """
  const look = () => document.querySelector(".co-pb-bar")
    ? requestAnimationFrame(() => { window.usableAfter = performance.now(); })
    : requestAnimationFrame(look);
  requestAnimationFrame(look);
"""
WATCH = """() => {
  window.frames_ = [];
  let last = performance.now();
  const frame = (now) => { window.frames_.push(now - last); last = now;
    window.watching = requestAnimationFrame(frame); };
  window.watching = requestAnimationFrame(frame);
}"""
SEEN = "() => { cancelAnimationFrame(window.watching); return window.frames_.slice(1); }"


def main() -> None:
    """Fill, serve, open, drag, print."""
    with place.server().held():
        place.database_make(DATABASE)
        try:
            os.environ.update(place.environment(DATABASE))
            import django

            django.setup()
            measured()
        finally:
            place.database_drop(DATABASE)


def measured() -> None:
    """Everything, on a server that runs as in production."""
    from playwright.sync_api import sync_playwright

    from bench.serving import manager_made, served
    from tests.harness.chromium import found

    monday = filled()
    manager_made(PASSWORD)
    environment = place.environment(DATABASE)
    with served(environment) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found(), args=["--no-sandbox"])
        for view in ("day", "week"):
            page = opened(browser, server, f"/planning/?day={monday:%Y-%m-%d}&view={view}")
            told(f"{view}: scrolled", frames(page, scrolling))
            told(f"{view}: dragged", frames(page, dragging))
            page.context.close()


def filled() -> datetime:
    """The technicians and their week; its Monday."""
    from callout.accounts.models import User
    from callout.accounts.selectors import actor_for_user
    from callout.config.demo.scale.company import Size, company_fill
    from callout.customers.models import SiteLink
    from callout.kernel import clock
    from callout.orders import services as orders
    from callout.orders.models import Assignment, InterventionType
    from callout.workforce.models import Technician

    class Board(Size):
        """A larger team than the bench's other companies."""

        technicians = TECHNICIANS

    company_fill(Board(orders=2_000))
    actor = actor_for_user(User.objects.get(is_manager=True), "api")
    pick = random.Random(3)
    links = list(SiteLink.objects.values_list("site_id", "customer_id"))
    kind = InterventionType.objects.order_by("-pk")[0].pk
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight + timedelta(days=7 - midnight.weekday())
    for technician in Technician.objects.order_by("pk"):
        for turn in range(DAYS * A_DAY):
            day, nth = divmod(turn, A_DAY)
            start = monday + timedelta(days=day, hours=7 + 2.25 * nth)
            site_id, customer_id = pick.choice(links)
            order = orders.order_create(
                actor=actor, customer_id=customer_id, site_id=site_id, type_id=kind
            )
            orders.order_act(
                actor=actor, order_id=order.pk, action="plan",
                command=orders.Command(
                    technician_id=technician.pk, start=start, duration_minutes=90
                ),
            )  # fmt: skip
    shown = Assignment.objects.filter(is_open=True, start__gte=monday).count()
    print(f"{shown:,} open visits of {TECHNICIANS} technicians in the week of {monday:%d %b}")
    return monday


def opened(browser: "Browser", server: "Served", address: str) -> "Page":
    """The page, opened some times in a browser that was there before; prints how long it took."""
    from bench.client import signed_in
    from bench.serving import MANAGER

    cookies = signed_in(server.port, MANAGER, PASSWORD).cookies
    context = browser.new_context(viewport=DESK)  # type: ignore[arg-type]
    context.add_cookies(
        [{"name": name, "value": value, "url": server.url} for name, value in cookies.items()]
    )
    page = context.new_page()
    page.add_init_script(USABLE)
    took: list[float] = []
    for _turn in range(OPENED):
        page.goto(server.url + address)
        took.append(usable_after(page))
        page.wait_for_timeout(500)
    first, others = took[0], took[1:]
    print(f"{address}: usable in {first:.0f} ms, then {statistics.median(others):.0f} ms (median)")
    return page


def usable_after(page: "Page") -> float:
    """Milliseconds since the address was asked for."""
    for _look in range(1200):
        if after := page.evaluate("window.usableAfter"):
            return float(after)
        page.wait_for_timeout(25)
    raise RuntimeError("the board was never drawn")


def frames(page: "Page", work: "Callable[[Page], None]") -> list[float]:
    """Milliseconds of each frame while it is worked."""
    page.evaluate(WATCH)
    work(page)
    seen: list[float] = page.evaluate(SEEN)
    return seen


def scrolling(page: "Page") -> None:
    """Down and up with the wheel."""
    page.mouse.move(900, 400)
    end = time.monotonic() + LASTS
    turn = 0
    while time.monotonic() < end:
        page.mouse.wheel(0, 120 if turn // 40 % 2 == 0 else -120)
        turn += 1
        page.wait_for_timeout(12)


def dragging(page: "Page") -> None:
    """A visit in the hand, over rows and hours, now and then at the edge that scrolls."""
    box = page.locator(".co-pb-bar.is-movable").nth(3).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    end = time.monotonic() + LASTS
    turn = 0
    while time.monotonic() < end:
        turn += 1
        along = abs((turn * 9) % 1200 - 600)
        page.mouse.move(620 + along, 150 + along)
    page.keyboard.press("Escape")
    page.mouse.up()


def told(words: str, seen: list[float]) -> None:
    """Frames a second, and the frames that came late."""
    ordered = sorted(seen)
    a_second = 1000 * len(seen) / sum(seen)
    p95, worst = ordered[int(len(ordered) * 0.95)], ordered[-1]
    print(f"{words}: {a_second:.0f} frames/s; p95 {p95:.0f} ms, worst {worst:.0f} ms")


if __name__ == "__main__":
    main()
