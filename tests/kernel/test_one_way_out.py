"""All HTTP goes out through one function: nobody else imports a client."""

import ast
import re
from pathlib import Path

import pytest

import callout

CLIENTS = {
    "aiohttp", "ftplib", "http.client", "httpcore", "httpx", "pycurl", "requests",
    "smtplib", "telnetlib", "urllib.request", "urllib3", "websockets", "xmlrpc.client",
}  # fmt: skip
WORDS = re.compile("|".join(sorted({client.partition(".")[0] for client in CLIENTS})))


def clients_imported(source: str) -> set[str]:
    """Names of HTTP clients that this module imports, in whatever way."""
    if not WORDS.search(source):
        return set()  # to read a text is cheaper than to parse it
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)  # importlib.import_module("httpx")
    return {name for name in found if any(f"{name}.".startswith(f"{c}.") for c in CLIENTS)}


def test_no_other_module_imports_an_http_client() -> None:
    package = Path(callout.__file__).parent
    modules = [path for path in package.rglob("*.py") if path.name != "outgoing.py"]
    assert len(modules) > 40
    guilty = {
        str(path.relative_to(package)): found
        for path in modules
        if (found := clients_imported(path.read_text()))
    }
    # They look like one and are none: the name of a logger, and what a mail server's refusal is.
    assert guilty == {
        "config/settings.py": {"httpx"},
        "accounts/mail.py": {"smtplib", "smtplib.SMTPException"},
    }


@pytest.mark.parametrize(
    "source",
    [
        "import httpx",
        "import urllib.request as r",
        "from urllib import request",
        "from http.client import HTTPConnection",
        "def f():\n    import requests",
        "__import__('aiohttp')",
    ],
)
def test_control_an_http_client_would_be_found(source: str) -> None:
    assert clients_imported(source)
