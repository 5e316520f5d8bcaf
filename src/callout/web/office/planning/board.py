"""The board's page: what it knows before it asks. Visits and pile come from the API."""

from collections.abc import Iterable
from typing import Any, Protocol
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language

from callout.accounts.zone import company_zone, today
from callout.customers.selectors import area_list
from callout.kernel.actor import Actor
from callout.orders.selectors.catalogue import type_page
from callout.web.access import ActorRequest, manager_page
from callout.web.ui.addresses import address
from callout.web.ui.navigation import url_if
from callout.web.ui.strings_planning import planning_texts
from callout.workforce.selectors import skill_list, team_list

MOST = 200  # choices of a filter


class Named(Protocol):
    """What a filter offers."""

    pk: UUID
    name: str


@manager_page
def board_page(request: ActorRequest) -> HttpResponseBase:
    """Technicians as rows, time across, and the pile beside them."""
    context = {"settings": planning_settings(request.actor), "texts": planning_texts()}
    return render(request, "office/planning/board.html", context)


def planning_settings(actor: Actor) -> dict[str, Any]:
    """What the scripts that plan know before they ask: see frontend/src/planning/settings.ts."""
    return {
        "zone": company_zone().key,
        "language": get_language(),
        "today": today().isoformat(),
        "urls": {
            "order_by_id": of_order("office:order_by_id"),
            "menu": f"{of_order('office:order_menu')}?on=board",
            "replan": of_order("office:order_act", code="replan"),
            "absence": url_if("office:plan_absence"),
            "drafts": url_if("office:plan_drafts"),
            "auto_plan": url_if("office:plan_auto"),
            "optimise": url_if("office:map"),
            "tomorrow": url_if("office:planning_tomorrow"),
        },
        "teams": _named(team_list(actor=actor, limit=MOST).items),
        "skills": _named(skill_list(actor=actor, limit=MOST).items),
        "areas": _named(area_list(actor=actor, limit=MOST).items),
        "types": _named(type_page(actor=actor, limit=MOST).items),
    }


def of_order(name: str, **place: str) -> str:
    """The address of every order: the script puts the id where "{id}" stands."""
    nobody = UUID(int=0)
    return address(name, order_id=nobody, **place).replace(str(nobody), "{id}")


def _named(rows: Iterable[Named]) -> list[dict[str, str]]:
    return [{"id": str(one.pk), "name": one.name} for one in rows]
