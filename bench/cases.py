"""What is asked: for each line of the table a request, and the same on the floor.

Every request of a case asks for something else (another month, number, customer, order), picked
from the whole database, so that no cache holds just the answer.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from callout.kernel import clock
from callout.kernel.text import normalise
from callout.orders.lifecycle import UNDER_WAY
from callout.orders.models import ServiceOrder, Visit
from callout.workforce.models import Technician

WORDS = ["boiler", "maintenance", "lift", "concierge", "cellar"]


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. `door` is office or api: whose session or token it carries."""

    path: str
    method: str = "GET"
    body: bytes | None = None
    door: str = "office"
    fragment: bool = False  # as htmx asks


SEARCHED = 10.0  # of what is searched inside words, and of filters that few orders pass


@dataclass(frozen=True, slots=True)
class Case:
    """One line. `peer` is the other suite's median and p95; `wanted` how far ahead to be; `growth`
    how many times its p95 may be slower at a hundred times the orders."""

    key: str
    words: str
    ask: Callable[[int], Ask]
    floor: Callable[[int], str] | None = None
    after: Callable[[int], Ask] | None = None  # untimed: undoes what was done
    floor_after: Callable[[int], str] | None = None
    peer: tuple[float, float] | None = None
    wanted: float = 1.0
    growth: float = 1.3


@dataclass
class Sample:
    """Things of the database to ask for, the same in every run."""

    orders: list[Any] = field(default_factory=list)
    team: list[Any] = field(default_factory=list)
    departing: list[Any] = field(default_factory=list)


def sampled(count: int) -> Sample:
    """`count` orders of all ages, the team, and planned orders of technicians who are free."""
    pick = random.Random(7)
    last = ServiceOrder.objects.order_by("-number").values_list("number", flat=True)[0]
    numbers = pick.sample(range(1, last + 1), count)
    rows = ServiceOrder.objects.filter(number__in=numbers, asset__isnull=False)
    rows = rows.select_related("customer", "site", "asset", "type").defer("search")
    busy = Visit.objects.filter(is_open=True, status__in=UNDER_WAY)
    free = Technician.objects.exclude(pk__in=busy.values("technician_id"))
    departing = ServiceOrder.objects.filter(technician_status="planned", technician__in=free)
    return Sample(
        orders=pick.sample(list(rows.order_by("number")), int(count * 0.6)),
        team=list(Technician.objects.order_by("name_sort", "pk")),
        departing=list(departing.order_by("technician_id", "start", "number")),
    )


def of(items: list[Any], number: int) -> Any:
    """The item for the request of this number, round and round."""
    return items[number % len(items)]


def get(path: str, **query: str) -> Ask:
    """A page."""
    return Ask(f"{path}?{urlencode(query)}" if query else path)


def listed(text: Callable[[Any], str], s: Sample, number: int) -> Ask:
    """The list narrowed by a text that one order has."""
    return get("/orders/", q=text(of(s.orders, number)))


def words_floor(text: Callable[[Any], str], s: Sample, number: int) -> str:
    """The same on the floor."""
    words = [one for one in normalise(text(of(s.orders, number))).split() if len(one) > 2]
    return f"/words?{urlencode({'q': ' '.join(words)})}"


def number_floor(_text: Callable[[Any], str], s: Sample, number: int) -> str:
    """The order of a number, on the floor."""
    return f"/number?q={of(s.orders, number).number}"


def days(number: int) -> dict[str, str]:
    """A month up to some day of the last three weeks."""
    last = clock.now().date() - timedelta(days=number % 21)
    return {"from": str(last - timedelta(days=30)), "to": str(last)}


def month(s: Sample, number: int) -> Ask:
    """One technician's orders of a month."""
    return get("/orders/", technician=str(of(s.team, number).pk), **days(number))


def month_floor(s: Sample, number: int) -> str:
    """The same on the floor."""
    technician = str(of(s.team, number).pk)
    return "/month?" + urlencode({"technician": technician, **days(number)})


def of_town(s: Sample, number: int) -> Ask:
    """Everything that ever was in the town of an order."""
    return get("/orders/", day="all", town=town_of(of(s.orders, number)))


