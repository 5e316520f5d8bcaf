"""What an operator may set: read from the environment by Env, listed in docs/operations.md.

Nothing here is insecure by default: leaving a variable out never opens anything.
"""

import ipaddress
import os
from datetime import time
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from callout.config import folders
from callout.config.env import Env, mail_server, map_origin, origin_of, port_of, postgres_url
from callout.config.keys import push_key, secret_key

ENV = Env(os.environ)

# --- the machine -------------------------------------------------------------------------------

DATA = Path(
    ENV.parsed(
        "CALLOUT_DATA",
        str(folders.default_data_folder()),
        folders.full_path,
        "Set it to the full path of a folder.",
    )
)
PORT = ENV.integer("PORT", 8000, 1, 65535)
BIND = ENV.parsed("CALLOUT_BIND", "127.0.0.1", ipaddress.ip_address, "Set it to an IP address.")
WEB_PROCESSES = ENV.integer("CALLOUT_WEB_PROCESSES", 2, 1, 64)
MIN_FREE_MB = ENV.integer("CALLOUT_MIN_FREE_MB", 200, 0, 1_000_000)
DEMO = ENV.flag("CALLOUT_DEMO")

# Files of orders, by the hash of their bytes; a folder that all machines share.
MEDIA_ROOT = Path(
    ENV.parsed(
        "CALLOUT_FILES",
        str(DATA / "files"),
        folders.full_path,
        "Set it to the full path of a folder.",
    )
)
# The nightly backup: none without a folder, which is the operator's choice and never a user's.
BACKUP_FOLDER = ENV.parsed(
    "CALLOUT_BACKUP_FOLDER",
    "",
    lambda value: value and folders.full_path(value),
    "Set it to the full path of a folder.",
)
BACKUP_TIME = time.fromisoformat(
    ENV.parsed("CALLOUT_BACKUP_TIME", "02:00", time.fromisoformat, "Set it to an hour like 02:00.")
)
BACKUPS_KEPT = ENV.integer("CALLOUT_BACKUPS_KEPT", 7, 1, 1000)
# Travel without a routing server: straight line times the detour, at this speed.
TRAVEL_DETOUR = ENV.integer("CALLOUT_TRAVEL_DETOUR_PERCENT", 130, 100, 300) / 100
TRAVEL_KMH = ENV.integer("CALLOUT_TRAVEL_KMH", 50, 5, 200)
# Routes. Lunch is owed by who works longer than this without a pause in their hours.
OPTIMISATIONS = ENV.integer("CALLOUT_OPTIMISATIONS", 2, 1, 64)
CHANGE_MINUTES = ENV.integer("CALLOUT_CHANGE_MINUTES", 15, 0, 240)
LUNCH_MINUTES = ENV.integer("CALLOUT_LUNCH_MINUTES", 30, 0, 180)
LIKE = "Set it to an hour like 11:30."
LUNCH_EARLIEST = ENV.parsed("CALLOUT_LUNCH_EARLIEST", "11:30", time.fromisoformat, LIKE)
LUNCH_LATEST = ENV.parsed("CALLOUT_LUNCH_LATEST", "13:30", time.fromisoformat, LIKE)
LUNCH_FROM_HOURS = ENV.integer("CALLOUT_LUNCH_FROM_HOURS", 6, 1, 24)
# What is drawn under the map: the bundled ground, or this style or PMTiles file, which browsers
# then ask for, from this one origin.
MAP_STYLE = ENV.parsed(
    "CALLOUT_MAP_STYLE",
    "",
    map_origin,
    "Set it to the address of a style or of a .pmtiles file: https://… or a path of this site.",
)
MAP_ORIGIN = map_origin(MAP_STYLE)
# Django's admin beside the office's own pages.
ADMIN = ENV.flag("CALLOUT_ADMIN")

# --- address -----------------------------------------------------------------------------------

