"""The app's frame: the same bytes for everybody, known to its worker by their hash."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from callout.accounts.models import User
from callout.web.technician.shell import GROUND
from callout.web.ui import assets
from tests.fieldwork.conftest import phone_of
from tests.harness.database import REPO
from tests.orders.conftest import Company


def kept(client: Client) -> dict[str, Any]:
    """What the worker is told to keep."""
    script = client.get("/technician/sw.js").content.decode()
    first = script.splitlines()[0]
    told: dict[str, Any] = json.loads(first.removeprefix("self.__callout = ").removesuffix(";"))
    return told


def hashed(content: bytes) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()


def body(answer: Any) -> bytes:
    return bytes(answer.content)


def test_the_frame_is_the_same_for_everybody_and_holds_nothing_of_anybody(
    company: Company,
) -> None:
    signed_in = phone_of(company.anna).client
    office = Client()
    office.force_login(User.objects.get(name=company.manager.name))
    pages = [body(one.get("/technician/?language=nl")) for one in (Client(), signed_in, office)]
    assert len(set(pages)) == 1
    assert b'lang="nl"' in pages[0]
    for secret in (b"csrf", b"Anna", b"data-bs-theme", b"callout_theme"):
        assert secret not in pages[0]
    assert not Client().get("/technician/").cookies


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_worker_knows_the_frame_by_the_hash_of_its_bytes(db: None, language: str) -> None:
    client = Client(headers={"Accept-Language": language})
    shell = kept(client)["shell"]
    assert shell["url"] == f"/technician/?language={language}"
    assert shell["integrity"] == hashed(body(client.get(shell["url"])))
    assert shell["revision"] == shell["integrity"]
    assert body(client.get("/technician/")) == body(client.get(shell["url"]))


def test_the_worker_keeps_every_file_of_the_app_by_its_hash(db: None) -> None:
    page = Client().get("/technician/").content.decode()
    files = {one["url"]: one["integrity"] for one in kept(Client())["files"]}
    for url, integrity in files.items():
        there = assets.BUILD / url.removeprefix(f"{settings.STATIC_URL}build/")
        assert integrity == hashed(there.read_bytes()), url
    asked = re.findall(r'(?:src|href)="(/static/[^"#]+)', page)
    assert len(asked) >= 4
    assert set(asked) - set(files) == {"/static/build/apple-touch-icon.png"}
    fonts = [url for url in files if url.endswith(".woff2")]
    assert len(fonts) == 1, "letters beyond Latin-1 come later, if at all"


def test_the_script_s_own_files_are_all_kept(db: None) -> None:
    files = {one["url"] for one in kept(Client())["files"]}
    for url in [url for url in files if url.endswith(".js")]:
        script = (assets.BUILD / url.removeprefix(f"{settings.STATIC_URL}build/")).read_text()
        for name in re.findall(r'(?:from|import)\(?\s*["\'`]\./([^"\'`]+)', script):
            assert f"{settings.STATIC_URL}build/assets/{name}" in files, (url, name)


def test_the_worker_is_asked_for_anew_and_may_have_its_scope(db: None) -> None:
    answer = Client().get("/technician/sw.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Service-Worker-Allowed"] == "/technician/"
    assert "import " not in answer.content.decode().split("\n", 1)[1][:200], "one classic file"


def test_the_frame_is_in_the_language_of_the_phone_s_user(company: Company) -> None:
    phone = phone_of(company.anna)
    User.objects.filter(pk=phone.user_id).update(language="de")
    assert b'lang="de"' in body(phone.client.get("/technician/"))
    assert kept(phone.client)["shell"]["url"].endswith("language=de")


def test_a_language_that_is_none_is_not_taken_into_the_page(db: None) -> None:
    assert body(Client().get("/technician/?language=xx")) == body(Client().get("/technician/"))


def test_the_manifest_makes_an_app_of_it(db: None) -> None:
    answer = Client().get("/technician/app.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    told = answer.json()
    assert (told["id"], told["scope"], told["start_url"]) == ("/technician/",) * 3
    assert told["display"] == "standalone"
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        there = assets.BUILD / icon["src"].removeprefix(f"{settings.STATIC_URL}build/")
        size = int.from_bytes(there.read_bytes()[16:20])
        assert icon["sizes"] == f"{size}x{size}"


def test_browsers_colour_their_frame_as_the_tokens_say() -> None:
    tokens = (Path(REPO) / "frontend/src/styles/tokens.css").read_text()
    found = re.search(r"--co-bg: light-dark\((#\w+), (#\w+)\)", tokens)
    assert found
    assert found.groups() == (GROUND["light"], GROUND["dark"])