def of_town_month(s: Sample, number: int) -> Ask:
    """A combination that few orders have."""
    order = of(s.orders, number)
    return get("/orders/", town=town_of(order), type=str(order.type_id), **days(number))


def named(s: Sample, number: int) -> Ask:
    """The directory, narrowed by the first word of a customer's name."""
    return get("/customers/", q=customer_of(of(s.orders, number)).split()[0])


def week(number: int) -> Ask:
    """The board of one of the weeks around this one."""
    return Ask(f"/api/v1/planning/board?first={monday(number)}&days=7", door="api")


def week_floor(number: int) -> str:
    """The same on the floor."""
    first = monday(number)
    return "/board?" + urlencode({"first": first, "until": first + timedelta(days=7)})


def monday(number: int) -> date:
    """Of last week, this one or the next."""
    today = clock.now().date()
    return today + timedelta(days=7 * (number % 3 - 1) - today.weekday())


def box(text: Callable[[Any], str], s: Sample, number: int) -> Ask:
    """The search box at the top, while typing."""
    path = "/search/?" + urlencode({"q": text(of(s.orders, number))})
    return Ask(path, fragment=True)


def act(s: Sample, code: str, number: int, *, door: str, version: int = 0) -> Ask:
    """An action on a planned order, by a button of the office or by a program."""
    order = of(s.departing, number)
    if door == "api":
        return Ask(f"/api/v1/service-orders/{order.pk}/actions/{code}", "POST", b"{}", "api")
    version = ServiceOrder.objects.values_list("version", flat=True).get(pk=order.pk)
    fields = {"version": version, "idempotency_key": uuid4()}
    return Ask(f"/orders/{order.pk}/act/{code}/", "POST", urlencode(fields).encode(), fragment=True)


def new(s: Sample, go: str, number: int) -> Ask:
    """The New order form saved: into the pile, or planned into a first free slot."""
    order = of(s.orders, number)
    fields = {
        "customer_id": order.customer_id,
        "location": f"asset:{order.asset_id}",
        "type_id": order.type_id,
        "priority": "normal",
        "description": order.description,
        "idempotency_key": uuid4(),
        "go": go,
    }
    if go == "save":
        fields |= {"technician_id": of(s.team, number).pk, "duration": "60"}
    return Ask("/orders/new/", "POST", urlencode(fields).encode(), fragment=True)


def api_new(s: Sample, number: int) -> Ask:
    """The same by a program."""
    order = of(s.orders, number)
    fields = {
        "customer_id": order.customer_id,
        "asset_id": order.asset_id,
        "type_id": order.type_id,
        "description": order.description,
    }
    body = json.dumps(fields, default=str).encode()
    return Ask("/api/v1/service-orders", "POST", body, "api")


def number_of(order: Any) -> str:
    """As people read it."""
    return f"SO-{order.number:06d}"


def customer_of(order: Any) -> str:
    """The customer's name."""
    return str(order.customer.name)


def street_of(order: Any) -> str:
    """The site's street without its house number."""
    return str(order.site.street).rpartition(" ")[0]


def town_of(order: Any) -> str:
    """The site's town."""
    return str(order.site.town)


def serial_of(order: Any) -> str:
    """The asset's serial number."""
    return str(order.asset.serial_number)


def common_of(order: Any) -> str:
    """A word that stands in a great many orders."""
    return WORDS[int(order.number) % len(WORDS)]


def floor_id(path: str, rows: list[Any], number: int) -> str:
    """A page of the floor about one order."""
    return f"{path}?id={of(rows, number).pk}"


def cases(s: Sample) -> list[Case]:
    """All lines, in the table's order."""
    return [*pages(s), *searches(s), *changes(s)]


