"""A day of an optimisation as it is drawn."""

from callout.accounts.zone import today
from callout.kernel import clock
from callout.routing.building import build
from callout.routing.drawing import optimisation_drawn
from callout.routing.loading import day_read
from callout.routing.proposing import beside
from callout.routing.running import lunch_rule
from tests.routing.world import Town, on, optimised


def test_what_is_over_is_drawn_on_both_sides_before_what_is_to_come(town: Town) -> None:
    with clock.freeze(on(7)):
        done = town.planned(8, 3, start=on(8, today()))
        later = town.planned(14, 2, start=on(14, today()))
    with clock.freeze(on(8.5)):
        town.begun(done)
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


def test_a_day_under_way_is_driven_from_where_they_are(town: Town) -> None:
    """Home is behind them: what is still to drive is from the visit under way to the next, and
    home."""
    with clock.freeze(on(7)):
        begun = town.planned(8, 30, start=on(8, today()))
        town.planned(14, 30, start=on(14, today()))
        whole = optimised(town, days=(today(),)).figures
    with clock.freeze(on(8.5)):
        town.begun(begun)
        told = optimised(town, days=(today(),)).figures
    there_and_home = whole["before"]["driving_minutes"]
    for side in ("before", "after"):
        assert told[side]["served"] == 2
        assert told[side]["driving_minutes"] == there_and_home // 2


def test_what_is_under_way_counts_while_the_rest_is_looked_for(town: Town) -> None:
    with clock.freeze(on(7)):
        begun = town.planned(8, 30, start=on(8, today()), priority="urgent")
        town.planned(14, 30, start=on(14, today()))
    with clock.freeze(on(8.5)):
        town.begun(begun)
        asked = town.asked(days=(today(),))
        read = day_read(town.els, asked)
        built = build(read, asked, change_cost=0, lunch=lunch_rule())
        assert len(built.problem.orders) == 1
        assert beside(read, asked, built) == (1, 1)
