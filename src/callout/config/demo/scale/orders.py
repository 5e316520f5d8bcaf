"""Orders with their visits, timelines and journal, as years of work would have left them.

Made in the database itself: keys, foreign keys and triggers are put away, and back before the
commit, so what the rows broke would be told. History grows backwards from today by working days;
the team stays. The pile, the day under way and the days ahead are those of a company of that size.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from callout.backup.away import put_away
from callout.config.demo.scale.company import Size
from callout.config.demo.scale.sql import AHEAD, CHUNK, FOUNDATION, TABLES
from callout.customers.models import Asset
from callout.kernel.text import normalise
from callout.orders.models import InterventionType

ZONE = ZoneInfo("Europe/Brussels")
AT_ONCE = 20_000
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


def orders_fill(
    owner: psycopg.Connection[Any], spare: psycopg.Connection[Any], size: Size, now: datetime
) -> None:
    """Write `size.orders` orders around `now`, as the owning role: all of them, or none.

    `spare` is another connection of that role. Each journal entry gets a transaction's number of
    its own, and they are spent there.
    """
    now = now.replace(second=0, microsecond=0)
    cursor = psycopg.ClientCursor(owner)
    facts = facts_of(size, now)
    with owner.transaction():
        cursor.execute(FOUNDATION, facts)
        _workdays(cursor, size, now)
        _places(cursor)
        _sayings(cursor)
    with owner.transaction(), put_away(owner):
        for first in range(1, size.orders + 1, AT_ONCE):
            last = min(first + AT_ONCE - 1, size.orders)
            cursor.execute(CHUNK, facts | {"first": first, "last": last})
            cursor.execute("SELECT count(*) FROM step")
            (steps,) = cursor.fetchone() or (0,)
            spent = {"xid": transactions_spend(spare, steps)}
            for table in TABLES:
                cursor.execute(table, facts | spent)
            cursor.execute("DROP TABLE step, draft, going")
        cursor.execute("SELECT setval('orders_number_seq', %s)", [size.orders])
    owner.commit()


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
        "manager": size.manager,
    }


def transactions_spend(spare: psycopg.Connection[Any], count: int) -> int:
    """Let the database run `count` empty transactions; the number of the first.

    The feed looks entries up by transaction: a journal written in a few big ones would have
    another shape, and another plan, than one that grew.
    """
    autocommit, spare.autocommit = spare.autocommit, True
    try:
        spare.execute("SET synchronous_commit = off")
        row = spare.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
        spare.execute(
            f"DO $$ BEGIN FOR i IN 0..{int(count)} LOOP"
            " PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"
        )
        spare.execute("RESET synchronous_commit")
    finally:
        spare.autocommit = autocommit
    return int(row[0]) if row else 0


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


def _places(cursor: psycopg.Cursor[Any]) -> None:
    """Where work is done, with the words by which a search finds an order there."""
    rows = (
        Asset.objects.order_by("serial_number", "pk")
        .values_list(
            *("site__links__customer_id", "site_id", "id", "site__links__customer__name"),
            *("site__name", "site__street", "site__postcode", "site__town"),
            *("site__links__customer__phone", "kind", "reference", "serial_number"),
        )
        .iterator(2_000)
    )
    with cursor.copy("COPY place FROM STDIN") as copy:
        for number, (customer, site, asset, *words) in enumerate(rows):
            copy.write_row([number, customer, site, asset, normalise(" ".join(words))])
    cursor.execute("ANALYZE place")


def _sayings(cursor: psycopg.Cursor[Any]) -> None:
    kinds = dict(InterventionType.objects.values_list("name", "pk"))
    number = 0
    with cursor.copy("COPY said FROM STDIN") as copy:
        for name, lines in SAYINGS.items():
            for line in lines:
                for detail in DETAILS:
                    text = f"{line}\n{detail}".strip()
                    copy.write_row([number, kinds[name], text, normalise(text)])
                    number += 1


def settle(owner: psycopg.Connection[Any]) -> None:
    """What autovacuum does in the course of time: which pages are seen by everybody."""
    autocommit, owner.autocommit = owner.autocommit, True
    owner.execute("VACUUM")
    owner.autocommit = autocommit
