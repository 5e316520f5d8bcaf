"""Settings are parsed strictly, and what is wrong is said with what to do."""

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from callout.config.env import Env, Problem, postgres_url
from callout.config.folders import push_key

REPO = Path(__file__).resolve().parents[2]
SETTINGS = REPO / "src" / "callout" / "config" / "settings.py"
KEYS = {
    "CALLOUT_SECRET_KEY": "a secret key that is long enough for anybody, made up for a test",
    "CALLOUT_FIELD_KEY": "a field key that is long enough for anybody, made up for a test",
}
NOWHERE = {"DATABASE_URL": "postgresql://callout:s3cret-word@127.0.0.1:1/callout", **KEYS}


def callout(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the real command with exactly this environment."""
    base = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "callout", *arguments],
        env=base | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def problems_with(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> list[Problem]:
    """What the settings module finds wrong with exactly this environment."""
    env: Env = settings_with(monkeypatch, environment)["ENV"]
    return env.problems


def settings_with(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> dict[str, Any]:
    """The settings as exactly this environment makes them."""
    monkeypatch.delitem(sys.modules, "callout.config.given")
    for name in os.environ:
        if name.startswith(("CALLOUT_", "DATABASE_")) or name == "PORT":
            monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(SETTINGS))


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("PORT", "eighty", "whole number from 1 to 65535"),
        ("PORT", "70000", "whole number from 1 to 65535"),
        ("PORT", "٨٠", "whole number from 1 to 65535"),
        ("CALLOUT_DEMO", "yes", "true or false"),
        ("CALLOUT_DATA", "relative/folder", "full path"),
        ("CALLOUT_BIND", "localhost", "IP address"),
        ("CALLOUT_URL", "callout.example.com", "like https://callout.example.com"),
        ("CALLOUT_URL", "https://callout.example.com/below", "like https://callout.example.com"),
        ("CALLOUT_URL", "http://x:99999", "like https://callout.example.com"),
        ("CALLOUT_TRUSTED_PROXIES", "127.0.0.1,proxy", "IP addresses"),
        ("CALLOUT_OUTGOING_PORTS", "8443,0", "from 1 to 65535"),
        ("CALLOUT_OUTGOING_PORTS", "8443;9443", "from 1 to 65535"),
        ("CALLOUT_OUTGOING_PORTS", "٨٠", "from 1 to 65535"),
        ("CALLOUT_OSRM_URL", "osrm.internal:5000", "like http://osrm.internal:5000"),
        ("CALLOUT_OSRM_URL", "file:///etc/passwd", "like http://osrm.internal:5000"),
        ("CALLOUT_OSRM_URL", "http://osrm:99999", "like http://osrm.internal:5000"),
        ("CALLOUT_GEOCODER_URL", "https://me:word@photon.example", "https://photon.example.com"),
        ("CALLOUT_GEOCODER_URL", "https://photon.example/?key=1", "https://photon.example.com"),
        ("CALLOUT_GEOCODER_KIND", "google", "photon, nominatim"),
        ("CALLOUT_OUTGOING_INTERNAL", "osrm.internal:5000", "like http://osrm.internal:5000"),
        ("CALLOUT_OUTGOING_INTERNAL", "http://osrm:5000/route", "like http://osrm.internal:5000"),
        ("CALLOUT_OUTGOING_INTERNAL", "http://me@osrm:5000", "like http://osrm.internal:5000"),
        ("CALLOUT_OUTGOING_INTERNAL", "http://*.internal", "like http://osrm.internal:5000"),
        ("CALLOUT_TIME_ZONE", "Mars/Olympus", "Europe/Brussels"),
        ("CALLOUT_TIME_ZONE", "../etc/passwd", "Europe/Brussels"),
        ("CALLOUT_LANGUAGE", "xx", "en, fr, nl, de"),
        ("CALLOUT_LOG_LEVEL", "loud", "debug, info"),
        ("CALLOUT_MAIL_URL", "mail.example.com", "smtp"),
        ("CALLOUT_SECRET_KEY", "short", "long random"),
        ("CALLOUT_WEB_PROCESSES", "0", "from 1 to 64"),
        ("CALLOUT_URLL", "https://callout.example.com", "Did you mean CALLOUT_URL"),
    ],
)
def test_a_wrong_value_is_a_problem_that_says_what_to_do(
    name: str, value: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    problems = problems_with(monkeypatch, NOWHERE | {name: value})
    assert [problem.name for problem in problems] == [name]
    assert hint in problems[0].do


@pytest.mark.process
def test_problems_are_system_checks_and_commands_refuse_to_run() -> None:
    for command in ("check", "migrate", "serve"):
        done = callout(command, **NOWHERE, PORT="eighty")
        assert done.returncode == 1
        assert "PORT is 'eighty'." in done.stderr
        assert "Set it to a whole number from 1 to 65535." in done.stderr
        assert "Traceback" not in done.stderr


def test_good_values_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    good = {
        "CALLOUT_URL": "https://callout.example.com:8443",
        "CALLOUT_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8",
        "CALLOUT_MAIL_URL": "smtp+tls://me:word@mail.example.com:587",
        "CALLOUT_LANGUAGE": "nl",
        "CALLOUT_OUTGOING_PORTS": "8443, 9000",
        "CALLOUT_OSRM_URL": "http://osrm.internal:5000/",
        "CALLOUT_GEOCODER_URL": "https://maps.example.com/photon",
        "CALLOUT_OUTGOING_INTERNAL": "http://osrm.internal:5000/, HTTPS://Maps:443, http://[::1]:80",
    }
    found = settings_with(monkeypatch, NOWHERE | good)
    assert found["ENV"].problems == []
    assert found["OUTGOING_PORTS"] == [8443, 9000]
    assert found["OSRM_URL"] == "http://osrm.internal:5000"
    assert found["GEOCODER_URL"] == "https://maps.example.com/photon"
    # As the outgoing function compares them: small, without a scheme's own port.
    internal = ["http://osrm.internal:5000", "https://maps", "http://[::1]"]
    assert found["OUTGOING_INTERNAL"] == internal


def test_nothing_inside_may_be_asked_unless_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_with(monkeypatch, NOWHERE)
    assert (found["OUTGOING_PORTS"], found["OUTGOING_INTERNAL"]) == ([], [])


def test_https_without_a_named_proxy_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    [problem] = problems_with(monkeypatch, NOWHERE | {"CALLOUT_URL": "https://callout.example.com"})
    assert problem.name == "CALLOUT_TRUSTED_PROXIES"


@pytest.mark.parametrize("missing", sorted(KEYS))
def test_with_a_database_url_the_keys_are_required(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = {name: value for name, value in NOWHERE.items() if name != missing}
    [problem] = problems_with(monkeypatch, without)
    assert problem.name == missing
    assert "keep a copy" in problem.do


@pytest.mark.process
@pytest.mark.parametrize("command", ["migrate", "serve"])
def test_a_database_that_does_not_answer_is_said_without_its_password(command: str) -> None:
    done = callout(command, **NOWHERE)
    assert done.returncode == 1
    assert "does not answer" in done.stderr
    assert "Traceback" not in done.stderr
    assert "s3cret-word" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    "value", ["mysql://u:s3cret-word@h/n", "postgresql://h/n", "postgresql://u@h:x/n", "nonsense"]
)
def test_a_wrong_database_url_is_refused_and_never_repeated(value: str) -> None:
    env = Env({"DATABASE_URL": value})
    assert postgres_url(env, "DATABASE_URL") is None
    [problem] = env.problems
    assert problem.name == "DATABASE_URL"
    assert "s3cret-word" not in problem.what + problem.do


@pytest.mark.process
def test_keys_are_made_once_in_the_data_folder_and_closed(tmp_path: Path) -> None:
    for _ in range(2):
        callout("check", CALLOUT_DATA=str(tmp_path))
        keys = {path.name: path.read_text() for path in tmp_path.glob("*.key")}
        assert sorted(keys) == ["field.key", "secret.key", "vapid.key"]
        assert len(set(keys.values())) == 3
        for path in tmp_path.glob("*.key"):
            assert path.stat().st_mode & 0o777 == 0o600
            path.write_text("as it was" + path.read_text())
    assert all(value.startswith("as it was") for value in keys.values())


@pytest.mark.parametrize("value", ["short", "A" * 43, "!" * 43, "A" * 44])
def test_a_wrong_push_key_is_named_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    (problem,) = problems_with(monkeypatch, NOWHERE | {"CALLOUT_VAPID_KEY": value})
    assert problem.name == "CALLOUT_VAPID_KEY"
    assert value not in problem.what + problem.do


def test_a_push_key_as_tools_make_it_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    key = push_key()
    settings = settings_with(monkeypatch, NOWHERE | {"CALLOUT_VAPID_KEY": key})
    assert settings["ENV"].problems == []
    assert settings["VAPID_KEY"] == key


def test_without_a_push_key_machines_that_share_a_database_push_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = settings_with(monkeypatch, NOWHERE)
    assert settings["ENV"].problems == []
    assert settings["VAPID_KEY"] == ""


def test_every_setting_is_in_the_operators_page() -> None:
    from callout.config import settings

    page = (REPO / "docs" / "operations.md").read_text()
    missing = [name for name in settings.ENV.asked if f"`{name}`" not in page]
    assert missing == []
    assert len(settings.ENV.asked) > 15


@pytest.mark.process
def test_the_deployment_checks_are_clean() -> None:
    done = callout(
        "check", "--deploy", "--fail-level", "WARNING",
        **NOWHERE, CALLOUT_URL="https://callout.example.com", CALLOUT_TRUSTED_PROXIES="127.0.0.1",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
