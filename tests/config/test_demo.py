"""The demo company is whole, true to the lifecycle, and alive at whatever hour it is loaded."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from callout.accounts.models import User
from callout.config.demo.load import absences_load, company_load, types_need_skills
from callout.config.demo.story import Story
from callout.customers.models import Asset, Customer, Site
from callout.kernel import clock
from callout.kernel.models import JournalEntry
from callout.orders.models import ServiceOrder, Visit
from callout.workforce.models import Technician, Vehicle

MOMENTS = {
    "a Monday morning": datetime(2026, 11, 23, 9, 7, tzinfo=UTC),
    "a Sunday at midnight": datetime(2026, 11, 22, 23, 1, tzinfo=UTC),
}


@pytest.mark.process  # half a minute each: too long for the fast tier
@pytest.mark.parametrize("moment", MOMENTS)
def test_the_demo_holds_what_it_promises(db: None, moment: str) -> None:
    now = MOMENTS[moment]
    with clock.freeze(now - timedelta(days=90)):
        demo = company_load(now)
        types_need_skills(demo, demo.managers[0])
    told = Story(demo).tell()
    with clock.freeze(now):
        absences_load(demo)
    counts = [
        told,
        ServiceOrder.objects.count(),
        Technician.objects.count(),
        Technician.objects.filter(user=None).count(),
        Vehicle.objects.count(),
        Customer.objects.count(),
        Site.objects.count(),
        Asset.objects.count(),
    ]
    assert counts == [400, 400, 12, 1, 8, 60, 110, 160]
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
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def test_it_is_not_loaded_over_a_company_that_is_there(db: None) -> None:
    User.objects.create(email="els@example.com", name="Els", is_manager=True)
    with pytest.raises(CommandError, match="somebody here"):
        call_command("demo-data")
