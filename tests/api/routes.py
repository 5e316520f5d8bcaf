"""Every route of the API, who may use it, and a body that it takes: what census and races walk.

A route that is in the URL map and not here fails the census.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from callout.orders.models import ServiceOrder, TimelineEntry
from callout.web.api.api import api
from callout.web.api.forms import operations
from tests.api.conftest import Share, World, soon

# public: everybody. team: who works here, the same for all. own: managers all, technicians own
# work. office: managers. work: managers all, technicians own work, to change. door: the code of a
# site, for the technician who goes there.
Access = Literal["public", "team", "own", "office", "work", "door"]
Body = Callable[[World, Share], Any]
WEEK = [[["07:00", "15:00"]]] * 5 + [[], []]


@dataclass(frozen=True)
class Route:
    """Who may, and what is sent. `gone`: an effect that can be had once only (409 afterwards)."""

    access: Access
    body: Body | None = None


def _of(**values: Any) -> Body:
    return lambda _world, _share: values


def _plain(place: str, access: Access, new: Body, patch: dict[str, Any]) -> dict[str, Route]:
    return {
        f"GET {place}": Route(access),
        f"POST {place}": Route("office", new),
        f"GET {place}/{{uuid:id}}": Route(access),
        f"PATCH {place}/{{uuid:id}}": Route("office", _of(**patch)),
        f"DELETE {place}/{{uuid:id}}": Route("office"),
        f"POST {place}/{{uuid:id}}/restore": Route("office"),
    }


def _move(_world: World, share: Share) -> dict[str, Any]:
    order = ServiceOrder.objects.get(pk=share.order)
    return {
        "service_order_id": str(share.order), "version": order.version,
        "visit_id": str(share.visit), "technician_id": str(share.technician.pk),
        "start": soon(450).isoformat(), "duration_minutes": 60,
    }  # fmt: skip


def _several(**more: Any) -> Body:
    return lambda _w, s: {
        "orders": [
            {"id": str(s.order), "version": ServiceOrder.objects.get(pk=s.order).version}
        ],
        **more,
    }  # fmt: skip


ORDER = "/service-orders/{uuid:order_id}"
BULK = "/service-orders/bulk"
FILTER = "/saved-filters/{uuid:filter_id}"
DRAFT = "/planning/drafts/{uuid:draft_id}"
ROUTE = "/planning/optimisations/{uuid:draft_id}"
ROUTES: dict[str, Route] = {
    **_plain("/customers", "own", _of(name="Made"), {"alert": "x"}),
    **_plain(
        "/contacts",
        "own",
        lambda _w, s: {"customer_id": str(s.customer), "name": "Made"},
        {"job": "x"},
    ),
    **_plain("/sites", "own", _of(name="Made"), {"key_notes": "x"}),
    **_plain(
        "/assets",
        "own",
        lambda _w, s: {"site_id": str(s.site), "reference": "Made"},
        {"notes": "x"},
    ),
    **_plain("/areas", "team", _of(name="Made", postcodes="1*"), {"postcodes": "2*"}),
    **_plain("/technicians", "team", _of(name="Made"), {"phone": "010 11 22 33"}),
    **_plain("/teams", "team", _of(name="Made"), {"name": "Other"}),
    **_plain("/vehicles", "team", _of(registration="MADE-1"), {"name": "x"}),
    **_plain("/skills", "team", _of(name="Made"), {"name": "Other"}),
    **_plain("/calendars", "team", _of(name="Made"), {"name": "Other"}),
    "POST /calendars/{uuid:calendar_id}/default": Route("office"),
    "GET /calendars/{uuid:calendar_id}/holidays": Route("team"),
    "POST /calendars/{uuid:calendar_id}/holidays": Route(
        "office", _of(date="2099-01-01", name="Made")
    ),
    "POST /calendars/{uuid:calendar_id}/holidays/fill": Route(
        "office", _of(year=2027, country="BE")
    ),
    "POST /calendars/{uuid:calendar_id}/holidays/import": Route(
        "office", _of(file=("made.csv", b"2099-01-02;Made"))
    ),
    "GET /holidays/{uuid:holiday_id}": Route("team"),
    "PATCH /holidays/{uuid:holiday_id}": Route("office", _of(name="Other")),
    "DELETE /holidays/{uuid:holiday_id}": Route("office"),
    "PUT /sites/{uuid:site_id}/access-code": Route("office", _of(code="1234")),
    "GET /site-links": Route("own"),
    "POST /site-links": Route(
        "office",
        lambda _w, s: {"site_id": str(s.site), "customer_id": str(s.customer), "role": "owner"},
    ),
    "DELETE /site-links/{uuid:link_id}": Route("office"),
    "GET /assets/{uuid:asset_id}/moves": Route("own"),
    "POST /assets/{uuid:asset_id}/move": Route(
        "office", lambda w, s: {"site_id": str(w.bert.site if s is w.anna else w.anna.site)}
    ),
    "GET /technicians/{uuid:technician_id}/weeks": Route("team"),
    "PUT /technicians/{uuid:technician_id}/weeks": Route(
        "office", _of(valid_from="2099-01-05", days=WEEK)
    ),
    "DELETE /weeks/{uuid:week_id}": Route("office"),
    "GET /absences": Route("own"),
    "POST /absences": Route(
        "office",
        lambda _w, s: {
            "technician_id": str(s.technician.pk), "kind": "other",
            "start": soon(5000).isoformat(), "end": soon(5001).isoformat(),
        },
    ),
    "GET /absences/{uuid:absence_id}": Route("own"),
    "PATCH /absences/{uuid:absence_id}": Route("office", _of(note="x")),
    "DELETE /absences/{uuid:absence_id}": Route("office"),
    **_plain(
        "/checklist-items",
        "team",
        lambda w, _s: {"type_id": str(w.kind.pk), "text": "Made"},
        {"text": "Other"},
    ),
    "PUT /types/{uuid:type_id}/checklist-order": Route(
        "office", lambda w, _s: {"item_ids": [str(w.item)]}
    ),
    "GET /types": Route("team"),
    "POST /types": Route("office", _of(name="Made")),
    "GET /types/{uuid:type_id}": Route("team"),
    "PATCH /types/{uuid:type_id}": Route("office", _of(name="Other")),
    "DELETE /types/{uuid:type_id}": Route("office"),
    "POST /types/{uuid:type_id}/restore": Route("office"),
    "GET /priorities": Route("team"),
    "GET /priorities/{code}": Route("team"),
    "PATCH /priorities/{code}": Route("office", _of(name="Other")),
    "GET /reasons": Route("team"),
    "POST /reasons": Route("office", _of(kind="cancel", name="Made")),
    "GET /reasons/{uuid:reason_id}": Route("team"),
    "PATCH /reasons/{uuid:reason_id}": Route("office", _of(name="Other")),
    "DELETE /reasons/{uuid:reason_id}": Route("office"),
    "POST /reasons/{uuid:reason_id}/restore": Route("office"),
    "GET /planning/board": Route("office"),
    "GET /planning/map": Route("office"),
    "GET /planning/pile": Route("office"),
    "GET /planning/check": Route("office"),
    "GET /travel": Route("office"),
    "GET /positions": Route("office"),
    "GET /desk": Route("office"),
    "POST /desk/notes/{uuid:note_id}/put-away": Route("office"),
    "POST /desk/reports/{uuid:report_id}/decide": Route("office", _of(decision="note")),
    "GET /time-entries": Route("own"),
    "POST /time-entries": Route(
        "work",
        lambda _w, _s: {
            "kind": "work", "start": soon(-2).isoformat(), "end": soon(-1).isoformat(),
        },
    ),
    "GET /time-entries/{uuid:time_entry_id}": Route("own"),
    "PATCH /time-entries/{uuid:time_entry_id}": Route("office", _of(note="x")),
    "DELETE /time-entries/{uuid:time_entry_id}": Route("office"),
    "GET /service-orders": Route("own"),
    "POST /service-orders": Route(
        "office",
        lambda w, s: {
            "customer_id": str(s.customer), "site_id": str(s.site), "type_id": str(w.kind.pk),
            "technician_id": str(s.technician.pk), "start": soon(400).isoformat(),
        },
    ),
    f"GET {ORDER}": Route("own"),
    f"PATCH {ORDER}": Route("office", _of(description="x")),
    f"POST {ORDER}/actions/{{action}}": Route("work", _of(note="x")),
    f"POST {ORDER}/check": Route("office"),
    f"POST {ORDER}/uncheck": Route("office"),
    f"GET {ORDER}/visits": Route("own"),
    f"PATCH {ORDER}/visits/{{uuid:visit_id}}": Route("office", _of(pinned=True)),
    f"GET {ORDER}/timeline": Route("own"),
    f"POST {ORDER}/timeline/{{int:entry_id}}/correct": Route(
        "work", lambda _w, _s: {"at": soon(-1).isoformat()}
    ),
    "GET /visits": Route("own"),
    "GET /visits/{uuid:visit_id}": Route("own"),
    f"GET {ORDER}/notes": Route("own"),
    f"POST {ORDER}/notes": Route("work", _of(text="Made")),
    "GET /notes/{uuid:note_id}": Route("own"),
    f"GET {ORDER}/journal": Route("own"),
    f"GET {ORDER}/access-code": Route("door"),
    f"GET {ORDER}/record": Route("own"),
    f"GET {ORDER}/attachments": Route("own"),
    f"POST {ORDER}/attachments": Route("work", _of(file=("made.txt", b"made"))),
    "GET /attachments/{uuid:attachment_id}": Route("own"),
    "GET /attachments/{uuid:attachment_id}/content": Route("own"),
    "DELETE /attachments/{uuid:attachment_id}": Route("work"),
    "GET /planning/suggestions": Route("office"),
    "POST /planning/suggestions": Route("office", lambda _w, s: {"site_id": str(s.site)}),
    "GET /planning/answers": Route("office"),
    "GET /planning/answers/{uuid:technician_id}": Route("office"),
    "POST /planning/moves": Route("office", lambda w, s: {"moves": [_move(w, s)]}),
    "POST /planning/moves/undo": Route(
        "office", lambda _w, s: {"done": [{"service_order_id": str(s.order), "version": 1}]}
    ),
    "GET /planning/explain": Route("office"),
    "GET /planning/drafts": Route("office"),
    "POST /planning/drafts": Route(
        "office", lambda _w, s: {"kind": "absence", "absence_id": str(s.absence)}
    ),
    f"GET {DRAFT}": Route("office"),
    f"POST {DRAFT}/apply": Route("office", _of()),
    f"POST {DRAFT}/stop": Route("office"),
    f"POST {DRAFT}/drop": Route("office"),
    f"POST {DRAFT}/undo": Route("office"),
    "POST /planning/optimisations": Route(
        "office", lambda _w, _s: {"days": [soon(30).date().isoformat()], "moves": "unplanned"}
    ),
    f"GET {ROUTE}": Route("office"),
    f"GET {ROUTE}/routes": Route("office"),
    f"POST {BULK}/priority": Route("office", _several(priority_id="high")),
    f"POST {BULK}/cancel": Route("office", _several(note="x")),
    f"POST {BULK}/undo": Route("office", _several()),
    "GET /saved-filters": Route("office"),
    "POST /saved-filters": Route("office", _of(name="Made", query="stage=new")),
    f"GET {FILTER}": Route("office"),
    f"PATCH {FILTER}": Route("office", _of(name="Other")),
    f"DELETE {FILTER}": Route("office"),
    f"POST {FILTER}/star": Route("office"),
    f"POST {FILTER}/unstar": Route("office"),
    "POST /planning/explain": Route(
        "office",
        lambda _w, s: {"site_id": str(s.site), "technician_id": str(s.technician.pk)},
    ),
}  # fmt: skip
ACTIONS = ("depart", "cancel", "extend", "customer-absent", "complete", "undo", "unplan", "replan")


def routes_there() -> list[str]:
    """Method and path of everything in the URL map that ninja answers."""
    return sorted(
        f"{method} {path.replace('{uuidstr:', '{uuid:')}"
        for path, operation in operations(api)
        for method in operation.methods
    )


def path_of(path: str, world: World, share: Share | None, missing: UUID) -> Iterator[str]:
    """`path` with the ids of `share`'s things; of nothing that is there without one."""
    things = "" if share is None else path.split("/")[1]
    plain = {
        "customers": share and share.customer, "contacts": share and share.contact,
        "sites": share and share.site, "assets": share and share.asset,
        "technicians": share and share.technician.pk, "vehicles": world.vehicle,
        "skills": world.skill, "teams": world.team, "areas": world.area,
        "calendars": world.calendar, "checklist-items": world.item,
    }  # fmt: skip
    ids = {
        "id": plain.get(things),
        "order_id": share and share.order, "visit_id": share and share.visit,
        "note_id": share and share.note, "attachment_id": share and share.attachment,
        "asset_id": share and share.asset, "site_id": share and share.site,
        "link_id": share and share.link, "absence_id": share and share.absence,
        "time_entry_id": share and share.time_entry,
        "calendar_id": share and world.calendar, "holiday_id": share and world.holiday,
        "week_id": share and share.week, "technician_id": share and share.technician.pk,
        "type_id": share and world.kind.pk, "reason_id": share and world.reasons["cancel"],
        "draft_id": share and (world.routes if "optimisations" in path else world.draft),
        "report_id": share and share.report, "filter_id": share and world.filter,
        "code": "high" if share else "none",
    }  # fmt: skip
    planned = TimelineEntry.objects.filter(order=share.order).first() if share else None
    path = path.replace("{int:entry_id}", str(planned.pk if planned else 0))
    for name, value in ids.items():
        for form in (f"{{uuid:{name}}}", f"{{{name}}}"):
            path = path.replace(form, str(value or missing) if name != "code" else str(value))
    if path.startswith("/planning/answers/"):
        path += f"?service_order_id={share.order if share else missing}&first={soon():%Y-%m-%d}"
    if "{action}" not in path:
        yield path
        return
    for action in ACTIONS:
        yield path.replace("{action}", action)
