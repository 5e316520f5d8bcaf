"""The demo company is whole, true to the lifecycle, and alive at whatever hour it is loaded."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from typing import Any
from unittest.mock import Mock, patch

import psycopg
import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, Q

from callout.accounts.models import Device, User
from callout.config.demo import hasher
from callout.config.demo.people import PASSWORD
from callout.config.demo.scale import orders as drawing
from callout.config.demo.telling import company_tell
from callout.customers.models import Area, Asset, Customer, Site
from callout.fieldwork.models import LateReport
from callout.kernel.actor import Actor
from callout.kernel.models import JournalEntry
from callout.notify.models import Notice
from callout.orders.models import ServiceOrder, Visit
from callout.workforce.models import Absence, Holiday, Team, Technician, Vehicle

MOMENTS = {
    "a Monday morning": datetime(2026, 11, 23, 9, 7, tzinfo=UTC),
    "a Sunday at midnight": datetime(2026, 11, 22, 23, 1, tzinfo=UTC),
}


class Savepoints:
    """Counts them."""

    count = 0

    def __call__(self, execute: Any, statement: Any, *rest: Any) -> Any:
        self.count += str(statement).startswith("SAVEPOINT")
        return execute(statement, *rest)


@pytest.mark.process  # half a minute each: too long for the fast tier
@pytest.mark.parametrize(
    "moment", ["a Monday morning", pytest.param("a Sunday at midnight", marks=pytest.mark.long)]
)
def test_the_demo_holds_what_it_promises(db: None, moment: str) -> None:
    now, marks = MOMENTS[moment], Savepoints()
    with connection.execute_wrapper(marks):
        told = company_tell(actor=Actor.system("a test"), now=now)
    assert marks.count < 1_000  # all in one change: as one for each event they were 2,500
    counts = [
        told,
        ServiceOrder.objects.count(),
        Technician.objects.count(),
        Technician.objects.filter(user=None).count(),
        Team.objects.filter(technicians__isnull=False).distinct().count(),
        Vehicle.objects.count(),
        Customer.objects.count(),
        Site.objects.count(),
        Asset.objects.count(),
        Area.objects.count(),
        Holiday.objects.filter(calendar__is_default=True).count(),
    ]
    assert counts == [400, 400, 12, 1, 3, 8, 60, 110, 160, 4, 36]
    for postcode in Site.objects.values_list("postcode", flat=True):
        assert sum(area.covers(postcode) for area in Area.objects.all()) == 1, postcode
    rows = set(ServiceOrder.objects.values_list("stage", "technician_status"))
    assert rows == {
        ("new", None),
        *(("planned", s) for s in ("planned", "en_route", "on_site", "working", "break")),
        ("completed", "done"),
        ("cancelled", "cancelled"),
    }
    busy = Visit.objects.filter(is_open=True, start__lt=now, end__gt=now)
    assert busy.count() >= 5
    assert busy.values("technician").distinct().count() <= 8
    assert not JournalEntry.objects.filter(at__gt=now).exists()
    assert Device.objects.filter(last_seen_at__gt=now - timedelta(minutes=10)).count() == 2
    assert Device.objects.filter(unsent_since__lt=now - timedelta(hours=24)).count() == 1
    report = LateReport.objects.get(decided_at=None)
    assert report.commands.count() == 5
    assert Notice.objects.filter(seen_at=None).count() > 5
    for case, holds in awkward_cases(now).items():
        assert holds, case
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def awkward_cases(now: datetime) -> dict[str, bool]:
    """What a day of the demo is to hold, and whether it does."""
    orders, soon = ServiceOrder.objects, now + timedelta(minutes=30)
    open_visits = Visit.objects.filter(is_open=True)
    ill = Absence.objects.get(kind="sickness", start__gt=now)
    missed = orders.filter(stage="new", absent_count=1)
    started = open_visits.filter(status="working")
    came_back = open_visits.filter(status="planned", order__visits__outcome="handed_back")
    three = orders.annotate(days=Count("visits", filter=Q(visits__is_open=True))).filter(days=3)
    assets = orders.annotate(more=Count("more_assets")).filter(more__gte=11, asset__isnull=False)
    promised = orders.filter(
        technician_status="planned", visit__promise_to__gt=now, visit__promise_to__lt=soon
    )
    return {
        "half a day's sickness over planned visits": ill.end - ill.start == timedelta(hours=4)
        and open_visits.filter(technician=ill.technician_id, start__lt=ill.end).exists(),
        "an absent customer of today": missed.filter(
            visits__closed_at__gt=now - timedelta(hours=4)
        ).exists(),
        "90 minutes over": started.filter(end__lt=now - timedelta(minutes=85)).exists(),
        "a second visit for a part": came_back.filter(start__date=now.date()).exists()
        or came_back.filter(start__lt=now + timedelta(hours=3)).exists(),
        "two on one lift": open_visits.filter(
            assignments__role="helper", order__asset__kind="Lift"
        ).exists(),
        "three days, of which one is under way": three.filter(technician_status="working").exists(),
        "twelve boilers at one site": assets.exists(),
        "after 16:00 only": orders.filter(wish_from=time(16)).exists(),
        "payer other than occupant": orders.filter(
            stage="new", customer__bill_to__isnull=False
        ).exists(),
        "a promise about to break": promised.exists(),
        "orders that wait": orders.filter(stage="new", waiting_until__isnull=False).count() > 3,
        "a near-duplicate customer": Customer.objects.values("phone")
        .annotate(times=Count("pk"))
        .filter(times=2)
        .count()
        == 1,
        "a long French name": orders.filter(
            stage="new", customer__name__icontains="copropri"
        ).exists(),
    }


@pytest.fixture
def once() -> Iterator[Mock]:
    """The hashing of the printed password, counted."""
    hasher._printed.cache_clear()
    with patch.object(Argon2PasswordHasher, "encode", autospec=True) as encode:
        encode.side_effect = lambda _self, password, salt: f"argon2${password}${salt}"
        yield encode
    hasher._printed.cache_clear()


def test_the_printed_password_is_hashed_once_and_ones_own_each_time(once: Mock) -> None:
    one = hasher.PrintedOnce()
    assert one.encode(PASSWORD, "salt") == one.encode(PASSWORD, "other salt")
    assert once.call_count == 1
    assert one.encode("of one's own", "salt") != one.encode("of one's own", "other salt")
    assert once.call_count == 3


@pytest.mark.wide
def test_what_the_demo_has_hashed_opens_and_nothing_else_does() -> None:
    one = hasher.PrintedOnce()
    stored = one.encode(PASSWORD, one.salt())
    assert one.verify(PASSWORD, stored)
    assert Argon2PasswordHasher().verify(PASSWORD, stored)
    assert not one.verify("something else", stored)


def test_it_is_not_loaded_over_a_company_that_is_there(db: None) -> None:
    User.objects.create(email="els@example.com", name="Els", is_manager=True)
    with pytest.raises(CommandError, match="somebody here"):
        call_command("demo-data")


@pytest.mark.parametrize("orders", [0, 299, 10_000_001])
def test_a_company_too_small_or_too_large_is_refused_in_words(db: None, orders: int) -> None:
    with pytest.raises(CommandError, match="300 to 10,000,000 orders"):
        call_command("demo-data", orders=orders)


@pytest.fixture
def numbers_kept(owner_dsn: str) -> Iterator[None]:
    """The running number of orders, put back afterwards."""
    with psycopg.connect(owner_dsn) as owner:
        last = owner.execute("SELECT last_value FROM orders_number_seq").fetchone()
        yield
        owner.execute("SELECT setval('orders_number_seq', %s)", last)


@pytest.mark.wide
def test_a_large_company_that_is_broken_off_leaves_nobody_and_is_drawn_up_at_the_next_try(
    numbers_kept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(drawing, "transactions_spend", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            call_command("demo-data", orders=300)
    assert not User.objects.exists()
    call_command("demo-data", orders=300, stdout=StringIO())
    assert ServiceOrder.objects.count() == 300


@pytest.mark.wide
@pytest.mark.parametrize("demo", [True, False])
def test_a_large_company_is_drawn_up_and_only_a_demo_prints_its_password(
    numbers_kept: None, settings: Any, demo: bool
) -> None:
    settings.DEMO = demo
    told = StringIO()
    call_command("demo-data", orders=400, stdout=told)
    assert ServiceOrder.objects.count() == 400
    assert "400 orders" in told.getvalue()
    assert (PASSWORD in told.getvalue()) is demo
    assert [user.has_usable_password() for user in User.objects.all()] == [demo] * 5
