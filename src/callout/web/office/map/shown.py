"""The day's map in words: routes and what is to plan, for the table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote
from uuid import UUID

from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.accounts.company import company
from callout.fieldwork.selectors.positions import LastPosition
from callout.orders.models import Priority
from callout.orders.numbers import order_number
from callout.orders.selectors.pile import PileOrder
from callout.orders.selectors.when import When
from callout.orders.words import status_label
from callout.planning.fit.soonest import Dash
from callout.planning.map import DayMap, Unplaced
from callout.planning.routes import Route, RouteLeg, Stop, Totals
from callout.travel.estimate import Leg
from callout.web.api.day_routes import status_shown
from callout.web.office.picks import pick_value
from callout.web.ui.addresses import address
from callout.web.ui.map_rows import StopRow, UnplannedRow

MINUTE = timedelta(minutes=1)
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class RouteShown:
    """A technician's part of the table."""

    id: UUID
    name: str
    initials: str
    url: str
    totals: str
    late: str
    back: str  # the drive home
    position: str
    stops: list[StopRow]


@dataclass(frozen=True, slots=True)
class UnplacedShown:
    """An order without a position, and where to give it one."""

    number: str
    url: str
    customer: str
    address: str
    site_url: str


@dataclass(frozen=True, slots=True)
class DayShown:
    """All of it. `idle` are those who work and have no visit."""

    heading: str
    summary: str
    estimate: str
    routes: list[RouteShown]
    idle: list[str]
    unplanned: list[UnplannedRow]
    unplanned_count: str
    unplaced: list[UnplacedShown]


@dataclass(frozen=True, slots=True)
class DashShown:
    """Who could go at once."""

    name: str
    initials: str
    slot: str
    free: str
    reasons: list[str]
    moves: list[tuple[str, str]]  # what would have to move, and when it is
    plan_url: str


def day_shown(found: DayMap, positions: Mapping[UUID, LastPosition]) -> DayShown:
    """The map of a day in words."""
    says = _Says(found)
    gone = [route for route in found.routes if route.stops]
    return DayShown(
        heading=says.when.heading(found.day),
        summary=says.summary([route.totals for route in gone]),
        estimate=found.estimate if found.is_estimate else "",
        routes=[says.route(route, positions.get(route.technician.pk)) for route in gone],
        idle=[route.technician.name for route in found.routes if not route.stops],
        unplanned=[says.unplanned(one) for one in found.unplanned],
        unplanned_count=found.unplanned_count,
        unplaced=[says.unplaced(one) for one in found.without_position],
    )


