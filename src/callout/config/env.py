"""Settings come from the environment and are parsed strictly.

A wrong value never stops the import (then nothing could explain it): it is noted as a problem, a
harmless value takes its place, and the system checks and the command line refuse to go on.
"""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

# Read by the command line and the test harness, not by the settings module.
ALSO_KNOWN = {"CALLOUT_TEST_PG", "CALLOUT_TEST_SCALE"}


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

    def words(self, name: str, check: Callable[[str], object], do: str) -> list[str]:
        """A comma-separated list, each word accepted by `check`."""
        words = [word.strip() for word in self.text(name).split(",") if word.strip()]
        for word in words:
            try:
                check(word)
            except ValueError:
                self.wrong(name, f"contains '{word}'.", do)
        return words

    def origin(self, name: str, default: str) -> str:
        """An address as scheme://host[:port], nothing behind it."""
        value = self.text(name, default).rstrip("/")
        try:
            parts = urlsplit(value)
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            parts, good = urlsplit(""), False
        if not good or parts.path or parts.query or parts.fragment or parts.username:
            do = "Set it to the address people type, like https://callout.example.com."
            self.wrong(name, f"is '{value}'.", do)
            return default
        return value.lower()

    def unknown(self) -> None:
        """Note every CALLOUT_ variable nobody asked for: most likely a typing error."""
        known = self.asked | ALSO_KNOWN
        for name in self.values:
            if name.startswith("CALLOUT_") and name not in known:
                near = difflib.get_close_matches(name, sorted(known), n=1)
                do = f"Did you mean {near[0]}?" if near else "Remove it."
                self.wrong(name, "is not a setting of Callout.", do)


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
