"""Guards that Django's models cannot say: no double booking, and copies that cannot lie.

A visit's slot is copied to its assignments (which the exclusion constraint reads) and the current
visit's to its order (which lists and indexes read). Composite foreign keys hold the copies equal:
an assignment follows its visit by cascade, an order must have been written by the end of the
change (a cascade would break its CHECKs half way). CHECKs in 0001 keep the copies whole, because
MATCH SIMPLE stops looking at the first null.
"""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE orders_number_seq AS bigint;

ALTER TABLE orders_serviceorder ALTER COLUMN search SET STATISTICS 1000;

ALTER TABLE orders_visit
  ADD CONSTRAINT visit_at_most_a_day CHECK ("end" - "start" <= interval '24 hours'),
  ADD CONSTRAINT visit_slot_key UNIQUE (id, "start", "end", is_open, allow_overlap),
  ADD CONSTRAINT visit_current_key
    UNIQUE (order_id, id, technician_id, "start", "end", status),
  ADD COLUMN responsible_role varchar(11) GENERATED ALWAYS AS ('responsible') STORED;

ALTER TABLE orders_assignment
  ADD CONSTRAINT assignment_role_key UNIQUE (visit_id, technician_id, role),
  ADD CONSTRAINT assignment_copies_visit
    FOREIGN KEY (visit_id, "start", "end", is_open, allow_overlap)
    REFERENCES orders_visit (id, "start", "end", is_open, allow_overlap)
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT no_double_booking EXCLUDE USING gist
    (technician_id WITH =, tstzrange("start", "end") WITH &&)
    WHERE (is_open AND NOT allow_overlap) DEFERRABLE INITIALLY IMMEDIATE;

ALTER TABLE orders_visit ADD CONSTRAINT visit_responsible_assigned
  FOREIGN KEY (id, technician_id, responsible_role)
  REFERENCES orders_assignment (visit_id, technician_id, role) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE orders_serviceorder ADD CONSTRAINT order_copies_visit
  FOREIGN KEY (id, visit_id, technician_id, "start", "end", technician_status)
  REFERENCES orders_visit (order_id, id, technician_id, "start", "end", status)
  DEFERRABLE INITIALLY DEFERRED;
"""

BACKWARD = """
ALTER TABLE orders_serviceorder DROP CONSTRAINT order_copies_visit;
ALTER TABLE orders_visit DROP CONSTRAINT visit_responsible_assigned;
ALTER TABLE orders_assignment
  DROP CONSTRAINT no_double_booking,
  DROP CONSTRAINT assignment_copies_visit,
  DROP CONSTRAINT assignment_role_key;
ALTER TABLE orders_visit
  DROP COLUMN responsible_role,
  DROP CONSTRAINT visit_current_key,
  DROP CONSTRAINT visit_slot_key,
  DROP CONSTRAINT visit_at_most_a_day;
DROP SEQUENCE orders_number_seq;
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
