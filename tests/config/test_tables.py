"""What the models say of their tables is what the database has. A migration may drop more than it
tells: with the index of a field Django drops a conditional `unique` of it too (so did orders 0013,
until it used kernel/indexing.py), and a guard that is not there refuses nothing."""

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db
# What is left of an index that was not finished has its name, and is none.
THERE = """
SELECT relname FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid WHERE indisvalid
UNION SELECT conname FROM pg_constraint
"""


def test_every_index_and_constraint_of_a_model_is_there() -> None:
    with connection.cursor() as cursor:
        cursor.execute(THERE)
        there = {name for (name,) in cursor.fetchall()}
    told = [
        f"{model._meta.label} {one.name}"
        for model in apps.get_models(include_auto_created=True)
        for one in (*model._meta.indexes, *model._meta.constraints)
        if one.name not in there
    ]
    assert told == []
