from django.conf import settings
from django.db import migrations, models

KINDS = ["auto_plan", "absence", "routes"]


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0002_one_in_the_making"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="plandraft", name="draft_kind_known"),
        migrations.RemoveConstraint(model_name="plandraft", name="draft_absence_is_somebodys"),
        migrations.AddField(
            model_name="plandraft", name="figures", field=models.JSONField(default=dict)
        ),
        migrations.AddField(
            model_name="plandraft", name="progress", field=models.JSONField(default=dict)
        ),
        migrations.AlterField(
            model_name="plandraft",
            name="kind",
            field=models.CharField(
                choices=[("auto_plan", "Auto Plan"), ("absence", "Absence"), ("routes", "Routes")],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="plandraft",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", KINDS)), name="draft_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="plandraft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["auto_plan", "routes"]), ("technician__isnull", True)),
                    models.Q(("kind", "absence"), ("technician__isnull", False)),
                    _connector="OR",
                ),
                name="draft_absence_is_somebodys",
            ),
        ),
    ]
