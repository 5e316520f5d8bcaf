"""`python -m bench.phone_screen`: the Technician App in a real browser at 4x CPU slow-down.

Told: from a tap until it is durable and shown, without a signal; a cold start in flight mode until
the list is drawn; what a first visit loads, compressed; and how long a day's queue (60 commands,
10 photos) takes from the moment there is a signal. A database of its own, dropped afterwards.
"""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bench import place

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, CDPSession, Page

DATABASE = "bench_phone"
PHONE = {"width": 390, "height": 844}
SLOWER = 4
STARTS, DAYS = 10, 3
COMMANDS, PHOTOS = 60, 10
# From the press itself until the disk has it, the app has said so, and a frame has shown it.
SHOWN = """
  window.coTook = [];
  addEventListener("click", (event) => {
    window.coPressed = event.timeStamp;
    window.coDurable = 0;
  }, true);
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const transaction = begin.call(this, stores, mode, options);
    if (mode === "readwrite" && [stores].flat().includes("outbox"))
      transaction.addEventListener("complete", () => { coDurable ||= performance.now(); });
    return transaction;
  };
  document.addEventListener("co:on-phone", () => {
    if (!window.coPressed) return;  // "seen" is said by itself, without a press
    const [pressed, durable, marked] = [coPressed, coDurable, performance.now()];
    window.coPressed = 0;
    requestAnimationFrame(() => setTimeout(() => {
      coTook.push([durable, marked, performance.now()].map((at) => at - pressed));
    }));
  });
  const look = () => document.querySelector(".co-visit")
    ? requestAnimationFrame(() => { window.coDrawn = performance.now(); })
    : requestAnimationFrame(look);
  requestAnimationFrame(look);
"""
# Without a locator: those look at the whole page in each frame.
WAITING = "document.querySelectorAll('#send-now').length"
BIG, BREAK = "#visit-big", "#visit-break"
# A visit's presses, as the big button offers them; who is in a break may go to the next visit.
UNDER_WAY = [BREAK, BIG, BREAK]
PRESSES = [BIG, BIG, BIG, *UNDER_WAY]


def main() -> None:
    """Fill, serve, tap, print."""
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

    from bench.serving import served
    from tests.harness.chromium import found

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    secret, visits = a_day()
    with (
        served(place.environment(DATABASE)) as server,
        sync_playwright() as playwright,
        TemporaryDirectory() as profile,
    ):
        # A profile on the disk, as a phone has one: a browser keeps compiled scripts there alone.
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=found(),
            args=["--no-sandbox"],
            viewport=PHONE,  # type: ignore[arg-type]
            # Fingers: a mouse that rests on the page has it look what is under it after each draw.
            has_touch=True,
            is_mobile=True,
            locale="en-GB",
        )
        context.add_init_script(SHOWN)
        name = f"callout-{server.port}"
        context.add_cookies([{"name": name, "value": secret, "url": server.url}])
        address = f"{server.url}/technician/"
        page = context.new_page()
        page.set_default_timeout(120_000)
        first_load(page, address)
        cold_starts(context, address)
        taps(page, address, visits)
        queues(page, address, visits[0])
        context.close()


def a_day() -> tuple[str, list[str]]:
    """A technician with eight visits, the first one under way; their office session."""
    from callout.accounts.models import User
    from tests.harness.signing import session_of
    from tests.orders.conftest import company_made

    company = company_made()
    orders = [company.planned(company.anna, hours=1.5 * n + 0.1) for n in range(8)]
    company.act(company.anna, orders[0], "start_work")
    for order in orders:
        order.refresh_from_db()
    return session_of(User.objects.get(name="Anna")), [str(one.visit_id) for one in orders]


def slowed(page: "Page") -> "CDPSession":
    cdp = page.context.new_cdp_session(page)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return cdp


