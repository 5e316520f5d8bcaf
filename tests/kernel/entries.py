"""Journal entries for tests, written as the app's role by a bare connection."""

from uuid import UUID, uuid4

import psycopg

INSERT = (
    "INSERT INTO kernel_journalentry"
    " (at, actor_name, door, entity, entity_id, kind, facts, personal, audience)"
    " VALUES (now(), '', 'system', %s, %s, %s, '{}', '{\"name\": \"Ann Peeters\"}', '[]')"
    " RETURNING id"
)


def write(link: psycopg.Connection, entity_id: UUID | None = None, kind: str = "noted") -> int:
    """One entry; its id."""
    row = link.execute(INSERT, ["thing", entity_id or uuid4(), kind]).fetchone()
    assert row is not None
    return int(row[0])
