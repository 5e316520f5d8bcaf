"""What the indexes of orders know, and what they must not."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

# Of what every change of an order writes. Unique ones are guards.
SAME_BEGINNING = """
SELECT short.indexrelid::regclass::text, long.indexrelid::regclass::text
FROM pg_index short JOIN pg_index long USING (indrelid)
JOIN pg_class c ON c.oid = indrelid
WHERE c.relname IN ('orders_serviceorder', 'orders_visit', 'orders_assignment',
                    'orders_timelineentry', 'orders_timeentry')
  AND short.indexrelid <> long.indexrelid
  AND NOT short.indisunique AND short.indpred IS NULL AND long.indpred IS NULL
  AND NOT 0 = ANY (short.indkey) AND NOT 0 = ANY (long.indkey)
  AND (long.indkey::text || ' ') LIKE (short.indkey::text || ' %')
"""


def _asked(sql: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_no_index_of_orders_knows_the_status_so_a_step_writes_none_of_them() -> None:
    indexes = _asked("SELECT indexdef FROM pg_indexes WHERE tablename = 'orders_serviceorder'")
    assert len(indexes) > 10
    assert [one for (one,) in indexes if "technician_status" in one] == []


def test_no_index_is_the_beginning_of_another_one() -> None:
    assert _asked(SAME_BEGINNING) == []
