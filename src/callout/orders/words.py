"""What the codes of the lifecycle are called on screen."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from callout.kernel.errors import Invalid

STATUSES: dict[str | None, Promise] = {
    None: pgettext_lazy("stage", "New"),
    "planned": gettext_lazy("Planned"),
    "en_route": gettext_lazy("En route"),
    "on_site": gettext_lazy("On site"),
    "working": gettext_lazy("Working"),
    "break": pgettext_lazy("technician status", "Break"),
    "done": gettext_lazy("Done"),
    "cancelled": gettext_lazy("Cancelled"),
}


def status_label(status: str | None) -> str:
    """A technician status, or New for none."""
    return str(STATUSES[status])


STAGES: dict[str, Promise] = {
    "new": pgettext_lazy("stage", "New"),
    "planned": gettext_lazy("Planned"),
    "completed": gettext_lazy("Completed"),
    "cancelled": gettext_lazy("Cancelled"),
}


def stage_label(stage: str) -> str:
    return str(STAGES[stage])


ACTIONS: dict[str, Promise] = {
    "plan": gettext_lazy("Plan"),
    "plan_another": gettext_lazy("Plan another visit"),
    "replan": gettext_lazy("Re-plan"),
    "extend": gettext_lazy("Extend"),
    "unplan": gettext_lazy("Unplan"),
    "depart": gettext_lazy("Depart"),
    "arrive": gettext_lazy("Arrive"),
    "start_work": gettext_lazy("Start work"),
    "break": gettext_lazy("Break"),
    "resume": gettext_lazy("Resume"),
    "turn_back": gettext_lazy("Turn back"),
    "hand_back": gettext_lazy("Not finished"),
    "customer_absent": gettext_lazy("Customer absent"),
    "complete": gettext_lazy("Complete"),
    "cancel": gettext_lazy("Cancel"),
    "undo": gettext_lazy("Undo"),
    "reopen": gettext_lazy("Reopen"),
    "reopen_and_plan": gettext_lazy("Reopen and plan"),
    "apply_late_report": gettext_lazy("Apply late report"),
}


def action_label(code: str) -> str:
    """An action, as the button says it."""
    return str(ACTIONS[code])


def not_open_words(pressed: str, status: str | None) -> str:
    """Why the table does not allow to an order of this technician status what was pressed, as its
    button says it."""
    words = {"action": pressed, "state": status_label(status)}
    return _("“%(action)s” makes no sense now: the order is “%(state)s”.") % words


OUTCOMES: dict[str, Promise] = {
    "done": gettext_lazy("Done"),
    "customer_absent": gettext_lazy("Customer absent"),
    "handed_back": gettext_lazy("Handed back"),
    "unplanned": gettext_lazy("Unplanned"),
    "cancelled": gettext_lazy("Cancelled"),
}


def outcome_label(outcome: str) -> str:
    """How a visit ended."""
    return str(OUTCOMES[outcome])


TIMES: dict[str, Promise] = {
    "travel": gettext_lazy("Travel"),
    "work": gettext_lazy("Work"),
    "break": gettext_lazy("Break"),
    "other": gettext_lazy("Other"),
}


def time_kinds() -> dict[str, str]:
    """Kinds of time, in the order of a day."""
    return {kind: str(label) for kind, label in TIMES.items()}


def id_taken() -> Invalid:
    """For who made an id themselves, and something else has it."""
    return Invalid({"id": [_("This id is taken.")]})
