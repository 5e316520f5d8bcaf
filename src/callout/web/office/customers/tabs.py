from django.utils.translation import gettext as _


def tabs() -> list[tuple[str, str, str]]:
    """The views of one subject: label, url name, icon."""
    return [
        (_("Customers"), "office:customers", "building"),
        (_("Sites"), "office:sites", "map-pin"),
        (_("Assets"), "office:assets", "box"),
        (_("Perhaps twice"), "office:twins", "copy"),
        (_("Areas"), "office:areas", "map-2"),
        (_("Positions"), "office:positions", "map-pin-off"),
    ]
