"""What the planner believes of a table, so that a plan can be asked for as at a million rows."""

import psycopg

from tests.harness import database


def taken_for_large(*tables: str, rows: int = 1_000_000) -> None:
    """The planner takes them for tables of so many rows of which it knows nothing else: neither
    that they hold a handful, nor what a test before has left it to know of rows that are gone. It
    counts the pages itself, so each must have one."""
    forget = """
        SELECT pg_clear_attribute_stats('public', tablename, attname, inherited) FROM pg_stats
        WHERE schemaname = 'public' AND tablename = ANY(%s)"""
    believe = """
        SELECT pg_restore_relation_stats('schemaname', 'public', 'relname', name,
          'relpages', 1, 'reltuples', %s::real, 'relallvisible', 1)
        FROM unnest(%s::text[]) AS name"""
    with psycopg.connect(database.dsn("callout_owner"), autocommit=True) as owner:
        owner.execute(forget, [list(tables)])
        owner.execute(believe, [rows, list(tables)])
