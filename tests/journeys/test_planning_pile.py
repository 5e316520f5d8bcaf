"""The to-plan pile in a real browser: suggested, asked why not, refused, promised, and found."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from playwright.sync_api import expect

from callout.orders.models import InterventionType, Note, ServiceOrder, Visit
from callout.orders.services import order_wait, visit_promise
from callout.workforce.models import Skill
from tests.journeys.conftest import PHONE, Opened
from tests.orders.conftest import Company, soon

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.journey


def card(page: "Page", order: ServiceOrder) -> "Locator":
    return page.locator(f'.co-pile-card[data-order="{order.pk}"]')


def bar(page: "Page", order: ServiceOrder) -> "Locator":
    visit = Visit.objects.get(order=order, closed_at=None)
    return page.locator(f'[data-visit="{visit.pk}"]').first


def opener(page: "Page", order: ServiceOrder) -> "Locator":
    return card(page, order).locator("[data-pile-open]")


def panel(page: "Page") -> "Locator":
    return page.locator(".co-plan-panel")


def planned_with(order: ServiceOrder) -> UUID | None:
    """Whose visit it is now."""
    found = Visit.objects.filter(order=order, closed_at=None).first()
    return found.assignments.get(role="responsible").technician_id if found else None


def test_planned_with_the_best_by_one_key_and_the_next_card_has_the_focus(
    company: Company, screen: Opened
) -> None:
    first, second = company.order(), company.order()
    page = screen(company.manager).open("/planning/")
    opener(page, first).focus()
    page.keyboard.press("b")
    expect(page.locator(".co-toast")).to_contain_text("is planned for")
    expect(card(page, first)).to_have_count(0)
    expect(opener(page, second)).to_be_focused()
    first.refresh_from_db()
    assert first.stage == "planned"
    page.keyboard.press("Control+z")
    expect(card(page, first)).to_be_visible()
    first.refresh_from_db()
    assert first.stage == "new"


def test_planned_by_a_suggestion_that_says_why_and_all_its_figures(
    company: Company, screen: Opened
) -> None:
    order = company.order()
    page = screen(company.manager).open("/planning/")
    opener(page, order).press("Enter")
    options = panel(page).locator(".co-sug-option")
    expect(options.first).to_contain_text("Best")
    expect(panel(page)).to_be_focused()
    options.first.hover()
    expect(page.locator(".co-pb-slot")).to_have_count(1)
    options.first.get_by_role("button", name=re.compile("^More")).click()
    expect(options.first.locator("dl")).to_contain_text("has what is needed")
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".co-toast")).to_contain_text("is planned for")
    expect(panel(page)).to_have_count(0)
    assert planned_with(order) in (company.anna.technician_id, company.bert.technician_id)


def test_esc_closes_the_suggestions_and_the_card_has_the_focus_again(
    company: Company, screen: Opened
) -> None:
    order = company.order()
    page = screen(company.manager).open("/planning/")
    opener(page, order).press("Enter")
    expect(panel(page).locator(".co-sug-option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel(page)).to_have_count(0)
    expect(opener(page, order)).to_be_focused()


def test_why_not_this_technician_is_told_in_words(company: Company, screen: Opened) -> None:
    skill = Skill.objects.create(name="Gas G1", name_sort="gas g1")
    company.kind.skills.add(skill)
    order = company.order()
    page = screen(company.manager).open("/planning/")
    opener(page, order).press("Enter")
    who = panel(page).get_by_role("combobox", name="Why not this technician?")
    who.fill("ber")
    expect(panel(page).get_by_role("option")).to_have_count(1)
    who.press("Enter")
    why = panel(page).locator(".co-why")
    expect(why).to_contain_text("Bert")
    expect(why).to_contain_text("Needs the skill “Gas G1”")


def test_an_urgent_order_says_who_could_go_now_and_what_would_have_to_move(
    company: Company, screen: Opened
) -> None:
    other = company.planned(company.anna, hours=0.25)
    company.planned(company.bert, hours=0.25)
    order = company.order(priority="urgent")
    page = screen(company.manager).open("/planning/")
    expect(card(page, order)).to_contain_text("Urgent")
    opener(page, order).press("Enter")
    soonest = panel(page).locator("[aria-labelledby=co-sug-soonest] .co-sug-option")
    anna = soonest.filter(has_text="Anna")
    expect(anna).to_contain_text("Would have to move:")
    link = anna.get_by_role("link")
    expect(link).to_have_attribute("href", f"/orders/{other.pk}/")


def test_a_slot_taken_meanwhile_is_refused_and_its_remedy_is_taken(
    company: Company, screen: Opened
) -> None:
    order = company.order()
    one = screen(company.manager)
    one.expects(409)
    page = one.open("/planning/")
    opener(page, order).press("Enter")
    best = panel(page).locator(".co-sug-option").first
    expect(best).to_be_visible()
    for technician in (company.anna, company.bert):
        company.planned(technician, hours=0, duration_minutes=180)
    best.get_by_role("button", name=re.compile("^Plan with")).click()
    dialog = page.locator("dialog.co-ask")
    expect(dialog).to_contain_text("This cannot be planned like that")
    expect(dialog.locator(".co-reasons .is-no").first).to_contain_text("Would overlap SO-")
    remedy = dialog.locator(".co-remedy").first
    expect(remedy).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".co-toast")).to_contain_text("is planned for")
    expect(dialog).to_have_count(0)
    order.refresh_from_db()
    assert order.stage == "planned"


def promised(company: Company) -> ServiceOrder:
    """Planned in an hour, and promised for an arrival that no slot can keep any more."""
    order = company.planned(company.anna, hours=1)
    visit_promise(
        actor=company.manager, order_id=order.pk, promise_from=soon(-3), promise_to=soon(-2)
    )
    return order


def moved_by_suggestion(page: "Page", order: ServiceOrder) -> "Locator":
    """The visit's card, another slot suggested, the best of them: what is asked then."""
    bar(page, order).click()
    panel(page).get_by_role("button", name="Suggest another slot").click()
    panel(page).get_by_role("button", name=re.compile("^Plan with")).last.click()
    dialog = page.locator("dialog.co-ask")
    expect(dialog).to_contain_text("Arrival was promised for")
    return dialog


