"""Words of the planning board: rows, bars, answers, keys and its plain table."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from callout.orders.lifecycle import Outcome
from callout.orders.priorities import priority_labels
from callout.web.ui.marks import STATUS_LABELS


def board_texts() -> dict[str, str]:
    """Every text of the board, by its key."""
    outcomes = {
        Outcome.HANDED_BACK: _("Not finished"),
        Outcome.CUSTOMER_ABSENT: _("Customer absent"),
        Outcome.UNPLANNED: _("Unplanned"),
        Outcome.CANCELLED: _("Cancelled"),
    }
    return {
        **{f"board.status.{key}": str(label) for key, label in STATUS_LABELS.items()},
        **{f"board.priority.{key}": label for key, label in priority_labels().items()},
        **{f"board.outcome.{key}": label for key, label in outcomes.items()},
        **_toolbar(),
        **_states(),
        **_bars(),
        **_carrying(),
    }


def _toolbar() -> dict[str, str]:
    return {
        "board.before": _("Earlier"),
        "board.today": _("Today"),
        "board.after": _("Later"),
        "board.view": _("Days shown"),
        "board.day": _("Day"),
        "board.days3": _("3 days"),
        "board.week": _("Week"),
        "board.search": _("Search the board"),
        "board.search_in": _("Name, customer, town…"),
        "board.group": _("Group"),
        "board.group_none": _("No groups"),
        "board.team": _("Team"),
        "board.skill": _("Skill"),
        "board.all": _("All"),
        "board.no_team": _("No team"),
        "board.no_skill": _("No skill"),
        "board.table": _("Table"),
        "board.tomorrow": _("Tomorrow check"),
        "board.auto_plan": _("Auto-plan…"),
        "board.optimise": _("Optimise routes"),
        "board.absence": _("Technician absent…"),
        "board.drafts": _("Drafts"),
        "board.more": _("More of the planning"),
        "board.key.technician": _("technician"),
        "board.key.quarter": _("15 min"),
        "board.key.plan": _("plan"),
        "board.key.back": _("put back"),
    }


def _states() -> dict[str, str]:
    return {
        "board.label": _("Planning board"),
        "board.to_table": _("To the plain table"),
        "board.failed": _("The board could not be loaded"),
        "board.again": _("Try again"),
        "board.nobody": _("No technicians yet"),
        "board.nobody_why": _("Add technicians under Team; each of them gets a row here."),
        "board.nobody_new": _("New technician"),
        "board.none_wanted": _("Nobody here"),
        "board.none_wanted_why": _("No technician and no visit of these days is in this filter."),
        "board.clear": _("Show everybody"),
        "board.all_day": _("All day"),
        "board.all_days": _("All these days"),
        "board.free": _("Nothing planned."),
        "board.more_rows": _("Show %(count)s more technicians"),
        "board.menu_of": _("Actions of %(number)s"),
        "board.col.time": pgettext("of a slot", "Time"),
        "board.col.order": _("Customer"),
        "board.col.status": _("Status"),
        "board.col.flags": _("To note"),
        "board.col.menu": _("Actions"),
    }


def _bars() -> dict[str, str]:
    return {
        "board.until": _("%(label)s, until %(day)s"),
        "board.late_by": _("%(time)s late"),
        "board.late": _("late %(time)s"),
        "board.promise": _("promised %(time)s"),
        "board.promise_broken": _("outside the promise %(time)s"),
        "board.target_late": _("after the response target"),
        "board.late_report": _("late report on the desk"),
        "board.overlap_on_purpose": _("overlaps on purpose"),
        "board.pinned": _("pinned"),
        "board.helper": _("as helper"),
        "board.absent": _("absent x%(count)s"),
        "board.seen": _("seen by the technician"),
    }


def _carrying() -> dict[str, str]:
    return {
        "board.held": _("%(technician)s, %(day)s %(time)s. %(answer)s"),
        "board.overlaps": _("would overlap %(number)s"),
        "board.stays": _("%(number)s stays where it is."),
        "board.put_back": _("Put back"),
        "board.more_carried": _("and %(count)s more"),
        "board.changed_meanwhile": _("%(number)s was changed by somebody else meanwhile."),
    }
