"""The guards that an early form of 0013 dropped: Django drops a conditional unique index with the
one of its field. Where they are, nothing is done."""

from django.db import migrations

from callout.kernel.indexing import UniqueMeanwhile

UNDER_WAY = "is_open AND status IN ('en_route', 'on_site', 'working'"
GUARDS = {
    "technician_under_way_once": f"orders_visit (technician_id) WHERE {UNDER_WAY})",
    "order_under_way_once": f"orders_visit (order_id) WHERE {UNDER_WAY}, 'break')",
    "assignment_responsible": "orders_assignment (visit_id) WHERE role = 'responsible'",
}


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0014_type_by_slot"),
    ]

    operations = [UniqueMeanwhile(name, of) for name, of in GUARDS.items()]
