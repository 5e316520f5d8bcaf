"""The bar of filters above list, Kanban and map: a chip for each, with what is chosen.

What a chip offers when it is opened: filter_choices.py.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from callout.accounts.zone import today
from callout.orders.filters import OrderFilter
from callout.orders.priorities import priority_label
from callout.orders.selectors.choices import Named
from callout.orders.selectors.when import When
from callout.orders.words import stage_label, status_label
from callout.planning.map import day_of
from callout.web.ui.addresses import address

# The views of one subject, by the name that a chip's address has for each.
VIEWS = {
    "list": "office:orders",
    "kanban": "office:kanban",
    "team": "office:kanban_team",
    "map": "office:map",
    "table": "office:map_table",
}
ONE_DAY = ("map", "table")
PLAIN = "?day=now"  # the usual days, said: without anything the list opens with one's own filter
# Of these several may be chosen.
MANY = ("technician", "team", "type", "area")


@dataclass(frozen=True, slots=True)
class Place:
    """A view's address, and what goes along in it besides the filter."""

    address: str
    kept: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, view: str, columns: str = "") -> "Place":
        """One of VIEWS, with the columns that its address names."""
        return cls(address(VIEWS[view]), (("columns", columns),) if columns else ())

    def to(self, wanted: OrderFilter, **changes: Any) -> str:
        """The view with the filter, changed."""
        return self.address + self.query(wanted.but(**changes))

    def query(self, wanted: OrderFilter) -> str:
        """What stands behind the address; of the list never nothing."""
        pairs = [*wanted.pairs(), *self.kept]
        if pairs:
            return "?" + urlencode(pairs, safe=",")
        return PLAIN if self.address == address(VIEWS["list"]) else ""

    def hidden(self, wanted: OrderFilter, *but: str) -> tuple[tuple[str, str], ...]:
        """The same as hidden fields, without those that a form has itself."""
        return tuple(pair for pair in [*wanted.pairs(), *self.kept] if pair[0] not in but)


@dataclass(frozen=True, slots=True)
class Chip:
    """One chip: `value` is what is chosen ("" for none), `without` the address that drops it."""

    name: str
    label: str
    icon: str
    value: str
    without: str
    choices_url: str


@dataclass(frozen=True, slots=True)
class ChoiceLink:
    """One choice of a chip: its address, and whether it is chosen now."""

    label: str
    url: str
    chosen: bool = False
    icon: str = ""
    initials: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """All chips, the switch of what is at risk, the text searched, the address without any."""

    chips: tuple[Chip, ...]
    risk: ChoiceLink
    q: str
    hidden: tuple[tuple[str, str], ...]
    clear: str
    title: str


def day_label(wanted: OrderFilter) -> str:
    """The filter's days in words."""
    if wanted.date_from or wanted.date_to:
        when = When()
        begin = when.written(wanted.date_from) if wanted.date_from else "…"
        end = when.written(wanted.date_to) if wanted.date_to else "…"
        return begin if begin == end else f"{begin} – {end}"
    return day_labels()[wanted.day]


def day_labels() -> dict[str, str]:
    return {
        "now": _("Today, late, to plan"),
        "today": _("Today"),
        "tomorrow": _("Tomorrow"),
        "week": _("This week"),
        "overdue": pgettext("orders", "Late"),
        "all": _("All days"),
    }


def day_shown(wanted: OrderFilter, view: str) -> str:
    """The days of a view in words; the map shows one."""
    if view not in ONE_DAY:
        return day_label(wanted)
    day, labels = day_of(wanted), day_labels()
    known = {today(): labels["today"], today() + timedelta(days=1): labels["tomorrow"]}
    return known.get(day) or When().written(day)


