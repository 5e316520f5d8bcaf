"""Today in figures, and what needs a decision now.

Each figure of orders is the count of a list, asked with that list's own filter: so the figure and
the list that it leads to cannot disagree.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from callout.accounts.zone import today
from callout.fieldwork.selectors.desk import desk_count
from callout.kernel.actor import Actor
from callout.orders.filters import OrderFilter
from callout.orders.priorities import priority_label
from callout.orders.selectors.counts import order_counts
from callout.planning.drafts.selectors import drafts_to_decide
from callout.web.office.team.week import week_url
from callout.web.ui.addresses import address
from callout.workforce.selectors import absent_count

UNDER_WAY = ("en_route", "on_site", "working", "break")
# What each figure counts, by its key. The stage is named wherever it is one: an index knows it.
ORDERS: dict[str, OrderFilter] = {
    "to_plan": OrderFilter(stages=("new",), waiting="no"),
    "late": OrderFilter(stages=("new", "planned"), late=True),
    "under_way": OrderFilter(stages=("planned",), statuses=UNDER_WAY),
    "done": OrderFilter(day="now", stages=("completed",)),
    "customer_absent": OrderFilter(stages=("new",), absent=True),
    "late_target": OrderFilter(stages=("new",), needs="target"),
    "late_visit": OrderFilter(stages=("planned",), needs="visit"),
    "urgent": OrderFilter(stages=("new",), priorities=("urgent",), waiting="no"),
    "promise": OrderFilter(stages=("planned",), needs="promise"),
    "absence": OrderFilter(stages=("planned",), needs="absence"),
    "back": OrderFilter(stages=("new",), waiting="back"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and where it leads. `detail` is a sentence about it, "" for none."""

    key: str
    label: str
    icon: str
    count: str
    url: str
    detail: str = ""

    @property
    def is_none(self) -> bool:
        """Whether there is nothing of it."""
        return self.count == "0"


@dataclass(frozen=True, slots=True)
class Figures:
    """The day in figures, and what somebody has to decide."""

    day: list[Figure]
    decisions: list[Figure]


def figures_shown(actor: Actor) -> Figures:
    """For managers: four messages, whatever there is."""
    counts = dict(zip(ORDERS, order_counts(actor=actor, wanted=list(ORDERS.values())), strict=True))
    now = today()
    urgent = {"priority": priority_label("urgent")}

    def orders(key: str, label: str, icon: str, detail: str = "") -> Figure:
        url = address("office:orders") + ORDERS[key].query()
        return Figure(key, label, icon, counts[key], url, detail)

    return Figures(
        day=[
            orders("to_plan", _("To plan"), "circle-dashed"),
            orders("late", _("Late orders"), "clock-exclamation"),
            orders("under_way", _("Under way"), "steering-wheel"),
            orders("done", _("Done today"), "check"),
            orders("customer_absent", _("Customer absent"), "door"),
            _absent(actor, now),
        ],
        decisions=[
            orders("urgent", _("%(priority)s, to plan") % urgent, "chevrons-up",
                   _("Nobody is planned for them yet")),
            orders("promise", _("Promises about to break"), "phone",
                   _("Planned outside what was promised, or not there in time")),
            orders("late_target", _("Response target missed"), "calendar-clock",
                   _("To plan, and the time to answer has passed")),
            orders("late_visit", _("Visits running late"), "clock-exclamation",
                   _("Not there in time, or over the end of the slot")),
            orders("absence", _("Planned on an absence"), "user-off",
                   _("Whoever is planned is away then")),
            orders("back", _("Back from waiting"), "hourglass",
                   _("The day that they waited for has come")),
            Figure("desk", _("On the desk"), "inbox", str(desk_count(actor=actor)),
                   address("office:desk"), _("Late reports and notes from phones")),
            Figure("drafts", _("Drafts to decide"), "calendar-plus",
                   str(drafts_to_decide(actor=actor)),
                   address("office:plan_drafts") + "?state=open", _("Proposed, not applied yet")),
        ],
    )  # fmt: skip


def _absent(actor: Actor, day: date) -> Figure:
    count = absent_count(actor=actor, day=day)
    url = week_url(day, absent="1")
    return Figure("absent", _("Technicians absent"), "beach", str(count), url)
