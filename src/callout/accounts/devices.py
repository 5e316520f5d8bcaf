"""A browser's long description, in the words a person knows it by."""

import re

from django.utils.translation import gettext as _

# First match counts: every browser claims to be the ones before it.
BROWSERS = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
]
SYSTEMS = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
]

# "Android 14; SM-S911B Build/…": the model, where the browser tells it. Chrome says K for any.
MODEL = re.compile(r"Android [0-9.]{1,8}; ([A-Za-z0-9][A-Za-z0-9 _-]{1,29}?)(?: Build/[^;)]*)?[;)]")
NO_MODEL = frozenset({"K", "Mobile", "Tablet"})


def device_name(user_agent: str) -> str:
    """Like "Firefox on Linux", or "Samsung Internet on Android (SM-S911B)"; what is not known is
    said so. Whatever else the browser says of itself is in it nowhere."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if not (browser and system):
        return browser or system or _("Unknown device")
    words = _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    found = MODEL.search(user_agent[:500])
    model = found[1] if found and found[1] not in NO_MODEL else ""
    return f"{words} ({model})" if model else words
