"""The judge of the tests that kill a server under load sees what is lost, doubled or half there."""

import threading
from random import Random
from uuid import uuid4

import psycopg
import pytest

from callout.kernel import clock
from callout.orders.models import ServiceOrder
from tests.harness import database
from tests.harness.load import Intent, Verdict, Writer, judged
from tests.orders.conftest import Company, company_made

pytestmark = [pytest.mark.wide, pytest.mark.django_db(transaction=True)]


def verdict_of(*intents: Intent) -> Verdict:
    """What is said of a writer who wanted these."""
    writer = Writer(1, "", {}, "", clock.now(), threading.Event(), Random(1), list(intents))
    with psycopg.connect(database.dsn("callout_app")) as connection:
        return judged(connection, [writer])


def order(company: Company, reference: str) -> ServiceOrder:
    """One that is there without the key of its request: an order by half."""
    return company.order(description="Made under load", customer_reference=reference)


def test_what_was_acknowledged_and_is_not_there_is_lost() -> None:
    found = verdict_of(Intent(created="its id", planned=True))
    assert len(found.wrong) == 2
    assert all("is lost" in words for words in found.wrong)


def test_what_nobody_was_told_may_be_missing() -> None:
    assert verdict_of(Intent()) == Verdict(0, 2, 0, [])


def test_an_order_without_the_answer_to_its_request_is_half_an_order() -> None:
    company, reference = company_made(), str(uuid4())
    order(company, reference)
    assert "create is there in parts" in verdict_of(Intent(reference)).wrong[0]


def test_an_order_that_is_there_twice_is_found() -> None:
    company, reference = company_made(), str(uuid4())
    for _time in range(2):
        order(company, reference)
    found = verdict_of(Intent(reference, created="its id"))
    assert "create is there in parts: (2" in found.wrong[0]
