"""The table of the product page, written down a second time by hand, and the pure functions."""

import pytest

from callout.orders.lifecycle import (
    ACTIONS,
    NEXT_SENSIBLE,
    TABLE,
    Outcome,
    Stage,
    Status,
    allows,
    fold,
    stage_of,
    status_after,
)

# action: who (m manager, t technician), from (n: New), to
PAGE = {
    "plan": ("m", "n", "planned"),
    "plan_another": ("m", "p e s w b", "same"),
    "replan": ("m", "p", "planned"),
    "extend": ("mt", "p e s w b", "same"),
    "unplan": ("m", "p", "next"),
    "depart": ("mt", "p s w b", "en_route"),
    "arrive": ("mt", "p e", "on_site"),
    "start_work": ("mt", "p e s", "working"),
    "break": ("mt", "e s w", "break"),
    "resume": ("mt", "b", "before_break"),
    "turn_back": ("mt", "e s", "planned"),
    "hand_back": ("mt", "e s w b", "next"),
    "customer_absent": ("mt", "p e s", "next"),
    "complete": ("mt", "p e s w b (n)", "done"),
    "cancel": ("mt", "p e s w b (n)", "cancelled"),
    "undo": ("mt", "n p e s w b d c", "before"),
    "reopen": ("m", "d c", "none"),
    "apply_late_report": ("m", "n p e s w b d c", "same"),
}
AT_DESK = {"apply_late_report"}
LETTERS = {
    "n": None,
    "p": Status.PLANNED,
    "e": Status.EN_ROUTE,
    "s": Status.ON_SITE,
    "w": Status.WORKING,
    "b": Status.BREAK,
    "d": Status.DONE,
    "c": Status.CANCELLED,
}


def test_the_table_is_the_product_pages() -> None:
    assert [action.code for action in TABLE] == list(PAGE)
    for code, (who, sources, to) in PAGE.items():
        action = next(action for action in TABLE if action.code == code)
        assert action.at_desk == (code in AT_DESK)
        assert {role[0] for role in action.roles} == set(who), code
        assert action.manager_from_new == ("(n)" in sources), code
        letters = sources.replace("(n)", "").split()
        assert action.sources == {LETTERS[letter] for letter in letters}, code
        assert str(action.to) == to, code


def test_a_decision_of_the_desk_is_no_button() -> None:
    assert [code for code in PAGE if code not in ACTIONS] == list(AT_DESK)


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        (None, Stage.NEW),
        *[(status, Stage.PLANNED) for status in Status if status not in ("done", "cancelled")],
        (Status.DONE, Stage.COMPLETED),
        (Status.CANCELLED, Stage.CANCELLED),
    ],
)
def test_the_status_drives_the_stage(status: Status | None, stage: Stage) -> None:
    assert stage_of(status) is stage


def test_a_technician_never_completes_or_cancels_what_nobody_planned() -> None:
    for code in ("complete", "cancel"):
        assert not allows(ACTIONS[code], None, {"technician"})
        assert allows(ACTIONS[code], None, {"manager"})


def test_a_break_remembers_where_it_began() -> None:
    resume = ACTIONS["resume"]
    assert status_after(resume, Status.BREAK, before_break=Status.EN_ROUTE) is Status.EN_ROUTE
    assert fold(["depart", "arrive", "break", "resume"]).status is Status.ON_SITE
    assert fold(["start_work", "break", "resume", "complete"]).status is Status.DONE


def test_a_handed_back_visit_keeps_its_last_status() -> None:
    done = fold(["depart", "arrive", "hand_back"])
    assert (done.status, done.outcome) == (Status.ON_SITE, Outcome.HANDED_BACK)


def test_what_makes_no_sense_is_passed_over_and_what_holds_is_the_same() -> None:
    done = fold(["depart", "resume", "depart", "plan", "complete", "complete", "arrive"])
    assert done.status is Status.DONE
    assert [verdict.value for verdict in done.verdicts] == [
        *("moves", "passed", "same", "passed", "moves", "same", "passed")
    ]


def test_the_sensible_next_action_is_always_open() -> None:
    for status, code in NEXT_SENSIBLE.items():
        assert allows(ACTIONS[code], status, {"manager"})
        if status in (None, Status.DONE, Status.CANCELLED):
            continue
        assert allows(ACTIONS[code], status, {"technician"})
