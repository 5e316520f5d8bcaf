from django.utils.translation import gettext as _


def tabs() -> list[tuple[str, str, str]]:
    """The views of one subject: label, url name, icon."""
    return [
        (_("Technicians"), "office:team", "users"),
        (_("Week"), "office:team_week", "calendar-week"),
        (_("Teams"), "office:teams", "users-group"),
        (_("Vehicles"), "office:vehicles", "truck"),
        (_("Skills"), "office:skills", "certificate"),
    ]
