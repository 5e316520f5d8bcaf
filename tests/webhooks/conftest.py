import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from callout.kernel.actor import Actor
from callout.kernel.outgoing import Answer, OutgoingError
from callout.webhooks import sending
from callout.webhooks.followers import deliveries
from callout.webhooks.models import Webhook
from callout.webhooks.services import webhook_create
from tests.notify.conftest import entries_since
from tests.orders.conftest import Company, company

__all__ = ["Company", "company"]

ADDRESS = "https://erp.example.com/hooks?key=hidden-in-the-path"


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks the world's name servers."""
    real = socket.getaddrinfo

    def lookup(host: str, *rest: Any, **more: Any) -> Any:
        if str(host).endswith((".example.com", ".invalid")):
            raise socket.gaierror(socket.EAI_NONAME, "not known here")
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)


@pytest.fixture
def admin(company: Company) -> Actor:
    """Els, who is an admin too."""
    return replace(company.manager, is_admin=True)


@dataclass
class Came:
    """One request, as the receiver has it."""

    url: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def is_signed_with(self, secret: str) -> bool:
        """As docs/webhooks.md says that a receiver checks."""
        signed = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        key = base64.b64decode(secret.removeprefix("whsec_"))
        mine = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return f"v1,{mine}" in self.headers["webhook-signature"].split()


class Receiver:
    """Stands where the outgoing function does: notes what came, and answers as it is told to."""

    def __init__(self) -> None:
        self.came: list[Came] = []
        self.status = 200
        self.answer = b""
        self.error = ""
        self.before: Callable[[], None] | None = None

    def __call__(self, method: str, url: str, **given: Any) -> Answer:
        assert method == "POST"
        self.came.append(Came(url, dict(given["headers"]), given["body"]))
        if self.before:
            self.before()
        if self.error:
            raise OutgoingError("It was not answered.", code=self.error)
        return Answer(self.status, {}, self.answer)


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Receiver:
    one = Receiver()
    monkeypatch.setattr(sending, "http_send", one)
    return one


@dataclass
class Hook:
    row: Webhook
    secret: str


@pytest.fixture
def hook(admin: Actor) -> Hook:
    """A webhook that is told of everything."""
    return Hook(*webhook_create(actor=admin, name="ERP", address=ADDRESS, events=["*"]))


class Reader:
    """Reads the journal on, as the worker's follower does."""

    def __init__(self) -> None:
        self.last = 0
        self.skip()

    def skip(self) -> None:
        self.last = max((entry.id for entry in entries_since()), default=0)

    def __call__(self, *, forget: bool = False) -> None:
        """With `forget` as if killed before it could note how far it had come."""
        entries = entries_since(self.last)
        deliveries(entries)
        if entries and not forget:
            self.last = entries[-1].id


@pytest.fixture
def read(company: Company, hook: Hook) -> Reader:
    return Reader()
