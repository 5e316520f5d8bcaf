"""The bar of actions of the list: orders chosen by their boxes, looked at, and then changed.

The boxes are sent as "id:version" with commas between: a change is refused for what has another
version by then. Every dialog says first which of them would stay as they are, and why.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from callout.accounts.zone import today
from callout.kernel.checks import checked, id_required
from callout.kernel.errors import Invalid, Refused
from callout.orders import services
from callout.orders.priorities import priority_labels
from callout.orders.selectors.choices import who_and_with_what
from callout.orders.selectors.selected import Selected, Wanted, orders_selected
from callout.orders.services import Became, Seen
from callout.planning.drafts.making import draft_auto_plan
from callout.web.access import ActorRequest, manager_page
from callout.web.office.account.forms import OfficeForm
from callout.web.office.orders.answers import closed
from callout.web.office.orders.forms import named, reason_choices
from callout.web.office.planning.draft_forms import AssignForm
from callout.web.once import Facts, once

SENT = "sent"  # in a form that was shown before; without it the dialog is opened
LONGEST = 50_000  # characters of all boxes: two hundred, with room
Do = Callable[[Sequence[Seen], dict[str, Any]], list[Became]]


def seen_in(given: QueryDict) -> list[Seen]:
    """The orders chosen, each once. Invalid for what is none."""
    text = ",".join(given.getlist("order"))
    if len(text) > LONGEST:
        raise Invalid({"order": [_("Choose fewer orders.")]})
    found: dict[UUID, Seen] = {}
    for part in filter(None, text.split(",")):
        key, _colon, version = part.partition(":")
        if not (version.isascii() and version.isdigit() and len(version) < 10):
            raise Invalid({"order": [_("This page is too old. Open it again and retry.")]})
        order_id = checked("order", id_required, key)
        found.setdefault(order_id, Seen(order_id, int(version)))
    return list(found.values())


class CancelForm(OfficeForm):
    """Why all of them are cancelled."""

    reason_id = forms.ChoiceField(
        label=gettext_lazy("Reason"), required=False, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PriorityForm(OfficeForm):
    """Which priority all of them get."""

    priority = forms.ChoiceField(label=gettext_lazy("Priority"), widget=forms.RadioSelect)


@require_POST
@manager_page
def selected_cancel(request: ActorRequest) -> HttpResponseBase:
    """Cancelled, for a reason; afterwards one Undo for all of them."""
    form = CancelForm(request.POST if SENT in request.POST else None)
    form.offer("reason_id", reason_choices(request.actor, "cancel"))

    def do(seen: Sequence[Seen], given: dict[str, Any]) -> list[Became]:
        reason = given["reason_id"]
        return services.orders_cancel(
            actor=request.actor,
            seen=seen,
            reason_id=UUID(reason) if reason else None,
            note=given["note"],
        )

    return _dialog(
        request, "cancel", form, do,
        title=_("Cancel these orders?"), label=_("Cancel the orders"), danger=True,
        undo=reverse("office:selected_undo"),
        done=lambda n: ngettext("%(count)d order is cancelled.", "%(count)d orders are cancelled.",
                                n) % {"count": n},
    )  # fmt: skip


@require_POST
@manager_page
def selected_priority(request: ActorRequest) -> HttpResponseBase:
    """One priority for all of them."""
    form = PriorityForm(request.POST if SENT in request.POST else None)
    form.offer("priority", list(priority_labels().items()))

    def do(seen: Sequence[Seen], given: dict[str, Any]) -> list[Became]:
        return services.orders_prioritise(
            actor=request.actor, seen=seen, priority=given["priority"]
        )

    return _dialog(
        request, "priority", form, do,
        title=_("Priority of these orders"), label=_("Set the priority"),
        done=lambda n: ngettext("%(count)d order has the priority.",
                                "%(count)d orders have the priority.", n) % {"count": n},
    )  # fmt: skip


@require_POST
@manager_page
def selected_undo(request: ActorRequest) -> HttpResponseBase:
    """What was done with all of them taken back: each as its own Undo."""
    seen = seen_in(request.POST)

    def work() -> Facts:
        return _facts(services.orders_undo(actor=request.actor, seen=seen))

    became = _became(once(request, request.actor, work))
    context = _result(request, became, seen, "cancel")
    context["done"] = ngettext(
        "%(count)d order is as it was before.", "%(count)d orders are as they were before.",
        context["count"],
    ) % {"count": context["count"]}  # fmt: skip
    return render(request, "office/orders/selected_done.html", context)


@require_POST
@manager_page
def selected_assign(request: ActorRequest) -> HttpResponseBase:
    """Slots looked for, for new ones and for planned ones: a plan draft, whose screen shows from
    where to where before anything is planned, and applies and undoes them as one."""
    seen = seen_in(request.POST)
    chosen = orders_selected(actor=request.actor, seen=seen, wanted="assign")
    going = [one for one in chosen if not one.refusal]
    planned = any(one.planned for one in going)
    form = AssignForm(
        request.POST if SENT in request.POST else None,
        technicians=named(who_and_with_what(request.actor)[0]),
        planned=planned,
        initial={"first": today(), "days": 5},
    )
    if form.is_bound and form.is_valid():
        ids = [one.id for one in going]

        def work() -> Facts:
            draft = draft_auto_plan(actor=request.actor, order_ids=ids, **form.values())
            return {"id": str(draft.pk)}

        try:
            facts = once(request, request.actor, work)
        except Invalid as error:
            form.refuse(error)
        except Refused as error:
            form.add_error(None, error.message)
        else:
            said = _("The draft is being made. Nothing is planned until you apply it.")
            messages.success(request, said)
            url = reverse("office:plan_draft", args=[facts["id"]])
            return HttpResponse(headers={"HX-Redirect": url})
    note = _("The next screen shows a slot for each of them. Nothing is planned yet.")
    if planned:
        note = _("The next screen shows for each from where to where. Nothing changes yet.")
    return _asked(
        request, chosen, form,
        title=_("Assign these orders"), label=_("Show the slots"), note=note,
    )  # fmt: skip


def _dialog(
    request: ActorRequest,
    wanted: Wanted,
    form: OfficeForm,
    do: Do,
    *,
    done: Callable[[int], str],
    undo: str = "",
    **words: object,
) -> HttpResponse:
    """The question, with what would stay as it is; then what became of each."""
    seen = seen_in(request.POST)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            facts = once(request, request.actor, lambda: _facts(do(seen, given)))
        except Invalid as error:
            form.refuse(error)
        else:
            return _told(request, _became(facts), seen, wanted, done, undo)
    return _asked(request, orders_selected(actor=request.actor, seen=seen, wanted=wanted), form,
                  **words)  # fmt: skip


def _asked(
    request: ActorRequest, chosen: Sequence[Selected], form: forms.Form, **words: object
) -> HttpResponse:
    """The question, over those that it is about and those that would stay."""
    refused = [one for one in chosen if one.refusal]
    context = {
        "form": form,
        "url": request.path,
        "orders": _boxes((one.id, one.version) for one in chosen),
        "going": len(chosen) - len(refused),
        "count": len(chosen),
        "refused": refused,
        **words,
    }
    status = 422 if form.errors else 200
    return render(request, "office/orders/selected.html", context, status=status)


def _boxes(orders: Iterable[tuple[UUID, int]]) -> str:
    """As the boxes are sent."""
    return ",".join(f"{order_id}:{version}" for order_id, version in orders)


def _told(
    request: ActorRequest,
    became: Sequence[Became],
    seen: Sequence[Seen],
    wanted: Wanted,
    done: Callable[[int], str],
    undo: str,
) -> HttpResponse:
    context = _result(request, became, seen, wanted)
    words = done(context["count"])
    if not undo and not context["refused"]:
        return closed(words)
    return render(
        request, "office/orders/selected_done.html", context | {"done": words, "undo": undo}
    )


def _result(
    request: ActorRequest, became: Sequence[Became], seen: Sequence[Seen], wanted: Wanted
) -> dict[str, Any]:
    """What was done, and each that was refused, with what it is called and why."""
    named = {one.id: one for one in
             orders_selected(actor=request.actor, seen=seen, wanted=wanted)}  # fmt: skip
    done = [one for one in became if not one.refusal]
    refused = [
        {"number": named[one.order_id].number, "customer": named[one.order_id].customer,
         "refusal": one.refusal}
        for one in became
        if one.refusal
    ]  # fmt: skip
    orders = _boxes((one.order_id, one.version) for one in done)
    return {"count": len(done), "refused": refused, "orders": orders}


def _facts(became: Sequence[Became]) -> Facts:
    return {"became": [[str(one.order_id), one.version, one.refusal] for one in became]}


def _became(facts: Facts) -> list[Became]:
    return [Became(UUID(key), version, refusal) for key, version, refusal in facts["became"]]
