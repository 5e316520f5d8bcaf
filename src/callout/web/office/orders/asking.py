"""A dialog about an order: shown, or sent and done; what was typed stays where it is refused."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from callout.kernel.errors import Invalid, Refused, Stale
from callout.orders.models import ServiceOrder
from callout.orders.selectors.changes import stale_told
from callout.web.access import ActorRequest
from callout.web.office.orders.forms import OrderForm

Do = Callable[[dict[str, Any]], HttpResponse]


def answered(
    request: ActorRequest, order: ServiceOrder, form: OrderForm, do: Do
) -> HttpResponse | None:
    """What was sent, done by `do`. None where the form is to be shown: not sent yet, or refused,
    which stands in it then."""
    if not (form.is_bound and form.is_valid()):
        return None
    given = form.cleaned_data
    try:
        return do(given)
    except Invalid as error:
        form.refuse(error)
    except Stale as error:
        told = stale_told(request.actor, order.pk, error, given["version"])
        form.renew(error.current["version"], told.message)
    except Refused as error:
        form.add_error(None, error.message)
    return None


def order_dialog(
    request: ActorRequest, order: ServiceOrder, form: OrderForm, do: Do, **shown: object
) -> HttpResponse:
    """The plain one. `shown`: title, url (takes the answer), label of its button, danger."""
    done = answered(request, order, form, do)
    if done is not None:
        return done
    context = {"order": order, "form": form, **shown}
    status = 422 if form.errors else 200
    return render(request, "office/orders/dialog.html", context, status=status)
