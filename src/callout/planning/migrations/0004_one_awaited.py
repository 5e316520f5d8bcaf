from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0003_routes"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="plandraft", name="draft_one_in_the_making"),
        # Nobody waits for those any more; two of them would be in the way of the constraint.
        migrations.RunSQL(
            "UPDATE planning_plandraft SET finished_at = now()"
            " WHERE state = 'stopped' AND finished_at IS NULL",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="plandraft",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("finished_at__isnull", True), ("state__in", ["making", "stopped"])
                ),
                fields=("made_by", "kind"),
                name="draft_one_in_the_making",
            ),
        ),
    ]
