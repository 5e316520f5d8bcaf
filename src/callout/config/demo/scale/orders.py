"""Orders with their visits, timelines and journal, as years of work would have left them.

Drawn up in the database itself on one connection, while another one writes. Keys, foreign keys
and triggers are put away, and back before the commit, so what the rows broke would be told. History
grows backwards from today by working days; the team stays. The pile, the day under way and the days
ahead are those of a company of that size.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from callout.accounts.models import User
from callout.backup import tables
from callout.backup.away import put_away
from callout.config.demo.scale.company import Size, customers_of, team_fill
from callout.config.demo.scale.loading import Loading
from callout.config.demo.scale.sql import AHEAD, CHUNK, DROP, FOUNDATION, TABLES, lines
from callout.kernel.text import normalise
from callout.orders.models import InterventionType
from callout.workforce.models import Technician

ZONE = ZoneInfo("Europe/Brussels")
# Some 30 MB of timeline, of which there are three or four at a time in memory.
AT_ONCE = 5_000
# Temporary tables are in memory: to look a row up there costs no more than to read on.
DRAWING = (
    "SET synchronous_commit = off", "SET work_mem = '64MB'", "SET temp_buffers = '64MB'",
    "SET random_page_cost = 1", "SET enable_mergejoin = off",
)  # fmt: skip
SAYINGS = {
    "Breakdown": ["Boiler makes no hot water", "Lift stuck on the second floor", "Pump leaks in"
                  " the cellar", "Cold room too warm since this morning", "Alarm of the fire panel",
                  "Heating cold on one side", "Door of the lift does not close"],
    "Maintenance": ["Yearly maintenance of the boiler", "Half-yearly check of the cold room",
                    "Maintenance of the air handler", "Filters to replace", "Clean the burner"],
    "Installation": ["Install a new heat pump", "Replace the circulation pump",
                     "Second thermostat on the first floor"],
    "Inspection": ["Legal inspection of the lift", "Gas tightness test", "Check after repair"],
}  # fmt: skip
DETAILS = ["", "Call the tenant first", "Key at the concierge", "Customer there after ten",
           "Part was ordered last week", "Third call this year", "Access by the garage",
           ]  # fmt: skip


def history_fill(
    owner: psycopg.Connection[Any],
    spare: psycopg.Connection[Any],
    size: Size,
    now: datetime,
    password: str,
) -> None:
    """Write the team, customers, and `size.orders` orders around `now`: all of them, or nothing.

    Both connections are the owning role's. `owner` is Django's own: it writes, and nobody else can
    read meanwhile. On `spare` the rows are drawn up, and numbers of transactions spent: each
    journal entry gets one of its own.
    """
    now = now.replace(second=0, microsecond=0)
    spare.autocommit = True
    for connection in (owner, spare):
        tables.plain(connection)
    owner.commit()
    for statement in DRAWING:
        spare.execute(statement)
    cursor = psycopg.ClientCursor(spare)
    cursor.execute(FOUNDATION, {})
    _workdays(cursor, size, now)
    with owner.transaction(), put_away(owner):
        loading = Loading(owner)
        team_fill(size, password)
        _technicians(cursor)
        facts = facts_of(size, now)
        facts |= {"places": _customers(loading, cursor, size), "sayings": _sayings(cursor)}
        drawn = _drawn(cursor, facts, size)
        with ThreadPoolExecutor(1) as ahead:
            coming = ahead.submit(next, drawn, None)
            while (piece := coming.result()) is not None:
                coming = ahead.submit(next, drawn, None)
                loading.text(*piece)
        owner.execute("SELECT setval('orders_number_seq', %s)", [size.orders])
    owner.commit()


def _drawn(
    cursor: psycopg.Cursor[Any], facts: dict[str, Any], size: Size
) -> Iterator[tuple[str, list[str], bytes]]:
    """Table, columns and lines: some orders after the others."""
    for first in range(1, size.orders + 1, AT_ONCE):
        last = min(first + AT_ONCE - 1, size.orders)
        cursor.execute(CHUNK, facts | {"first": first, "last": last})
        (steps,) = cursor.execute("SELECT count(*) FROM step").fetchone() or (0,)
        spent = {"xid": transactions_spend(cursor.connection, steps)}
        for table, (columns, query) in TABLES.items():
            result = cursor.execute(lines(columns, query), facts | spent).pgresult
            # Taken as it came: to make a string of it, and that to bytes again, is slow.
            if result and (rows := result.get_value(0, 0)):
                yield table, columns.split(", "), rows
        cursor.execute(DROP)


def facts_of(size: Size, now: datetime) -> dict[str, Any]:
    """How many orders ended before today, are today's, are planned ahead, wait in the pile."""
    team = size.technicians
    today, ahead, pile = 6 * team, len(AHEAD) * team, 5 * team
    past = size.orders - today - ahead - pile
    if past < 0:
        raise ValueError(f"{size.orders} orders are too few for a company")
    return {
        "team": team,
        "past": past,
        "today": past + today,
        "ahead": past + today + ahead,
        "now": now,
        "manager": User.objects.get(email=size.manager).pk,
    }