def first_load(page: "Page", address: str) -> None:
    """What came over the wire until the app was ready for offline, the worker's own loads too."""
    loaded: list[Any] = []
    cdp = page.context.new_cdp_session(page)
    cdp.on("Network.loadingFinished", lambda told: loaded.append(told["encodedDataLength"]))
    cdp.send("Network.enable")
    page.goto(address)
    waited(page, lambda: page.locator(".co-ready.is-ready").count() > 0)
    print(f"first load: {sum(loaded) / 1000:.0f} kB of the page's own requests, compressed")


def cold_starts(context: "BrowserContext", address: str) -> None:
    """A page of its own each time, without a network."""
    context.set_offline(True)
    took = []
    for _turn in range(STARTS):
        page = context.new_page()
        cdp = slowed(page)
        page.goto(address)
        waited(page, lambda page=page: page.evaluate("window.coDrawn") is not None)  # type: ignore[misc]
        took.append(page.evaluate("window.coDrawn"))
        cdp.detach()
        page.close()
    told("cold start in flight mode, to the drawn list", took)
    context.set_offline(False)


def taps(page: "Page", address: str, visits: Sequence[str]) -> None:
    """A day of eight visits without a signal, each from leaving for it to a break."""
    page.goto(address)
    page.locator(".co-visit").first.wait_for()
    page.context.set_offline(True)
    cdp = slowed(page)
    done = 0
    for visit in visits:
        page.goto(f"{address}#/visit/{visit}")
        page.locator(BIG).wait_for()
        for button in UNDER_WAY if visit == visits[0] else PRESSES:
            page.locator(button).tap()
            done += 1
            waited(page, lambda done=done: page.evaluate("coTook.length") >= done)  # type: ignore[misc]
    durable, marked, shown = zip(*page.evaluate("coTook"), strict=True)
    told("tap to durable and shown", shown)
    told("  of it until durable", durable)
    told("  and until marked", marked)
    cdp.detach()
    page.context.set_offline(False)
    page.goto(f"{address}#/visit/{visits[0]}")
    page.locator(f"{BIG}[data-action=resume]").tap()  # work goes on where the day began
    all_sent(page)


def queues(page: "Page", address: str, visit: str) -> None:
    """A day's queue, from the signal until nothing waits any more, photos too."""
    took = []
    for _day in range(DAYS):
        page.goto(f"{address}#/visit/{visit}")
        page.locator(BREAK).wait_for()
        page.context.set_offline(True)
        for turn in range(COMMANDS - PHOTOS):
            pressed(page, turn)
            page.locator(BREAK if turn % 2 else f"{BIG}[data-action=resume]").wait_for()
        page.goto(f"{address}#/visit/{visit}/photos")
        for _photo in range(PHOTOS):
            here = page.locator(".co-shot").count()
            page.locator("input[type=file][accept]").first.set_input_files(picture())
            page.locator(".co-shot").nth(here).wait_for()
        page.goto(f"{address}#/sending")
        begun = time.monotonic()
        page.context.set_offline(False)
        waited(page, lambda: page.evaluate(WAITING) == 0, 100)
        took.append(1000 * (time.monotonic() - begun))
    told(f"{COMMANDS} commands with {PHOTOS} photos drained", took)


def picture() -> Any:
    """As a camera gives it, shrunk: no two alike, about 1.2 MB."""
    from PIL import Image

    data = BytesIO()
    Image.effect_noise((2560, 1920), 9).convert("RGB").save(data, "JPEG", quality=85)
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def all_sent(page: "Page") -> None:
    page.goto(page.url.split("#")[0] + "#/sending")
    page.get_by_role("heading", name="Everything has been sent").wait_for()


def pressed(page: "Page", turn: int) -> None:
    page.locator(BIG if turn % 2 else BREAK).tap()


def waited(page: "Page", true: "Callable[[], bool]", every: float = 250) -> None:
    """Looks until it is so, seldom: each look takes time of the page's own."""
    page.wait_for_timeout(2 * every)
    while not true():
        page.wait_for_timeout(every)


def told(words: str, took: Sequence[float]) -> None:
    ordered = sorted(took)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    print(f"{words}: median {statistics.median(ordered):.0f} ms, p95 {p95:.0f} ms", flush=True)


if __name__ == "__main__":
    main()
