"""A technician's day on the phone, with and without a signal, followed on the office's screens."""

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from callout.customers.services import site_code_set
from callout.fieldwork.models import (
    ChecklistAnswer,
    PartLine,
    Position,
    Signature,
    VisitPhoto,
)
from callout.fieldwork.services.checklists import checklist_item_create
from callout.orders.models import ServiceOrder, TimelineEntry, Visit
from tests.journeys.conftest import PHONE, Opened, Screen
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey

STEPS = [
    ("Depart", "En route", "en_route"),
    ("Arrive", "On site", "on_site"),
    ("Start work", "Working", "working"),
]
BIG = "#visit-big"
# As Chromium offers to install a page; its own offer cannot be brought about from a test.
OFFER = """() => {
  const offer = new Event("beforeinstallprompt", { cancelable: true });
  offer.prompt = async () => { window.asked = (window.asked ?? 0) + 1; };
  dispatchEvent(offer);
}"""
SMALL = """() => [...document.querySelectorAll("a, button, label:has(input[type=file])")]
    .filter((e) => e.offsetParent && !e.closest(".co-skip, .co-visit") && !e.matches(".co-link"))
    .map((e) => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
    .filter(([, box]) => box.height < 48 || box.width < 44)
    .map(([html]) => html)"""


def status_of(order: ServiceOrder) -> tuple[str, str | None]:
    order.refresh_from_db()
    return order.stage, order.technician_status


def pill(phone: Page, words: str) -> None:
    expect(phone.locator(".co-phone-top .co-pill")).to_have_text(re.compile(rf"^\s*{words}\s*$"))


def at_visit(hand: Screen, order: ServiceOrder, part: str = "") -> Page:
    """The app, signed in and with its work, at the order's visit."""
    if "/technician/" not in hand.page.url:
        hand.open("/technician/")
        expect(hand.page.locator(".co-visit").first).to_be_visible()
    rest = f"/{part}" if part else ""
    hand.page.goto(f"{hand.base}/technician/#/visit/{order.visit_id}{rest}")
    return hand.page


def sent(phone: Page) -> None:
    """Nothing waits on the phone any more."""
    here = phone.url
    phone.goto(re.sub(r"#.*", "#/sending", here))
    expect(phone.get_by_role("heading", name="Everything has been sent")).to_be_visible()
    phone.goto(here)


