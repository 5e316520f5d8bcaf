"""A page and its stream meet: nothing falls between drawing the page and opening the stream."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callout.accounts.models import User
from tests.harness.server import Served
from tests.live.conftest import happen
from tests.live.streams import Reader

pytestmark = pytest.mark.wide  # a real server is started

PAGE = {"Accept": "text/html,application/xhtml+xml"}


def cursor_in(html: str) -> str:
    found = re.search(r'data-live-after="([^"]*)"', html)
    assert found is not None
    return unescape(found[1])


def test_what_happens_after_a_page_was_drawn_is_told_to_its_stream(
    people: Callable[..., User], opened: Callable[..., Reader], client: Client
) -> None:
    mia = people("mia")
    client.force_login(mia)
    page = client.get(reverse("office:orders"), headers=PAGE)
    between = happen()
    after = cursor_in(page.content.decode())
    stream = opened(mia, query=f"?after={after}").open()
    ready, hint = stream.next(), stream.next()
    assert ready is not None
    assert ready.data == '{"resumed": true}'
    assert hint is not None
    assert hint.hint()["id"] == between


def test_fragments_and_programs_are_not_asked_for_a_cursor(
    people: Callable[..., User], client: Client
) -> None:
    client.force_login(people("mia"))
    for headers in ({}, {**PAGE, "HX-Request": "true"}):
        answer = client.get(reverse("office:orders"), headers=headers)
        assert not hasattr(answer.wsgi_request, "live_cursor")


def test_the_cursor_comes_with_the_session_before_anything_that_is_shown(
    people: Callable[..., User], client: Client
) -> None:
    client.force_login(people("mia"))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("office:orders"), headers=PAGE)
    texts = [one["sql"] for one in asked.captured_queries]
    assert [text for text in texts if "pg_current_snapshot" in text] == texts[:1]
    assert texts[0].index("pg_current_snapshot") < texts[0].index("django_session")


def test_signing_out_closes_the_streams_of_that_session_within_a_second(
    people: Callable[..., User], opened: Callable[..., Reader], client: Client, server: Served
) -> None:
    mia = people("mia")
    client.force_login(mia)
    stream = opened(session=client.session.session_key).ready()
    other = opened(mia).ready()
    client.post(reverse("account_logout"))
    happen()
    assert stream.wait_for_the_end() < 1
    assert stream.all(0.1) == []
    assert other.next() is not None
