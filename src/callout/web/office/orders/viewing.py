"""How somebody looks at the orders: the columns of the list, and filters kept by a name."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from callout.kernel.checks import checked, id_or_none
from callout.orders import services
from callout.orders.columns import COLUMNS, columns_read, columns_written
from callout.orders.filters import OrderFilter
from callout.orders.models import SavedFilter
from callout.orders.selectors.views import filter_get, filter_list, own_view
from callout.web.access import ActorRequest, manager_page
from callout.web.office.account.forms import OfficeForm
from callout.web.office.orders.filters import PLAIN, VIEWS
from callout.web.office.plain import deed, panel, version_of
from callout.web.once import Facts
from callout.web.ui.addresses import address


def columns_of(request: ActorRequest) -> tuple[str, ...]:
    """Those of the address, else one's own, else the usual ones."""
    given = request.GET.get("columns", "")
    return columns_read(given) if given else own_view(actor=request.actor).columns


def opened(kept: SavedFilter) -> str:
    """The address that a kept filter opens: view, filter, columns."""
    columns = f"columns={kept.columns}" if kept.columns else ""
    query = "&".join(filter(None, (kept.query, columns)))
    return address(VIEWS[kept.view]) + (f"?{query}" if query else PLAIN)


@require_GET
@manager_page
def columns_menu(request: ActorRequest) -> HttpResponseBase:
    """Which columns there are: those shown are ticked and come first, in their order, which can be
    changed; how to share them by an address."""
    shown = columns_of(request)
    wanted = OrderFilter.parse(request.GET)
    query = wanted.query()
    chosen = f"{'&' if query else '?'}columns={','.join(shown)}"
    context = {
        "columns": [
            (name, COLUMNS[name], name in shown) for name in dict.fromkeys([*shown, *COLUMNS])
        ],
        "set_url": address("office:order_columns_set") + query,
        "link": address("office:orders") + query + chosen,
        "is_usual": columns_written(shown) == "",
    }
    return render(request, "office/orders/columns.html", context)


@require_POST
@manager_page
def columns_set(request: ActorRequest) -> HttpResponseBase:
    """One's own columns from now on; `reset` for the usual ones."""
    chosen = [] if "reset" in request.POST else request.POST.getlist("column")
    services.own_columns_set(actor=request.actor, columns=chosen[: len(COLUMNS)])
    wanted = OrderFilter.parse(request.GET)
    return redirect(address("office:orders") + (wanted.query() or PLAIN))


class FilterForm(OfficeForm):
    """A name for what is looked at, and for whom."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    shared = forms.BooleanField(label=gettext_lazy("For everybody in the office"), required=False)
    with_columns = forms.BooleanField(
        label=gettext_lazy("With the columns of now"),
        help_text=gettext_lazy("else each sees their own"),
        required=False,
    )
    opens = forms.BooleanField(label=gettext_lazy("My list opens with it"), required=False)


@require_GET
@manager_page
def filters_menu(request: ActorRequest) -> HttpResponseBase:
    """Own and shared filters, and what can be done with them."""
    kept = filter_list(actor=request.actor)
    query = request.GET.urlencode(safe=",")
    context = {
        "own": [(one, opened(one.filter)) for one in kept if one.own],
        "shared": [(one, opened(one.filter)) for one in kept if not one.own],
        "save_url": f"{address('office:filter_new')}?{query}",
    }
    return render(request, "office/orders/filters_menu.html", context)


@manager_page
def filter_new(request: ActorRequest) -> HttpResponseBase:
    """What is looked at now, kept."""
    form = FilterForm(request.POST if request.method == "POST" else None)
    view = request.GET.get("view", "list")
    wanted = OrderFilter.parse(request.GET)

    def make(typed: dict[str, Any]) -> Facts:
        columns = ",".join(columns_of(request)) if typed["with_columns"] else ""
        row = services.filter_save(
            actor=request.actor,
            name=typed["name"],
            view=view if view in VIEWS else "list",
            query=wanted.query(),
            columns=columns,
            shared=typed["shared"],
        )
        if typed["opens"]:
            services.own_filter_set(actor=request.actor, filter_id=row.pk)
        return {"url": opened(row)}

    return panel(
        request, form, make,
        heading=_("Save this filter"), submit=_("Save"), done=lambda facts: str(facts["url"]),
        said=_("The filter is saved."),
        layout=[["name"], ["shared"], ["with_columns"], ["opens"]],
    )  # fmt: skip


class RenameForm(OfficeForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    shared = forms.BooleanField(label=gettext_lazy("For everybody in the office"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


@manager_page
def filter_edit(request: ActorRequest, filter_id: UUID) -> HttpResponseBase:
    """Another name, or shared with everybody, or not any more."""
    kept = filter_get(actor=request.actor, filter_id=filter_id)
    initial = {"name": kept.name, "shared": kept.shared, "version": kept.version}
    form = RenameForm(request.POST if request.method == "POST" else None, initial=initial)

    def change(typed: dict[str, Any]) -> Facts:
        row = services.filter_update(actor=request.actor, filter_id=filter_id, **typed)
        return {"url": opened(row)}

    return panel(
        request, form, change,
        heading=_("Saved filter"), done=lambda facts: str(facts["url"]),
        said=_("The filter is saved."), layout=[["name"], ["shared"]],
    )  # fmt: skip


@require_POST
@manager_page
def filter_remove(request: ActorRequest, filter_id: UUID) -> HttpResponseBase:
    """Forgotten; the orders it found stay."""
    version = version_of(request)
    return deed(
        request,
        lambda: services.filter_remove(actor=request.actor, filter_id=filter_id, version=version),
        back=address("office:orders") + PLAIN,
        said=_("The filter is removed."),
    )


@require_POST
@manager_page
def filter_star(request: ActorRequest) -> HttpResponseBase:
    """The list opens with this filter from now on; with none of them without `filter`."""
    filter_id = checked("filter", id_or_none, request.POST.get("filter"))
    services.own_filter_set(actor=request.actor, filter_id=filter_id)
    return HttpResponse(headers={"HX-Redirect": address("office:orders")})
