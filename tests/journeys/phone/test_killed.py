"""What the app calls "on phone" is on the phone: the browser is killed at the moment it says so.

The app says `co:on-phone` when the mark can be read. The test's script sends a beacon then, and
the browser's processes are killed inside of the beacon's handler: from outside, some 100 ms later,
even broken code would look right.
"""

from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from callout.fieldwork.models import InboxCommand
from tests.harness.server import until
from tests.journeys.phone.conftest import BIG, Handset, Handsets, press
from tests.journeys.phone.network import MARK
from tests.orders.conftest import Company
from tests.scale import rounds

pytestmark = pytest.mark.journey

WHEN_SHOWN = f"""
  document.addEventListener("co:on-phone", ({{detail}}) => navigator.sendBeacon("{MARK}", detail));
"""
# A slow disk, for both: what is put is some while from being complete.
SLOWLY = """
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (...given) {
    const request = add.apply(this, given);
    let turns = this.name === "outbox" ? 300 : 0;
    const again = () => { if (turns-- > 0) this.count().onsuccess = again; };
    again();
    return request;
  };
"""
# The mistake that the rule forbids: said when it was put, before the transaction has completed.
TOO_EARLY = f"""
  const slowly = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (value, ...rest) {{
    if (this.name === "outbox" && value.made.action !== "see")
      navigator.sendBeacon("{MARK}", value.id);
    return slowly.call(this, value, ...rest);
  }};
"""
SPY = """
  window.coSpied = [];
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const names = [stores].flat().map(String);
    if (mode === "readwrite" && names.includes("outbox"))
      window.coSpied.push(options?.durability ?? "none asked for");
    return begin.call(this, stores, mode, options);
  };
"""


def killed_when_marked(hand: Handset) -> str:
    """One tap, and the end of the browser as soon as it is marked; the id that was marked."""
    marked: list[str] = []

    def kill(id_: str) -> None:
        hand.kill()
        marked.append(id_)

    hand.network.marked = kill
    breaks = hand.page.locator("#visit-break")
    expect(hand.page.locator(BIG)).to_be_visible()
    with suppress(Error):  # the browser was gone before it could say that it had clicked
        (breaks if breaks.count() else hand.page.locator(BIG)).click(no_wait_after=True)
    until(lambda: bool(marked) and not hand.processes(), 30)
    return marked[0]


def working_offline(company: Company, hand: Handset) -> str:
    """A visit at work, on a phone that has lost the signal; where it is shown."""
    order = company.planned(company.anna)
    company.act(company.anna, order, "start_work")
    hand.sign_in(company.anna)
    hand.network.mode = "none"
    hand.at(order)
    return f"#/visit/{order.visit_id}"


def test_a_browser_killed_as_the_mark_shows_has_lost_nothing(
    company: Company, handset: Handsets
) -> None:
    hand = handset(SLOWLY, WHEN_SHOWN)
    where = working_offline(company, hand)
    marked: set[str] = set()
    count = rounds(8, 100)
    for _round in range(count):
        marked.add(killed_when_marked(hand))
        hand.switch_on()
        hand.open(where)
        kept = {row["id"] for row in hand.rows(company.anna)}
        assert marked <= kept
    assert len(marked) == count
    # Chromium writes cookies down only every half a minute: this phone has to sign in again, and
    # looks by itself whether somebody has, the moment there is a signal.
    hand.office_session(company.anna)
    hand.network.mode = "signal"
    hand.look_for_signal()
    hand.sent()
    assert marked <= {str(one) for one in InboxCommand.objects.values_list("pk", flat=True)}


def test_the_same_kills_catch_an_app_that_marks_too_early(
    company: Company, handset: Handsets
) -> None:
    hand = handset(SLOWLY, TOO_EARLY)
    where = working_offline(company, hand)
    lost = 0
    for _round in range(rounds(8, 100)):
        marked = killed_when_marked(hand)
        hand.switch_on()
        hand.open(where)
        lost += marked not in {row["id"] for row in hand.rows(company.anna)}
        if lost:
            break
    assert lost, "these kills would not see a tap that was lost"


def test_every_writing_transaction_on_the_outbox_is_strict(
    company: Company, handset: Handsets
) -> None:
    order = company.planned(company.anna)
    hand = handset(SPY)
    page = hand.sign_in(company.anna)
    hand.at(order)
    for label, status in (("Depart", "En route"), ("Arrive", "On site"), ("Start work", "Working")):
        press(page, label, status)
    hand.sent()
    spied = page.evaluate("coSpied")
    assert len(spied) >= 5, "taps, and answers that take them off"
    assert set(spied) == {"strict"}
