"""Callout's own settings, over the test server and this process's own database."""

import os

from tests.harness import database

os.environ.update(
    CALLOUT_DATA=str(database.folder()),
    CALLOUT_SECRET_KEY="a key for the tests only, which keeps no secret of anybody",
    CALLOUT_FIELD_KEY="another key for the tests only, which keeps nobody's secret",
    DATABASE_URL=database.dsn("callout_app"),
    DATABASE_OWNER_URL=database.dsn("callout_owner"),
)

from callout.config.settings import *  # noqa: F403
from callout.config.settings import ALLOWED_HOSTS, OWN_ORIGINS

ALLOWED_HOSTS += ["testserver"]
OWN_ORIGINS += ["http://testserver"]
# As argon2 as the real one, but cheap: the real server can verify what a test has stored.
PASSWORD_HASHERS = ["tests.harness.hashers.CheapArgon2"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
