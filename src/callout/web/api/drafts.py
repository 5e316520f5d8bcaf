"""Plan drafts: proposals that are worked out, looked at, and applied whole or in part."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from callout.accounts.zone import today
from callout.kernel.errors import Invalid
from callout.planning.drafts import making, selectors
from callout.planning.drafts.applying import draft_apply
from callout.planning.drafts.undoing import draft_undo
from callout.planning.models import PlanDraft
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.draft_shapes import (
    ApplyBody,
    DraftBody,
    DraftDetailOut,
    DraftList,
    DraftOut,
    draft_shown,
    head,
)
from callout.web.api.kinds import (
    Query,
    Window,
)
from callout.web.api.versions import TAKES_VERSION
from callout.web.api.writing import changed, found, version_sent

router = Router(tags=["Planning"])
PLACE = "/planning/drafts"
ONE = f"{PLACE}/{{uuid:draft_id}}"


@router.get(PLACE, auth=manager_only, response=DraftList, summary="Find plan drafts")
def drafts_find(request: ApiRequest, window: Query[Window]) -> HttpResponse:
    """Managers only; the newest first."""
    page = selectors.draft_list(actor=request.auth, cursor=window.cursor, limit=window.limit)
    return found(DraftList(items=[DraftOut(**head(one)) for one in page.items], next=page.next))


@router.post(
    PLACE, auth=manager_only, response={201: DraftDetailOut}, summary="Make a plan draft"
)  # fmt: skip
def draft_make(request: ApiRequest, body: DraftBody) -> HttpResponse:
    """Managers only. It comes back `making`; a job fills it. Nothing is planned until it is
    applied."""

    def work() -> DraftDetailOut:
        return _read(request, _made(request, body).pk)

    return changed(request, work, status=201, place=f"/api/v1{PLACE}")


def _made(request: ApiRequest, body: DraftBody) -> PlanDraft:
    if body.kind == "absence":
        _unused(body, {"first", "days", "order_ids", "technician_ids", "team_id", "area_id"})
        _unused(body, {"replan", "keep_day"})
        return making.draft_absence(
            actor=request.auth,
            absence_id=body.absence_id,
            technician_id=body.technician_id,
            start=body.start,
            end=body.end,
        )
    _unused(body, {"absence_id", "technician_id", "start", "end"})
    return making.draft_auto_plan(
        actor=request.auth,
        first=body.first or today(),
        days=body.days,
        order_ids=body.order_ids,
        technician_ids=body.technician_ids,
        team_id=body.team_id,
        area_id=body.area_id,
        replan=body.replan,
        keep_day=body.keep_day,
    )


def _unused(body: DraftBody, names: set[str]) -> None:
    """What says nothing to this kind is refused, never ignored."""
    sent = sorted(body.model_fields_set & names)
    if sent:
        raise Invalid({name: [_("A draft of this kind does not take it.")] for name in sent})


@router.get(ONE, auth=manager_only, response=DraftDetailOut, summary="Read a plan draft")
def draft_read(request: ApiRequest, draft_id: UUID) -> HttpResponse:
    """Managers only."""
    return found(_read(request, draft_id))


@router.post(
    f"{ONE}/apply", auth=manager_only, response=DraftDetailOut, summary="Apply a plan draft",
    openapi_extra=TAKES_VERSION,
)  # fmt: skip
def draft_do(request: ApiRequest, draft_id: UUID, body: ApplyBody) -> HttpResponse:
    """Managers only. All of it, or some. What changed meanwhile is refused and says why in its
    move; the rest stands. 409 where nothing is left to be applied, and `asks_plan` where visits
    leave what was promised, until `promise` or
    `promises_anew` says what becomes of it."""

    def work() -> object:
        return draft_apply(
            actor=request.auth,
            draft_id=draft_id,
            technician_ids=body.technician_ids,
            move_ids=body.move_ids,
            promise=body.promise,
            promises_anew={
                one.move_id: (one.promise_from, one.promise_to) for one in body.promises_anew
            },
            version=version_sent(request, required=False),
        )

    return _answered(request, draft_id, work)


@router.post(
    f"{ONE}/undo", auth=manager_only, response=DraftDetailOut, summary="Undo a plan draft",
    openapi_extra=TAKES_VERSION,
)  # fmt: skip
def draft_take_back(request: ApiRequest, draft_id: UUID) -> HttpResponse:
    """Managers only. All that was applied, as one; an order on which something was done since
    stays."""
    return _turned(request, draft_id, draft_undo)


@router.post(
    f"{ONE}/stop", auth=manager_only, response=DraftDetailOut, summary="Stop making a plan draft",
    openapi_extra=TAKES_VERSION,
)  # fmt: skip
def draft_halt(request: ApiRequest, draft_id: UUID) -> HttpResponse:
    """Managers only. What was found so far is the draft; its moves come within a second."""
    return _turned(request, draft_id, making.draft_stop)


@router.post(
    f"{ONE}/drop", auth=manager_only, response=DraftDetailOut, summary="Drop a plan draft",
    openapi_extra=TAKES_VERSION,
)  # fmt: skip
def draft_let_go(request: ApiRequest, draft_id: UUID) -> HttpResponse:
    """Managers only. Nothing of it is applied, or nothing more."""
    return _turned(request, draft_id, making.draft_drop)


def _turned(request: ApiRequest, draft_id: UUID, service: Any) -> HttpResponse:
    version = version_sent(request, required=False)
    return _answered(
        request,
        draft_id,
        lambda: service(actor=request.auth, draft_id=draft_id, version=version),
    )


def _answered(request: ApiRequest, draft_id: UUID, service: Callable[[], object]) -> HttpResponse:
    def work() -> DraftDetailOut:
        service()
        return _read(request, draft_id)

    return changed(request, work, current=lambda: _read(request, draft_id))


def _read(request: ApiRequest, draft_id: UUID) -> DraftDetailOut:
    return draft_shown(selectors.draft_detail(actor=request.auth, draft_id=draft_id))
