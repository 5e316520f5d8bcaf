"""What a chip of the filter bar offers when it is opened."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from callout.accounts.zone import today
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.orders.filters import NEEDS, PRIORITIES, OrderFilter
from callout.orders.lifecycle import Stage, Status
from callout.orders.priorities import priority_labels
from callout.orders.selectors.choices import things, towns
from callout.orders.words import stage_label, status_label
from callout.planning.map import day_of
from callout.web.office.orders.filters import (
    MANY,
    ONE_DAY,
    ChoiceLink,
    Place,
    day_labels,
    needs_labels,
    switch,
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a chip offers: links, and for the day two dates to fill in, or `one_day`."""

    links: list[ChoiceLink]
    by_typing: bool = False
    dates: bool = False
    one_day: bool = False
    hidden: tuple[tuple[str, str], ...] = ()


def _flag_links(wanted: OrderFilter, base: Place) -> list[ChoiceLink]:
    """What a row is marked by, each a switch."""
    return [
        switch(wanted, base, "late", pgettext("orders", "Late"), icon="clock-exclamation",
                detail=_("past its slot, its promise or its response target")),
        switch(wanted, base, "absent", _("Customer absent"), icon="user-off",
                detail=_("and back to be planned")),
        switch(wanted, base, "waiting", _("Waiting"), "yes", icon="hourglass",
                detail=_("for a part, the customer, access…")),
        switch(wanted, base, "waiting", _("Back from waiting"), "back", icon="history"),
    ]  # fmt: skip


def choices_of(
    actor: Actor, wanted: OrderFilter, name: str, view: str, typed: str, kept: str = ""
) -> Choices:
    """What the chip `name` of a view offers now. NotFound for a chip that is none."""
    base = Place.of(view, kept)
    if name == "day":
        return _one_day_choices(wanted, base) if view in ONE_DAY else _day_choices(wanted, base)
    if name == "stage":
        return Choices(_stage_links(wanted, base))
    if name == "priority":
        labels = priority_labels()
        return Choices(
            [
                _toggle(wanted, base, "priorities", code, labels[code])
                for code in reversed(PRIORITIES)
            ]
        )
    if name == "flags":
        return Choices(_flag_links(wanted, base))
    if name == "town":
        return Choices(_town_links(actor, wanted, base, typed), by_typing=True)
    if name == "needs":
        labels = needs_labels()
        return Choices(
            [ChoiceLink(labels[one], base.to(wanted, needs=one), wanted.needs == one)
             for one in NEEDS]
        )  # fmt: skip
    if name in (*MANY, "customer", "site", "asset"):
        return _thing_choices(actor, wanted, name, base, typed)
    raise NotFound


def _day_choices(wanted: OrderFilter, base: Place) -> Choices:
    undated = {"date_from": None, "date_to": None}
    links = [
        ChoiceLink(label, base.to(wanted, day=day, **undated), wanted.day == day)
        for day, label in day_labels().items()
    ]
    hidden = base.hidden(wanted, "day", "from", "to")
    return Choices(links, dates=True, hidden=hidden)


def _one_day_choices(wanted: OrderFilter, base: Place) -> Choices:
    labels, shown = day_labels(), day_of(wanted)
    links = [
        ChoiceLink(
            labels[day],
            base.to(wanted, day=day, date_from=None, date_to=None),
            shown == today() + timedelta(days=number),
        )
        for number, day in enumerate(("today", "tomorrow"))
    ]
    hidden = base.hidden(wanted, "day", "from", "to")
    return Choices(links, one_day=True, hidden=hidden)


def _town_links(actor: Actor, wanted: OrderFilter, base: Place, typed: str) -> list[ChoiceLink]:
    found = towns(actor, typed)
    # What is chosen stays in sight, also where no site is there any more.
    chosen = [] if typed else [one for one in wanted.towns if one not in found]
    return [_toggle(wanted, base, "towns", one, one, icon="map-pin") for one in [*chosen, *found]]


def _stage_links(wanted: OrderFilter, base: Place) -> list[ChoiceLink]:
    links = [_toggle(wanted, base, "stages", str(stage), stage_label(stage)) for stage in Stage]
    under_way = [status for status in Status if status not in ("done", "cancelled", "planned")]
    return links + [
        _toggle(wanted, base, "statuses", str(status), status_label(status)) for status in under_way
    ]


def _toggle(
    wanted: OrderFilter, base: Place, group: str, value: Any, label: str, **more: str
) -> ChoiceLink:
    chosen: tuple[Any, ...] = getattr(wanted, group)
    rest = tuple(one for one in chosen if one != value)
    is_chosen = len(rest) != len(chosen)
    after = rest if is_chosen else (*chosen, value)
    return ChoiceLink(label, base.to(wanted, **{group: after}), is_chosen, **more)


def _thing_choices(
    actor: Actor, wanted: OrderFilter, name: str, base: Place, typed: str
) -> Choices:
    links = []
    if name in ("technician", "team") and not typed:
        url = base.to(wanted, nobody=not wanted.nobody)
        links.append(ChoiceLink(_("To plan"), url, wanted.nobody, icon="circle-dashed"))
    for thing in things(actor, name, typed):
        if name in MANY:
            link = _toggle(
                wanted, base, f"{name}s", thing.id, thing.name, icon=thing.icon,
                initials=thing.initials, detail=thing.detail,
            )  # fmt: skip
        else:
            url = base.to(wanted, **{name: thing.id})
            chosen = getattr(wanted, name) == thing.id
            link = ChoiceLink(thing.name, url, chosen, detail=thing.detail, icon="building")
        links.append(link)
    return Choices(links, by_typing=True)
