"""The floor: the same rows by bare psycopg, rendered by a bare ASGI handler.

`python -m bench.floor DSN PORT [THREADS]`. What a page costs above this is what Callout's rights,
words, journal and templates cost, and Django. One process, the same server software as the real
one; THREADS for many clients at once, each with a connection of its own.
"""

import asyncio
import html
import json
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl

import psycopg
import uvicorn
from psycopg.types.json import Jsonb

Link = psycopg.Connection[Any]
Query = dict[str, str]

CARD = """o.id, o.number, o.stage, o.technician_status, o.title, o.version, o.start, o."end",
    o.due_at, o.absent_count, o.waiting_for, o.received_at, c.name, s.town, y.name, y.icon,
    p.label, t.name, t.initials, v.expected_end, v.promise_from, v.promise_to"""
JOINS = """JOIN customers_customer c ON c.id = o.customer_id JOIN customers_site s
    ON s.id = o.site_id JOIN orders_interventiontype y ON y.id = o.type_id
    JOIN orders_priority p ON p.rank = o.priority_id
    LEFT JOIN workforce_technician t ON t.id = o.technician_id
    LEFT JOIN orders_visit v ON v.id = o.visit_id"""
CARDS = f"SELECT {CARD} FROM orders_serviceorder o {JOINS}"
RECENT = "o.closed_at >= now() - interval '30 days'"
COLUMNS = (
    ("o.stage = 'new' AND o.waiting_for = ''", "o.due_at, o.number"),
    ("o.stage = 'planned' AND o.start < now() + interval '10 hours'", "o.start, o.number"),
    (f"o.stage = 'completed' AND {RECENT}", "o.closed_at DESC, o.number DESC"),
    (f"o.stage = 'cancelled' AND {RECENT}", "o.closed_at DESC, o.number DESC"),
)
KANBAN = " UNION ALL ".join(
    f"({CARDS} WHERE {which} ORDER BY {order} LIMIT 21)" for which, order in COLUMNS
)
COUNTS = "SELECT " + ", ".join(
    f"(SELECT count(*) FROM (SELECT 1 FROM orders_serviceorder o WHERE {which} LIMIT 1001) x)"
    for which, _order in COLUMNS
)
LISTED = "SELECT count(*) FROM (SELECT 1 FROM orders_serviceorder LIMIT 1001) x"


def rows(found: list[tuple[Any, ...]]) -> str:
    """Every value, escaped, in a table."""
    cells = ("".join(f"<td>{html.escape(str(v))}</td>" for v in row) for row in found)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def kanban(link: Link, _query: Query) -> str:
    """Four columns of cards with their counts."""
    return rows(link.execute(COUNTS).fetchall()) + rows(link.execute(KANBAN).fetchall())


def listed(link: Link, _query: Query) -> str:
    """The newest orders, and how many there are."""
    found = link.execute(f"{CARDS} ORDER BY o.number DESC LIMIT 61").fetchall()
    return rows(link.execute(LISTED).fetchall()) + rows(found)


def month(link: Link, query: Query) -> str:
    """One technician's orders between two days."""
    which = "o.technician_id = %(technician)s AND o.start >= %(from)s AND o.start < %(to)s"
    found = link.execute(f"{CARDS} WHERE {which} ORDER BY o.start, o.number LIMIT 61", query)
    return rows(found.fetchall())


def number(link: Link, query: Query) -> str:
    """The order of this number."""
    return rows(link.execute(f"{CARDS} WHERE o.number = %(q)s", query).fetchall())


def words(link: Link, query: Query) -> str:
    """The orders in which all these words stand."""
    given = query["q"].split()
    which = " AND ".join(["o.search LIKE %s"] * len(given))
    like = [f"%{word}%" for word in given]
    sql = f"{CARDS} WHERE {which} ORDER BY o.start DESC, o.number DESC LIMIT 61"
    return rows(link.execute(sql, like).fetchall())


def order(link: Link, query: Query) -> str:
    """One order with visits, timeline and journal."""
    parts = (
        f"{CARDS} WHERE o.id = %(id)s",
        "SELECT v.*, t.name FROM orders_visit v JOIN workforce_technician t"
        " ON t.id = v.technician_id WHERE order_id = %(id)s",
        "SELECT * FROM orders_timelineentry WHERE order_id = %(id)s ORDER BY id",
        "SELECT * FROM kernel_journalentry WHERE entity_id = %(id)s ORDER BY id DESC LIMIT 200",
    )
    return "".join(rows(link.execute(part, query).fetchall()) for part in parts)


