"""A day of an optimisation as it is drawn."""

from callout.accounts.zone import today
from callout.kernel import clock
from callout.routing.drawing import optimisation_drawn
from tests.routing.world import Town, on, optimised


def test_what_is_over_is_drawn_on_both_sides_before_what_is_to_come(town: Town) -> None:
    with clock.freeze(on(7)):
        done = town.planned(8, 3, start=on(8, today()))
        later = town.planned(14, 2, start=on(14, today()))
    with clock.freeze(on(8.5)):
        for action in ("depart", "arrive", "start_work"):
            town.company.act(town.company.anna, done, action, visit_id=done.visit_id)
    with clock.freeze(on(9.5)):
        town.company.act(town.company.anna, done, "complete", visit_id=done.visit_id)
        draft = optimised(town, days=(today(),))
        drawn = optimisation_drawn(actor=town.els, draft_id=draft.pk)
    for side in (drawn.before, drawn.after):
        (route,) = (one for one in side if one.technician_id == town.anna_id)
        assert [(stop.nth, stop.order.pk, stop.ended) for stop in route.stops] == [
            (1, done.pk, True), (2, later.pk, False),
        ]  # fmt: skip
        assert [(leg.from_nth, leg.to_nth) for leg in route.legs] == [(0, 1), (1, 2), (2, 0)]
