"""What a list of orders is narrowed by: read from an address strictly, written back the same.

One place for list, Kanban, map and API, so that a view can be shared by its address. It knows no
table; selectors/narrow.py turns it into one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Protocol
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel.checks import Wrong, day, id_required, text
from callout.kernel.errors import Invalid
from callout.orders.lifecycle import Stage, Status

# now: what a dispatcher works on: to plan, today's, and overdue. overdue: late, of any day.
DAYS = ("now", "today", "tomorrow", "week", "overdue", "all")
SORTS = ("start", "number", "due", "priority")
# What somebody has to decide about an order: see selectors/narrow.py. Of what is late, either the
# response target was missed or the visit runs late.
NEEDS = ("promise", "absence", "target", "visit")
PRIORITIES = ("low", "normal", "high", "urgent")
MOST_CHOICES = 50
LONGEST_TEXT = 100
LONGEST_TOWN = 100
NOBODY = "none"
FOUND_FIRST = "-number"  # what a text finds: the latest first, and by one look into its index

# Who asks for one of these means all days unless the address says otherwise.
LOOKED_UP = ("q", "customer", "site", "asset", "at_risk", "late", "absent", "needs")

ALIASES = {
    "technician_id": "technician",
    "team_id": "team",
    "area_id": "area",
    "type_id": "type",
    "customer_id": "customer",
    "site_id": "site",
    "asset_id": "asset",
    "technician_status": "status",
}


class Query(Protocol):
    """Django's QueryDict, as far as it is read here."""

    def getlist(self, key: str) -> list[Any]: ...
    def __contains__(self, key: object) -> bool: ...


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders, in which order. `date_from` and `date_to` (both in) replace the preset `day`.

    `teams` are those of who goes, `areas` those of the site. `nobody` adds the orders without a
    technician to those of `technicians` and `teams`. `sort` has a "-" in front for the other way
    round; priority begins with the most urgent.
    """

    day: str = "all"
    date_from: date | None = None
    date_to: date | None = None
    stages: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    technicians: tuple[UUID, ...] = ()
    teams: tuple[UUID, ...] = ()
    nobody: bool = False
    types: tuple[UUID, ...] = ()
    priorities: tuple[str, ...] = ()
    areas: tuple[UUID, ...] = ()
    customer: UUID | None = None
    site: UUID | None = None
    asset: UUID | None = None
    waiting: str = ""  # yes, no, back (it waited until today or before), or all of them
    towns: tuple[str, ...] = ()  # as the sites have them
    at_risk: bool = False  # of missing its response target: see selectors/late.py
    late: bool = False  # past its slot, its promise or its response target; so is the day overdue
    absent: bool = False  # in New because the customer was not there
    needs: str = ""  # one of NEEDS
    q: str = ""
    sort: str = "start"

    @classmethod
    def parse(cls, query: Query, *, day: str = "now", sort: str = "start") -> "OrderFilter":
        """The filter that an address asks for. Invalid says, for each name, what cannot be.

        `day` and `sort` are the defaults of the view. Who looks something up (a text, a customer,
        a place, what is at risk, late or needs a decision) means all days unless the address
        says otherwise.
        """
        reader = _Reader(query)
        given: dict[str, Any] = {
            "stages": reader.many("stage", _one_of([str(stage) for stage in Stage])),
            "statuses": reader.many("status", _one_of([str(status) for status in Status])),
            "technicians": reader.many("technician", _technician),
            "teams": reader.many("team", id_required),
            "types": reader.many("type", id_required),
            "areas": reader.many("area", id_required),
            "priorities": reader.many("priority", _one_of(PRIORITIES)),
            "customer": reader.one("customer", id_required),
            "site": reader.one("site", id_required),
            "asset": reader.one("asset", id_required),
            "waiting": reader.one("waiting", _one_of(("yes", "no", "back"))) or "",
            "towns": reader.many("town", text(LONGEST_TOWN)),
            "at_risk": reader.one("at_risk", _one_of(("true", "false"))) == "true",
            "late": reader.one("late", _one_of(("true", "false"))) == "true",
            "absent": reader.one("absent", _one_of(("true", "false"))) == "true",
            "needs": reader.one("needs", _one_of(NEEDS)) or "",
            "q": reader.one("q", text(LONGEST_TEXT)) or "",
            "sort": reader.one("sort", _sort),
            "date_from": reader.one("from", _day),
            "date_to": reader.one("to", _day),
        }
        looked_up = any(given[name] for name in LOOKED_UP)
        dated = given["date_from"] or given["date_to"]
        preset = reader.one("day", _one_of(DAYS))
        given["day"] = "all" if dated else preset or ("all" if looked_up else day)
        given["sort"] = given["sort"] or (FOUND_FIRST if given["q"] else sort)
        if given["date_from"] and given["date_to"] and given["date_to"] < given["date_from"]:
            reader.wrong["to"] = [_("The last day is before the first.")]
        if reader.wrong:
            raise Invalid(reader.wrong)
        given["nobody"] = NOBODY in given["technicians"]
        given["technicians"] = tuple(one for one in given["technicians"] if one != NOBODY)
        return cls(**given)

    @property
    def looks_up(self) -> bool:
        """Whether it names a text, a customer, a place, what is at risk, or what needs somebody."""
        return any(getattr(self, name) for name in LOOKED_UP)

    def pairs(self, *, day: str = "now", sort: str = "start") -> list[tuple[str, str]]:
        """Names and values of the address; what is the view's default is left out."""
        technicians = [*map(str, self.technicians), *([NOBODY] if self.nobody else [])]
        usual = "all" if self.looks_up or self.date_from or self.date_to else day
        sort = FOUND_FIRST if self.q else sort
        found = [
            ("day", "" if self.day == usual else self.day),
            ("from", self.date_from.isoformat() if self.date_from else ""),
            ("to", self.date_to.isoformat() if self.date_to else ""),
            ("stage", ",".join(self.stages)),
            ("status", ",".join(self.statuses)),
            ("technician", ",".join(technicians)),
            ("team", ",".join(map(str, self.teams))),
            ("type", ",".join(map(str, self.types))),
            ("priority", ",".join(self.priorities)),
            ("area", ",".join(map(str, self.areas))),
            ("customer", str(self.customer or "")),
            ("site", str(self.site or "")),
            ("asset", str(self.asset or "")),
            ("waiting", self.waiting),
            ("town", ",".join(self.towns)),
            ("at_risk", "true" if self.at_risk else ""),
            ("late", "true" if self.late else ""),
            ("absent", "true" if self.absent else ""),
            ("needs", self.needs),
            ("q", self.q),
            ("sort", "" if self.sort == sort else self.sort),
        ]
        return [(name, value) for name, value in found if value]

    def query(self, **changes: Any) -> str:
        """The filter as the query string of an address ("" for the default), with `changes`."""
        pairs = self.but(**changes).pairs()
        return "?" + urlencode(pairs, safe=",") if pairs else ""

    def but(self, **changes: Any) -> "OrderFilter":
        """The same filter with some fields changed."""
        return replace(self, **changes) if changes else self

    @property
    def narrows(self) -> bool:
        """Whether there is anything to clear: more than a sort and the default days."""
        usual = OrderFilter(day="now")
        names = (field.name for field in fields(self) if field.name != "sort")
        return any(getattr(self, name) != getattr(usual, name) for name in names)


