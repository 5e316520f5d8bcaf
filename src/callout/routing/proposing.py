"""From the engine's plan to the moves of a draft: timed, judged by planning, told in words."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from callout.planning.drafts.thinking import Worked, move_held
from callout.planning.fit.cost import cost
from callout.planning.fit.driving import day_way
from callout.planning.fit.explain import judged
from callout.planning.fit.person import Fit, Person, day_of
from callout.planning.fit.suggest import why
from callout.planning.models import LONG, MoveState, PlanMove
from callout.routing.asked import Asked
from callout.routing.building import Built
from callout.routing.engine.evaluate import evaluate
from callout.routing.engine.problem import Plan
from callout.routing.engine.reasons import reasons
from callout.routing.figures import Ways, compared, minutes, served
from callout.routing.loading import Read, Work
from callout.routing.settling import BARRED, DRIVEN, WISHED, Settled, Slot, settled
from callout.routing.timing import timed
from callout.routing.words import Unserved, unserved_words
from callout.travel.estimate import Place


def proposed(read: Read, asked: Asked, built: Built, plan: Plan) -> Worked:
    """All of it: what moves and where to, what stays and why, the days before and after."""
    verdict = evaluate(built.problem, plan)
    if not verdict.feasible:
        raise RuntimeError(f"a plan that cannot be driven: {verdict.faults[:3]}")
    slots = _slots(built, plan)
    found = settled(
        read.people,
        built.works,
        {key: slot for key, slot in slots.items() if _moves(built.works[key], slot)},
        now=read.now,
        zone=read.days.zone,
        bars=frozenset(BARRED | DRIVEN if asked.relax_wishes else BARRED | DRIVEN | WISHED),
    )
    before = {one.id: one for one in read.people}
    stays = _stays(built, plan, found)
    moves = [_proposal(read, before, found, built.works[key], key) for key in _in_order(found)]
    moves += [_unplaced(read.works[key], told) for key, told in stays.items()]
    ways = Ways(built.drives, _origins(built))
    figures = compared(
        before, found.people, read.works, found.moves, asked.days, ways, gone(read, asked)
    )
    if read.book is not None:
        both = (*before.values(), *found.people.values())
        read.book.keep(day_way(one, day) for one in both for day in asked.days)
    figures["unserved"] = {key: told.remedy for key, told in stays.items() if told.remedy}
    figures["left_out"] = [
        {"technician_id": one.key.partition(":")[0], "code": one.code, "words": one.words}
        for one in built.left_out
        if one.kind == "technician"
    ]
    return Worked(moves, minutes(before, found.people, asked.days, ways), figures)


def gone(read: Read, asked: Asked) -> set[tuple[UUID, date]]:
    """Who is not there any more, and that it is today."""
    return {(one, day_of(read.now, read.days.zone)) for one in asked.out}


def beside(read: Read, asked: Asked, built: Built) -> tuple[int, int]:
    """How many visits are served that the engine knows nothing of, since they are under way or
    somebody takes no part; and how many of them are urgent."""
    known = {one.id.partition(":")[0] for one in built.problem.orders}
    keys = served(read.people, asked.days, gone(read, asked)).keys() - known
    return len(keys), sum(key in read.works and read.works[key].urgent for key in keys)


def _origins(built: Built) -> dict[tuple[UUID, date], Place]:
    """Where each day that is under way goes on from."""
    return {
        (one.person.id, one.day): one.origin
        for one in built.shifts.values()
        if one.is_current and one.origin is not None
    }


def _slots(built: Built, plan: Plan) -> dict[str, Slot]:
    """Of all that is served, but for what is fixed."""
    found = {}
    for key, (who, start) in timed(built.problem, plan.routes).items():
        if key not in built.problem.fixed:
            begin = built.zero + timedelta(seconds=start)
            shift = built.shifts[who]
            found[key] = Slot(shift.person.id, begin, begin + built.works[key].job.duration)
    return found


def _moves(work: Work, slot: Slot) -> bool:
    visit = work.visit
    return visit is None or (visit.technician_id, visit.start) != (slot.technician_id, slot.start)


def _in_order(found: Settled) -> list[str]:
    return sorted(
        found.moves,
        key=lambda key: (str(found.moves[key].technician_id), found.moves[key].start, key),
    )


def _stays(built: Built, plan: Plan, found: Settled) -> dict[str, Unserved]:
    """What is not served, what was barred after all, and what took no part: with why."""
    told = {one.key: Unserved(one.code, one.words) for one in built.left_out if one.kind == "order"}
    for key, reason in found.barred.items():
        told[key] = Unserved(reason.code, reason.words)
    for key, why_not in reasons(built.problem, plan).items():
        told[key] = unserved_words(built, why_not, key)
    return told


def _proposal(
    read: Read, before: Mapping[UUID, Person], found: Settled, work: Work, key: str
) -> PlanMove:
    slot, visit = found.moves[key], work.visit
    move = _move(work)
    move.to_technician_id, move.to_start, move.to_end = slot.technician_id, slot.start, slot.end
    person = found.people[slot.technician_id].without({visit.pk if visit else UUID(key)})
    chosen = judged(Fit(person, work.job, slot.start, slot.end, read.now, read.days.zone))
    move.why = why(chosen)[:LONG]
    move.travel_after = chosen.cost.extra
    if visit is not None and visit.technician_id in before:
        held = before[visit.technician_id].without({visit.pk})
        fit = Fit(held, work.job, visit.start, visit.end, read.now, read.days.zone)
        move.travel_before = cost(fit).extra
    return move


def _unplaced(work: Work, told: Unserved) -> PlanMove:
    move = _move(work)
    move.state = MoveState.UNPLACED
    words = f"{told.words}; {told.remedy}" if told.remedy else told.words
    move.reason_code, move.reason = told.code, words[:LONG]
    return move


def _move(work: Work) -> PlanMove:
    move = PlanMove(order=work.order, order_version=work.order.version)
    if work.visit is not None:
        move_held(move, work.visit)
    return move
