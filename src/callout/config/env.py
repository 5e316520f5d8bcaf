"""Settings come from the environment and are parsed strictly.

A wrong value never stops the import (then nothing could explain it): it is noted as a problem, a
harmless value takes its place, and the system checks and the command line refuse to go on.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

# Read by the command line and the test harness, not by the settings module.
ALSO_KNOWN = {"CALLOUT_TEST_HOST", "CALLOUT_TEST_PG", "CALLOUT_TEST_SCALE"}
PORTS = {"http": 80, "https": 443}
MAIL_PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}
HOST = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]+")
T = TypeVar("T")


@dataclass(frozen=True)
class Problem:
    """One setting that cannot be used: which, what is wrong with it, and what to do."""

    name: str
    what: str
    do: str


@dataclass
class Env:
    """The environment, read name by name; remembers what was asked for and what was wrong."""

    values: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def wrong(self, name: str, what: str, do: str) -> None:
        """Note that a setting cannot be used."""
        self.problems.append(Problem(name, what, do))

    def text(self, name: str, default: str = "") -> str:
        """The value without surrounding blanks; empty counts as not given."""
        self.asked.add(name)
        return self.values.get(name, "").strip() or default

    def flag(self, name: str, default: bool = False) -> bool:
        """Only `true` and `false`: a `0` or a `no` must not quietly mean something."""
        value = self.text(name, "true" if default else "false")
        if value not in ("true", "false"):
            self.wrong(name, f"is '{value}'.", "Set it to true or false.")
            return default
        return value == "true"

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            self.wrong(name, f"is '{value}'.", f"Set it to a whole number from {low} to {high}.")
            return default
        return int(value)

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        """One of a few words."""
        value = self.text(name, default)
        if value not in choices:
            self.wrong(name, f"is '{value}'.", f"Set it to one of: {', '.join(choices)}.")
            return default
        return value

    def parsed(self, name: str, default: str, check: Callable[[str], object], do: str) -> str:
        """A text that `check` accepts without raising ValueError."""
        value = self.text(name, default)
        try:
            check(value)
        except ValueError:
            self.wrong(name, f"is '{value}'.", do)
            return default
        return value

    def words(self, name: str, parse: Callable[[str], T], do: str) -> list[T]:
        """A comma-separated list; what `parse` makes of each word that it accepts."""
        found = []
        for word in self.text(name).split(","):
            try:
                found += [parse(word.strip())] if word.strip() else []
            except ValueError:
                self.wrong(name, f"contains '{word.strip()}'.", do)
        return found

    def origin(self, name: str, default: str) -> str:
        """An address as scheme://host[:port], nothing behind it."""
        do = "Set it to the address people type, like https://callout.example.com."
        return origin_of(self.parsed(name, default, origin_of, do))

    def service(self, name: str, example: str) -> str:
        """The address of a service that Callout asks, with a path or without; "" where none is
        set. Whether it may be asked is `kernel.outgoing`'s to say."""
        value = self.text(name)
        try:
            parts = urlsplit(value)
            origin_of(f"{parts.scheme}://{parts.netloc}")
            plain = not (parts.query or parts.fragment) and value.isascii()
        except ValueError:
            plain = not value
        if not plain:
            # It may hold somebody's key: it is never repeated.
            self.wrong(name, "is not the address of a service.", f"Set it like {example}.")
            return ""
        return value.rstrip("/")

    def unknown(self) -> None:
        """Note every CALLOUT_ variable nobody asked for: most likely a typing error."""
        known = self.asked | ALSO_KNOWN
        for name in self.values:
            if name.startswith("CALLOUT_") and name not in known:
                near = difflib.get_close_matches(name, sorted(known), n=1)
                do = f"Did you mean {near[0]}?" if near else "Remove it."
                self.wrong(name, "is not a setting of Callout.", do)


def origin_of(value: str) -> str:
    """The origin as browsers write it, a scheme's own port left out. ValueError if it is more."""
    parts = urlsplit(value.rstrip("/"))
    host = parts.hostname or ""
    whole = parts.path or parts.query or parts.fragment or parts.username is not None
    if parts.scheme not in PORTS or whole or parts.port == 0 or not HOST.fullmatch(host):
        raise ValueError(value)
    port = "" if parts.port in (None, PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://[{host}]{port}" if ":" in host else f"{parts.scheme}://{host}{port}"


def map_origin(value: str) -> str:
    """The origin that a map's style is asked from; "" for the bundled one, and for one of our own
    origin, given as a path. ValueError for what is no address."""
    if not value or (value.startswith("/") and not value.startswith("//")):
        return ""
    parts = urlsplit(value)
    if parts.username is not None:
        raise ValueError(value)
    return origin_of(f"{parts.scheme}://{parts.netloc}")


def port_of(value: str) -> int:
    """ValueError unless it is the number of a port."""
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65536:
        raise ValueError(value)
    return int(value)


def postgres_url(env: Env, name: str) -> dict[str, object] | None:
    """A Django database entry from postgresql://user:password@host:port/name?option=value."""
    value = env.text(name)
    if not value:
        return None
    do = "Set it like postgresql://user:password@host:5432/callout."
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    database = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not database or not parts.username:
        # The value holds a password: it is never repeated.
        env.wrong(name, "is not the address of a PostgreSQL database with user and name.", do)
        return None
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = options.pop("host", unquote(parts.hostname or ""))
    return {
        "NAME": database,
        "USER": unquote(parts.username),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "OPTIONS": options,
    }


def mail_server(env: Env, name: str) -> dict[str, object]:
    """Django's mail settings from console:, or smtp[s|+tls]://user:password@host:port."""
    console = {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    address = env.text(name, "console:")
    if address == "console:":
        return dict(console)
    try:
        parts = urlsplit(address)
        port = parts.port
        wrong = parts.scheme not in MAIL_PORTS or not parts.hostname
    except ValueError:
        wrong = True
    if wrong:
        # The value may hold a password: it is not repeated.
        do = (
            "Set it like smtp+tls://user:password@mail.example.com:587, or console: to print mails."
        )
        env.wrong(name, "is not a mail server's address.", do)
        return dict(console)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or MAIL_PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 10,
    }
