"""Services that the operator has set: asked in time, one rest after a failure, JSON or nothing.

The addresses come from the environment alone. What goes wrong is one exception, with words.
"""

import hashlib
import json
import logging
import time
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from callout.kernel.outgoing import OutgoingError, http_send

REST = 60.0  # seconds in which a server that failed is not asked again by this process
LEAST = 0.5  # seconds: with less left it would fail for our sake and be made to rest
ANSWERS = (200, 400)  # OSRM says in JSON, with a 400, that there is no road

log = logging.getLogger(__name__)
_resting: dict[str, float] = {}  # address -> when it may be asked again (monotonic)


class Unanswered(Exception):
    """No answer that can be used; the words say why."""


@dataclass(frozen=True, slots=True)
class Server:
    """A service at a set address. Its answers are not to be trusted further than checked."""

    url: str

    @property
    def key(self) -> str:
        """What its answers are kept under: another server's are others."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:16]

    def ask(self, path: str, *, until: float) -> Any:
        """The JSON it answers. Unanswered after `until` (monotonic), and at once while it rests or
        where the caller holds a transaction: a slow server would hold its locks."""
        if _in_transaction():
            raise Unanswered(_("not asked in the middle of a change"))
        now = time.monotonic()
        if now < _resting.get(self.url, 0.0):
            raise Unanswered(_("it failed a moment ago"))
        if until - now < LEAST:
            raise Unanswered(_("there was no time left"))
        try:
            answer = http_send("GET", f"{self.url}{path}", configured=True, seconds=until - now)
        except OutgoingError as error:
            raise self.failed(error.message) from error
        if answer.status not in ANSWERS:
            raise self.failed(_("it answered with status %(status)d") % {"status": answer.status})
        try:
            return json.loads(answer.body, parse_constant=_refused)
        except (ValueError, RecursionError) as error:
            raise self.failed(_("its answer makes no sense")) from error

    def failed(self, why: str) -> Unanswered:
        """It rests from now on; the exception to raise. What was asked is somebody's address, and
        stands in no log."""
        _resting[self.url] = time.monotonic() + REST
        log.warning("%s is not asked for %d s: %s", self.url, REST, why)
        return Unanswered(why)


def rested() -> None:
    """All may be asked again."""
    _resting.clear()


def _in_transaction() -> bool:
    blocks: list[Any] = connection.atomic_blocks
    # As Django's `durable` has it: what a test case wraps around a test is none.
    return bool(blocks) and not blocks[-1]._from_testcase


def _refused(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are no JSON
