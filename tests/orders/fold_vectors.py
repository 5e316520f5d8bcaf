"""What the phone's fold must answer, as Python's does: frontend/tests/fold-vectors.json.

`python -m tests.orders.fold_vectors` writes the file anew after a change of the table.
"""

import itertools
import json
import random
from pathlib import Path
from typing import Any

from callout.orders.lifecycle import ACTIONS, OPEN, UNDER_WAY, Status, fold
from callout.orders.told import lifecycle_told

FILE = Path(__file__).parents[2] / "frontend" / "tests" / "fold-vectors.json"
LONG = 220  # random days, besides every single tap from every status
# What stands in a timeline and is no step of a technician's, and what no table knows.
STRANGE = ["plan", "replan", "plan_another", "reopen", "undo", "apply_late_report", "dance"]
DAYS = [
    ["depart", "arrive", "start_work", "break", "resume", "complete"],
    ["depart", "break", "resume", "arrive", "start_work", "depart", "arrive", "complete"],
    ["depart", "turn_back", "depart", "arrive", "customer_absent", "complete"],
    ["start_work", "break", "hand_back", "resume"],
    ["depart", "depart", "arrive", "arrive", "extend", "cancel", "cancel"],
    ["break", "resume", "start_work", "start_work", "resume", "break", "break", "resume"],
]


def starts() -> list[tuple[Status, Status | None]]:
    """Every status that an open visit has, a break with where it began."""
    plain: list[tuple[Status, Status | None]] = [
        (status, None) for status in Status if status in OPEN and status is not Status.BREAK
    ]
    return plain + [(Status.BREAK, one) for one in Status if one in UNDER_WAY]


def vectors() -> list[dict[str, Any]]:
    """The same ones each time."""
    steps = [code for code, action in ACTIONS.items() if "technician" in action.roles]
    dice = random.Random(4)
    days = [[code] for code in [*steps, *STRANGE]] + DAYS
    found = [vector(start, day) for start, day in itertools.product(starts(), days)]
    moves = [code for code in steps if not ACTIONS[code].closes]
    for _ in range(LONG):
        day = dice.choices(moves * 4 + steps + STRANGE, k=dice.randint(3, 14))
        found.append(vector(dice.choice(starts()), day))
    return found


def vector(start: tuple[Status, Status | None], actions: list[str]) -> dict[str, Any]:
    status, before_break = start
    after = fold(actions, status, before_break)
    return {
        "status": status,
        "before_break": before_break or "",
        "actions": actions,
        "then": {
            "status": after.status,
            "before_break": after.before_break or "",
            "outcome": after.outcome or "",
            "verdicts": after.verdicts,
            "statuses": after.statuses,
        },
    }


def written() -> str:
    """The file as it should be: one vector a line, so that a change is read as one."""
    lines = ",\n".join(json.dumps(one) for one in vectors())
    return f'{{"lifecycle": {json.dumps(lifecycle_told())},\n"vectors": [\n{lines}\n]}}\n'


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    FILE.write_text(written())
