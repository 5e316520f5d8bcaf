from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from callout.accounts.zone import today
from callout.orders.selectors.when import When
from callout.planning.tomorrow import day_check
from callout.web.access import ActorRequest, manager_page
from callout.web.office.home.chart import BAR, chart_shown
from callout.web.office.home.figures import figures_shown


@require_safe
@manager_page
def home_page(request: ActorRequest) -> HttpResponse:
    """The day in figures, what needs a decision, the last weeks."""
    context = {
        "nav": "home",
        "heading": When().heading(today()),
        "figures": figures_shown(request.actor),
        "chart": chart_shown(request.actor),
        "bar": BAR,
    }
    return render(request, "office/home/home.html", context)


@require_safe
@manager_page
def home_figures(request: ActorRequest) -> HttpResponse:
    """The figures alone, fetched again when something changed."""
    context = {"figures": figures_shown(request.actor)}
    return render(request, "office/home/figures.html", context)


@require_safe
@manager_page
def home_check(request: ActorRequest) -> HttpResponse:
    """How much will fail tomorrow. It judges every visit of a day, so the page does not wait."""
    found = day_check(actor=request.actor)
    return render(request, "office/home/check.html", {"count": found.count})
