"""Words of the map's scripts (frontend/src/map); only its page carries them (see strings.py)."""

from django.utils.translation import gettext as _

from callout.orders.priorities import priority_label
from callout.web.ui.strings_planning import planning_texts


def map_texts() -> dict[str, str]:
    """Every text of the map, by its key, and those of the planning's parts that it shows."""
    return {**planning_texts(), **_screen(), **_giving(), **_asking(), **_result()}


def _screen() -> dict[str, str]:
    return {
        "map.label": _("Map of the day"),
        "map.loading": _("The map is loading…"),
        "map.own_missing": _("Your own map does not answer: the built-in one is shown."),
        "map.broken": _("This browser cannot draw the map. The list has all that is on it."),
        "map.nearer": _("Nearer"),
        "map.further": _("Further away"),
        "map.legend": _("What the marks mean"),
        "map.line.driven": _("Driven"),
        "map.line.to_come": _("To come"),
        "map.show.map": _("Map"),
        "map.show.list": _("Technicians"),
        "map.technicians": _("Technicians"),
        "map.count": _("%(count)s technicians"),
        "map.kilometres": _("%(count)s km"),
        "map.stop": _("%(count)s stop"),
        "map.stops": _("%(count)s stops"),
        "map.late": _("late %(time)s"),
        "map.waits": _("waits %(time)s"),
        "map.waits_not": _("no waiting"),
        "map.promised": _("promised %(time)s"),
        "map.show_route": _("Show the route of %(name)s"),
        "map.fit": _("Show the whole route of %(name)s"),
        "map.show_orders": _("Show what is to be planned"),
        "map.to_plan": _("To plan"),
        "map.in_view": _("%(count)s of %(all)s on the map"),
        "map.nowhere": _("Not on the map"),
        "map.nowhere_all": _("All doubtful positions"),
        "map.nowhere_why": _("%(count)s with no position: set a pin"),
        "map.nobody": _("Nobody works on this day, or is in this filter."),
    }


def _giving() -> dict[str, str]:
    return {
        "map.give": _("Give %(number)s to…"),
        "map.give_to": _("Give %(number)s to somebody"),
        "map.put_back": _("Put back"),
        "map.drop": _("Drop it on a technician"),
        "map.no_answer": _("There is no answer yet. Try again."),
    }


def _asking() -> dict[str, str]:
    return {
        "map.opt.open": _("Optimise…"),
        "map.opt.title": _("Optimise routes"),
        "map.opt.days": _("Days"),
        "map.opt.who_shown": _("Those shown on the map (%(count)s)"),
        "map.opt.who_all": _("Everybody"),
        "map.opt.moves": _("What may move"),
        "map.opt.moves.order": _("Only the order of each route"),
        "map.opt.moves.technician": _("Also who goes"),
        "map.opt.moves.unplanned": _("Also orders to plan"),
        "map.opt.objective": _("Aim"),
        "map.opt.objective.served": _("Most served and on time, then less driving"),
        "map.opt.objective.least_change": _("Change as little as possible"),
        "map.opt.more": _("More"),
        "map.opt.relax": _("Customers' wishes may give way"),
        "map.opt.from_now": _("Today is planned from now on: what is done stays."),
        "map.opt.lunch": _("Had lunch already"),
        "map.opt.out": _("Not there any more today"),
        "map.opt.kept": _("Technicians who keep their day"),
        "map.opt.kept_visits": _("Visits that stay"),
        "map.opt.kept_times": _("Visits that keep their time"),
        "map.opt.pinned": _("Pinned visits and started work stay where they are."),
        "map.opt.time": _("Seconds to search"),
        "map.opt.start": _("Find better routes"),
        "map.opt.nobody": _("Nobody is shown on the map: choose somebody, or everybody."),
        "map.opt.goes_on": _("The search goes on. Optimise… shows it again."),
        "map.opt.working": _("Looking for better routes…"),
        "map.opt.best": _("Best so far"),
        "map.opt.served_count": _("%(count)s served"),
        "map.opt.urgent": _urgent_served(),
        "map.opt.driving": _("Driving"),
        "map.opt.left": _("Time left"),
        "map.opt.seconds": _("%(count)s s"),
        "map.opt.stop": _("Stop with the best so far"),
    }


def _result() -> dict[str, str]:
    return {
        "map.opt.proposed": _("Proposed routes"),
        "map.opt.is_made": _("The proposed routes are there."),
        "map.opt.now": _("Now"),
        "map.opt.after": _("Proposed"),
        "map.opt.change": _("Difference"),
        "map.opt.figure.served": _("Orders served"),
        "map.opt.figure.urgent_served": _urgent_served(),
        "map.opt.figure.targets_missed": _("Targets missed"),
        "map.opt.figure.lateness_minutes": _("Lateness"),
        "map.opt.figure.driving_minutes": _("Driving"),
        "map.opt.figure.kilometres": _("Distance"),
        "map.opt.look": _("On the map"),
        "map.opt.both": _("Side by side"),
        "map.opt.changes": _("%(count)s changes"),
        "map.opt.one_change": _("1 change"),
        "map.opt.more_changes": _("Show %(count)s more technicians"),
        "map.opt.one_customer": _("For 1 customer the time moves."),
        "map.opt.customers": _("For %(count)s customers the time moves."),
        "map.opt.to_plan": _("to plan"),
        "map.opt.unserved": _("Not served: %(count)s"),
        "map.opt.left_out": _("Took no part"),
        "map.opt.orders_left_out": _("%(count)s orders to plan were too many to look at."),
        "map.opt.apply_all": _("Apply all %(count)s"),
        "map.opt.apply_some": _("Apply %(count)s"),
        "map.opt.drop": _("Drop"),
        "map.opt.undo": _("Undo"),
        "map.opt.undone": _("All that was applied is taken back."),
        "map.opt.applied": _("%(count)s changes are applied."),
        "map.opt.applied_some": _("%(count)s changes are applied; %(refused)s could not be."),
        "map.opt.is_applied": _("applied"),
    }


def _urgent_served() -> str:
    return _("%(priority)s served") % {"priority": priority_label("urgent")}
