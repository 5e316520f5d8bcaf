"""The list as a file: all that its filter finds, or what was chosen in it.

It is written as it goes out, by a thread of its own kind: so few at a time, and no more rows than
can be read in a minute or two.
"""

from collections.abc import Iterator
from threading import BoundedSemaphore
from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.accounts.zone import company_zone, today
from callout.kernel.csv_out import CONTENT_TYPE, csv_written, separator_of
from callout.kernel.errors import TooMany
from callout.orders import services
from callout.orders.filters import OrderFilter
from callout.orders.selectors.export import order_table
from callout.web.access import ActorRequest, manager_page
from callout.web.office.orders.selected import seen_in
from callout.web.office.orders.viewing import columns_of

AT_ONCE = 2  # of the eight threads of a web process: the office goes on beside them
_turns = BoundedSemaphore(AT_ONCE)


class _Going:
    """The pieces of the file, in the reader's language; gives its turn back however it ends."""

    def __init__(self, language: str, table: Iterator[list[Any]]) -> None:
        if not _turns.acquire(blocking=False):
            raise TooMany(_("Other tables are being written now. Try again in a minute."))
        self.given_back = False
        self.pieces = self._written(language, table)

    def _written(self, language: str, table: Iterator[list[Any]]) -> Iterator[bytes]:
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


@require_POST
@manager_page
def order_export(request: ActorRequest) -> HttpResponseBase:
    """A CSV of the address's filter in its order, with the columns of the list."""
    wanted = OrderFilter.parse(request.GET)
    columns = columns_of(request)
    ids = [one.order_id for one in seen_in(request.POST)] if "order" in request.POST else None
    table = order_table(actor=request.actor, wanted=wanted, columns=columns, ids=ids)
    going = _Going(request.actor.language, table)
    try:
        services.orders_export(actor=request.actor, wanted=wanted, columns=columns, ids=ids)
    except Exception:
        going.close()
        raise
    answer = StreamingHttpResponse(going, content_type=CONTENT_TYPE)
    name = f"{_('orders')}-{today():%Y-%m-%d}.csv"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    answer["Cache-Control"] = "private, no-store"
    return answer
