"""Three guards that 0013 took with it, without a word: taking a key's own index away, Django drops
whatever index there is of that column alone, also the one that keeps a conditional `unique`."""

from django.db import migrations

UNDER_WAY = "'en_route', 'on_site', 'working'"
AGAIN = f"""
CREATE UNIQUE INDEX IF NOT EXISTS technician_under_way_once ON orders_visit (technician_id)
    WHERE is_open AND status IN ({UNDER_WAY});
CREATE UNIQUE INDEX IF NOT EXISTS order_under_way_once ON orders_visit (order_id)
    WHERE is_open AND status IN ({UNDER_WAY}, 'break');
CREATE UNIQUE INDEX IF NOT EXISTS assignment_responsible ON orders_assignment (visit_id)
    WHERE role = 'responsible';
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0013_leaner_indexes")]

    operations = [migrations.RunSQL(AGAIN, migrations.RunSQL.noop)]
