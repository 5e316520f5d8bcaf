"""Phones of the small company of tests/orders: devices signed in for the technician's app."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from callout.accounts.models import Device, User
from callout.fieldwork.sync import limits
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.orders.models import ServiceOrder
from tests.harness.signing import sign_in
from tests.orders.conftest import Company, company_made

OURS = "http://testserver"
HEADERS = {"Origin": OURS, "X-Callout": "1"}


@dataclass
class Phone:
    """One phone: its own cookies and counter. `sync` says what an outbox would."""

    client: Client
    user_id: Any
    device_id: str = ""
    epoch: str | None = None
    known: dict[str, str] = field(default_factory=dict)
    counter: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        said = {"callout": 1} if body is None else body
        return self.client.post(
            f"/technician/{path}", said, "application/json",
            headers={**HEADERS, **{k.replace("_", "-"): v for k, v in headers.items()}},
        )  # fmt: skip

    def sign_in(self) -> "Phone":
        """From the office's session, which is then dropped: a phone has the app's cookie alone."""
        sign_in(self.client, User.objects.get(pk=self.user_id))
        answer = self.post("device")
        assert answer.status_code == 200, answer.content
        self.device_id = answer.json()["device"]
        del self.client.cookies[settings.SESSION_COOKIE_NAME]
        return self

    @property
    def row(self) -> Device:
        return Device.objects.get(pk=self.device_id)

    def command(self, action: str, visit: Any = None, **given: Any) -> dict[str, Any]:
        """A command as the outbox keeps it; `body` and any other part may be given."""
        at: datetime = given.pop("at", None) or clock.now()
        return {
            "id": str(uuid4()), "n": next(self.counter), "v": 1,
            "visit": str(visit) if visit else None, "action": action, "body": {},
            "at": at.isoformat(), "skew": None, "seen": "", **given,
        }  # fmt: skip

    def request(self, *commands: Any, **given: Any) -> dict[str, Any]:
        return {
            "callout": 1, "now": clock.now().isoformat(), "app": "test", "epoch": self.epoch,
            "known": self.known, "commands": list(commands), "positions": [],
            "unsent": {"commands": 0, "files": 0, "bytes": 0, "since": None}, **given,
        }  # fmt: skip

    def sync(self, *commands: Any, **given: Any) -> dict[str, Any]:
        answer = self.post("sync", self.request(*commands, **given))
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        assert found["callout"] == 1
        return found

    def said(self, *commands: Any, **given: Any) -> list[dict[str, Any]]:
        """The answers alone."""
        answers: list[dict[str, Any]] = self.sync(*commands, **given)["answers"]
        return answers


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests ask more often than phones, and more at once."""
    limits.forget()
    monkeypatch.setattr(limits, "AT_ONCE", 100)


@pytest.fixture
def company(db: None) -> Company:
    return company_made()


def phone_of(actor: Actor) -> Phone:
    """A phone on which this person signs in."""
    return Phone(Client(), actor.user_id).sign_in()


@pytest.fixture
def anna(company: Company) -> Phone:
    return phone_of(company.anna)


@pytest.fixture
def bert(company: Company) -> Phone:
    return phone_of(company.bert)


def visit_of(order: ServiceOrder) -> Any:
    """The id of the order's current visit."""
    return ServiceOrder.objects.get(pk=order.pk).visit_id