class _Reader:
    """Reads parameters one by one and keeps what is wrong with them."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self.wrong: dict[str, list[str]] = {}

    def _given(self, name: str) -> list[str]:
        names = [name, *(alias for alias, known in ALIASES.items() if known == name)]
        return [str(value) for one in names for value in self.query.getlist(one) if value]

    def one(self, name: str, check: Callable[[str], Any]) -> Any:
        given = self._given(name)
        if len(set(given)) > 1:
            self.wrong[name] = [_("Give this once.")]
            return None
        return self._checked(name, check, given[0]) if given else None

    def many(self, name: str, check: Callable[[str], Any]) -> tuple[Any, ...]:
        parts = [part.strip() for value in self._given(name) for part in value.split(",")]
        parts = list(dict.fromkeys(part for part in parts if part))
        if len(parts) > MOST_CHOICES:
            words = _("Choose at most %(most)d of the list.") % {"most": MOST_CHOICES}
            self.wrong[name] = [words]
            return ()
        found = [self._checked(name, check, part) for part in parts]
        return () if name in self.wrong else tuple(found)

    def _checked(self, name: str, check: Callable[[str], Any], value: str) -> Any:
        try:
            return check(value)
        except Wrong as error:
            self.wrong[name] = [str(error)]
            return None


def _one_of(options: Iterable[str]) -> Callable[[str], str]:
    known = {option.replace("_", "-"): option for option in options}

    def check(value: str) -> str:
        found = known.get(value.replace("_", "-"))
        if found is None:
            raise Wrong(_("Choose one of: %(list)s.") % {"list": ", ".join(known)})
        return found

    return check


def _technician(value: str) -> UUID | str:
    return NOBODY if value == NOBODY else id_required(value)


def _sort(value: str) -> str:
    way = "-" if value.startswith("-") else ""
    return way + _one_of(SORTS)(value.removeprefix("-"))


def _day(value: str) -> date:
    found: date = day(required=True)(value)
    return found


class Values(dict[str, Any]):
    """A plain mapping read as a query: for callers that have no QueryDict."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)

    def getlist(self, key: str) -> list[Any]:
        value = self.get(key)
        if value is None:
            return []
        return list(value) if isinstance(value, list | tuple) else [value]
