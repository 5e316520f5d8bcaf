"""Words of the pile, the suggestions, the questions and a visit's card on the planning screen."""

from django.utils.translation import gettext as _

from callout.orders.selectors.rows import waiting_words


def pile_texts() -> dict[str, str]:
    """Those of frontend/src/planning with keys `planning.…`, by their key."""
    shown = {"planning.show.board": _("Board"), "planning.show.pile": _("To plan")}
    return {**shown, **_pile_texts(), **_suggestion_texts(), **_question_texts(), **_visit_texts()}


def _pile_texts() -> dict[str, str]:
    waits = {f"planning.pile.waits.{code}": words for code, words in waiting_words().items()}
    return {
        **waits,
        "planning.pile.label": _("Orders to plan"),
        "planning.pile.to_plan": _("To plan"),
        "planning.pile.waiting": _("Waiting"),
        "planning.pile.sort": _("By priority, then response target"),
        "planning.pile.search": _("Search the pile"),
        "planning.pile.filters": _("Filter the pile"),
        "planning.pile.filters_on": _("Filter the pile, %(count)s on"),
        "planning.pile.clear": _("Clear filters"),
        "planning.pile.any": _("all"),
        "planning.pile.skill": _("Skill"),
        "planning.pile.area": _("Area"),
        "planning.pile.type": _("Type"),
        "planning.pile.at_risk": _("At risk only"),
        "planning.pile.at_risk_more": _("Less than 4 hours of the response target left, or none"),
        "planning.pile.absent": _("absent x%(count)s"),
        "planning.pile.no_position": _("No position on the map: travel cannot be told"),
        "planning.pile.wish": _("The customer would like:"),
        "planning.pile.waits": _("Waits for:"),
        "planning.pile.waits_until": _("%(what)s until %(day)s"),
        "planning.pile.by": _("by %(time)s"),
        "planning.pile.left": _("%(time)s left"),
        "planning.pile.overdue": _("%(time)s overdue"),
        "planning.pile.choose": _("Choose %(number)s"),
        "planning.pile.first": _("The first %(count)s of %(all)s. A filter shows the others."),
        "planning.pile.none_found": _("Nothing matches the filter"),
        "planning.pile.none_to_plan": _("Nothing to plan."),
        "planning.pile.none_to_plan_more": _("New orders without a technician come here."),
        "planning.pile.none_waiting": _("Nothing is waiting."),
        "planning.pile.none_waiting_more": _(
            "Orders that wait for a part, the customer or the weather stand here until their day."
        ),
        "planning.pile.takes": _("Drop here to unplan"),
        "planning.pile.chosen": _("%(count)s chosen"),
        "planning.pile.choose_none": _("Choose none"),
        "planning.pile.auto_plan": _("Auto-plan these"),
        "planning.pile.key_space": _("Space"),
        "planning.pile.pick": _("pick up"),
        "planning.pile.suggest": _("suggest"),
        "planning.pile.best": _("plan"),
    }


def _suggestion_texts() -> dict[str, str]:
    return {
        "planning.panel.close": _("Close"),
        "planning.suggest.title": _("Suggestions"),
        "planning.suggest.asking": _("Looking for the best slots…"),
        "planning.suggest.nobody": _("Nobody has a free slot of this length within two weeks."),
        "planning.suggest.best": _("Best"),
        "planning.suggest.plan": _("Plan"),
        "planning.suggest.plan_with": _("with %(name)s, %(slot)s"),
        "planning.suggest.more": _("More"),
        "planning.suggest.show_day": _("Show this day"),
        "planning.suggest.extra": _("Extra driving"),
        "planning.suggest.there": _("Drive there"),
        "planning.suggest.onward": _("Drive on"),
        "planning.suggest.wait": _("Waits before"),
        "planning.suggest.skills": _("Skills"),
        "planning.suggest.skills_all": _("has what is needed"),
        "planning.suggest.target": _("Response target"),
        "planning.suggest.promise": _("Promise"),
        "planning.suggest.wish": _("Wish"),
        "planning.suggest.known": _("Customer"),
        "planning.suggest.known_yes": _("has been there before"),
        "planning.suggest.known_no": _("new to this technician"),
        "planning.suggest.from_home": _("from home"),
        "planning.suggest.from_visit": _("from the visit before"),
        "planning.suggest.kilometres": _("%(count)s km"),
        "planning.suggest.to_spare": _("%(time)s to spare"),
        "planning.suggest.too_late": _("%(time)s too late"),
        "planning.suggest.soonest": _("Nearest and free soonest"),
        "planning.suggest.soonest_ask": _("Who could go now?"),
        "planning.suggest.nobody_soon": _("Nobody could go within a day."),
        "planning.suggest.free_now": _("Free now"),
        "planning.suggest.free_at": _("Free at %(time)s"),
        "planning.suggest.drive": _("%(time)s travel"),
        "planning.suggest.would_move": _("Would have to move:"),
        "planning.suggest.pinned": _("pinned"),
        "planning.suggest.why_not": _("Why not this technician?"),
        "planning.suggest.why_not_who": _("Type a name"),
    }


