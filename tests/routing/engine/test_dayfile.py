"""A day in a file is read as it is meant, or refused in words that say what to change."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from callout.routing.engine.dayfile import Unreadable, day_read
from callout.routing.engine.problem import Lunch

Day = dict[str, Any]
DAYS = Path(__file__).parents[3] / "bench" / "days"


def day() -> Day:
    return {
        "travel": {"unit_km": 1.0, "detour": 1.3, "speed_kmh": 50},
        "lunch": {"earliest_start": 41400, "latest_start": 48600, "duration": 1800},
        "technicians": [{"id": "T1", "home": [0, 0], "shift": [28800, 57600], "skills": ["A"]}],
        "orders": [
            {
                "id": "O1",
                "position": [3, 4],
                "duration": 3600,
                "start_window": [28800, 39600],
                "skill": "A",
                "urgent": True,
            }
        ],
    }


def test_a_day_is_read_with_its_drives() -> None:
    problem = day_read(json.dumps(day())).problem
    (anne,), (order,) = problem.technicians, problem.orders
    assert (anne.shift, anne.skills) == ((28800, 57600), frozenset({"A"}))
    assert anne.lunch == Lunch(41400, 48600, 1800)
    assert (order.windows, order.skills, order.urgent) == (
        ((28800, 39600),),
        frozenset({"A"}),
        True,
    )
    assert anne.start == anne.end != order.place
    # 5 km, 1.3 times as long on the road, at 50 km/h
    assert problem.matrix[anne.start or 0][order.place] == 468


@pytest.mark.parametrize("name", sorted(one.name for one in DAYS.glob("*.json")))
def test_every_day_of_the_bench_is_read(name: str) -> None:
    problem = day_read((DAYS / name).read_bytes()).problem
    technicians, orders = name.split("-")[1].split("x")
    assert (len(problem.technicians), len(problem.orders)) == (int(technicians), int(orders))


def change(path: str, value: Any) -> Callable[[Day], None]:
    def changed(one: Day) -> None:
        *way, last = path.split(".")
        at: Any = one
        for step in way:
            at = at[int(step)] if step.isdigit() else at[step]
        if value is GONE:
            del at[last]
        else:
            at[int(last) if last.isdigit() else last] = value

    return changed


GONE = object()
NAN, INFINITE = float("nan"), float("inf")
BAD: dict[str, tuple[str, Any]] = {
    "There are no technicians": ("technicians", []),
    "10,000 orders are too many": ("orders", [{}] * 10_000),
    "501 technicians are too many": ("technicians", [{}] * 501),
    "the day has no orders": ("orders", GONE),
    "orders must be a list": ("orders", {}),
    "order 1 must be an object": ("orders.0", 7),
    "order 1 has no id": ("orders.0.id", GONE),
    "its id must be a text": ("orders.0.id", 7),
    "order O1 has no position": ("orders.0.position", GONE),
    "order O1: position must be two numbers": ("orders.0.position", [3]),
    "order O1: position must be a number": ("orders.0.position", ["3", 4]),
    "NaN is no number": ("orders.0.position", [NAN, 4]),
    "Infinity is no number": ("orders.0.position", [INFINITE, 4]),
    "order O1: position must lie between": ("orders.0.position", [1e9, 4]),
    "order O1: duration must lie between": ("orders.0.duration", -1),
    "order O1: duration must be whole seconds": ("orders.0.duration", 1.5),
    "order O1: duration must be a number": ("orders.0.duration", True),
    "and 604,800": ("orders.0.duration", 10**400),
    "order O1: start_window ends before it begins": ("orders.0.start_window", [39600, 28800]),
    "order O1: its skill must be a text": ("orders.0.skill", ["A"]),
    "order O1: urgent must be true or false": ("orders.0.urgent", "yes"),
    "technician T1 has no home": ("technicians.0.home", GONE),
    "technician T1: shift ends before it begins": ("technicians.0.shift", [57600, 28800]),
    "its skills must be a list of texts": ("technicians.0.skills", "A"),
    "the day has no travel": ("travel", GONE),
    "travel: speed_kmh must lie between": ("travel.speed_kmh", 0),
    "lunch: latest_start lies before": ("lunch.latest_start", 3600),
    "lunch has no duration": ("lunch.duration", GONE),
}


@pytest.mark.parametrize("words", BAD)
def test_a_bad_day_is_refused_in_words(words: str) -> None:
    one = day()
    change(*BAD[words])(one)
    with pytest.raises(Unreadable) as refused:
        day_read(json.dumps(one))
    assert words in str(refused.value)


def test_two_of_one_id_are_refused() -> None:
    for name in ("technicians", "orders"):
        one = day()
        one[name] *= 2
        with pytest.raises(Unreadable, match=f"Two {name} have the id"):
            day_read(json.dumps(one))


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\x00", b"\xff\xfe", "7", "null"])
def test_what_is_no_day_at_all_is_refused_in_words(text: str | bytes) -> None:
    with pytest.raises(Unreadable):
        day_read(text)


@pytest.mark.parametrize("text", [None, "{", json.dumps({**day(), "technicians": []})])
def test_the_command_ends_with_status_2_for_a_bad_file(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "day.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(CommandError) as ended:
        call_command("route", str(file), "--seconds", "1")
    assert ended.value.returncode == 2
    assert str(file) in str(ended.value)


@pytest.mark.parametrize("file", ["/dev/zero", "/dev/urandom"])
def test_the_command_reads_no_further_than_a_day_may_be_long(file: str) -> None:
    with pytest.raises(CommandError, match="more than 20 MB") as ended:
        call_command("route", file, "--seconds", "1")
    assert ended.value.returncode == 2


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "1e9"])
def test_the_command_refuses_a_time_that_is_none(tmp_path: Path, seconds: str) -> None:
    with pytest.raises(CommandError, match="--seconds must lie") as ended:
        call_command("route", str(tmp_path), f"--seconds={seconds}")
    assert ended.value.returncode == 2


@pytest.mark.process
def test_the_command_prints_a_plan(tmp_path: Path) -> None:
    one = day()
    far = {**one["orders"][0], "id": "O2", "position": [900, 0], "urgent": False}
    one["orders"] += [far, {**far, "id": "O3", "position": None}]
    file, out = tmp_path / "day.json", StringIO()
    file.write_text(json.dumps(one))
    call_command("route", str(file), "--seconds", "1", "--seed", "1", stdout=out)
    said = json.loads(out.getvalue())
    assert said.pop("unserved") == [
        {"order": "O2", "reason": "nobody gets there in time and back"},
        {"order": "O3", "reason": "it has no position"},
    ]
    assert said == {
        "routes": {"T1": ["O1"]},
        "served": 1,
        "urgent_served": 1,
        "travel_seconds": 936,
    }
