"""What the phone is told of the table, and the vectors that hold its fold to this one."""

from dataclasses import replace

import pytest

from callout.orders.lifecycle import ACTIONS, Status, allows
from callout.orders.told import lifecycle_told
from tests.orders import fold_vectors


def test_the_phone_has_the_rows_of_a_technician_and_no_others() -> None:
    told = lifecycle_told()
    rows = {row["code"]: row for row in told["actions"]}
    assert set(rows) == {code for code, row in ACTIONS.items() if "technician" in row.roles}
    assert rows["hand_back"] == {
        "code": "hand_back",
        "label": "Not finished",
        "sources": ["en_route", "on_site", "working", "break"],
        "to": "next",
        "closes": "handed_back",
        "takes_reason": "hand_back",
        "wants_reason": True,
    }
    assert told["undo_minutes"] == 10
    assert told["under_way"] == ["en_route", "on_site", "working"]


def test_the_big_button_of_the_phone_is_always_open_to_it() -> None:
    told = lifecycle_told()
    assert list(told["next"]) == ["planned", "en_route", "on_site", "working", "break"]
    for status, code in told["next"].items():
        assert allows(ACTIONS[code], status, {"technician"})


def test_the_vectors_of_the_phones_fold_are_those_of_the_table() -> None:
    assert fold_vectors.FILE.read_text() == fold_vectors.written(), (
        "the table has changed: python -m tests.orders.fold_vectors"
    )


def test_the_vectors_know_what_moves_what_is_the_same_and_what_is_passed_over() -> None:
    found = fold_vectors.vectors()
    assert len(found) >= 300
    seen = {verdict for one in found for verdict in one["then"]["verdicts"]}
    assert seen == {"moves", "same", "passed"}
    assert {one["then"]["outcome"] for one in found} >= {"done", "handed_back", "cancelled", ""}


def test_control_a_table_that_differs_by_one_status_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = replace(ACTIONS["arrive"], sources=frozenset({Status.EN_ROUTE}))
    monkeypatch.setitem(ACTIONS, "arrive", row)
    assert fold_vectors.FILE.read_text() != fold_vectors.written()
