from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from callout.accounts.services import first_steps_put_away
from callout.accounts.zone import today
from callout.backup.selectors import backup_warning
from callout.orders.selectors.first_steps import first_steps
from callout.orders.selectors.when import When
from callout.planning.tomorrow import day_check
from callout.web.access import ActorRequest, manager_page
from callout.web.office.home.chart import BAR, chart_shown
from callout.web.office.home.figures import figures_shown
from callout.web.office.home.steps import steps_shown


@require_safe
@manager_page
def home_page(request: ActorRequest) -> HttpResponse:
    """The day in figures, what needs a decision, the last weeks."""
    context = {
        "nav": "home",
        "heading": When().heading(today()),
        **_changing(request),
        **_weeks(request),
        "warning": backup_warning(actor=request.actor),
    }
    return render(request, "office/home/home.html", context)


@require_safe
@manager_page
def home_figures(request: ActorRequest) -> HttpResponse:
    """The figures alone, fetched again when something changed."""
    return render(request, "office/home/figures.html", _changing(request))


@require_safe
@manager_page
def home_weeks(request: ActorRequest) -> HttpResponse:
    """What was completed in the last weeks, fetched again once in a while when orders change."""
    return render(request, "office/home/weeks.html", _weeks(request))


def _weeks(request: ActorRequest) -> dict[str, Any]:
    return {"chart": chart_shown(request.actor), "bar": BAR}


def _changing(request: ActorRequest) -> dict[str, Any]:
    """What a change of anything may change."""
    found = first_steps(actor=request.actor)
    return {
        "figures": figures_shown(request.actor),
        "steps": steps_shown(request.actor, found),
        "left": found.left if found else 0,
    }


@require_POST
@manager_page
def steps_away(request: ActorRequest) -> HttpResponseBase:
    """The first steps are known, or done otherwise."""
    first_steps_put_away(actor=request.actor)
    return redirect("office:home")


@require_safe
@manager_page
def home_check(request: ActorRequest) -> HttpResponse:
    """How much will fail tomorrow. It judges every visit of a day, so the page does not wait."""
    found = day_check(actor=request.actor)
    return render(request, "office/home/check.html", {"count": found.count})
