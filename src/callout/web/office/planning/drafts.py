"""Drafts of plans: the list, and the one screen on which each is looked at, applied, dropped."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from callout.kernel.checks import id_if_any
from callout.kernel.errors import Invalid, Refused, Stale
from callout.orders.selectors.when import When
from callout.planning.drafts import applying, making, selectors, undoing
from callout.planning.fit.person import Interval
from callout.planning.models import DraftKind, DraftState, MoveState, PlanDraft, PlanMove
from callout.web.access import ActorRequest, manager_page
from callout.web.office.plain import piece_again
from callout.web.office.planning.draft_forms import AnewForm
from callout.web.office.planning.draft_shown import (
    STATE_ICONS,
    draft_shown,
    draft_span,
    draft_title,
    state_words,
)
from callout.web.once import Facts, once


@require_GET
@manager_page
def drafts_page(request: ActorRequest) -> HttpResponseBase:
    """All drafts, the newest first; or those to decide about (`state=open`)."""
    to_decide = request.GET.get("state") == "open"
    cursor = request.GET.get("cursor") or None
    page = selectors.draft_list(actor=request.actor, to_decide=to_decide, cursor=cursor)
    when = When()
    rows = [
        {
            "draft": draft,
            "title": draft_title(draft),
            "span": draft_span(draft, when),
            "made": when.moment(draft.created_at),
            "state": state_words(draft.state),
            "icon": STATE_ICONS[DraftState(draft.state)],
            "counts": _counted(draft),
        }
        for draft in page.items
    ]
    context = {
        "nav": "planning",
        "rows": rows,
        "next": page.next,
        "cursor": cursor,
        "to_decide": to_decide,
        "all_url": reverse("office:plan_drafts"),
    }
    return render(request, "office/planning/drafts.html", context)


def _counted(draft: PlanDraft) -> str:
    """How many of its moves stand how, in words."""
    told = [
        (MoveState.PROPOSED, _("%(count)d proposed")),
        (MoveState.APPLIED, _("%(count)d applied")),
        (MoveState.REFUSED, _("%(count)d refused")),
        (MoveState.UNPLACED, _("%(count)d stay")),
    ]
    counts = [(words, getattr(draft, f"{state.value}_count")) for state, words in told]
    return ", ".join(words % {"count": count} for words, count in counts if count)


@require_GET
@manager_page
def draft_page(request: ActorRequest, draft_id: UUID) -> HttpResponseBase:
    """What moves, who is touched, which promises, the driving before and after, what stays."""
    detail = selectors.draft_detail(actor=request.actor, draft_id=draft_id)
    context = {"nav": "planning", "detail": detail, "draft": detail.draft}
    context |= draft_shown(detail, When())
    if detail.draft.kind == DraftKind.ROUTES and not detail.draft.is_awaited:
        first = detail.draft.parameters["days"][0]
        context["map_url"] = f"{reverse('office:map')}?from={first}&to={first}&draft={draft_id}"
    return render(request, "office/planning/draft.html", context)


@require_GET
@manager_page
def draft_progress(request: ActorRequest, draft_id: UUID) -> HttpResponseBase:
    """How far it is; the draft itself once it is made."""
    draft = selectors.draft_head(actor=request.actor, draft_id=draft_id)
    if not draft.is_awaited:
        return piece_again()
    return render(request, "office/planning/draft_progress.html", {"draft": draft})


LEFT: dict[str, applying.LeftPromise] = {"keep": "keep", "call": "call"}


@require_POST
@manager_page
def draft_apply(request: ActorRequest, draft_id: UUID) -> HttpResponseBase:
    """What is ticked, of everybody or of the technician whose button it was."""
    technicians = _technicians(request.POST.get("technician", ""))
    moves = [found for one in request.POST.getlist("move") if (found := id_if_any(one))]
    promise = LEFT.get(request.POST.get("promise", ""))

    def work() -> None:
        if not moves:
            raise Refused(_("Tick what is to be applied."), code="nothing_chosen")
        applying.draft_apply(
            actor=request.actor,
            draft_id=draft_id,
            technician_ids=technicians,
            move_ids=moves,
            promise=promise,
            promises_anew=_anew(request, moves),
        )

    return _done(request, draft_id, work, _("Applied."), lambda move: move.pk in moves)


def _anew(request: ActorRequest, moves: list[UUID]) -> dict[UUID, Interval]:
    """What was promised anew, of those that are ticked."""
    ticked = {str(one) for one in moves} & set(request.POST.getlist("anew"))
    found: dict[UUID, Interval] = {}
    for one in ticked:
        said = AnewForm(request.POST, prefix=one).interval()
        if said is None:
            raise Invalid({"promise": [_("Say from when to when you promise the arrival.")]})
        found[UUID(one)] = said
    return found


@require_POST
@manager_page
def draft_undo(request: ActorRequest, draft_id: UUID) -> HttpResponseBase:
    """All of it taken back, as one."""

    def work() -> None:
        undoing.draft_undo(actor=request.actor, draft_id=draft_id)

    applied = MoveState.APPLIED  # what was to be undone and could not be is so still
    return _done(
        request,
        draft_id,
        work,
        _("Undone: all is as it was before."),
        lambda move: move.state == applied,
        in_part=_("Undone."),
    )


@require_POST
@manager_page
def draft_stop(request: ActorRequest, draft_id: UUID) -> HttpResponseBase:
    """What was found so far is enough."""

    def work() -> None:
        making.draft_stop(actor=request.actor, draft_id=draft_id)

    return _done(request, draft_id, work, _("Stopped. What was found so far is kept."))


@require_POST
@manager_page
def draft_drop(request: ActorRequest, draft_id: UUID) -> HttpResponseBase:
    """Nothing (more) of it is done."""

    def work() -> None:
        making.draft_drop(actor=request.actor, draft_id=draft_id)

    return _done(request, draft_id, work, _("Dropped."))


def _done(
    request: ActorRequest,
    draft_id: UUID,
    change: Callable[[], None],
    said: str,
    asked: Callable[[PlanMove], bool] = lambda _move: False,
    in_part: str = "",
) -> HttpResponseBase:
    """The draft's page again, with what became of the press, and of what it asked for that could
    not be: an earlier refusal is told where it stands."""

    def work() -> Facts:
        change()
        detail = selectors.draft_detail(actor=request.actor, draft_id=draft_id)
        moves = [*detail.unplaced, *(move for share in detail.shares for move in share.moves)]
        return {"refused": sum(bool(move.refusal) and asked(move) for move in moves)}

    try:
        facts = once(request, request.actor, work)
    except (Invalid, Refused, Stale) as error:
        messages.error(request, error.message)
    else:
        if count := facts["refused"]:
            words = ngettext(
                "%(count)d could not be: it says why.",
                "%(count)d could not be: each says why.",
                count,
            )
            messages.warning(request, f"{in_part or said} {words % {'count': count}}")
        else:
            messages.success(request, said)
    return redirect(reverse("office:plan_draft", args=[draft_id]))


def _technicians(given: str) -> list[UUID] | None:
    """Whose button it was, None for that of all. What is no id is nobody's: never all of them."""
    found = id_if_any(given)
    return None if not given else [found] if found else []
