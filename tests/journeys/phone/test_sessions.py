"""Who a phone belongs to: sessions that end far from any signal, other people, two phones."""

import pytest
from playwright.sync_api import expect

from callout.accounts.models import Device, User
from callout.accounts.services import device_lose, device_revoke, user_password_set
from callout.fieldwork.models import InboxCommand
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.orders.models import TimelineEntry
from tests.journeys.phone.conftest import Handset, Handsets, press
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey

# Every record of every database of this browser.
LEFT = """async () => {
  const left = [];
  for (const {name} of await indexedDB.databases()) {
    const opened = await new Promise((found) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => found(asked.result);
    });
    for (const table of opened.objectStoreNames) {
      const rows = await new Promise((found) => {
        const asked = opened.transaction(table).objectStore(table).count();
        asked.onsuccess = () => found(asked.result);
      });
      if (rows) left.push(`${name}/${table}: ${rows}`);
    }
    opened.close();
  }
  return left;
}"""
# Whether what is the first user's was ever on the page.
WATCH = """new MutationObserver(() => {
  if (document.body?.innerText.includes("Lemaire")) sessionStorage.seen = "1";
}).observe(document, {childList: true, subtree: true, characterData: true});"""
PASSWORD = "a long enough one"
SYSTEM = Actor.system("tests")
DAY = [("Depart", "En route"), ("Arrive", "On site"), ("Start work", "Working")]


def expire(company: Company) -> None:
    Device.objects.update(expires_at=clock.now())


def revoke(company: Company) -> None:
    device_revoke(actor=company.manager, device_id=Device.objects.get().pk)


def new_password(company: Company) -> None:
    user_password_set(actor=SYSTEM, user_id=User.objects.get(name="Anna").pk, password=PASSWORD)


@pytest.mark.parametrize("end", [expire, revoke, new_password], ids=lambda end: end.__name__)
def test_a_session_that_ended_while_offline_stops_nobody_and_loses_nothing(
    company: Company, handset: Handsets, end: object
) -> None:
    order = company.planned(company.anna)
    hand = handset()
    page = hand.sign_in(company.anna)
    hand.office_session(None)
    hand.at(order)
    hand.network.mode = "none"
    press(page, *DAY[0])
    end(company)  # type: ignore[operator]
    hand.network.mode = "signal"
    hand.look_for_signal()
    banner = page.locator(".co-banner")
    expect(banner).to_contain_text("You are signed out.")
    press(page, *DAY[1])
    page.reload()
    press(page, *DAY[2])
    expect(page.locator(".co-steps-done .co-sync-on_phone")).to_have_count(3)
    expect(banner).to_contain_text("3 taps are safe here")
    banner.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    hand.office_session(company.anna)
    hand.at(order)
    expect(banner).to_have_count(0)  # who has signed in again need not say so twice
    hand.sent()
    order.refresh_from_db()
    assert order.technician_status == "working"
    assert set(InboxCommand.objects.values_list("outcome", flat=True)) == {"applied"}
    taken = InboxCommand.objects.exclude(action="see").order_by("n")
    assert list(taken.values_list("action", flat=True)) == ["depart", "arrive", "start_work"]


def nothing(company: Company) -> None:
    """She has not even signed out."""


@pytest.mark.parametrize("end", [revoke, nothing])
def test_another_user_of_the_same_phone_sees_nothing_of_the_first_whose_work_stays(
    company: Company, handset: Handsets, end: object
) -> None:
    order = company.planned(company.anna)
    hand = handset()
    page = hand.sign_in(company.anna)
    hand.at(order)
    hand.network.mode = "none"
    press(page, *DAY[0])
    end(company)  # type: ignore[operator]
    hand.office_session(company.bert)
    hand.network.mode = "signal"
    hand.look_for_signal()
    expect(page.get_by_text("This visit is not yours any more")).to_be_visible()
    hand.open()
    expect(page.get_by_text("Nothing planned for you")).to_be_visible()
    hand.open("#/sending")
    expect(page.get_by_text("Bert")).to_be_visible()
    shown = page.content()
    assert not [word for word in ("Lemaire", "Anna", "SO-", "hot water") if word in shown]
    assert hand.rows(company.bert) == []
    assert InboxCommand.objects.exclude(action="see").count() == 0, "never under Bert's name"
    hand.sent()
    page.locator("#sign-out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    hand.office_session(company.anna)
    hand.open()
    page.get_by_role("link", name="Boulangerie Lemaire").click()
    hand.sent()
    order.refresh_from_db()
    assert order.technician_status == "en_route"
    taken = InboxCommand.objects.get(action="depart")
    assert taken.user_id == company.anna.user_id


def test_who_signs_in_on_the_phone_of_another_never_sees_what_lies_on_it(
    company: Company, handset: Handsets
) -> None:
    company.planned(company.anna)
    bert = User.objects.get(name="Bert")
    bert.set_password(PASSWORD)
    bert.save()
    hand = handset(WATCH)
    page = hand.sign_in(company.anna)
    expect(page.get_by_text("Boulangerie Lemaire")).to_be_visible()
    assert page.evaluate("sessionStorage.seen") == "1"
    hand.office_session(None)
    page.goto(f"{hand.server.url}/accounts/login/?next=/technician/")
    page.evaluate("sessionStorage.clear()")  # here: Anna's page may have drawn hers once more
    page.get_by_label("Email").fill(bert.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Nothing planned for you")).to_be_visible()
    assert page.evaluate("sessionStorage.seen") is None
    assert "callout-signed-in" not in page.evaluate("document.cookie")


def test_a_phone_that_was_lost_shows_nothing_any_more_and_holds_nothing(
    company: Company, handset: Handsets
) -> None:
    order = company.planned(company.anna)
    hand = handset()
    page = hand.sign_in(company.anna)
    hand.at(order)
    hand.sent()
    device_lose(actor=company.manager, device_id=Device.objects.get().pk)
    hand.look_for_signal()
    expect(page.get_by_text("This phone was reported lost")).to_be_visible()
    assert "Lemaire" not in page.content()
    hand.office_session(None)
    page.reload()
    expect(page.get_by_text("Sign in once.")).to_be_visible()
    assert page.evaluate(LEFT) == []


def told(hand: Handset) -> list[str]:
    steps = hand.page.locator(".co-steps-done li .co-grow > span:first-child").all_inner_texts()
    return [step.strip() for step in steps]


def test_two_phones_of_one_technician_used_at_once_end_with_one_true_day(
    company: Company, handset: Handsets
) -> None:
    order = company.planned(company.anna)
    phones = [handset(), handset()]
    for hand in phones:
        hand.sign_in(company.anna)
        hand.at(order)
        hand.network.mode = "none"
    first, second = phones
    press(first.page, *DAY[0])
    press(second.page, *DAY[0])
    press(second.page, *DAY[1])
    press(first.page, *DAY[1])
    press(first.page, *DAY[2])
    for hand in (second, first):
        hand.network.mode = "signal"
        hand.sent()
    second.look_for_signal()
    expect(second.page.locator("#visit-big")).to_have_text("Complete")
    order.refresh_from_db()
    assert order.technician_status == "working"
    steps = TimelineEntry.objects.filter(visit=order.visit_id).order_by("at")
    kept = [step for step in steps.values_list("action", flat=True) if step in
            ("depart", "arrive", "start_work")]  # fmt: skip
    assert kept == ["depart", "arrive", "start_work"], "each once"
    assert Device.objects.count() == 2
    assert set(InboxCommand.objects.values_list("outcome", flat=True)) <= {"applied", "same"}
    assert told(first) == told(second)
