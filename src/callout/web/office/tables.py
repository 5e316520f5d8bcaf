"""Tables that leave as CSV: written as they go out, by a thread of their own kind, few at a time.

No more rows than can be read in a minute or two: whoever makes the table sees to that.
"""

from collections.abc import Callable, Iterator, Sequence
from threading import BoundedSemaphore
from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from callout.accounts.selectors import manager_still
from callout.accounts.zone import company_zone, today
from callout.kernel.actor import Actor
from callout.kernel.csv_out import CONTENT_TYPE, csv_written, separator_of
from callout.kernel.errors import TooMany
from callout.web.access import ActorRequest

AT_ONCE = 2  # of the eight threads of a web process: the office goes on beside them
ASKED_AGAIN = 200  # rows
_turns = BoundedSemaphore(AT_ONCE)


class _Going:
    """The pieces of the file, in the reader's language; gives its turn back however it ends."""

    def __init__(self, actor: Actor, table: Iterator[Sequence[Any]]) -> None:
        self.given_back = True
        if not _turns.acquire(blocking=False):
            raise TooMany(_("Other tables are being written now. Try again in a minute."))
        self.given_back = False
        self.pieces = self._written(actor.language, _while_allowed(actor, table))

    def _written(self, language: str, table: Iterator[Sequence[Any]]) -> Iterator[bytes]:
        # The request's own settings end with its view, before the first piece is asked for.
        with translation.override(language), timezone.override(company_zone()):
            yield from csv_written(next(table), table, separator=separator_of(language))

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces

    def close(self) -> None:
        """Called by Django when the answer ends, or its reader has gone."""
        if not self.given_back:
            self.given_back = True
            _turns.release()

    def __del__(self) -> None:
        """An answer that was never sent was never closed either."""
        self.close()


def _while_allowed(actor: Actor, table: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The rows, as long as their reader may have them: a table may go out for minutes."""
    for number, row in enumerate(table):
        if number % ASKED_AGAIN == ASKED_AGAIN - 1 and not manager_still(actor):
            yield [_("The table ends here: you may not read on.")]
            return
        yield row


def table_answer(
    request: ActorRequest, table: Iterator[Sequence[Any]], name: str, record: Callable[[], None]
) -> HttpResponseBase:
    """The table as a download called `name` and today; its first row are the heads. `record` says
    in the journal that it leaves, before any of it does. TooMany while others are written."""
    going = _Going(request.actor, table)
    try:
        record()
    except Exception:
        going.close()
        raise
    answer = StreamingHttpResponse(going, content_type=CONTENT_TYPE)
    named = f"{name}-{today():%Y-%m-%d}.csv"
    answer["Content-Disposition"] = content_disposition_header(True, named) or ""
    answer["Cache-Control"] = "private, no-store"
    return answer
