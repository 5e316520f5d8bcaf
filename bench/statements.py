"""How many statements a request costs: counted inside this process, by Django's own test client.

The same request on the same database through the same middleware, with a real session. Counted is
everything but transaction control (BEGIN, COMMIT, savepoints); what goes together in one message
(kernel/rows.py, kernel/prepared.py) is one. The company's row, which a process
reads once in five seconds, is there already.
"""

import re
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from callout.accounts import company

FREE = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


def counted(case: Any, cookies: dict[str, str], token: str) -> int:
    """The most that a request of this case took, of three."""
    return max(one_counted(case, number, cookies, token) for number in (111, 112, 113))


def one_counted(case: Any, number: int, cookies: dict[str, str], token: str) -> int:
    """Statements of one request."""
    ask = case.ask(number)
    client = client_of(cookies if ask.door == "office" else {})
    company.company()  # a process reads it once in five seconds: no request's own
    with CaptureQueriesContext(connection) as run:
        sent(client, ask, token)
    found = [q["sql"] for q in run.captured_queries]  # now: the next request empties the log
    if case.after:
        sent(client_of({}), case.after(number), token)
    return len([sql for sql in found if not sql.startswith(FREE)])


def client_of(cookies: dict[str, str]) -> Client:
    """A browser with the session of the one that was measured."""
    port = settings.PORT
    headers = {"Origin": f"http://localhost:{port}"}
    client = Client(headers=headers, SERVER_NAME="localhost", SERVER_PORT=str(port))
    # The served one's cookie is called after its port, this process's after the default one.
    for name, value in cookies.items():
        if re.fullmatch(r"callout-\d+", name):
            client.cookies[settings.SESSION_COOKIE_NAME] = value
    return client


def sent(client: Client, ask: Any, token: str) -> None:
    """Send it; it must succeed."""
    headers = {"Accept": "text/html"} if ask.door == "office" else {"Accept": "application/json"}
    if ask.door == "api":
        headers["Authorization"] = f"Bearer {token}"
    elif ask.fragment or ask.method == "POST":
        headers["HX-Request"] = "true"
    form = "application/x-www-form-urlencoded"
    kind = "application/json" if ask.door == "api" else form
    answer = client.generic(ask.method, ask.path, ask.body or b"", kind, headers=headers)
    if not 200 <= answer.status_code < 300:
        raise RuntimeError(f"{ask.path}: {answer.status_code} {answer.content[:500]!r}")
