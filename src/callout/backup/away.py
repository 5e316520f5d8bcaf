"""What would make loading slow is put away and comes back when the rows are there, in the same
transaction: triggers, foreign keys, and indexes with what they keep (keys, exclusions).

To sort all rows once for an index takes a fraction of the time of finding the place of each, and
whatever the rows broke is told when its guard comes back.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.utils.translation import gettext as _

from callout.backup import tables
from callout.backup.form import damaged

# For sorting; PostgreSQL's own 64 MB are for servers with nothing else to do than this one has.
MEMORY = "SET maintenance_work_mem = '256MB'"
# Told in the order in which they go. They come back the other way round: rows are counted
# (ANALYZE) between keys and foreign keys, whose checks are joins.
TRIGGERS = """
SELECT format('ALTER TABLE %%s DISABLE TRIGGER %%I', tgrelid::regclass, tgname),
       format('ALTER TABLE %%s ENABLE %%s TRIGGER %%I', tgrelid::regclass,
              CASE tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END, tgname)
FROM pg_trigger
WHERE NOT tgisinternal AND tgenabled <> 'D' AND tgrelid = ANY(%(tables)s::oid[])
"""
CONSTRAINTS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
              pg_get_constraintdef(oid))
FROM pg_constraint
WHERE contype = ANY(%(kinds)s::"char"[]) AND connamespace = 'public'::regnamespace
    AND conrelid = ANY(%(tables)s::oid[])
ORDER BY conrelid
"""
# But those whose condition has a list of values: it would come back with other casts than it had,
# and nobody could see any more that nothing else has changed.
INDEXES = """
SELECT format('DROP INDEX %%s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
FROM pg_index i
WHERE i.indrelid = ANY(%(tables)s::oid[])
    AND coalesce(pg_get_expr(i.indpred, i.indrelid), '') NOT LIKE '%%ARRAY%%'
    AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
ORDER BY i.indrelid
"""
OWN = """
SELECT array_agg(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname = ANY(%s)
"""


@contextmanager
def put_away(raw: psycopg.Connection) -> Iterator[None]:
    """Within, rows come in as fast as can be. Refused where they do not fit together."""
    row = raw.execute(OWN, [[*tables.columns(raw), *tables.ROWS_LEFT_OUT]]).fetchone()
    asked = {"tables": row[0] if row else []}
    triggers = raw.execute(TRIGGERS, asked).fetchall()
    foreign = raw.execute(CONSTRAINTS, {**asked, "kinds": ["f"]}).fetchall()
    keys = raw.execute(CONSTRAINTS, {**asked, "kinds": ["p", "u", "x"]}).fetchall()
    indexes = raw.execute(INDEXES, asked).fetchall()
    for away, _back in (*triggers, *foreign, *keys, *indexes):
        raw.execute(away)
    yield
    raw.execute(MEMORY)
    try:
        for _away, back in (*keys, *indexes):
            raw.execute(back)
        raw.execute("ANALYZE")
        for _away, back in (*foreign, *triggers):
            raw.execute(back)
    except psycopg.IntegrityError as error:
        raise damaged(_("its rows do not fit together.")) from error