def _question_texts() -> dict[str, str]:
    return {
        "planning.ask.minutes": _("%(count)s min"),
        "planning.ask.hours": _("%(count)s h"),
        "planning.ask.days": _("%(count)s d"),
        "planning.ask.refused": _("This cannot be planned like that"),
        "planning.ask.asks": _("Plan it all the same?"),
        "planning.ask.broken": _("The customer was promised another time"),
        "planning.ask.meant": _("%(order)s with %(technician)s, %(slot)s"),
        "planning.ask.refuses": _("Refused:"),
        "planning.ask.warns": _("Warning:"),
        "planning.ask.instead": _("Instead, the cheapest first"),
        "planning.ask.back": _("Put back"),
        "planning.ask.anyway": _("Plan anyway"),
        "planning.ask.promised": _("Arrival was promised for %(slot)s to %(whom)s."),
        "planning.ask.what_now": _("What about the promise?"),
        "planning.ask.call": _("I will call"),
        "planning.ask.call_more": _(
            "The promise stays; a note on the order says who is to be called."
        ),
        "planning.ask.anew": _("Promise anew"),
        "planning.ask.anew_more": _("The customer knows the new time already."),
        "planning.ask.keep": _("Keep the promise"),
        "planning.ask.keep_more": _("The visit stands outside it, and every screen shows that."),
        "planning.ask.day": _("Day"),
        "planning.ask.from": _("From"),
        "planning.ask.to": _("To"),
        "planning.ask.wrong": _("Type a day, and an end that is later than the beginning."),
        "planning.ask.go": _("Plan"),
    }


def _visit_texts() -> dict[str, str]:
    return {
        "planning.visit.slot": _("Slot"),
        "planning.visit.technician": _("Technician"),
        "planning.visit.helps": _("Helps"),
        "planning.visit.helpers": _("Helpers"),
        "planning.visit.promised": _("Promised"),
        "planning.visit.target": _("Response target"),
        "planning.visit.late": _("Late"),
        "planning.visit.travel": _("Travel to it"),
        "planning.visit.departed": _("Departed"),
        "planning.visit.arrived": _("Arrived"),
        "planning.visit.closed": _("Closed"),
        "planning.visit.overlap": _("Overlap"),
        "planning.visit.overlap_yes": _("allowed on purpose"),
        "planning.visit.seen": _("Seen"),
        "planning.visit.seen_at": _("by the technician, %(time)s"),
        "planning.visit.seen_not": _("not yet by the technician"),
        "planning.visit.pin": _("Pinned to its slot"),
        "planning.visit.pin_more": _("Auto-plan and suggestions leave it where it is."),
        "planning.visit.pinned": _("%(number)s is pinned"),
        "planning.visit.unpinned": _("%(number)s is not pinned any more"),
        "planning.visit.suggest": _("Suggest another slot"),
        "planning.visit.replan": _("Re-plan…"),
        "planning.visit.unplan": _("Unplan"),
        "planning.visit.unplanned": _("%(number)s is to be planned again."),
        "planning.visit.open": _("Open order"),
        "planning.visit.menu": _("Actions"),
    }
