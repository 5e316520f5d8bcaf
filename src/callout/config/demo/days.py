"""What the demo tells: 400 orders over the last 60 and the next 14 days."""

from datetime import time, timedelta
from functools import partial

from callout.accounts.zone import at, local
from callout.config.demo.story import HOUR, MINUTE, Story

ORDERS, PAST_DAYS, COMING_DAYS = 400, 60, 14
OVERRUN = 3  # whose work takes far longer than its slot
ABSENT = 9  # who has nothing planned in the coming days
HOURS = [time(8, 0), time(10, 15), time(13, 0), time(15, 15)]  # when visits of a day begin


def past(story: Story) -> None:
    """Sixty days of finished work, some of it twisted, and some cancelled."""
    last = local(story.demo.now).date()
    days = [last - timedelta(days=back) for back in range(PAST_DAYS, 0, -1)]
    working = [day for day in days if day.weekday() < 5] or days
    people = [row for row in story.demo.technicians if row[1]][:9]
    slots = [(at(day, hour), person) for day in working for hour in HOURS for person in people]
    for number, (start, person) in enumerate(sorted(story.dice.sample(slots, 262), key=str)):
        order = story.new(start - story.dice.randrange(20, 120) * HOUR)
        ending = "complete"
        if number % 19 == 7:
            ending = "cancel"
        elif number % 23 == 5:
            ending = "customer_absent"
        elif number % 29 == 3:
            ending = "hand_back"
        story.visit(order, person, start, 60 + 15 * story.dice.randrange(3), ending)
        if ending in ("customer_absent", "hand_back"):
            story.second_try(order, start, number)


def today(story: Story) -> None:
    """Around now, whatever the hour: work in every status, something late, some people free."""
    now = story.demo.now.replace(second=0, microsecond=0)
    now -= now.minute % 15 * MINUTE
    people = [row for row in story.demo.technicians if row[1]]
    stops_at = ["en_route", "en_route", "on_site", "working", "working", "break", "planned"]
    for place, person in enumerate(people[:7]):
        overruns = place == OVERRUN
        for hours in (-6,) if overruns else (-6, -4):
            done = story.new(now - (30 + place) * HOUR)
            story.visit(done, person, now + hours * HOUR, 75, "complete")
        order = story.new(now - (26 + place) * HOUR)
        begins = {"planned": -25, "en_route": 10, "on_site": -15}.get(stops_at[place], -75)
        begins -= 105 if overruns else 0  # of 90 minutes: an hour and a half over by now
        story.under_way(order, person, now + begins * MINUTE, stops_at[place], place)
        for hours in (3, 5):
            story.planned(person, now + hours * HOUR, 90)


def coming(story: Story) -> None:
    """The next two weeks, thinner the further away."""
    now = local(story.demo.now).date()
    people = [
        row for row in story.demo.technicians if row[0].pk != story.demo.technicians[ABSENT][0].pk
    ]
    for ahead in range(1, COMING_DAYS + 1):
        day = now + timedelta(days=ahead)
        if day.weekday() > 4:
            continue
        for person in story.dice.sample(people, max(3, 9 - ahead // 2)):
            story.planned(person, at(day, story.dice.choice(HOURS)), 90)


def pile(story: Story) -> None:
    """To plan: until the number is full. Some of it waits, some was just called in."""
    left = ORDERS - len(story.orders)
    for place in range(left):
        waits = place % 6 == 4
        ago = story.dice.randrange(5, 60 * (60 if waits else 7)) * MINUTE
        order = story.new(story.demo.now - ago)
        if waits:
            story.wait(order, place)
        if place % 13 == 6:
            story.later(story.demo.now, partial(story.cancel, order))
