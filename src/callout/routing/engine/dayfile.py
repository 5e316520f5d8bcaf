"""A day in a file: technicians and orders as JSON, positions on a plane. What is wrong is said.

{"travel": {"unit_km", "detour", "speed_kmh"},
 "lunch": {"earliest_start", "latest_start", "duration"} or null,
 "technicians": [{"id", "home": [x, y], "shift": [from, to], "skills": []}],
 "orders": [{"id", "position": [x, y] or null, "duration", "start_window": [from, to],
             "skill", "urgent"}]}
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from callout.routing.engine.evaluate import Verdict
from callout.routing.engine.problem import (
    MOST_ORDERS,
    Lunch,
    Order,
    Plan,
    Problem,
    Technician,
    Window,
)
from callout.routing.engine.reasons import reasons

MOST_TECHNICIANS = 500
LATEST = 7 * 24 * 3600  # of a moment: a day may reach into the next, a week it is not
FARTHEST = 1e6
NOWHERE = -1
WORDS = {
    "no_position": "it has no position",
    "no_technician": "no technician that may have it works on this day",
    "skills": "no technician has the skill",
    "shift_too_short": "it takes longer than any shift",
    "never_open": "its window meets nobody's hours",
    "too_far": "nobody gets there in time and back",
    "must_elsewhere": "what must be served leaves no room",
    "no_room": "the other orders leave no room",
    "fits": "it would fit, but the time was over",
}


class Unreadable(ValueError):
    """This is no day that can be planned; the words say what to change, and where."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day as it was read; orders whose position is null are no part of the problem."""

    problem: Problem
    nowhere: tuple[str, ...] = ()


def day_read(text: str | bytes) -> Day:
    """The day that the text describes; Unreadable, in words, if it describes none."""
    try:
        said = json.loads(text, parse_constant=_no_number)
    except Unreadable:
        raise
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"This is not JSON: {error}.") from error
    day = _object(said, "the day")
    technicians = _list(day, "technicians", MOST_TECHNICIANS)
    orders = _list(day, "orders", MOST_ORDERS)
    if not technicians:
        raise Unreadable("There are no technicians: a day needs at least one.")
    lunch = _lunch(day.get("lunch"))
    places: list[tuple[float, float]] = []
    team = [_technician(one, number, lunch, places) for number, one in enumerate(technicians)]
    work = [_order(one, number, places) for number, one in enumerate(orders)]
    _different([technician.id for technician in team], "technicians")
    _different([order.id for order in work], "orders")
    return Day(
        Problem(
            technicians=team,
            orders=[order for order in work if order.place != NOWHERE],
            matrix=_drives(day, places).tolist(),
        ),
        nowhere=tuple(order.id for order in work if order.place == NOWHERE),
    )


def _no_number(word: str) -> float:
    raise Unreadable(f"{word} is no number that can be planned with.")