def pages(s: Sample) -> list[Case]:
    """What is looked at."""
    every = partial(get, "/orders/", day="all", sort="-number")
    return [
        Case("kanban", "Kanban opens", lambda _n: get("/orders/kanban/"), lambda _n: "/kanban",
             peer=(47, 50), wanted=3),
        Case("list_now", "list opens (today and overdue)", lambda _n: get("/orders/")),
        Case("list", "list of all, newest first, first 60 rows and count", lambda _n: every(),
             lambda _n: "/list", peer=(46, 52), wanted=3),
        Case("month", "list by technician and month", partial(month, s), partial(month_floor, s),
             peer=(11, 14)),
        Case("order", "order page (with history)",
             lambda n: get(f"/orders/{of(s.orders, n).number}/"),
             partial(floor_id, "/order", s.orders), peer=(40, 48), wanted=3),
        Case("new_form", "New order form opens", lambda _n: get("/orders/new/")),
        Case("board", "planning board, a week of 60 technicians (API)", week,
             week_floor, peer=(125, 140), wanted=3),
        Case("map", "map of a day of 60 technicians (API)",
             lambda _n: Ask("/api/v1/planning/map", door="api")),
        Case("pile", "to-plan pile (API)", lambda _n: Ask("/api/v1/planning/pile", door="api")),
        Case("at_risk", "list of what is at risk", lambda _n: get("/orders/", at_risk="true")),
        Case("town", "list of one town, all days", partial(of_town, s), growth=SEARCHED),
        Case("town_month", "list of one town and type, a month", partial(of_town_month, s),
             growth=SEARCHED),
        Case("home", "Home", lambda _n: get("/home/")),
        Case("customer", "customer's page",
             lambda n: get(f"/customers/{of(s.orders, n).customer_id}/")),
        Case("site", "site's page", lambda n: get(f"/sites/{of(s.orders, n).site_id}/")),
        Case("asset", "asset's page", lambda n: get(f"/assets/{of(s.orders, n).asset_id}/")),
        Case("directory", "directory of customers, by a name", partial(named, s), growth=SEARCHED),
        Case("team_week", "week of everybody", lambda _n: get("/team/week/")),
        Case("tomorrow", "tomorrow check", lambda _n: get("/planning/tomorrow/")),
    ]  # fmt: skip


def searches(s: Sample) -> list[Case]:
    """What is looked for: in the list, and in the box at the top."""
    found: list[Case] = []
    texts: list[tuple[str, str, Callable[[Any], str], tuple[float, float] | None, float]] = [
        ("number", "number", number_of, (39, 81), 3),
        ("customer", "customer", customer_of, None, 1),
        ("street", "street", street_of, None, 1),
        ("town", "town", town_of, (13, 40), 1),
        ("serial", "serial number", serial_of, None, 1),
        ("common", "common word", common_of, (144, 159), 3),
    ]
    for key, words, text, peer, wanted in texts:
        floor = partial(number_floor if key == "number" else words_floor, text, s)
        found.append(Case(f"q_{key}", f"list: search by {words}", partial(listed, text, s), floor,
                          peer=peer, wanted=wanted, growth=SEARCHED))  # fmt: skip
    boxes = {"number": number_of, "customer": customer_of, "serial": serial_of, "word": common_of}
    for key, text in boxes.items():
        found.append(
            Case(f"box_{key}", f"search box: {key}", partial(box, text, s), growth=SEARCHED)
        )
    return found


def changes(s: Sample) -> list[Case]:
    """What is changed: every order once, and back again outside the clock."""
    back = partial(act, s, "turn-back", door="api")
    floor = partial(floor_id, "/depart", s.departing)
    floor_back = partial(floor_id, "/back", s.departing)
    create = partial(floor_id, "/create", s.orders)
    return [
        Case("create", "create one order (form, into the pile)", partial(new, s, "later"), create,
             peer=(17, 22), wanted=2),
        Case("create_plan", "create one order and plan it in the first free slot",
             partial(new, s, "save")),
        Case("create_api", "create one order (API)", partial(api_new, s), create,
             peer=(17, 22), wanted=2),
        Case("depart", "depart (office button)", partial(act, s, "depart", door="office"), floor,
             back, floor_back, peer=(11, 12), wanted=2),
        Case("depart_api", "depart (API, bearer token)", partial(act, s, "depart", door="api"),
             floor, back, floor_back, peer=(11, 12), wanted=2),
    ]  # fmt: skip
