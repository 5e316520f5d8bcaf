"""What a new company starts with: the four priorities, and types and reasons to change at will."""

from typing import Any

from django.db import migrations

PRIORITIES = [
    (0, "low", "Low", "", 72),
    (1, "normal", "Normal", "", 24),
    (2, "high", "High", "#a81128", 8),
    (3, "urgent", "Urgent", "#c3152f", 4),
]
TYPES = [
    ("Breakdown", "bolt", 90),
    ("Maintenance", "refresh", 60),
    ("Installation", "package", 240),
    ("Inspection", "clipboard-check", 60),
]
REASONS = {
    "cancel": ["Solved by the customer", "No longer needed", "Double entry", "Customer refuses"],
    "hand_back": ["Part needed", "More time needed", "Other skill needed", "No safe access"],
    "absent": ["Nobody at home", "Gate closed", "Wrong address"],
}


def forward(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("orders", "Priority").objects.using(schema_editor.connection.alias)
    for rank, code, label, colour, hours in PRIORITIES:
        rows.create(rank=rank, code=code, label=label, colour=colour, response_hours=hours)
    types = apps.get_model("orders", "InterventionType").objects.using(rows.db)
    for position, (name, icon, minutes) in enumerate(TYPES):
        types.create(name=name, icon=icon, duration_minutes=minutes, position=position)
    reasons = apps.get_model("orders", "Reason").objects.using(rows.db)
    for kind, labels in REASONS.items():
        for position, label in enumerate(labels):
            reasons.create(kind=kind, label=label, position=position)


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_guards")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
