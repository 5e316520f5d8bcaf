"""What will fail tomorrow, or on any other day, with what mends it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.kernel import checks
from callout.kernel.checks import Wrong
from callout.kernel.errors import Invalid
from callout.orders.selectors.when import When
from callout.planning.fit.failing import Mend
from callout.planning.tomorrow import Check, Failure, day_check
from callout.web.access import ActorRequest, manager_page
from callout.web.ui.addresses import address

FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Line:
    """A failure with its addresses."""

    failure: Failure
    url: str
    technician_url: str
    mend: str
    mend_url: str


@manager_page
def tomorrow_page(request: ActorRequest) -> HttpResponseBase:
    """The day's failures, grouped by kind."""
    found = day_check(actor=request.actor, day=_asked(request))
    context = {
        "nav": "planning",
        "check": found,
        "heading": _heading(found),
        "summary": _summary(found),
        "nothing": _nothing(found),
        "before": _url(found, -1),
        "after": _url(found, 1),
        "days": _days(found),
        "groups": [
            {
                "kind": group.kind,
                "label": group.label,
                "hard": group.hard,
                "lines": [_line(one) for one in group.failures],
            }
            for group in found.groups
        ],
    }
    return render(request, "office/planning/tomorrow.html", context)


def _asked(request: ActorRequest) -> date | None:
    try:
        found: date | None = checks.day()(request.GET.get("day", ""))
    except Wrong as wrong:
        raise Invalid({"day": [str(wrong)]}) from wrong
    return found


def _heading(found: Check) -> str:
    if found.day == found.today + timedelta(days=1):
        return _("Tomorrow check")
    return _("Check of a day")


def _nothing(found: Check) -> str:
    if found.day == found.today + timedelta(days=1):
        return _("Nothing will fail tomorrow")
    return _("Nothing will fail that day")


def _summary(found: Check) -> str:
    visits = ngettext("%(count)d visit looked at", "%(count)d visits looked at", found.visits)
    fails = ngettext("%(count)d thing to mend", "%(count)d things to mend", found.count)
    return " · ".join((fails % {"count": found.count}, visits % {"count": found.visits}))


def _url(found: Check, days: int) -> str:
    """The page of a day near the one shown, "" beyond the ends of time."""
    day = found.day + timedelta(days=days)
    return f"{address('office:planning_tomorrow')}?day={day}" if FIRST <= day <= LAST else ""


def _days(found: Check) -> list[dict[str, Any]]:
    """Today, tomorrow, and the next working day where that is another."""
    tomorrow, base = found.today + timedelta(days=1), address("office:planning_tomorrow")
    words = {found.today: _("Today"), tomorrow: _("Tomorrow")}
    if found.working_day not in words:
        shown = {"day": When().day(found.working_day)}
        words[found.working_day] = _("Next working day, %(day)s") % shown
    return [
        {
            "label": label,
            "url": base if day == tomorrow else f"{base}?day={day}",
            "current": day == found.day,
        }
        for day, label in words.items()
    ]


def _line(one: Failure) -> Line:
    order = address("office:order", number=one.bare_number)
    urls = {
        "site": address("office:site_edit", site_id=one.site_id),
        "customer": address("office:customer_edit", customer_id=one.customer_id),
    }
    technician = one.technician_id
    return Line(
        failure=one,
        url=order,
        technician_url=address("office:technician", technician_id=technician) if technician else "",
        mend=mend_label(one.mend),
        mend_url=urls.get(one.mend, order),
    )


def mend_label(mend: Mend) -> str:
    """What the button that mends it is called."""
    return {
        "replan": _("Re-plan"),
        "promise": _("Call, or promise anew"),
        "site": _("Place the site"),
        "customer": _("Add a phone"),
        "plan": _("Plan"),
        "close": _("Close or re-plan"),
    }[mend]
