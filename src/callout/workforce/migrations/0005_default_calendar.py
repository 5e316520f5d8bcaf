"""A company has one default calendar, from its first moment and always."""

from typing import Any

from django.db import migrations

WEEK = [[["08:00", "18:00"]]] * 5 + [[], []]
GUARD = """
CREATE FUNCTION workforce_default_calendar() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM workforce_workingcalendar WHERE is_default) THEN
    RAISE EXCEPTION 'one calendar is the default'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'calendar_default_there';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER calendar_default_there
AFTER UPDATE OR DELETE ON workforce_workingcalendar
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.is_default)
EXECUTE FUNCTION workforce_default_calendar();
"""
UNGUARD = """
DROP TRIGGER calendar_default_there ON workforce_workingcalendar;
DROP FUNCTION workforce_default_calendar();
"""


def forward(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("workforce", "WorkingCalendar").objects
    rows.using(schema_editor.connection.alias).create(
        name="Company", name_sort="company", days=WEEK, is_default=True
    )


class Migration(migrations.Migration):
    dependencies = [("workforce", "0004_calendars")]

    operations = [
        migrations.RunPython(forward, migrations.RunPython.noop),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
