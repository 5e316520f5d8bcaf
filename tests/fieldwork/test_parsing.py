"""A phone's request read as if by an enemy."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.fieldwork.sync.parsing import MOST_BYTES, Unreadable, moment, request_read
from callout.kernel.errors import CalloutError, TooLarge

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def command(**given: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()), "n": 1, "v": 1, "visit": str(uuid4()), "action": "depart", "body": {},
        "at": "2026-11-27T11:00:00.000Z", "skew": {"ms": 5, "age_s": 3}, "seen": "ab12", **given,
    }  # fmt: skip


def body(*commands: Any, **given: Any) -> bytes:
    said = {"callout": 1, "now": "2026-11-27T12:00:01Z", "known": {}, "commands": list(commands)}
    return json.dumps(said | given).encode()


def test_a_good_command_is_read_whole() -> None:
    (one,) = request_read(body(command()), NOW).commands
    assert (one.wrong, one.action, one.n, one.skew_ms, one.skew_age_s) == ("", "depart", 1, 5, 3)
    assert one.at == datetime(2026, 11, 27, 11, tzinfo=UTC)


def test_the_phone_s_clock_is_measured() -> None:
    assert request_read(body(), NOW).offset_ms == -1000
    assert request_read(body(now="+275760-09-13T00:00:00.000Z"), NOW).offset_ms is None


WHOLE: list[tuple[str, bytes, str]] = [
    ("nothing", b"", "unreadable"),
    ("no json", b"<html>", "unreadable"),
    ("a list", b"[]", "unreadable"),
    ("NaN", b'{"callout": 1, "commands": [], "known": {}, "x": NaN}', "unreadable"),
    ("not utf-8", b'{"callout": 1, "x": "\xff"}', "unreadable"),
    ("half a surrogate", b'{"callout": 1, "commands": ["\\ud800"]}', "unreadable"),
    ("another protocol", body(callout=2), "unreadable"),
    ("no list of commands", body(commands={}), "unreadable"),
    ("51 commands", body(*(command(n=n) for n in range(51))), "too_many_commands"),
    ("known is a list", body(known=[]), "unreadable"),
    ("known holds no texts", body(known={"me": 1}), "unreadable"),
    ("known names nonsense", body(known={"ü" * 70: "a"}), "unreadable"),
    ("known is endless", body(known={f"visit:{n}": "" for n in range(2001)}), "unreadable"),
    (
        "more than 256 kB",
        body(*(command(n=n, body={"text": "x" * (MOST_BYTES // 2)}) for n in range(3))),
        "too_large",
    ),
]


@pytest.mark.parametrize(("name", "said", "code"), WHOLE, ids=[row[0] for row in WHOLE])
def test_what_is_no_request_is_refused_as_a_whole(name: str, said: bytes, code: str) -> None:
    with pytest.raises((Unreadable, TooLarge)) as refused:
        request_read(said, NOW)
    assert refused.value.code == code


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("n is a text", {"n": "1"}), ("n is true", {"n": True}), ("n is negative", {"n": -1}),
    ("n is a fraction", {"n": 1.5}), ("n is huge", {"n": 2**60}), ("n is endless", {"n": 10**30}),
    ("v is nothing", {"v": None}), ("v is 0", {"v": 0}), ("visit is a number", {"visit": 7}),
    ("visit is no id", {"visit": "{" + str(uuid4()) + "}"}), ("no action", {"action": ""}),
    ("action is a list", {"action": ["depart"]}), ("action is SQL", {"action": "x'; drop"}),
    ("action is long", {"action": "a" * 41}), ("body is a list", {"body": []}),
    ("body is nothing", {"body": None}), ("at is a number", {"at": 5}),
    ("NUL in a text", {"body": {"text": "a\0b"}}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "wrong"), WRONG, ids=[row[0] for row in WRONG])
def test_a_command_that_is_none_keeps_its_id_and_its_bytes(
    name: str, wrong: dict[str, Any]
) -> None:
    good = command(n=2)
    found = request_read(body(command(**wrong), good), NOW).commands
    assert [one.wrong for one in found] == ["unreadable", ""]
    assert found[0].raw
    assert str(found[1].id) == good["id"], "it stands in nobody's way"


def test_a_format_to_come_is_not_called_wrong() -> None:
    (one,) = request_read(body(command(v=2)), NOW).commands
    assert one.wrong == "too_new"


def test_one_command_too_large_is_answered_by_its_id() -> None:
    (one,) = request_read(body(command(body={"text": "x" * MOST_BYTES})), NOW).commands
    assert (one.wrong, one.raw) == ("too_large", "")


def test_what_has_no_id_is_told_by_what_it_has() -> None:
    found = request_read(body(command(id="x" * 100), command(id=7), 5, None, command()), NOW)
    assert (len(found.commands), found.nameless) == (1, ["x" * 64])


@pytest.mark.parametrize(
    "skew", [5, "a", {"ms": "5", "age_s": 1}, {"ms": 5, "age_s": -1}, {"ms": 2**60, "age_s": 1}]
)
def test_a_measure_that_is_none_is_none(skew: Any) -> None:
    (one,) = request_read(body(command(skew=skew)), NOW).commands
    assert (one.wrong, one.skew_ms, one.skew_age_s) == ("", None, None)


def test_the_same_said_again_is_the_same_whatever_its_order_and_measure() -> None:
    one = command()
    again = dict(reversed(one.items())) | {"skew": None}
    (read,) = request_read(body(one, again), NOW).commands[:1]
    assert request_read(body(again), NOW).commands[0].sha256 == read.sha256
    other = request_read(body(one | {"body": {"note": "x"}}), NOW).commands[0]
    assert other.sha256 != read.sha256


def test_commands_go_by_their_number() -> None:
    found = request_read(body(command(n=3), command(n=1), command(n=2)), NOW).commands
    assert [one.n for one in found] == [1, 2, 3]


@pytest.mark.parametrize(
    "text", ["", "now", "2026-11-27", "2026-11-27T12:00", "9999-12-31T23:59:59Z", "0001-01-01T00Z"]
)
def test_no_moment(text: str) -> None:
    assert moment(text) is None


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
NAMES = ["callout", "now", "app", "known", "commands", "positions", "unsent"]
PARTS = ["id", "n", "v", "visit", "action", "body", "at", "skew", "seen"]


@pytest.mark.wide
@given(
    st.dictionaries(st.sampled_from(NAMES), junk),
    st.lists(st.dictionaries(st.sampled_from(PARTS), junk), max_size=4),
)
def test_no_json_breaks_it(said: dict[str, Any], commands: list[dict[str, Any]]) -> None:
    for whole in (said, {"callout": 1, "known": {}, **said, "commands": commands}):
        text = json.dumps(whole).encode("utf-8", "surrogatepass")
        try:
            found = request_read(text, NOW)
        except CalloutError:
            continue
        assert all(one.wrong or one.action for one in found.commands)
