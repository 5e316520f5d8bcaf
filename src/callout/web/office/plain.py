"""What the plain pages of the office share: a list, a form in the side panel, a button's deed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from callout.kernel.checks import id_if_any
from callout.kernel.errors import Invalid, Refused, Stale, VersionMissing
from callout.kernel.paging import Page
from callout.kernel.searching import Choice
from callout.travel.geocoder import geocoder_is_set
from callout.web.access import ActorRequest, is_fragment
from callout.web.office.account.base import sent
from callout.web.office.account.forms import OfficeForm
from callout.web.once import Facts, once

# In the address of a form that was opened from the list of positions: one comes back to it.
TO_POSITIONS = "positions"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a plain list: its first cell is the link; `small` stands behind it."""

    url: str
    title: str
    cells: Sequence[str]
    small: str = ""
    initials: str = ""


@dataclass(frozen=True, slots=True)
class Choosing:
    """A list narrowed by one of a few things: `name` in the address, its label, the word for all of
    them, what there is (value, words), and what is chosen."""

    name: str
    label: str
    every: str
    options: Sequence[tuple[str, str]]
    chosen: UUID | None

    @property
    def value(self) -> str:
        """What is chosen, as the options write it."""
        return str(self.chosen or "")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a plain list page shows. `tabs` are (label, url name, icon); `own_tab` is this one."""

    title: str
    nav: str
    tabs: Sequence[tuple[str, str, str]]
    own_tab: str
    heads: Sequence[str]
    new_url: str
    new_label: str
    empty: str
    placeholder: str
    live: str  # the kinds of things whose change shows the list again
    lines: list[Line] = field(default_factory=list)
    next: str | None = None
    choices: Sequence[Choosing] = ()
    in_panel: bool = False  # whether a row opens in the side panel
    import_url: str = ""  # where such things come in from a file
    export_url: str = ""  # where this list goes out as one
    empty_text: str = ""  # why, and what to do next
    archives: bool = True  # whether it can show what was put away
    begins: bool = True  # whether an empty one offers to create the first of its things


def wanted(request: HttpRequest) -> dict[str, Any]:
    """What a list's address asks for."""
    return {
        "q": request.GET.get("q", "")[:200],
        "archived": request.GET.get("archived") == "1",
        "cursor": request.GET.get("cursor") or None,
    }


def chosen_id(request: HttpRequest, name: str) -> UUID | None:
    """The thing that a list's address narrows it to; what is no id narrows nothing."""
    return id_if_any(request.GET.get(name, ""))


def back_at(address: str, thing_id: UUID) -> str:
    """The page that one comes back to after a button, with the keyboard at one of its things."""
    return f"{address}?at={thing_id}"


def next_of(request: HttpRequest, own: UUID) -> UUID:
    """Where the keyboard goes once this thing has left the page: as its button was drawn."""
    return id_if_any(request.POST.get("next", "")) or own


def nexts(ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """For each thing of a page the one beside it: that after it, of the last one that before."""
    return {one: (*ids[at + 1 :], *ids[:at][-1:], one)[0] for at, one in enumerate(ids)}


def list_page(request: HttpRequest, listing: Listing) -> HttpResponse:
    """The list; the search box asks for it again as one types."""
    chosen = {one.name: one.value for one in listing.choices if one.value}
    asked = {"q": request.GET.get("q", "")[:200], **chosen}
    context = {
        "listing": listing,
        "nav": listing.nav,
        "narrowed": bool(asked["q"] or chosen),
        # The other tabs look for the same.
        "kept": urlencode({name: value for name, value in asked.items() if value}),
        **wanted(request),
    }
    return render(request, "office/customers/list.html", context)


def lines_of(page: Page[Any], line: Callable[[Any], Line]) -> dict[str, Any]:
    """A page of rows as `Listing` takes them."""
    return {"lines": [line(row) for row in page.items], "next": page.next}


def gone_to(request: HttpRequest, address: str) -> HttpResponseBase:
    """On to another page, from the side panel too."""
    if is_fragment(request):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def panel(
    request: ActorRequest,
    form: OfficeForm,
    change: Callable[[dict[str, Any]], Facts],
    *,
    heading: str,
    done: Callable[[Facts], str],
    said: str,
    submit: str = "",
    layout: Iterable[Sequence[str]] = (),
    template: str = "office/customers/panel.html",
    **context: object,
) -> HttpResponseBase:
    """A form in the side panel (a page when opened by its address): shown, or sent and done.

    `change` gets the parsed values and answers the facts that `done` needs for the next address.
    What is refused stands beside its field, and what was typed stays.
    """
    facts: Facts = {}
    if "latitude" in form.fields:
        context["position"] = _position()

    def work(given: dict[str, Any]) -> None:
        facts.update(once(request, request.actor, lambda: change(dict(given))))

    if sent(request, form, work):
        messages.success(request, said)
        back = request.GET.get("to") == TO_POSITIONS
        return gone_to(request, reverse("office:positions") if back else done(facts))
    shown = {
        "form": form,
        "heading": heading,
        "submit": submit or _("Save"),
        "rows": [[form[name] for name in names] for names in layout],
        **context,
    }
    return render(request, template, shown, status=422 if form.errors else 200)


def _position() -> dict[str, str]:
    """What stands below the fields of a position: parts/position.html."""
    find = reverse("office:position_find") if geocoder_is_set() else ""
    return {"find_url": find, "style": settings.MAP_STYLE}


def deed(
    request: ActorRequest,
    change: Callable[[], object],
    *,
    back: str,
    said: str,
) -> HttpResponseBase:
    """A button pressed: done or refused, said on the page one comes back to."""

    def work() -> Facts:
        change()
        return {}

    try:
        once(request, request.actor, work)
    except (Invalid, Refused, Stale) as error:
        messages.error(request, error.message)
    else:
        messages.success(request, said)
    return gone_to(request, back)


def versioned_deed(
    request: ActorRequest, change: Callable[..., object], *, back: str, said: str, **of: UUID
) -> HttpResponseBase:
    """The same for a button that was drawn with a version; `of` names the thing: `type_id=...`."""
    version = version_of(request)
    return deed(
        request,
        lambda: change(actor=request.actor, version=version, **of),
        back=back,
        said=said,
    )


def version_of(request: HttpRequest) -> int:
    """The version that a button was drawn with. VersionMissing without one."""
    given = request.POST.get("version", "")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise VersionMissing(_("This page is too old. Open it again and retry."))
    return int(given)


def options(choices: Iterable[Choice], prefix: bool = False) -> JsonResponse:
    """What a combobox shows. With `prefix` an id tells its kind: "site:...", "asset:..."."""
    items = [
        {
            "id": f"{one.kind}:{one.id}" if prefix else str(one.id),
            "name": one.label,
            "detail": one.detail,
            **({"icon": one.icon} if one.icon else {}),
            **({"initials": one.initials} if one.initials else {}),
        }
        for one in choices
    ]
    return JsonResponse({"items": items})


def piece_again() -> HttpResponse:
    """What a progress answers when there is none any more: the live piece that it stands in is read
    again. Not the page, which may have heard of the end itself and be in use already."""
    return HttpResponse(status=204, headers={"HX-Trigger": "live"})