def _object(said: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(said, dict):
        raise Unreadable(f"{where} must be an object in braces.")
    return said


def _list(day: Mapping[str, Any], name: str, most: int) -> Sequence[Any]:
    said = _field(day, name, "the day")
    if not isinstance(said, list):
        raise Unreadable(f"{name} must be a list.")
    if len(said) > most:
        raise Unreadable(
            f"{len(said):,} {name} are too many for one plan: the most is {most:,}. "
            "Plan by area or by team."
        )
    return said


def _field(said: Mapping[str, Any], name: str, where: str) -> Any:
    if name not in said:
        raise Unreadable(f"{where} has no {name}.")
    return said[name]


def _number(said: Any, where: str, least: float, most: float) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise Unreadable(f"{where} must be a number.")
    # Not of a whole number: it may be too long to be made a float of.
    if isinstance(said, float) and not math.isfinite(said):
        raise Unreadable(f"{where} must be a number.")
    if not least <= said <= most:
        raise Unreadable(f"{where} must lie between {least:,.10g} and {most:,.10g}.")
    return said


def _seconds(said: Any, where: str) -> int:
    number = _number(said, where, 0, LATEST)
    if number != int(number):
        raise Unreadable(f"{where} must be whole seconds.")
    return int(number)


def _pair(said: Any, where: str, each: Callable[[Any, str], Any]) -> tuple[Any, Any]:
    if not isinstance(said, list) or len(said) != 2:
        raise Unreadable(f"{where} must be two numbers.")
    return each(said[0], where), each(said[1], where)


def _window(said: Any, where: str) -> Window:
    start, end = _pair(said, where, _seconds)
    if end < start:
        raise Unreadable(f"{where} ends before it begins.")
    return start, end


def _place(said: Any, where: str, places: list[tuple[float, float]]) -> int:
    places.append(_pair(said, where, lambda one, at: _number(one, at, -FARTHEST, FARTHEST)))
    return len(places) - 1


def _name(said: Mapping[str, Any], where: str) -> str:
    name = _field(said, "id", where)
    if not isinstance(name, str) or not name:
        raise Unreadable(f"{where}: its id must be a text.")
    return name


def _skills(said: Any, where: str) -> frozenset[str]:
    if not isinstance(said, list) or not all(isinstance(skill, str) for skill in said):
        raise Unreadable(f"{where}: its skills must be a list of texts.")
    return frozenset(said)


def _lunch(said: Any) -> Lunch | None:
    if said is None:
        return None
    lunch = _object(said, "lunch")
    earliest, latest, duration = (
        _seconds(_field(lunch, name, "lunch"), f"lunch: {name}")
        for name in ("earliest_start", "latest_start", "duration")
    )
    if latest < earliest:
        raise Unreadable("lunch: latest_start lies before earliest_start.")
    return Lunch(earliest, latest, duration)


def _technician(
    said: Any, number: int, lunch: Lunch | None, places: list[tuple[float, float]]
) -> Technician:
    one = _object(said, f"technician {number + 1}")
    name = _name(one, f"technician {number + 1}")
    where = f"technician {name}"
    home = _place(_field(one, "home", where), f"{where}: home", places)
    return Technician(
        id=name,
        shift=_window(_field(one, "shift", where), f"{where}: shift"),
        start=home,
        end=home,
        skills=_skills(one.get("skills", []), where),
        lunch=lunch,
    )


def _order(said: Any, number: int, places: list[tuple[float, float]]) -> Order:
    one = _object(said, f"order {number + 1}")
    name = _name(one, f"order {number + 1}")
    where = f"order {name}"
    skill = one.get("skill")
    if skill is not None and not isinstance(skill, str):
        raise Unreadable(f"{where}: its skill must be a text or null.")
    urgent = one.get("urgent", False)
    if not isinstance(urgent, bool):
        raise Unreadable(f"{where}: urgent must be true or false.")
    position = _field(one, "position", where)
    at = NOWHERE if position is None else _place(position, f"{where}: position", places)
    return Order(
        id=name,
        place=at,
        duration=_seconds(_field(one, "duration", where), f"{where}: duration"),
        windows=(_window(_field(one, "start_window", where), f"{where}: start_window"),),
        skills=frozenset({skill} if skill is not None else ()),
        urgent=urgent,
    )


def _different(names: Sequence[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise Unreadable(f"Two {what} have the id {name}.")
        seen.add(name)


def _drives(day: Mapping[str, Any], places: Sequence[tuple[float, float]]) -> npt.NDArray[np.int64]:
    """Seconds from each place to each: a straight line, longer by the detour, at one speed."""
    travel = _object(_field(day, "travel", "the day"), "travel")
    unit, detour, speed = (
        _number(_field(travel, name, "travel"), f"travel: {name}", least, 1e4)
        for name, least in (("unit_km", 1e-6), ("detour", 1), ("speed_kmh", 1))
    )
    at = np.asarray(places, dtype=float)
    apart = np.hypot(*(at[:, None, axis] - at[None, :, axis] for axis in (0, 1)))
    drives = np.rint(apart * (unit * detour / speed * 3600))
    whole: npt.NDArray[np.int64] = np.minimum(drives, 10 * LATEST).astype(np.int64)
    return whole


def answer(day: Day, plan: Plan, verdict: Verdict) -> dict[str, Any]:
    """The plan as it is printed, with a reason for each order that is not in it."""
    why = {one: reason.code for one, reason in reasons(day.problem, plan, remedies=0).items()}
    why |= dict.fromkeys(day.nowhere, "no_position")
    return {
        "routes": {one.id: list(plan.routes.get(one.id, ())) for one in day.problem.technicians},
        "unserved": [{"order": one, "reason": WORDS[code]} for one, code in why.items()],
        "served": verdict.served,
        "urgent_served": verdict.urgent_served,
        "travel_seconds": verdict.travel,
    }
