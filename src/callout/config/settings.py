"""Django's settings. What an operator may set is in given.py; all of it is a setting too."""

from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from callout.config.given import *  # noqa: F403
from callout.config.given import (
    ADMIN,
    DEFAULT_FROM_EMAIL,
    DEMO,
    HTTPS,
    LOG_LEVEL,
    PORT,
    STATEMENT_TIMEOUT,
    URL,
    app_database,
    mail_settings,
    owner_database,
    replica_database,
)

PACKAGE = Path(__file__).resolve().parent.parent
DEBUG = False
WEB_THREADS = 8  # measured: more only wait for each other on the database
# Whose passwords are printed for everybody: nobody with this address signs in outside a demo.
DEMO_DOMAIN = "demo.callout.example"

_address = urlsplit(URL)
ALLOWED_HOSTS = [_address.hostname or "localhost"]
OWN_ORIGINS = [URL]
if _address.hostname == "localhost":
    # The same machine under its other name; never with another port.
    ALLOWED_HOSTS += ["127.0.0.1"]
    OWN_ORIGINS += [URL.replace("localhost", "127.0.0.1", 1)]

# --- database ----------------------------------------------------------------------------------


def _database(entry: dict[str, Any], timeout: int) -> dict[str, Any]:
    given = dict(entry.get("OPTIONS", {}))
    options = f"-c statement_timeout={timeout}s -c idle_in_transaction_session_timeout=60s"
    # Measured, see bench/README.md. A row is read with six joins, all from the order outward: to
    # weigh every sequence of them took three times as long as to read. And on today's disks the
    # index of a number is cheaper than a walk through all orders.
    options = f"{options} -c join_collapse_limit=4 -c random_page_cost=1.1"
    given["options"] = f"{given.get('options', '')} {options}".strip()
    given.setdefault("connect_timeout", "5")
    # Plans are kept where kernel/prepared.py asks for it, and by kernel/wire.py alone.
    given |= {"server_side_binding": True, "prepare_threshold": None}
    return {
        **entry,
        "ENGINE": "callout.kernel.postgresql",
        "OPTIONS": given,
        # One connection for each thread of the fixed pool; checked, so that a restart of the
        # database costs nobody a page.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


# `default` runs as the app's role; `owner` is used by `callout migrate` alone.
DATABASES = {"default": _database(app_database, STATEMENT_TIMEOUT)}
if owner_database:
    DATABASES["owner"] = _database(owner_database, 0)
# Only read, and only by what may lag (kernel/lagging.py): its statements may take longer.
if replica_database:
    DATABASES["replica"] = _database(replica_database, 4 * STATEMENT_TIMEOUT)
    DATABASES["replica"]["OPTIONS"]["options"] += " -c default_transaction_read_only=on"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        # Shared by all processes: limits on guessing passwords count in one place.
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "callout_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- rooms -------------------------------------------------------------------------------------

ROOMS = [
    "kernel", "accounts", "customers", "workforce", "travel", "orders", "planning", "routing",
    "webhooks", "notify", "fieldwork", "backup", "web", "config",
]  # fmt: skip
INSTALLED_APPS = [
    *[f"callout.{room}" for room in ROOMS],
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    *(["django.contrib.admin"] if ADMIN else []),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "ninja",
    "procrastinate.contrib.django",
]
PROCRASTINATE_ON_APP_READY = "callout.kernel.jobs.manager_take"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "callout.config.middleware.ContentPolicy",
    "callout.config.middleware.in_language",
    "callout.config.middleware.same_origin",
    "callout.config.middleware.tame_json",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "callout.config.programs.programs",
    # From here on for browsers alone.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "callout.accounts.middleware.ActorMiddleware",
    "callout.web.live.middleware.LiveCursorMiddleware",
    "callout.web.errors.ErrorsMiddleware",
    "callout.config.programs.views",
]
ROOT_URLCONF = "callout.config.urls"
WSGI_APPLICATION = "callout.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
STATIC_URL = "/static/"

# --- people ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["callout.accounts.backend.Backend"]
PASSWORD_HASHERS = [
    "callout.config.demo.hasher.PrintedOnce"
    if DEMO
    else "django.contrib.auth.hashers.Argon2PasswordHasher"
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 10}  # type: ignore[assignment]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "callout.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # users are made by an admin
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _address.scheme
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,5/5m/key"}
MFA_ADAPTER = "callout.accounts.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers have passkeys on http://localhost too
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an admin gave the address
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute wrong
MFA_TOTP_ISSUER = "Callout"
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_ENGINE = "callout.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-callout" if HTTPS else f"callout-{PORT}"
CSRF_COOKIE_NAME = "__Host-callout-csrf" if HTTPS else f"callout-csrf-{PORT}"
CSRF_TRUSTED_ORIGINS: list[str] = []
# A technician's phone: one secret in two cookies, for the app's own path and for its files. Not
# __Host-, which demands the path of everything.
DEVICE_COOKIE_NAME = "__Secure-callout-device" if HTTPS else f"callout-device-{PORT}"
DEVICE_FILES_COOKIE_NAME = f"{DEVICE_COOKIE_NAME}-files"
CSRF_FAILURE_VIEW = "callout.config.errors.forbidden_form"

# --- what browsers may do ------------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W021",  # entering the browsers' preload list is the operator's decision, not ours
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
JSON_LIMIT = 1_000_000
UPLOAD_LIMIT = 30_000_000
JSON_DEPTH = 20
DATA_UPLOAD_MAX_MEMORY_SIZE = JSON_LIMIT
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000  # a draft of routes is applied with a tick for each move
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_PERMISSIONS = 0o600

# --- languages, time, mail, log ------------------------------------------------------------------

USE_TZ = True
LOCALE_PATHS = [PACKAGE / "locale"]
globals().update(mail_settings)
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Whom a push service may write to about this installation's pushes.
VAPID_SUBJECT = f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}"

UNTOLD = ("DisallowedHost", "TooManyFieldsSent", "TooManyFilesSent", "RequestDataTooBig")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"routes": {"()": "callout.config.logs.RoutesOnly"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL.upper()},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # What a stranger sends wrong is no event worth a line each, let alone a page of them.
        **{f"django.security.{what}": {"level": "CRITICAL"} for what in UNTOLD},
        # Nor is each refusal.
        "django.request": {"level": "ERROR", "filters": ["routes"]},
        "django.security.csrf": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
        "uvicorn": {"level": "ERROR"},
        # Two lines for every job, with what it was given.
        "procrastinate": {"level": "WARNING"},
    },
}