def transactions_spend(spare: psycopg.Connection[Any], count: int) -> int:
    """Let the database run `count` empty transactions; the number of the first.

    The feed looks entries up by transaction: a journal written in a few big ones would have
    another shape, and another plan, than one that grew.
    """
    row = spare.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
    spare.execute(
        f"DO $$ DECLARE spent xid8; BEGIN FOR i IN 0..{int(count)} LOOP"
        " spent := pg_current_xact_id(); COMMIT; END LOOP; END $$"
    )
    return int(row[0]) if row else 0


def _technicians(cursor: psycopg.Cursor[Any]) -> None:
    """Who goes: told to the other connection, which does not see what is not committed yet."""
    rows = Technician.objects.order_by("user__email").values_list("pk", "user_id", "vehicle_id")
    with cursor.copy("COPY tech FROM STDIN") as copy:
        for number, row in enumerate(rows):
            copy.write_row([number, *row])


def _workdays(cursor: psycopg.Cursor[Any], size: Size, now: datetime) -> None:
    """When each working day opens: 1, 2, ... before today, -1, -2, ... after it."""
    today = now.astimezone(ZONE).date()
    backwards = size.orders // (6 * size.technicians) + 2
    with cursor.copy("COPY workday FROM STDIN") as copy:
        for sign, wanted in ((1, backwards), (-1, 12)):
            day, count = today, 0
            while count < wanted:
                day -= timedelta(days=sign)
                if day.weekday() < 5:
                    count += 1
                    opens = datetime(day.year, day.month, day.day, 8, tzinfo=ZONE)
                    copy.write_row([sign * count, opens.astimezone(UTC)])


def _customers(loading: Loading, cursor: psycopg.Cursor[Any], size: Size) -> int:
    """Load them, and tell where work is done: with the words by which a search finds it there."""
    number = 0
    for some in customers_of(size):
        for rows in some.parts:
            loading.rows(rows)
        customers = {row.pk: row for row in some.customers}
        owners = {link.site_id: customers[link.customer_id] for link in some.links}
        sites = {row.pk: row for row in some.sites}
        with cursor.copy("COPY place FROM STDIN") as copy:
            for asset in some.assets:
                site, owner = sites[asset.site_id], owners[asset.site_id]
                words = (
                    *(owner.name, site.name, site.street, site.postcode, site.town),
                    *(owner.phone, asset.kind, asset.reference, asset.serial_number),
                )
                at = (owner.pk, site.pk, asset.pk)
                copy.write_row([number, *at, normalise(" ".join(words))])
                number += 1
    cursor.execute("ANALYZE place")
    return number


def _sayings(cursor: psycopg.Cursor[Any]) -> int:
    """What is wanted, escaped as COPY reads it."""
    kinds = dict(InterventionType.objects.values_list("name", "pk"))
    number = 0
    with cursor.copy("COPY said FROM STDIN") as copy:
        for name, lines in SAYINGS.items():
            for line in lines:
                for detail in DETAILS:
                    text = f"{line}\n{detail}".strip()
                    personal = json.dumps({"description": text}, ensure_ascii=False)
                    told = [
                        value.replace("\\", r"\\").replace("\n", r"\n")
                        for value in (text, personal)
                    ]
                    copy.write_row([number, kinds[name], *told, normalise(text)])
                    number += 1
    return number


def settle(owner: psycopg.Connection[Any]) -> None:
    """What autovacuum does in the course of time: which pages are seen by everybody."""
    autocommit, owner.autocommit = owner.autocommit, True
    owner.execute("VACUUM")
    owner.autocommit = autocommit
