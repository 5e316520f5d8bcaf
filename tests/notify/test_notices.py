"""A technician is told what others did with their work: once, and the last word alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from callout.accounts.models import User
from callout.kernel import clock
from callout.kernel import follow as followers
from callout.kernel.errors import NotFound
from callout.notify import tasks
from callout.notify.models import Notice
from callout.notify.selectors import notices_unseen
from callout.notify.services import notices_see, notices_tell
from callout.orders.models import ServiceOrder, Visit
from callout.orders.numbers import order_number
from callout.planning.services import order_act
from callout.workforce.models import Technician
from tests.notify.conftest import Follower, entries_since
from tests.orders.conftest import Company, company_made, soon


def told(notices: list[Notice]) -> list[tuple[str, Any]]:
    """Kind and technician of those that are to be seen."""
    names = dict(Technician.objects.values_list("pk", "name"))
    return [(one.kind, names[one.technician_id]) for one in notices if one.seen_at is None]


def visit_of(order: ServiceOrder) -> Visit:
    return order.visits.get()


def test_a_new_visit_is_told_to_its_technician_and_to_its_helpers(
    company: Company, follow: Follower
) -> None:
    company.planned(helper_ids=(company.bert.technician_id,))
    assert sorted(told(follow())) == [("new", "Anna"), ("new", "Bert")]


def test_a_further_visit_is_new(company: Company, follow: Follower) -> None:
    order = company.planned()
    follow()
    company.act(
        company.manager,
        order,
        "plan_another",
        technician_id=company.bert.technician_id,
        start=soon(5),
        duration_minutes=60,
    )
    assert told(follow()) == [("new", "Bert")]


def test_a_move_in_time_is_told_with_what_it_was(company: Company, follow: Follower) -> None:
    order = company.planned(hours=1)
    seen(follow())
    was = visit_of(order).start
    company.act(company.manager, order, "replan", start=soon(3))
    (notice,) = follow()
    assert notice.kind == "moved"
    assert notice.facts["was"]["start"] == was.isoformat()
    assert notice.facts["is"]["start"] == soon(3).isoformat()


def test_who_loses_a_visit_and_who_gets_it_are_both_told(
    company: Company, follow: Follower
) -> None:
    order = company.planned()
    seen(follow())
    company.act(company.manager, order, "replan", technician_id=company.bert.technician_id)
    assert sorted(told(follow())) == [("new", "Bert"), ("taken", "Anna")]


def test_notices_are_forgotten_after_90_days_read_or_not(
    company: Company, follow: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hours in (1, 3, 5):
        company.planned(hours=hours)
    first, second, _third = follow()
    seen([first])
    ninety = clock.now() - timedelta(days=90, minutes=1)
    Notice.objects.filter(pk__in=[first.pk, second.pk]).update(created_at=ninety)
    monkeypatch.setattr(tasks, "AT_ONCE", 1)  # in portions
    assert tasks.notices_purge(0) == 2
    assert Notice.objects.count() == 1
    assert tasks.notices_purge(0) == 0


def test_another_vehicle_is_no_news(company: Company, follow: Follower) -> None:
    order = company.planned()
    seen(follow())
    company.act(company.manager, order, "replan")
    assert follow() == []


@pytest.mark.parametrize(
    ("action", "kind"),
    [("unplan", "taken"), ("cancel", "cancelled"), ("complete", "taken")],
)
def test_what_the_office_ends_is_told(
    company: Company, follow: Follower, action: str, kind: str
) -> None:
    order = company.planned()
    seen(follow())
    company.act(company.manager, order, action, note="The tenant has moved")
    assert told(follow()) == [(kind, "Anna")]


def test_the_words_say_who_closed_it(company: Company, follow: Follower) -> None:
    order = company.planned()
    seen(follow())
    company.act(company.manager, order, "complete")
    follow()
    (shown,) = notices_unseen(actor=company.anna)
    assert shown.words.startswith("Closed by the office:")
    assert shown.number == order_number(order.number)
    assert shown.visit == visit_of(order).pk


def test_all_visits_of_a_cancelled_order_are_told_to_the_one_who_had_them(
    company: Company, follow: Follower
) -> None:
    order = company.planned()
    company.act(
        company.manager,
        order,
        "plan_another",
        technician_id=company.anna.technician_id,
        start=soon(5),
        duration_minutes=60,
    )
    seen(follow())
    company.act(company.manager, order, "cancel", note="The tenant has moved")
    assert sorted(told(follow())) == [("cancelled", "Anna"), ("taken", "Anna")]


def test_what_a_manager_takes_back_is_told_as_what_it_is(
    company: Company, follow: Follower
) -> None:
    order = company.planned(hours=1)
    seen(follow())
    company.act(company.manager, order, "replan", technician_id=company.bert.technician_id)
    seen(follow())
    company.act(company.manager, order, "undo")
    assert sorted(told(follow())) == [("new", "Anna"), ("taken", "Bert")]


@pytest.mark.parametrize("action", ["depart", "start_work", "complete", "customer_absent"])
def test_own_steps_are_told_to_nobody(company: Company, follow: Follower, action: str) -> None:
    order = company.planned()
    seen(follow())
    company.act(company.anna, order, action)
    assert follow() == []


def test_a_step_entered_by_the_office_is_no_news(company: Company, follow: Follower) -> None:
    order = company.planned()
    seen(follow())
    company.act(company.manager, order, "depart")
    assert follow() == []


def test_who_plans_for_themselves_is_not_told_and_the_colleague_is(
    company: Company, follow: Follower
) -> None:
    anna = replace(company.anna, is_manager=True)
    order = company.order()
    company.act(
        anna,
        order,
        "plan",
        technician_id=anna.technician_id,
        helper_ids=(company.bert.technician_id,),
        start=soon(),
        duration_minutes=60,
    )
    assert told(follow()) == [("new", "Bert")]


def test_a_plan_by_the_installation_itself_is_told(company: Company, follow: Follower) -> None:
    """A draft that was applied goes through the same action."""
    order = company.order()
    order_act(actor=company.manager, order_id=order.pk, action="plan", command=anna_at(company, 2))
    assert told(follow()) == [("new", "Anna")]


def test_several_moves_become_the_last_one(company: Company, follow: Follower) -> None:
    order = company.planned(hours=1)
    seen(follow())
    was = visit_of(order).start
    for hours in (2, 3, 4):
        company.act(company.manager, order, "replan", start=soon(hours))
        follow()
    (shown,) = notices_unseen(actor=company.anna)
    notice = Notice.objects.get(pk=shown.id)
    assert notice.facts["was"]["start"] == was.isoformat()
    assert notice.facts["is"]["start"] == soon(4).isoformat()


def test_a_move_and_back_is_told_to_nobody(company: Company, follow: Follower) -> None:
    order = company.planned(hours=1)
    seen(follow())
    was = visit_of(order).start
    company.act(company.manager, order, "replan", start=soon(3))
    follow()
    company.act(company.manager, order, "replan", start=was)
    follow()
    assert notices_unseen(actor=company.anna) == []


def test_what_was_pushed_is_told_again_when_it_changes(company: Company, follow: Follower) -> None:
    order = company.planned(hours=1)
    follow()
    Notice.objects.update(pushed_at=soon(0))
    company.act(company.manager, order, "replan", start=soon(3))
    assert told(follow()) == [("moved", "Anna")]
    assert len(notices_unseen(actor=company.anna)) == 2


def test_a_phone_that_saw_the_first_word_has_not_seen_the_next(
    company: Company, follow: Follower
) -> None:
    order = company.planned(hours=1)
    (first,) = follow()
    company.act(company.manager, order, "replan", start=soon(3))
    (second,) = follow()
    notices_see(actor=company.anna, ids=[first.pk])
    assert [one.id for one in notices_unseen(actor=company.anna)] == [second.pk]


def test_an_entry_that_is_read_again_is_told_once(company: Company, follow: Follower) -> None:
    order = company.planned(hours=1)
    company.act(company.manager, order, "replan", start=soon(3))
    company.act(company.manager, order, "unplan")
    mark = follow.last
    follow()
    before = list(Notice.objects.order_by("pk").values_list("pk", "kind", "seen_at"))
    for last in (mark, *(entry.id for entry in entries_since(mark))):
        notices_tell(entries_since(last))
    assert list(Notice.objects.order_by("pk").values_list("pk", "kind", "seen_at")) == before


@pytest.mark.parametrize("without", ["user", "active", "role", "archived"])
def test_who_has_no_app_gets_no_notices(company: Company, follow: Follower, without: str) -> None:
    users = User.objects.filter(pk=str(company.anna.user_id))
    if without == "user":
        Technician.objects.filter(pk=technician(company)).update(user=None)
    elif without == "archived":
        Technician.objects.filter(pk=technician(company)).update(archived_at=soon())
    else:
        users.update(**{"is_active" if without == "active" else "is_technician": False})
    order = company.order()
    company.act(
        company.manager,
        order,
        "plan",
        technician_id=company.bert.technician_id,
        helper_ids=(technician(company),) if without != "archived" else (),
        start=soon(),
        duration_minutes=60,
    )
    assert told(follow()) == [("new", "Bert")]


def test_seen_ones_are_shown_no_more_and_only_their_owner_can_see_them(
    company: Company, follow: Follower
) -> None:
    company.planned()
    (notice,) = follow()
    assert notices_see(actor=company.bert, ids=[notice.pk]) == 0
    assert len(notices_unseen(actor=company.anna)) == 1
    assert notices_see(actor=company.anna, ids=[notice.pk]) == 1
    assert notices_unseen(actor=company.anna) == []
    assert notices_see(actor=company.anna, ids=[notice.pk]) == 0


def test_who_is_no_technician_sees_no_notices(company: Company) -> None:
    with pytest.raises(NotFound):
        notices_see(actor=company.manager, ids=[])


def test_notices_are_in_the_readers_language(company: Company, follow: Follower) -> None:
    company.planned()
    follow()
    (english,) = notices_unseen(actor=company.anna)
    assert english.words.startswith("New work: ")
    with translation.override("fr"):
        (french,) = notices_unseen(actor=company.anna)
    assert french.words != english.words


@pytest.mark.django_db(transaction=True)
def test_the_worker_reads_the_journal_for_it() -> None:
    company = company_made()
    one = next(one for one in followers.followers_found() if one.name == "notify.notices")
    followers.advance(one)
    order = company.planned()
    followers.advance(one)
    assert [(n.kind, n.order_id) for n in Notice.objects.all()] == [("new", order.pk)]


def technician(company: Company) -> Any:
    return company.anna.technician_id


def anna_at(company: Company, hours: float) -> Any:
    from callout.orders.services import Command

    return Command(technician_id=company.anna.technician_id, start=soon(hours), duration_minutes=60)


def seen(notices: list[Notice]) -> None:
    """As if the technicians had looked at all of them."""
    Notice.objects.filter(pk__in=[one.pk for one in notices]).update(seen_at=soon(0))