def bar_of(wanted: OrderFilter, view: str, names: Named, kept: str = "") -> Bar:
    """The bar of a view (one of VIEWS), with the `names` of what the filter has by id. `kept`: the
    columns that its address names."""
    base = Place.of(view, kept)
    query = base.query(wanted)
    asked = f"{query}{'&' if query else '?'}view={view}"

    def chip(name: str, label: str, icon: str, value: str, **drop: Any) -> Chip:
        choices = address("office:order_filter", name=name) + asked
        stays = not value or (name == "day" and (wanted.day == "all" or view in ONE_DAY))
        without = "" if stays else base.to(wanted, **drop)
        return Chip(name, label, icon, value, without, choices)

    chips = [
        chip("day", _("Day"), "calendar-event", day_shown(wanted, view),
             day="all", date_from=None, date_to=None),
        chip("stage", _("Stage"), "layout-kanban", _stages(wanted),
             stages=(), statuses=()),
        chip("technician", _("Technician"), "user", _who(wanted, names),
             technicians=(), nobody=False),
        chip("team", _("Team"), "users", _listed(wanted.teams, names), teams=()),
        chip("type", _("Type"), "tool", _listed(wanted.types, names), types=()),
        chip("priority", _("Priority"), "chevrons-up",
             ", ".join(map(priority_label, wanted.priorities)), priorities=()),
        chip("area", _("Area"), "map-pin", _listed(wanted.areas, names), areas=()),
        chip("town", _("Town"), "map-pin", ", ".join(wanted.towns), towns=()),
        chip("flags", _("Flags"), "flag", _flags(wanted), late=False, absent=False, waiting=""),
        chip("customer", _("Customer"), "building",
             names.get(wanted.customer, _("unknown")) if wanted.customer else "", customer=None),
    ]  # fmt: skip
    for name, label, icon in (("site", _("Site"), "map-pin"), ("asset", _("Asset"), "box")):
        chosen = getattr(wanted, name)
        if chosen:
            words = names.get(chosen, _("unknown"))
            chips.append(chip(name, label, icon, words, **{name: None}))
    if wanted.needs:
        words = needs_labels()[wanted.needs]
        chips.append(chip("needs", _("To decide"), "alert-triangle", words, needs=""))
    plain = OrderFilter(day="now", sort="start" if wanted.q else wanted.sort)
    title = day_shown(wanted, view) if not wanted.q else f"“{wanted.q}”"
    hidden = base.hidden(wanted, "q")
    clear = base.to(plain) if wanted.narrows else ""
    return Bar(tuple(chips), _risk(wanted, base), wanted.q, hidden, clear, title)


def _risk(wanted: OrderFilter, base: Place) -> ChoiceLink:
    detail = _("Little of the response target left, or none, or planned for later")
    return switch(wanted, base, "at_risk", _("At risk"), detail=detail)


def switch(
    wanted: OrderFilter, base: Place, name: str, label: str, on: Any = True, **more: str
) -> ChoiceLink:
    """On: whatever day its slot or its target is. Off: back to the usual days."""
    is_on = getattr(wanted, name) == on
    usual = "now" if wanted.day == "all" and is_on else wanted.day
    off: Any = type(on)()
    url = base.to(wanted, **{name: off if is_on else on, "day": usual if is_on else "all"})
    return ChoiceLink(label, url, is_on, **more)


def _flags(wanted: OrderFilter) -> str:
    words = [pgettext("orders", "Late")] if wanted.late else []
    words += [_("Customer absent")] if wanted.absent else []
    words += [waiting_labels()[wanted.waiting]] if wanted.waiting else []
    return ", ".join(words)


def _stages(wanted: OrderFilter) -> str:
    words = [stage_label(stage) for stage in wanted.stages]
    words += [status_label(status) for status in wanted.statuses]
    return ", ".join(words)


def waiting_labels() -> dict[str, str]:
    return {"yes": _("Waiting"), "no": _("Not waiting"), "back": _("Back from waiting")}


def needs_labels() -> dict[str, str]:
    """What somebody has to decide about an order."""
    return {
        "promise": _("Promise about to break"),
        "absence": _("Technician absent"),
        "target": _("Response target missed"),
        "visit": _("Visit running late"),
    }


def _listed(ids: tuple[UUID, ...], names: Named) -> str:
    return ", ".join(names.get(one, _("unknown")) for one in ids)


def _who(wanted: OrderFilter, names: Named) -> str:
    words = [_listed(wanted.technicians, names)] if wanted.technicians else []
    return ", ".join([*words, *([_("To plan")] if wanted.nobody else [])])