@pytest.mark.parametrize("choice", ["I will call", "Promise anew", "Keep the promise"])
def test_a_promise_broken_on_purpose(company: Company, screen: Opened, choice: str) -> None:
    order = promised(company)
    before = Visit.objects.get(order=order, closed_at=None)
    one = screen(company.manager)
    one.expects(409)
    page = one.open("/planning/")
    dialog = moved_by_suggestion(page, order)
    dialog.get_by_role("radio", name=re.compile(f"^{choice}")).check()
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.locator(".co-toast")).to_contain_text("is planned for")
    after = Visit.objects.get(pk=before.pk)
    assert after.start != before.start
    kept = (after.promise_from, after.promise_to) == (before.promise_from, before.promise_to)
    assert kept == (choice != "Promise anew")
    if not kept:
        assert after.promise_from
        assert after.promise_to
        assert after.promise_from <= after.start <= after.promise_to
    assert Note.objects.filter(order=order).exists() == (choice == "I will call")


def test_a_promise_that_is_to_stay_puts_the_visit_back(company: Company, screen: Opened) -> None:
    order = promised(company)
    before = Visit.objects.get(order=order, closed_at=None)
    one = screen(company.manager)
    one.expects(409)
    page = one.open("/planning/")
    moved_by_suggestion(page, order)
    page.keyboard.press("Escape")
    expect(page.locator("dialog.co-ask")).to_have_count(0)
    after = Visit.objects.get(pk=before.pk)
    assert (after.start, after.version) == (before.start, before.version)