class _Says:
    """Says a day, with all that is the same for each line at hand."""

    def __init__(self, found: DayMap) -> None:
        self.when = When(found.now)
        self.day: date = found.day
        self.firm = company()
        self.soonest_url = address("office:map_soonest", order_id=NOBODY)
        self.order_url = address("office:order", number=0).removesuffix("0/")
        self.drive, self.back = _("%(time)s, %(km)s km"), _("Back home: %(drive)s")
        self.point = get_format("DECIMAL_SEPARATOR")
        self.late, self.hours = _("late %(late)s"), _("%(count)d h")
        self.driving, self.waiting = _("%(time)s driving"), _("%(time)s waiting")

    def summary(self, totals: list[Totals]) -> str:
        kilometres = sum(one.kilometres for one in totals)
        driving = sum(one.driving_minutes for one in totals)
        count = ngettext("%(count)d technician", "%(count)d technicians", len(totals))
        words = [count % {"count": len(totals)}]
        return " · ".join([*words, *self._driven(kilometres, driving)])

    def route(self, route: Route, position: LastPosition | None) -> RouteShown:
        one, drives = route.technician, {leg.to_nth: leg for leg in route.legs}
        home = drives.get(0)
        return RouteShown(
            id=one.pk,
            name=one.name,
            initials=one.initials,
            url=address("office:technician", technician_id=one.pk),
            totals=self._totals(route.totals),
            late=self._late_all(route.totals.lateness),
            back=self.back % {"drive": self._leg(home.leg)} if home else "",
            position=self._position(position) if position else "",
            stops=[self._stop(stop, drives.get(stop.nth)) for stop in route.stops],
        )

    def _totals(self, totals: Totals) -> str:
        stops = ngettext("%(count)d stop", "%(count)d stops", totals.orders)
        words = [stops % {"count": totals.orders}]
        words += self._driven(totals.kilometres, totals.driving_minutes)
        if totals.waiting >= MINUTE:
            words.append(self.waiting % {"time": self._length(totals.waiting)})
        if totals.first and totals.last:
            words.append(self._span(totals.first, totals.last))
        return " · ".join(words)

    def _driven(self, kilometres: float, minutes: int) -> list[str]:
        return [
            f"{round(kilometres)} km",
            self.driving % {"time": self._length(timedelta(minutes=minutes))},
        ]

    def _stop(self, stop: Stop, drive: RouteLeg | None) -> StopRow:
        bar, one = stop.bar, stop.bar.visit
        status, label = status_shown(stop)
        promised = ""
        if one.promise_from and one.promise_to:
            promised = self._span(one.promise_from, one.promise_to)
        return StopRow(
            order_id=one.order_id,
            nth=stop.nth,
            number=order_number(one.number, self.firm),
            url=f"{self.order_url}{one.number}/",
            customer=one.customer,
            town=one.town,
            promised=promised,
            promise_broken=bar.promise_broken,
            slot=self._span(one.start, one.end),
            drive=self._leg(drive.leg) if drive else "",
            late=self._late(bar.course.late),
            status=status,
            status_label=label,
            priority=Priority.CODES[one.priority_rank],
            helper=bar.is_helper,
            placed=stop.place is not None,
        )

    def unplanned(self, one: PileOrder) -> UnplannedRow:
        return UnplannedRow(
            order_id=one.id,
            number=one.number,
            url=f"{self.order_url}{one.bare_number}/",
            customer=one.customer,
            town=one.town,
            title=one.title,
            type=one.type,
            priority=one.priority,
            left=one.left,
            at_risk=one.at_risk,
            soonest_url=self.soonest_url.replace(str(NOBODY), str(one.id)),
        )

    def unplaced(self, one: Unplaced) -> UnplacedShown:
        return UnplacedShown(
            number=one.number,
            url=f"{self.order_url}{one.bare_number}/",
            customer=one.customer,
            address=one.address,
            site_url=address("office:site_edit", site_id=one.site_id),
        )

    def _leg(self, leg: Leg) -> str:
        time = self.when.span(timedelta(minutes=leg.minutes), least=0)
        far = f"{leg.kilometres:.1f}".replace(".", self.point)
        return self.drive % {"time": time, "km": far}

    def _late(self, late: timedelta) -> str:
        return f"+{self.when.span(late)}" if late >= MINUTE else ""

    def _late_all(self, late: timedelta) -> str:
        return self.late % {"late": f"+{self._length(late)}"} if late >= MINUTE else ""

    def _length(self, length: timedelta) -> str:
        """Hours of a route or a whole team, which are no days."""
        hours, rest = divmod(int(length / MINUTE), 60)
        if not hours:
            return self.when.span(length, least=0)
        return f"{self.hours % {'count': hours}} {rest:02d}"

    def _span(self, start: datetime, end: datetime) -> str:
        """The hours alone, as the day is known; with its days what begins on another."""
        if self.when.local(start).date() == self.day:
            return f"{self.when.time(start)}–{self.when.time(end)}"
        return self.when.slot_full(start, end)

    def _position(self, position: LastPosition) -> str:
        words = {
            "place": f"{position.latitude:.4f}, {position.longitude:.4f}",
            "time": self.when.time(position.at),
            "status": status_label(position.status),
        }
        return _("Last known place: %(place)s at %(time)s (%(status)s)") % words


def dash_shown(dash: Dash, plan_url: str) -> DashShown:
    """Who could go at once, in words; planned by the dialog at `plan_url`."""
    when, fit = When(), dash.option.fit
    free = _("Free now")
    if dash.free_at >= fit.now + MINUTE:
        free = _("Free at %(time)s") % {"time": when.moment(dash.free_at)}
    if dash.travel_minutes is not None:
        drive = {"free": free, "time": when.span(timedelta(minutes=dash.travel_minutes), least=0)}
        free = _("%(free)s, %(time)s away") % drive
    return DashShown(
        name=fit.person.name,
        initials=fit.person.initials,
        slot=when.slot_full(fit.start, fit.end),
        free=free,
        reasons=[reason.words for reason in dash.option.reasons],
        moves=[(move.name, when.moment(move.start)) for move in dash.moves],
        plan_url=f"{plan_url}?pick={quote(pick_value(fit.person.id, fit.start))}",
    )
