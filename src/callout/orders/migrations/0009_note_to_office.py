from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0008_assignment_open"),
    ]

    operations = [
        migrations.AddField(
            model_name="timelineentry",
            name="minutes",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="note",
            name="to_office",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="note",
            name="put_away_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(
                models.F("created_at"),
                name="note_on_desk",
                condition=Q(to_office=True, put_away_at__isnull=True),
            ),
        ),
    ]
