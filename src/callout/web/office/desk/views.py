from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from callout.fieldwork.models import LateReport
from callout.fieldwork.selectors.desk import desk, desk_count
from callout.fieldwork.services.deciding import late_report_decide
from callout.kernel.errors import Invalid, Refused, Stale
from callout.orders.services import note_put_away
from callout.web.access import ActorRequest, manager_page
from callout.web.office.desk.shown import desk_shown
from callout.web.office.plain import (
    back_at,
    chosen_id,
    gone_to,
    next_of,
    version_of,
    versioned_deed,
)
from callout.web.once import Facts, once


@require_safe
@manager_page
def desk_page(request: ActorRequest) -> HttpResponse:
    """What came too late, what is held, what phones still have, and what was decided lately."""
    shown = desk_shown(desk(actor=request.actor), chosen_id(request, "at"))
    context = {"nav": "", **shown}
    return render(request, "office/desk/desk.html", context)


@require_safe
@manager_page
def desk_count_part(request: ActorRequest) -> HttpResponse:
    """How much lies on the desk, for the frame of every page."""
    return render(request, "office/desk/count.html", {"count": desk_count(actor=request.actor)})


@require_POST
@manager_page
def report_decide(request: ActorRequest, report_id: UUID) -> HttpResponseBase:
    """It happened, or it is kept as a note: once, and said to the technician."""
    version = version_of(request)
    decision = request.POST.get("decision", "")

    def decide() -> Facts:
        done = late_report_decide(
            actor=request.actor,
            report_id=report_id,
            decision=decision,
            finishes=request.POST.get("finishes") == "yes",
            note=request.POST.get("note", ""),
            version=version,
        )
        return {"left": len(done.left_out), "why": [words for _action, words in done.left_out][:3]}

    try:
        facts = once(request, request.actor, decide)
    except (Invalid, Refused, Stale) as error:
        messages.error(request, error.message)
        return gone_to(request, back_at(reverse("office:desk"), report_id))
    else:
        messages.success(request, _said(decision))
        if facts["left"]:
            messages.warning(request, _left(facts))
    return gone_to(request, back_at(reverse("office:desk"), next_of(request, report_id)))


@require_POST
@manager_page
def note_off_desk(request: ActorRequest, note_id: UUID) -> HttpResponseBase:
    """A note to the office was read: it leaves the desk, and stays on its order."""
    return versioned_deed(
        request,
        note_put_away,
        note_id=note_id,
        back=back_at(reverse("office:desk"), next_of(request, note_id)),
        said=_("Put away. It stays on its order."),
    )


def _said(decision: str) -> str:
    if decision == LateReport.HAPPENED:
        return _("Entered. The technician sees it.")
    return _("Kept. The technician sees it.")


def _left(facts: Facts) -> str:
    count: int = facts["left"]
    words = ngettext(
        "%(count)d entry could not be taken over: %(why)s",
        "%(count)d entries could not be taken over: %(why)s",
        count,
    )
    return words % {"count": count, "why": " ".join(facts["why"])}
