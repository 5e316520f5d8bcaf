"""A draft in the words of its screen: rows ready to print."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.accounts.zone import day_bounds, local
from callout.orders.numbers import order_number
from callout.orders.priorities import priority_label
from callout.orders.selectors.when import When
from callout.planning.drafts.selectors import DraftDetail, Share
from callout.planning.fit.words import length_words
from callout.planning.models import DraftKind, DraftState, MoveState, PlanDraft, PlanMove

HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Row:
    """One move."""

    id: UUID
    order: str
    bare_number: int
    customer: str
    town: str
    title: str
    priority: str
    priority_label: str
    was: str
    was_who: str
    becomes: str
    becomes_who: str
    why: str
    travel: str
    state: str
    refusal: str
    pinned: bool
    promise: str  # kept, broken or ""
    promised: str
    against: str  # why a dispatcher would perhaps not do it: it is not ticked before
    anew: tuple[str, str, str] | None  # day, from and to, as a promise anew is proposed

    @property
    def can_choose(self) -> bool:
        """Whether it can be switched on and off."""
        return self.state == MoveState.PROPOSED


@dataclass(frozen=True, slots=True)
class Group:
    """A technician with the moves to them."""

    id: UUID
    name: str
    initials: str
    travel: str
    rows: list[Row]
    can_apply: bool


def draft_title(draft: PlanDraft) -> str:
    """What the draft is called."""
    if draft.kind == DraftKind.ABSENCE and draft.technician is not None:
        return _("%(name)s absent") % {"name": draft.technician.name}
    if draft.kind == DraftKind.ROUTES:
        return _("Routes")
    return _("Orders chosen") if draft.parameters.get("replan") else _("Auto-plan")


def draft_span(draft: PlanDraft, when: When) -> str:
    """The time that it is about."""
    asked = draft.parameters
    if draft.kind == DraftKind.ABSENCE:
        start, end = (datetime.fromisoformat(asked[name]) for name in ("start", "end"))
        last = end - timedelta(minutes=1)  # what ends at midnight is of the day before
        if when.time(start) == when.time(end) == "00:00":
            return " – ".join(dict.fromkeys([when.weekday(start), when.weekday(last)]))
        return when.slot_full(start, end)
    if draft.kind == DraftKind.ROUTES:
        begins = (day_bounds(date.fromisoformat(day))[0] for day in asked["days"])
        return ", ".join(map(when.weekday, begins))
    first = day_bounds(date.fromisoformat(asked["first"]))[0]
    days = ngettext("%(count)d day", "%(count)d days", asked["days"]) % {"count": asked["days"]}
    return _("%(days)s from %(first)s") % {"days": days, "first": when.weekday(first)}


STATE_ICONS = {
    DraftState.MAKING: ("hourglass", ""),
    DraftState.READY: ("circle-check", "plain"),
    DraftState.STOPPED: ("hand-stop", "plain"),
    DraftState.FAILED: ("alert-triangle", "danger"),
    DraftState.APPLIED: ("checks", "fit"),
    DraftState.PARTLY_APPLIED: ("check", "fit"),
    DraftState.DROPPED: ("x", "plain"),
    DraftState.UNDONE: ("arrow-back-up", "plain"),
}


def state_words(state: str) -> str:
    """The state of a draft."""
    return {
        DraftState.MAKING: _("Being made"),
        DraftState.READY: _("To be looked at"),
        DraftState.STOPPED: _("Stopped"),
        DraftState.FAILED: _("Failed"),
        DraftState.APPLIED: _("Applied"),
        DraftState.PARTLY_APPLIED: _("Applied in part"),
        DraftState.DROPPED: _("Dropped"),
        DraftState.UNDONE: _("Undone"),
    }[DraftState(state)]


def draft_shown(detail: DraftDetail, when: When) -> dict[str, Any]:
    """Sums, groups, and what stays."""
    return {
        "title": draft_title(detail.draft),
        "span": draft_span(detail.draft, when),
        "state": state_words(detail.draft.state),
        "state_icon": STATE_ICONS[DraftState(detail.draft.state)],
        "facts": _facts(detail),
        "groups": [_group(share, when) for share in detail.shares if share.moves],
        "relieved": [
            (share.technician.name, _before_after(share.before, share.after))
            for share in detail.shares
            if not share.moves and share.before is not None
        ],
        "unplaced": [_row(move, when) for move in detail.unplaced],
        "left_out": detail.draft.parameters.get("left_out", 0),
        "stays_out": [one["words"] for one in detail.draft.figures.get("left_out", ())],
    }


def _facts(detail: DraftDetail) -> list[dict[str, str]]:
    counts = detail.counts
    told = [
        (_("Proposed"), counts[MoveState.PROPOSED]),
        (_("Applied"), counts[MoveState.APPLIED]),
        (_("Refused"), counts[MoveState.REFUSED]),
        (_("Undone"), counts[MoveState.UNDONE]),
        (_("Dropped"), counts[MoveState.DROPPED]),
        (_("Stay as they are"), counts[MoveState.UNPLACED]),
    ]
    facts = [{"label": label, "value": str(count)} for label, count in told if count]
    people = sum(bool(share.moves) for share in detail.shares)
    facts.append({"label": _("Technicians"), "value": str(people)})
    facts += _routes_facts(detail.draft.figures) or [
        {"label": _("Driving"), "value": _before_after(detail.before, detail.after) or "–"}
    ]
    if detail.promises:
        said = {"kept": detail.promises - detail.promises_broken, "broken": detail.promises_broken}
        facts.append(
            {"label": _("Promises"), "value": _("%(kept)d kept, %(broken)d not kept") % said}
        )
    return facts


def _routes_facts(figures: dict[str, Any]) -> list[dict[str, str]]:
    """Of optimised routes the days as they are and as they would be."""
    if "before" not in figures:
        return []
    before, after = figures["before"], figures["after"]

    def both(name: str) -> str:
        return f"{before[name]} → {after[name]}"

    def length(name: str) -> str:
        return _before_after(before[name], after[name])

    return [
        {"label": _("Visits"), "value": both("served")},
        {"label": priority_label("urgent"), "value": both("urgent_served")},
        {"label": _("Response targets missed"), "value": both("targets_missed")},
        {"label": _("Lateness"), "value": length("lateness_minutes")},
        {"label": _("Driving"), "value": length("driving_minutes")},
        {"label": _("Kilometres"), "value": both("kilometres")},
        {"label": _("Customers whose time moves"), "value": str(figures["customers_moved"])},
        *(
            [{"label": _("Visits with helpers, which stay"), "value": str(helped)}]
            if (helped := figures.get("helped", 0))
            else []
        ),
    ]


def _group(share: Share, when: When) -> Group:
    one = share.technician
    return Group(
        id=one.pk,
        name=one.name,
        initials=one.initials,
        travel=_before_after(share.before, share.after),
        rows=[_row(move, when) for move in share.moves],
        can_apply=share.has_proposals,
    )


def _before_after(before: int | None, after: int | None) -> str:
    if before is None or after is None:
        return ""
    return f"{length_words(timedelta(minutes=before))} → {length_words(timedelta(minutes=after))}"


def _row(move: PlanMove, when: When) -> Row:
    order = move.order
    kept = move.promise_kept
    promised = ""
    if move.promise_from and move.promise_to:
        promised = when.slot_full(move.promise_from, move.promise_to)
    return Row(
        id=move.pk,
        order=order_number(order.number),
        bare_number=order.number,
        customer=order.customer.name,
        town=order.site.town,
        title=order.title,
        priority=order.priority.code,
        priority_label=priority_label(order.priority.code),
        was=_slot(move.from_start, move.from_end, when) or _("to plan"),
        was_who=move.from_technician.name if move.from_technician else "",
        becomes=_slot(move.to_start, move.to_end, when),
        becomes_who=move.to_technician.name if move.to_technician else "",
        why=move.why or ("" if move.to_start else _sentence(move.reason)),
        travel=_travel(move),
        state=move.state,
        refusal=move.refusal,
        pinned=move.pinned,
        promise="" if kept is None else "kept" if kept else "broken",
        promised=promised,
        against=_sentence(move.reason) if move.to_start else "",
        anew=_anew(move) if move.leaves_promise else None,
    )


def _anew(move: PlanMove) -> tuple[str, str, str] | None:
    """A promise as long as the one that is left, a quarter of it before the new time, on the half
    hour: as the board proposes it."""
    start, promise_from, promise_to = move.to_start, move.promise_from, move.promise_to
    if start is None or promise_from is None or promise_to is None:
        return None
    begins = local(start)
    long = max(promise_to - promise_from, HALF_HOUR)
    midnight = begins.replace(hour=0, minute=0, second=0, microsecond=0)
    since = max(begins - long / 4 - midnight, timedelta())
    begin = midnight + since // HALF_HOUR * HALF_HOUR
    end = min(max(begin + long, begins), midnight + timedelta(hours=23, minutes=55))
    return f"{begins:%Y-%m-%d}", f"{begin:%H:%M}", f"{end:%H:%M}"


def _slot(start: datetime | None, end: datetime | None, when: When) -> str:
    return when.slot_full(start, end) if start and end else ""


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _travel(move: PlanMove) -> str:
    """By how much the driving of the two days changes, where that is known."""
    if move.travel_after is None:
        return ""
    minutes = move.travel_after - (move.travel_before or 0)
    # A minus is as wide as a plus; a hyphen is not.
    return f"{'−' if minutes < 0 else '+'}{length_words(timedelta(minutes=abs(minutes)))}"