def test_filters_narrow_the_pile_stand_in_the_address_and_are_cleared_at_once(
    company: Company, screen: Opened
) -> None:
    other = InterventionType.objects.exclude(pk=company.kind.pk).first()
    assert other
    first, second = company.order(), company.order(type_id=other.pk)
    page = screen(company.manager).open("/planning/")
    page.get_by_role("button", name="Filter the pile").click()
    page.get_by_role("combobox", name="Type").select_option(str(other.pk))
    expect(card(page, first)).to_have_count(0)
    expect(card(page, second)).to_be_visible()
    page.reload()
    expect(card(page, second)).to_be_visible()
    expect(card(page, first)).to_have_count(0)
    page.get_by_role("button", name="Clear filters").click()
    expect(card(page, first)).to_be_visible()
    page.get_by_role("searchbox", name="Search the pile").fill("nothing of the kind")
    expect(page.locator(".co-pile")).to_contain_text("Nothing matches the filter")


def test_what_waits_stands_in_its_own_tab(company: Company, screen: Opened) -> None:
    order = company.order()
    until = (soon() + timedelta(days=3)).date()
    order_wait(actor=company.manager, order_id=order.pk, waiting_for="part", waiting_until=until)
    page = screen(company.manager).open("/planning/")
    expect(page.locator(".co-pile")).to_contain_text("Nothing to plan.")
    page.get_by_role("tab", name=re.compile("Waiting")).click()
    expect(card(page, order)).to_contain_text("part until")


def test_what_a_colleague_adds_shows_by_itself(company: Company, screen: Opened) -> None:
    page = screen(company.manager).open("/planning/")
    expect(page.locator(".co-pile")).to_contain_text("Nothing to plan.")
    order = company.order()
    expect(card(page, order)).to_be_visible()


def test_a_cards_menu_is_the_orders_own(company: Company, screen: Opened) -> None:
    order = company.order()
    page = screen(company.manager).open("/planning/")
    card(page, order).hover()
    card(page, order).get_by_role("button", name=re.compile("^Actions of")).click()
    menu = page.locator("#co-card-menu")
    expect(menu).to_contain_text("Open SO-")
    menu.get_by_role("menuitem", name=re.compile("^Cancel")).click()
    expect(page.locator("#co-dialog")).to_contain_text("Cancel this order?")


def test_a_visits_card_pins_and_unplans(company: Company, screen: Opened) -> None:
    order = company.planned(company.anna, hours=1)
    page = screen(company.manager).open("/planning/")
    bar(page, order).click()
    expect(panel(page)).to_contain_text("not yet by the technician")
    panel(page).get_by_role("checkbox", name=re.compile("^Pinned")).click()
    expect(page.locator(".co-toast")).to_contain_text("is pinned")
    assert Visit.objects.get(order=order).pinned
    panel(page).get_by_role("button", name="Unplan").click()
    expect(card(page, order)).to_be_visible()
    expect(panel(page)).to_have_count(0)
    # The bar that had the focus is gone; the keys go on in its row.
    head = page.locator(f'[data-line="{company.anna.technician_id}"] [data-head]')
    expect(head).to_be_focused()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pile_panels_and_questions_have_no_flaw(
    company: Company, screen: Opened, theme: str
) -> None:
    company.order(priority="high")
    order = promised(company)
    urgent = company.order(priority="urgent")
    one = screen(company.manager, theme=theme)
    one.expects(409)
    page = one.open("/planning/")
    expect(card(page, urgent)).to_be_visible()
    assert one.flaws() == []
    opener(page, urgent).press("Enter")
    expect(panel(page).locator(".co-sug-option").first).to_be_visible()
    panel(page).get_by_role("combobox").fill("a")
    assert one.flaws() == []
    bar(page, order).click()
    expect(panel(page).locator("dl").first).to_contain_text("Promised")
    assert one.flaws() == []
    moved_by_suggestion(page, order).get_by_role("radio", name=re.compile("^Promise anew")).check()
    assert one.flaws() == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pile_is_of_use_on_a_phone(company: Company, screen: Opened, theme: str) -> None:
    order = company.order(priority="urgent")
    one = screen(company.manager, size=PHONE, theme=theme)
    page = one.open("/planning/")
    page.get_by_role("button", name=re.compile("^To plan")).tap()
    opener(page, order).tap()
    option = panel(page).locator(".co-sug-option").first
    expect(option).to_be_visible()
    assert one.flaws() == []
    option.get_by_role("button", name=re.compile("^Plan with")).tap()
    expect(page.locator(".co-toast")).to_contain_text("is planned for")