def picture(name: str = "plate.jpg") -> Any:
    data = BytesIO()
    Image.new("RGB", (640, 480), "teal").save(data, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": data.getvalue()}


def write_name(phone: Page) -> None:
    box = phone.locator("canvas").bounding_box()
    assert box
    phone.mouse.move(box["x"] + 40, box["y"] + 90)
    phone.mouse.down()
    for n in range(12):
        phone.mouse.move(box["x"] + 40 + 14 * n, box["y"] + 60 + 40 * (n % 2))
    phone.mouse.up()


def test_every_step_of_a_visit_shows_in_the_office_without_reload(
    company: Company, screen: Opened
) -> None:
    order = company.planned(company.anna)
    desk = screen(company.manager).open("/orders/?day=all")
    phone = screen(company.anna, PHONE).open("/technician/")
    phone.get_by_role("link", name="Boulangerie Lemaire").click()
    row = desk.locator(f"#order-{order.pk}")
    for label, words, status in STEPS:
        expect(phone.locator(BIG)).to_have_text(label)
        phone.locator(BIG).click()
        pill(phone, words)
        expect(row.locator(".co-pill")).to_have_text(words)
        assert status_of(order) == ("planned", status)
    phone.locator("#visit-break").click()
    expect(row.locator(".co-pill")).to_have_text("Break")
    # What was pressed is gone, but who reads the screen aloud is still among the buttons.
    expect(phone.locator(".co-quick :focus")).to_have_count(1)
    expect(phone.locator(BIG)).to_have_text("Resume")
    phone.locator(BIG).click()
    expect(row.locator(".co-pill")).to_have_text("Working")
    phone.locator(BIG).click()
    phone.get_by_role("button", name="Customer cannot sign").click()
    phone.get_by_role("button", name="Nobody was there at the end").click()
    phone.get_by_role("button", name="Complete without signature").click()
    pill(phone, "Done")
    expect(row.locator(".co-pill")).to_have_text(re.compile("Done|Completed"))
    expect(phone.locator(BIG)).to_have_count(0)
    assert status_of(order) == ("completed", "done")


def test_a_day_without_a_signal_goes_up_by_itself_once_there_is_one(
    company: Company, screen: Opened
) -> None:
    order = company.planned(company.anna)
    hand = screen(company.anna, PHONE)
    phone = at_visit(hand, order)
    sent(phone)
    phone.context.set_offline(True)
    for label, words, _status in STEPS:
        expect(phone.locator(BIG)).to_have_text(label)
        phone.locator(BIG).click()
        pill(phone, words)
    expect(phone.locator(".co-banner")).to_contain_text("3 taps are safe on this phone")
    expect(phone.locator(".co-steps-done .co-sync-on_phone")).to_have_count(3)
    phone.locator("#visit-note").click()
    phone.get_by_label("For everybody on the order").fill("Key is at the pharmacy")
    phone.get_by_role("button", name="Add note").click()
    expect(phone.locator("#main")).to_contain_text("Key is at the pharmacy")
    assert status_of(order) == ("planned", "planned")
    phone.context.set_offline(False)
    expect(phone.locator(".co-steps-done .co-sync-on_phone")).to_have_count(0)
    expect(phone.locator(".co-banner")).to_have_count(0)
    assert status_of(order) == ("planned", "working")
    actions = TimelineEntry.objects.filter(visit=order.visit_id).values_list("action", flat=True)
    assert list(actions.order_by("id"))[-3:] == ["depart", "arrive", "start_work"]
    hand.complaints[:] = [one for one in hand.complaints if "INTERNET_DISCONNECTED" not in one]


def test_checklist_photo_parts_report_and_a_signature_that_is_sealed(
    company: Company, screen: Opened
) -> None:
    for values in (
        {"text": "Power isolated", "kind": "tick", "required": True},
        {"text": "Pressure", "kind": "number", "required": True, "low": "1", "high": "3",
         "unit": "bar"},
        {"text": "Rating plate", "kind": "photo", "required": True},
    ):  # fmt: skip
        checklist_item_create(actor=company.manager, type_id=company.kind.pk, values=values)
    order = company.planned(company.anna)
    company.act(company.anna, order, "start_work")
    hand = screen(company.anna, PHONE)
    phone = at_visit(hand, order)
    phone.locator(BIG).click()
    dialog = phone.get_by_role("dialog", name="Not yet complete")
    expect(dialog).to_contain_text("Power isolated")
    dialog.get_by_role("button", name="To the checklist").click()
    phone.get_by_text("Yes", exact=True).click()
    pressure = phone.get_by_role("textbox", name="Pressure")
    pressure.fill("9")
    pressure.press("Enter")
    expect(phone.get_by_text("Not within 1 to 3 bar")).to_be_visible()
    pressure.fill("2,5")
    pressure.press("Enter")
    phone.locator("input[type=file]").set_input_files(picture())
    expect(phone.locator(".co-shot img")).to_have_count(1)
    expect(phone.locator(".co-phone-top")).to_contain_text("3 of 3")
    at_visit(hand, order, "parts")
    phone.locator("#part-add").click()
    phone.get_by_label("What").fill("Pressure switch 28 bar")
    phone.get_by_role("button", name="Save").click()
    expect(phone.locator("#main")).to_contain_text("Pressure switch")
    at_visit(hand, order, "report")
    phone.get_by_label(re.compile("What was done")).fill("Running, 2 bar")
    phone.get_by_role("button", name="Save").click()
    expect(phone.locator("#open-report")).to_contain_text("Running, 2 bar")
    at_visit(hand, order, "sign")
    expect(phone.locator(".co-summary")).to_contain_text("Pressure switch 28 bar × 1")
    phone.get_by_label("Signed by").fill("Koen Aerts")
    phone.locator("#sign-big").click()
    expect(phone.get_by_text("Nothing is signed yet")).to_be_visible()
    write_name(phone)
    phone.locator("#sign-big").click()
    pill(phone, "Done")
    sent(phone)
    assert status_of(order) == ("completed", "done")
    assert ChecklistAnswer.objects.count() == 2
    assert (PartLine.objects.get().text, VisitPhoto.objects.get().tag) == (
        "Pressure switch 28 bar",
        "checklist",
    )
    signature = Signature.objects.get()
    assert (signature.name, '"Running, 2 bar"' in signature.seal) == ("Koen Aerts", True)
    at_visit(hand, order, "sign")
    expect(phone.get_by_text("Signed and sealed")).to_be_visible()
    expect(phone.get_by_text(signature.seal_sha256[:10])).to_be_visible()
    expect(phone.get_by_text("Changed after signing")).to_have_count(0)
    at_visit(hand, order, "report")
    phone.get_by_label(re.compile("What was done")).fill("Running, 3 bar")
    phone.get_by_role("button", name="Save").click()
    expect(phone.locator("#open-report")).to_contain_text("Running, 3 bar")
    sent(phone)
    at_visit(hand, order, "sign")
    expect(phone.locator(".co-changed")).to_contain_text("Running, 2 bar")


def test_not_finished_wants_a_reason_and_puts_it_back_in_the_pile(
    company: Company, screen: Opened
) -> None:
    order = company.planned(company.anna)
    company.act(company.anna, order, "start_work")
    phone = at_visit(screen(company.anna, PHONE), order)
    phone.locator("#visit-more").click()
    phone.locator("#menu-hand_back").click()
    dialog = phone.get_by_role("dialog")
    dialog.locator(".co-big").click()
    expect(dialog.get_by_text("Choose a reason or write a note.")).to_be_visible()
    dialog.get_by_text("Part needed").click()
    dialog.get_by_label("Note").fill("valve on order")
    dialog.locator(".co-big").click()
    expect(dialog).to_have_count(0)
    sent(phone)
    assert status_of(order) == ("new", None)
    visit = Visit.objects.get()
    assert (visit.outcome, visit.closing_note) == ("handed_back", "valve on order")


def test_customer_absent_with_a_photo_flags_the_order_and_can_be_undone(
    company: Company, screen: Opened
) -> None:
    order = company.planned(company.anna)
    desk = screen(company.manager).open("/orders/?day=all")
    hand = screen(company.anna, PHONE)
    phone = at_visit(hand, order)
    phone.locator("#visit-customer_absent").click()
    dialog = phone.get_by_role("dialog")
    dialog.get_by_text("Nobody at home").click()
    dialog.locator("input[type=file]").set_input_files(picture("door.jpg"))
    expect(dialog.locator(".co-shot img")).to_have_count(1)
    dialog.locator(".co-big").click()
    expect(desk.locator(f"#order-{order.pk}")).to_contain_text("x1")
    assert status_of(order) == ("new", None)
    assert VisitPhoto.objects.get().tag == "absent"
    phone.locator(".co-toast").get_by_role("button", name="Undo").click()
    pill(phone, "Planned")
    sent(phone)
    assert status_of(order) == ("planned", "planned")


def test_a_forgotten_tap_gets_its_true_time_and_the_first_one_stays(
    company: Company, screen: Opened
) -> None:
    order = company.planned(company.anna)
    phone = at_visit(screen(company.anna, PHONE), order)
    phone.locator(BIG).click()
    pill(phone, "En route")
    phone.get_by_role("button", name="Correct the time: Departed").click()
    field = phone.get_by_label("When it truly happened")
    shown = field.input_value()
    if shown[11:16] < "00:10":
        pytest.skip("just after midnight there is no earlier time on the same day")
    hours, minutes = int(shown[11:13]), int(shown[14:16])
    earlier = hours * 60 + minutes - 7
    field.fill(f"{shown[:11]}{earlier // 60:02d}:{earlier % 60:02d}")
    phone.get_by_role("button", name="Save").click()
    expect(phone.locator(".co-steps-done")).to_contain_text("corrected, was")
    sent(phone)
    entry = TimelineEntry.objects.get(visit=order.visit_id, action="depart")
    assert entry.first_at is not None
    assert entry.first_at > entry.at


def test_leaving_for_the_next_one_asks_what_became_of_this_one(
    company: Company, screen: Opened
) -> None:
    a, b = company.planned(company.anna, hours=0.2), company.planned(company.anna, hours=4)
    company.act(company.anna, a, "start_work")
    phone = at_visit(screen(company.anna, PHONE), b)
    phone.locator(BIG).click()
    dialog = phone.get_by_role("dialog")
    expect(dialog).to_contain_text("Nobody can be in two places")
    dialog.get_by_text("Paused", exact=True).click()
    dialog.locator(".co-big").click()
    pill(phone, "En route")
    sent(phone)
    assert (status_of(a)[1], status_of(b)[1]) == ("break", "en_route")


def test_two_phones_of_one_technician_show_the_same(company: Company, screen: Opened) -> None:
    order = company.planned(company.anna)
    one, two = screen(company.anna, PHONE), screen(company.anna, PHONE)
    first, second = at_visit(one, order), at_visit(two, order)
    first.locator(BIG).click()
    pill(first, "En route")
    sent(first)
    pill(second, "En route")
    expect(second.locator(BIG)).to_have_text("Arrive")


def test_what_the_office_changes_is_told_on_the_phone(company: Company, screen: Opened) -> None:
    phone = screen(company.anna, PHONE).open("/technician/")
    expect(phone.get_by_text("Nothing planned for you")).to_be_visible()
    order = company.planned(company.anna, hours=0.2)
    card = phone.locator(".co-visit")
    expect(card).to_contain_text("Boulangerie Lemaire")
    expect(card.locator(".co-flag-new")).to_be_visible()
    card.get_by_role("link").click()
    expect(phone.locator(BIG)).to_have_text("Depart")
    company.act(company.manager, order, "unplan")
    expect(phone.get_by_text("This visit is not yours any more")).to_be_visible()
    expect(phone.locator(BIG)).to_have_count(0)


def test_running_late_something_else_and_the_code_of_the_door(
    company: Company, screen: Opened
) -> None:
    site = company.site
    site_code_set(actor=company.manager, site_id=site.pk, version=site.version, code="4711A")
    order = company.planned(company.anna)
    phone = at_visit(screen(company.anna, PHONE), order)
    phone.locator("#visit-extend").click()
    phone.get_by_role("button", name=re.compile(r"\+30 min")).click()
    expect(phone.get_by_text("Expected to be done at")).to_be_visible()
    phone.locator("#visit-more").click()
    phone.locator("#menu-found").click()
    phone.get_by_label("What you found").fill("The pump leaks too")
    phone.get_by_role("button", name="Tell the office").click()
    expect(phone.locator(".co-toast")).to_contain_text("The office will know")
    assert "4711A" not in phone.content()
    phone.get_by_role("button", name="Show").click()
    expect(phone.locator("#visit-code-shown")).to_have_text("4711A")
    sent(phone)
    assert Visit.objects.get().expected_end is not None
    assert ServiceOrder.objects.filter(description__startswith="The pump leaks").count() == 1


def test_what_is_typed_is_there_again_and_signing_out_says_what_is_unsent(
    company: Company, screen: Opened
) -> None:
    order = company.planned(company.anna)
    hand = screen(company.anna, PHONE)
    phone = at_visit(hand, order)
    sent(phone)
    phone.locator("#visit-note").click()
    phone.get_by_label("For everybody on the order").fill("half a thought")
    phone.keyboard.press("Escape")
    phone.locator("#visit-note").click()
    expect(phone.get_by_label("For everybody on the order")).to_have_value("half a thought")
    phone.keyboard.press("Escape")
    phone.context.set_offline(True)
    phone.locator(BIG).click()
    pill(phone, "En route")
    phone.goto(f"{hand.base}/technician/#/sending")
    expect(phone.locator("#main")).to_contain_text("waits for a signal")
    phone.locator("#sign-out").click()
    expect(phone.get_by_text("One entry has not been sent.")).to_be_visible()
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Send them first").click()
    expect(phone.get_by_role("link", name="Sign in")).to_be_visible()
    assert status_of(order) == ("planned", "en_route")
    hand.expects(401)
    hand.complaints.clear()


def test_where_they_are_is_shared_on_the_job_alone_and_the_phone_says_so(
    company: Company, screen: Opened
) -> None:
    order = company.planned(company.anna)
    hand = screen(company.anna, PHONE)
    hand.page.context.grant_permissions(["geolocation"])
    hand.page.context.set_geolocation({"latitude": 50.7167, "longitude": 4.6167})
    phone = at_visit(hand, order)
    shared = phone.get_by_text("Your position is shared now")
    phone.locator(BIG).click()
    pill(phone, "En route")
    expect(shared).to_have_count(0)  # nobody has agreed
    phone.goto(f"{hand.base}/technician/#/sending")
    phone.get_by_label("The office may see where I am").check()
    expect(shared).to_be_visible()
    at_visit(hand, order)
    expect(shared).to_be_visible()
    for label, status, _code in STEPS[1:]:
        phone.get_by_role("button", name=label, exact=True).click()
        pill(phone, status)
    expect(shared).to_be_visible()
    phone.locator("#visit-break").click()
    pill(phone, "Break")
    expect(shared).to_have_count(0)
    sent(phone)
    assert Position.objects.filter(technician=company.anna.technician_id).exists()


def test_the_hint_to_install_is_shown_until_it_is_done_or_somebody_says_no(
    company: Company, screen: Opened
) -> None:
    company.planned(company.anna)
    hand = screen(company.anna, PHONE)
    hand.open("/technician/")
    phone = hand.page
    hint = phone.get_by_role("heading", name="Have it on your home screen")
    expect(phone.locator(".co-visit")).to_be_visible()
    expect(hint).to_have_count(0)  # the browser has offered nothing
    phone.evaluate(OFFER)
    expect(hint).to_be_visible()
    phone.get_by_role("button", name="Install").click()
    expect(hint).to_have_count(0)
    assert phone.evaluate("window.asked") == 1
    phone.evaluate(OFFER)
    phone.get_by_role("button", name="Not now").click()
    expect(hint).to_have_count(0)
    phone.reload()
    expect(phone.locator(".co-visit")).to_be_visible()
    phone.evaluate(OFFER)
    expect(phone.locator(".co-visit")).to_be_visible()
    expect(hint).to_have_count(0)


def test_with_the_keyboard_alone_and_targets_for_a_glove(company: Company, screen: Opened) -> None:
    order = company.planned(company.anna)
    hand = screen(company.anna, PHONE)
    hand.open("/technician/")
    expect(hand.page.locator(".co-visit").first).to_be_visible()
    assert hand.page.evaluate(SMALL) == []
    phone = at_visit(hand, order)
    phone.locator(BIG).focus()
    phone.keyboard.press("Enter")
    expect(phone.locator(BIG)).to_have_text("Arrive")
    expect(phone.locator(BIG)).to_be_focused()
    phone.locator("#visit-more").focus()
    phone.keyboard.press("Enter")
    phone.locator("#menu-undo").focus()
    phone.keyboard.press("Enter")
    expect(phone.locator(BIG)).to_have_text("Depart")
    # A question that is over leaves the keyboard where it was asked.
    expect(phone.locator("#visit-more")).to_be_focused()
    for asks in ("#visit-note", "#visit-customer_absent"):
        phone.locator(asks).focus()
        phone.keyboard.press("Enter")
        expect(phone.get_by_role("dialog")).to_be_visible()
        phone.keyboard.press("Escape")
        expect(phone.locator(asks)).to_be_focused()
    phone.get_by_role("button", name="Close").click()
    assert phone.evaluate(SMALL) == []
    box = phone.locator(BIG).bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 844


def test_nothing_is_wider_than_a_small_phone(company: Company, screen: Opened) -> None:
    for kind in ({"kind": "number", "low": "1", "unit": "bar"}, {"kind": "tick"}):
        values = {"text": "Pressure in the second circuit", "required": True} | kind
        checklist_item_create(actor=company.manager, type_id=company.kind.pk, values=values)
    order = company.planned(company.anna)
    company.act(company.anna, order, "arrive")
    hand = screen(company.anna, PHONE)
    phone = at_visit(hand, order)
    wide = {}
    for width in (360, 320, 195):  # the last: a phone's width at twice the size
        phone.set_viewport_size({"width": width, "height": 640})
        for part in ("", "checklist", "photos", "parts", "report", "times", "sign"):
            at_visit(hand, order, part)
            expect(phone.locator('[href="#main"] ~ .co-phone-app:has(h1)')).to_be_visible()
            wide[width, part] = phone.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert {one: more for one, more in wide.items() if more > 0} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_is_found_by_axe(company: Company, screen: Opened, theme: str) -> None:
    values = {"text": "Pressure", "kind": "number", "required": True, "low": "1", "unit": "bar"}
    checklist_item_create(actor=company.manager, type_id=company.kind.pk, values=values)
    order = company.planned(company.anna)
    company.act(company.anna, order, "arrive")
    hand = screen(company.anna, PHONE, theme)
    phone = at_visit(hand, order)
    expect(phone.locator(BIG)).to_be_visible()
    found = {"visit": hand.flaws()}
    for part in ("checklist", "photos", "parts", "report", "times", "sign", "past"):
        at_visit(hand, order, part)
        expect(phone.locator("h1")).to_be_visible()
        found[part] = hand.flaws()
    for name in ("", "sending", "search"):
        phone.goto(f"{hand.base}/technician/#/{name}")
        expect(phone.locator("h1")).to_be_visible()
        found[name] = hand.flaws()
    at_visit(hand, order)
    for press in ("#visit-customer_absent", "#visit-note", "#visit-more"):
        phone.locator(press).click()
        expect(phone.get_by_role("dialog")).to_be_visible()
        found[press] = hand.flaws()
        phone.keyboard.press("Escape")
    assert {name: flaws for name, flaws in found.items() if flaws} == {}
