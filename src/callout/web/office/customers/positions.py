"""Where sites and technicians are: those that are not on the map or cannot be right, and the
position of an address while it is typed."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.customers import selectors
from callout.customers.models import Site
from callout.kernel.errors import Invalid, Refused
from callout.travel.geocoder import GeocoderError, place_find
from callout.web.access import ActorRequest, manager_page
from callout.web.ground import ground_page
from callout.web.office.customers.tabs import tabs
from callout.web.office.plain import TO_POSITIONS, Line, Listing, list_page, wanted
from callout.workforce.models import Technician
from callout.workforce.selectors import technicians_without_position

ADDRESS = ("street", "postcode", "town", "country")


def _problems() -> dict[str, str]:
    return {
        "missing": _("No position"),
        "zero": _("At 0, 0: nobody works there"),
        "far": _("Far from where you work"),
        "shared": _("At one spot with other streets"),
    }


@ground_page
def positions_page(request: ActorRequest) -> HttpResponseBase:
    """Technicians first, who are few; then sites, by name. Each line opens the form that mends."""
    asked = wanted(request)
    page = selectors.site_list(actor=request.actor, position="doubtful", **asked)
    whole = not (asked["q"] or asked["archived"] or asked["cursor"])
    technicians = technicians_without_position(actor=request.actor) if whole else []
    words = _problems()
    lines = [
        _line("technician_edit", row, words[problem], _("Technician"))
        for row, problem in technicians
    ]
    lines += [
        _line("site_edit", row, words[row.problem])  # type: ignore[attr-defined]  # annotated
        for row in page.items
    ]
    listing = Listing(
        title=_("Positions"),
        nav="customers",
        tabs=tabs(),
        own_tab="office:positions",
        live="site technician",
        heads=[_("Site or technician"), _("What is wrong"), _("Street"), _("Town"), _("Position")],
        new_url=reverse("office:site_new"),
        new_label=_("New site"),
        empty=_("Every site and every technician is on the map, where it can be right."),
        begins=False,
        placeholder=_("Name, street, postcode, town"),
        lines=lines,
        next=page.next,
        in_panel=True,
    )
    return list_page(request, listing)


def _line(name: str, row: Site | Technician, problem: str, small: str = "") -> Line:
    return Line(
        url=f"{reverse(f'office:{name}', args=[row.pk])}?to={TO_POSITIONS}",
        title=row.name,
        small=small,
        cells=[
            problem,
            row.street,
            f"{row.postcode} {row.town}".strip(),
            "" if row.latitude is None else f"{row.latitude}, {row.longitude}",
        ],
    )


@require_POST
@manager_page
def position_find(request: ActorRequest) -> HttpResponseBase:
    """Where the address that is being typed may be. Changes nothing; sent by POST since addresses
    do not belong into an address, nor into a log of them."""
    typed = [request.POST.get(name, "").strip()[:200] for name in ADDRESS]
    text = ", ".join(part for part in [typed[0], " ".join(typed[1:3]).strip(), typed[3]] if part)
    problem, found = "", []
    try:
        found = place_find(actor=request.actor, text=text if any(typed[:3]) else "")
    except (Refused, GeocoderError) as error:
        problem = error.message
    except Invalid as error:
        problem = " ".join(word for words in error.fields.values() for word in words)
    places = [(one.label, f"{one.latitude:.6f}", f"{one.longitude:.6f}") for one in found]
    context = {"problem": problem, "places": places, "asked": text}
    return render(request, "office/customers/found.html", context)
