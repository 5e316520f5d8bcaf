"""What the codes of the lifecycle are called on screen."""

from django.utils.translation import gettext as _


def status_label(status: str | None) -> str:
    """A technician status, or New for none."""
    return {
        None: _("New"),
        "planned": _("Planned"),
        "en_route": _("En route"),
        "on_site": _("On site"),
        "working": _("Working"),
        "break": _("Break"),
        "done": _("Done"),
        "cancelled": _("Cancelled"),
    }[status]


def stage_label(stage: str) -> str:
    return {
        "new": _("New"),
        "planned": _("Planned"),
        "completed": _("Completed"),
        "cancelled": _("Cancelled"),
    }[stage]


def action_label(code: str) -> str:
    """An action, as the button says it."""
    return {
        "plan": _("Plan"),
        "plan_another": _("Plan another visit"),
        "replan": _("Re-plan"),
        "extend": _("Extend"),
        "unplan": _("Unplan"),
        "depart": _("Depart"),
        "arrive": _("Arrive"),
        "start_work": _("Start work"),
        "break": _("Break"),
        "resume": _("Resume"),
        "turn_back": _("Turn back"),
        "hand_back": _("Not finished"),
        "customer_absent": _("Customer absent"),
        "complete": _("Complete"),
        "cancel": _("Cancel"),
        "undo": _("Undo"),
        "reopen": _("Reopen"),
    }[code]


def outcome_label(outcome: str) -> str:
    """How a visit ended."""
    return {
        "done": _("Done"),
        "customer_absent": _("Customer absent"),
        "handed_back": _("Handed back"),
        "unplanned": _("Unplanned"),
        "cancelled": _("Cancelled"),
    }[outcome]
