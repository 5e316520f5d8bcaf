"""What makes a dispatcher's day hard: each of it is there today, around the moment of loading."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial
from uuid import UUID

from callout.accounts.zone import at, local
from callout.config.demo.days import OVERRUN
from callout.config.demo.load import Place
from callout.config.demo.story import DAY, HOUR, MINUTE, Story
from callout.orders.services import Command, note_add
from callout.workforce.services import absence_create

# Places in people.TECHNICIANS. Those up to 6 have a day told by the story already.
ILL, LIFTS, LIFTS_TOO, RETURNS, INSTALLS = 6, 7, 8, 9, 11
PAYER_OTHER = "Résidence du Parc"
LONG_NAME = "Association des copropriétaires de la Résidence Les Jardins du Bois-Seigneur-Isaac"
LATE_DAY = "Jean-Baptiste Vanderlinden"
BOILERS = "Serristenbond Hoogstraten"


def awkward_tell(story: Story) -> None:
    """All of it; whoever is busy then is left out by the rules themselves."""
    for tell in (
        absent_customer, part_came, lift_for_two, three_days, many_boilers, only_late_in_the_day,
        promise_to_break, payer_and_long_name,
    ):  # fmt: skip
        tell(story)


def illness_load(story: Story) -> None:
    """Half a day's sickness said just now, over visits that stay where they are."""
    start = _now(story) + 2 * HOUR
    absence_create(
        actor=story.demo.managers[0],
        technician_id=story.demo.technicians[ILL][0].pk,
        kind="sickness",
        start=start,
        end=start + 4 * HOUR,
    )


def absent_customer(story: Story) -> None:
    """Nobody opened this morning: the order is back in the pile, flagged."""
    start = _now(story) - 130 * MINUTE
    order = story.new(start - 30 * HOUR)
    story.visit(order, story.demo.technicians[ILL], start, 45, "customer_absent")


def part_came(story: Story) -> None:
    """Handed back for a part some days ago; the second visit is this afternoon."""
    now, person = _now(story), story.demo.technicians[RETURNS]
    first = now - 3 * DAY
    order = story.new(first - 20 * HOUR, _place(story, "Textielhuis Baert"))
    story.visit(order, person, first, 60, "hand_back")
    again = partial(story.plan, order, person[0], now + 90 * MINUTE, 60)
    story.later(now - 5 * HOUR, again)
    said = "De vervangmodule ligt klaar in het magazijn, rek 14."
    story.later(
        now - 5 * HOUR + MINUTE,
        lambda: note_add(
            actor=story.demo.managers[0],
            order_id=story.orders[order],
            text=said,
            kind="technician",
        ),
    )


def lift_for_two(story: Story) -> None:
    """One carries the responsibility, another helps."""
    now, people = _now(story), story.demo.technicians
    place = _place(story, "Residentie De Linde", "Lift")
    text = "Tractiekabels lift vervangen, werk voor twee"
    order = story.new(now - 3 * DAY, place, description=text, priority="high")
    command = Command(
        technician_id=people[LIFTS][0].pk,
        helper_ids=(people[LIFTS_TOO][0].pk,),
        start=now + 5 * HOUR,
        duration_minutes=150,
    )
    story.later(now - DAY, partial(story.act, None, order, "plan", command))


def three_days(story: Story) -> None:
    """An installation that a subcontractor has begun today, and goes on with on two days more."""
    now, (technician, _actor) = _now(story), story.demo.technicians[INSTALLS]
    place = _place(story, "Frigopark Zaventem", "Cold room")
    text = "Nieuwe koelcel 4 plaatsen, drie dagen"
    order = story.new(now - 9 * DAY, place, description=text, type_id=_type(story, "Installation"))
    begun = now - 2 * HOUR
    days = [begun, *(at(day, time(8)) for day in _weekdays(local(now + 12 * HOUR), 2))]
    for number, start in enumerate(days):
        action = "plan_another" if number else "plan"
        command = Command(technician_id=technician.pk, start=start, duration_minutes=480)
        moment = now - 8 * DAY + number * MINUTE
        story.later(moment, partial(story.act, None, order, action, command))
    for action, offset in (("depart", -40), ("arrive", -2), ("start_work", 5)):
        story.later(begun + offset * MINUTE, partial(story.act, None, order, action))


def many_boilers(story: Story) -> None:
    """One visit for all of a site's boilers."""
    place = _place(story, BOILERS)
    boilers = [asset.pk for asset in place[2] if asset.kind == "Gas boiler"]
    story.new(
        _now(story) - 6 * HOUR,
        place,
        description=f"Jaarlijks onderhoud van {len(boilers)} ketels in de serres",
        asset_id=boilers[0],
        more_asset_ids=boilers[1:],
        type_id=_type(story, "Maintenance"),
        priority="normal",
        duration_minutes=420,
    )


def only_late_in_the_day(story: Story) -> None:
    """Somebody who is home after four."""
    story.new(
        _now(story) - 4 * HOUR,
        _place(story, LATE_DAY),
        wish_from=time(16),
        wish_to=time(20),
        description="Chaudière bruyante au démarrage\nSeulement après 16h00.",
    )


def promise_to_break(story: Story) -> None:
    """Promised within the half hour, to be kept by who still works on what was before."""
    now, (technician, _actor) = _now(story), story.demo.technicians[OVERRUN]
    order = story.new(now - 20 * HOUR, priority="high")
    command = Command(
        technician_id=technician.pk,
        start=now - 15 * MINUTE,
        duration_minutes=60,
        promise_from=now - HOUR,
        promise_to=now + 25 * MINUTE,
    )
    story.later(now - 18 * HOUR, partial(story.act, None, order, "plan", command))


def payer_and_long_name(story: Story) -> None:
    """Who lives there does not pay; who lives there has a name that fits nowhere."""
    now = _now(story)
    story.new(now - 3 * HOUR, _place(story, PAYER_OTHER), charge="chargeable")
    story.new(now - 2 * HOUR, _place(story, LONG_NAME))


# --- where and when ---


def _now(story: Story) -> datetime:
    now = story.demo.now.replace(second=0, microsecond=0)
    return now - now.minute % 15 * MINUTE


def _place(story: Story, customer: str, kind: str = "") -> Place:
    """The first site of a customer, with no more than its equipment of this kind."""
    client, site, assets, contact, kinds = next(
        place for place in story.demo.places if place[0].name == customer
    )
    fitting = [asset for asset in assets if not kind or asset.kind == kind]
    return client, site, fitting, contact, kinds


def _type(story: Story, name: str) -> UUID:
    return story.demo.types[name].pk


def _weekdays(after: datetime, count: int) -> Iterator[datetime]:
    day = after
    while count:
        day += timedelta(days=1)
        if day.weekday() < 5:
            count -= 1
            yield day
