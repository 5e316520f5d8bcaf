"""The real worker and real receivers: slow ones keep nobody waiting."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.kernel import tasks
from callout.kernel.actor import Actor
from callout.kernel.models import FeedPosition
from callout.webhooks.models import Delivery
from callout.webhooks.services import webhook_create
from tests.harness.server import RECEIVER, Served, on_the_test_database, until
from tests.orders.conftest import company_made
from tests.webhooks.conftest import Came, Hook

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
SLOW = 6  # more than the hands for all other jobs


class Receivers:
    """Listens on 127.0.0.1: /fast answers, /slow not before it is let go."""

    def __init__(self) -> None:
        self.came: list[Came] = []
        self.hanging = 0
        self.let_go = threading.Event()
        receivers = self

        class Site(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                if self.path == "/slow":
                    receivers.hanging += 1
                    receivers.let_go.wait(60)
                receivers.came.append(Came(self.path, headers, body))
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", RECEIVER), Site)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.origin = f"http://127.0.0.1:{RECEIVER}"

    def stop(self) -> None:
        self.let_go.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receivers() -> Iterator[Receivers]:
    one = Receivers()
    yield one
    one.stop()


@pytest.fixture
def worker() -> Iterator[Served]:
    one = Served(on_the_test_database(), "--only", "worker")
    yield one
    one.forget()


def test_slow_receivers_delay_neither_another_nor_other_jobs(
    receivers: Receivers, worker: Served, settings: object
) -> None:
    settings.WEBHOOKS_INTERNAL = [receivers.origin]  # type: ignore[attr-defined]
    system = Actor.system("tests")
    company = company_made()
    until(lambda: FeedPosition.objects.filter(name="webhooks.deliveries").exists())
    for number in range(SLOW):
        webhook_create(
            actor=system, name=f"{number}", address=f"{receivers.origin}/slow", events=["*"]
        )
    fast = Hook(
        *webhook_create(actor=system, name="fast", address=f"{receivers.origin}/fast", events=["*"])
    )
    order = company.planned()
    until(lambda: receivers.hanging >= SLOW, 30)
    company.act(company.manager, order, "cancel", note="Moved away")
    tasks.idempotency_keys_purge.defer(timestamp=444)  # type: ignore[call-arg]
    done = ProcrastinateJob.objects.filter(status="succeeded", args__timestamp=444)
    until(lambda: len(receivers.came) == 3 and done.exists(), 9)  # while all the others hang
    assert {one.url for one in receivers.came} == {"/fast"}
    assert all(one.is_signed_with(fast.secret) for one in receivers.came)
    taken = Delivery.objects.filter(webhook=fast.row, state=Delivery.TAKEN)
    until(lambda: taken.count() == 3)