URL = ENV.origin("CALLOUT_URL", f"http://localhost:{PORT}")
HTTPS = urlsplit(URL).scheme == "https"
TRUSTED_PROXIES = [
    str(network)
    for network in ENV.words(
        "CALLOUT_TRUSTED_PROXIES", ipaddress.ip_network, "Use IP addresses, separated by commas."
    )
]
if HTTPS and not TRUSTED_PROXIES:
    ENV.wrong(
        "CALLOUT_TRUSTED_PROXIES",
        "is empty though CALLOUT_URL is https: Callout itself speaks plain HTTP.",
        "Set it to the address of the proxy that ends TLS, for example 127.0.0.1.",
    )

# Where `kernel.outgoing` may go besides the world's ports 80 and 443.
OUTGOING_PORTS = ENV.words(
    "CALLOUT_OUTGOING_PORTS", port_of, "Use ports from 1 to 65535, separated by commas."
)
OUTGOING_INTERNAL = ENV.words(
    "CALLOUT_OUTGOING_INTERNAL",
    origin_of,
    "Use addresses like http://osrm.internal:5000, separated by commas.",
)
WEBHOOKS_INTERNAL = ENV.words(
    "CALLOUT_WEBHOOKS_INTERNAL",
    origin_of,
    "Use addresses like http://erp.internal:8080, separated by commas.",
)
# Who else is asked of travel and positions; their answers are kept (see the room `travel`).
OSRM_URL = ENV.service("CALLOUT_OSRM_URL", "http://osrm.internal:5000")
GEOCODER_URL = ENV.service("CALLOUT_GEOCODER_URL", "https://photon.example.com")
GEOCODER_KIND = ENV.choice("CALLOUT_GEOCODER_KIND", "photon", ("photon", "nominatim"))

# --- database ----------------------------------------------------------------------------------

EMBEDDED = not ENV.text("DATABASE_URL")
app_database = postgres_url(ENV, "DATABASE_URL") or {"NAME": "callout"}
owner_database = postgres_url(ENV, "DATABASE_OWNER_URL")
replica_database = postgres_url(ENV, "DATABASE_REPLICA_URL")
if EMBEDDED:
    _embedded = {"NAME": "callout", "HOST": str(folders.socket_folder(DATA))}
    app_database = {**_embedded, "USER": "callout_app"}
    owner_database = {**_embedded, "USER": "callout_owner"}
STATEMENT_TIMEOUT = ENV.integer("CALLOUT_STATEMENT_TIMEOUT_SECONDS", 15, 1, 3600)

# --- keys --------------------------------------------------------------------------------------

_keys = DATA if EMBEDDED else None  # where they are made once, if they are not given
SECRET_KEY = secret_key(ENV, "CALLOUT_SECRET_KEY", _keys, "secret.key")
# Encrypts single fields, such as the access codes of sites.
FIELD_KEY = secret_key(ENV, "CALLOUT_FIELD_KEY", _keys, "field.key")
# Signs pushes to phones; "" sends none.
VAPID_KEY = push_key(ENV, _keys)

# --- languages, time, mail, log ------------------------------------------------------------------

TIME_ZONE = ENV.parsed(
    "CALLOUT_TIME_ZONE",
    "Europe/Brussels",
    folders.time_zone,
    "Set it to a name like Europe/Brussels.",
)
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("nl", _("Dutch")), ("de", _("German"))]
LANGUAGE_CODE = ENV.choice("CALLOUT_LANGUAGE", "en", tuple(code for code, _name in LANGUAGES))
mail_settings = mail_server(ENV, "CALLOUT_MAIL_URL")
DEFAULT_FROM_EMAIL = ENV.text("CALLOUT_MAIL_FROM", f"callout@{urlsplit(URL).hostname}")
LOG_LEVEL = ENV.choice("CALLOUT_LOG_LEVEL", "info", ("debug", "info", "warning", "error"))

ENV.unknown()