BOARD = (
    "SELECT id, name, initials FROM workforce_technician WHERE archived_at IS NULL"
    " ORDER BY name_sort LIMIT %(team)s",
    "SELECT w.* FROM workforce_workingweek w JOIN workforce_technician t ON t.id = w.technician_id",
    'SELECT * FROM workforce_absence WHERE start < %(until)s AND "end" > %(first)s',
    f"""SELECT a.technician_id, a.role, {CARD}, v.id, v.version, v.start, v."end", v.status,
        v.outcome, v.pinned, v.departed_at, v.arrived_at, v.closed_at, v.vehicle_id, a.allow_overlap
    FROM orders_assignment a JOIN orders_visit v ON v.id = a.visit_id
    JOIN orders_serviceorder o ON o.id = v.order_id JOIN customers_customer c
    ON c.id = o.customer_id JOIN customers_site s ON s.id = o.site_id
    JOIN orders_interventiontype y ON y.id = o.type_id JOIN orders_priority p
    ON p.rank = o.priority_id LEFT JOIN workforce_technician t ON t.id = a.technician_id
    WHERE a.start < %(until)s AND a.start > %(first)s::timestamptz - interval '1 day'
    AND a."end" > %(first)s AND a.technician_id IN (SELECT id FROM workforce_technician
    WHERE archived_at IS NULL ORDER BY name_sort LIMIT %(team)s)
    AND (a.is_open OR v.outcome IN ('done', 'handed_back', 'customer_absent'))
    ORDER BY a.technician_id, a.start""",
)


def board(link: Link, query: Query) -> str:
    """Technicians, their hours and absences, and every visit of the days, as JSON."""
    asked = {"team": 500} | query
    return "".join(json.dumps(link.execute(part, asked).fetchall(), default=str) for part in BOARD)


def create(link: Link, query: Query) -> str:
    """An order like an older one, with a journal entry."""
    with link.transaction():
        made = link.execute(
            "INSERT INTO orders_serviceorder (id, created_at, version, number, customer_id,"
            " site_id, asset_id, type_id, priority_id, description, duration_minutes, received_at,"
            " channel, caller_name, caller_phone, customer_reference, charge, due_at, waiting_for,"
            " waiting_note, absent_count, search) SELECT uuidv7(), now(), 1,"
            " nextval('orders_number_seq'), customer_id, site_id, asset_id, type_id, priority_id,"
            " description, duration_minutes, now(), channel, '', '', '', charge, now(), '', '', 0,"
            " search FROM orders_serviceorder WHERE id = %(id)s RETURNING id, number",
            query,
        ).fetchall()
        _journal(link, str(made[0][0]), "create")
    return rows(made)


def depart(link: Link, query: Query) -> str:
    """A planned order's visit is under way, with all that is written down of it."""
    with link.transaction():
        link.execute("SELECT 1 FROM orders_serviceorder WHERE id = %(id)s FOR NO KEY UPDATE", query)
        to = "UPDATE orders_visit SET status = 'en_route', version = version + 1"
        changed = link.execute(f"{to} WHERE order_id = %(id)s AND is_open RETURNING id", query)
        visit = changed.fetchall()[0][0]
        link.execute(
            "UPDATE orders_serviceorder SET technician_status = 'en_route', version = version + 1"
            " WHERE id = %(id)s",
            query,
        )
        link.execute(
            "INSERT INTO orders_timelineentry (order_id, visit_id, action, status, at, recorded_at,"
            " door, before) VALUES (%s, %s, 'depart', 'en_route', now(), now(), 'api', '{}')",
            [query["id"], visit],
        )
        _journal(link, query["id"], "depart")
    return "done"


def back(link: Link, query: Query) -> str:
    """The visit is planned again. Not timed."""
    with link.transaction():
        to = "status = 'planned', version = version + 1"
        link.execute(f"UPDATE orders_visit SET {to} WHERE order_id = %(id)s AND is_open", query)
        link.execute(
            "UPDATE orders_serviceorder SET technician_status = 'planned', version = version + 1"
            " WHERE id = %(id)s",
            query,
        )
    return "done"


def _journal(link: Link, entity: str, kind: str) -> None:
    link.execute(
        "INSERT INTO kernel_journalentry (at, actor_name, door, entity, entity_id, kind, facts,"
        " audience) VALUES (now(), 'floor', 'api', 'service_order', %s, %s, %s, '[]')",
        [entity, kind, Jsonb({"version": 2})],
    )


PAGES: dict[str, Callable[[Link, Query], str]] = {
    "/kanban": kanban,
    "/list": listed,
    "/month": month,
    "/number": number,
    "/words": words,
    "/order": order,
    "/board": board,
    "/create": create,
    "/depart": depart,
    "/back": back,
}


class Links(threading.local):
    """Each thread's own connection."""

    def __init__(self, dsn: str) -> None:
        options = "-c join_collapse_limit=4 -c random_page_cost=1.1"  # as the real one has them
        self.link = psycopg.connect(dsn, autocommit=True, options=options)


def application(links: Links, pool: Executor | None) -> Any:
    """The handler: look up, render, answer."""

    def made(path: str, query: Query) -> bytes:
        return PAGES[path](links.link, query).encode()

    async def handle(scope: Any, _receive: Any, send: Any) -> None:
        asked = scope["path"], dict(parse_qsl(scope["query_string"].decode()))
        if pool is None:
            body = made(*asked)
        else:
            body = await asyncio.get_running_loop().run_in_executor(pool, made, *asked)
        headers = [(b"content-length", str(len(body)).encode()), (b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return handle


def main(dsn: str, port: int, threads: int = 0) -> None:
    """Serve until the process is ended."""
    config = uvicorn.Config(
        application(Links(dsn), ThreadPoolExecutor(threads) if threads else None),
        port=port,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_keep_alive=600,
    )
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
