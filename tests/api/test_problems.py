"""What is refused is problem details: for every form of wrong, and never a 500."""

import json

import pytest
from django.db import OperationalError
from django.test import Client

from callout.customers import selectors
from tests.api.conftest import Answer, World


def check(answer: Answer, status: int, code: str) -> None:
    assert (answer.status, answer.code) == (status, code), answer.text
    assert answer.kind.startswith("application/problem+json")
    assert set(answer.body) >= {"type", "title", "status", "detail", "code"}
    assert answer.body["status"] == status


@pytest.mark.parametrize(
    "body",
    [
        "{", "nothing", "{'a': 1}", '{"name": "a",}', '{"name": NaN}', '{"x": Infinity}',
        '{"x": 1e999}', '{"name": "a", "name": "b"}', "\ufeff{}", b"\xff\xfe{\x00}\x00",
        b'{"name": "\xff"}', '{"x": ' + "9" * 5000 + "}", '{"name": "a"} more',
    ],
)  # fmt: skip
def test_malformed_json_is_400(world: World, body: str | bytes) -> None:
    check(world.boss.post("/customers", body), 400, "malformed")


def test_json_nested_too_deeply_is_400(world: World) -> None:
    check(world.boss.post("/customers", "[" * 21 + "]" * 21), 400, "too_deep")
    assert world.boss.post("/customers", "[" * 20 + "]" * 20).status == 422


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x\udfffy"])
def test_what_no_database_keeps_is_422(world: World, text: str) -> None:
    answer = world.boss.post("/customers", json.dumps({"name": text}))
    check(answer, 422, "invalid")
    assert answer.fields() == {"name"}
    note = world.boss.post(f"/service-orders/{world.anna.order}/notes", json.dumps({"text": text}))
    check(note, 422, "invalid")


@pytest.mark.parametrize("body", ["[]", "7", "null", '"text"', "true"])
def test_what_is_no_object_is_422(world: World, body: str) -> None:
    check(world.boss.post("/customers", body), 422, "invalid")


def test_no_body_at_all_is_422(world: World) -> None:
    check(world.boss.post("/customers"), 422, "invalid")


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "",
     "application/xml", "application/vnd.api+json"],
)  # fmt: skip
def test_another_content_type_is_415(world: World, kind: str) -> None:
    response = Client().generic(
        "POST",
        "/api/v1/customers",
        b'{"name": "x"}',
        content_type=kind,
        headers={"Authorization": f"Bearer {world.boss.token}"},
    )
    check(Answer(response), 415, "wrong_content_type")


def test_json_where_a_file_is_wanted_is_415(world: World) -> None:
    path = f"/service-orders/{world.anna.order}/attachments"
    check(world.boss.post(path, {"file": "x"}), 415, "wrong_content_type")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"--x\r\nnothing"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=" + "x" * 300, b"--x--"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a\x00.txt"\r\n\r\na'
            b"\r\n--x--\r\n",
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="visit_id"\r\n\r\n\xff\x00\r\n--x--\r\n',
        ),
    ],
)
def test_a_broken_form_is_refused(world: World, kind: str, body: bytes) -> None:
    response = Client().generic(
        "POST",
        f"/api/v1/service-orders/{world.anna.order}/attachments",
        body,
        content_type=kind,
        headers={"Authorization": f"Bearer {world.boss.token}"},
    )
    answer = Answer(response)
    assert answer.status in {201, 400, 415, 422}, answer.text
    assert "json" in answer.kind


def test_too_large_is_413(world: World) -> None:
    check(world.boss.post("/customers", {"name": "x" * 1_100_000}), 413, "too_large")


@pytest.mark.parametrize(
    "path",
    ["/", "/nothing", "/customers/", "/customers/7", "/service-orders/x/actions/depart",
     "/service-orders/", "/customers/%00", "/../customers", "/openapi", "/docs/x"],
)  # fmt: skip
def test_an_unknown_address_is_404(world: World, path: str) -> None:
    for answer in (world.boss.get(path), world.boss.post(path, {})):
        check(answer, 404, "not_found")


def test_an_unknown_method_is_405_and_says_which_there_are(world: World) -> None:
    answer = world.boss.put("/customers", {})
    check(answer, 405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}
    check(world.boss("TRACE", "/customers"), 405, "method_not_allowed")
    check(world.boss.post("/openapi.json", {}), 405, "method_not_allowed")


def test_head_is_get_without_the_body(world: World) -> None:
    answer = world.boss("HEAD", f"/customers/{world.anna.customer}")
    assert (answer.status, answer.text) == (200, "")
    assert answer.etag == world.boss.get(f"/customers/{world.anna.customer}").etag
    assert world.nobody("HEAD", "/customers").status == 401


@pytest.mark.parametrize("sent", ['"x"', "3", '"1", "2"', 'W/"', '"-1"', '"99999999999999999999"'])
def test_an_if_match_that_is_no_version_is_422(world: World, sent: str) -> None:
    answer = world.boss.patch(f"/customers/{world.anna.customer}", {"alert": "x"}, If_Match=sent)
    check(answer, 422, "invalid")
    assert answer.fields() == {"If-Match"}


def test_a_weak_etag_counts_as_its_version(world: World) -> None:
    path = f"/customers/{world.anna.customer}"
    etag = world.boss.get(path).etag
    assert world.boss.patch(path, {"alert": "x"}, If_Match=f"W/{etag}").status == 200


def test_a_database_that_is_down_is_503(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(**_kwargs: object) -> None:
        raise OperationalError("connection refused by 10.0.0.7")

    monkeypatch.setattr(selectors, "customer_list", down)
    client = Client(raise_request_exception=False)
    headers = {"Authorization": f"Bearer {world.boss.token}"}
    answer = Answer(client.get("/api/v1/customers", headers=headers))
    check(answer, 503, "database_down")
    assert "10.0.0.7" not in answer.text


def test_a_mistake_of_ours_is_said_without_its_insides(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_kwargs: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(selectors, "customer_list", broken)
    client = Client(raise_request_exception=False)
    headers = {"Authorization": f"Bearer {world.boss.token}"}
    answer = Answer(client.get("/api/v1/customers", headers=headers))
    check(answer, 500, "server_error")
    assert "secret" not in answer.text


def test_a_page_of_one_list_is_no_page_of_another(world: World) -> None:
    for name in ("Aa", "Ab"):
        world.boss.post("/customers", {"name": name})
    after = world.boss.get("/customers?limit=1").body["next"]
    assert world.boss.get(f"/customers?after={after}").status == 200
    for other in ("/sites", "/contacts", "/skills"):
        answer = world.boss.get(f"{other}?after={after}")
        assert (answer.status, answer.fields()) == (422, {"after"})
