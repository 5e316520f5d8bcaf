"""The work sheet: an order on paper, with room for what is written and signed by hand."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from callout.accounts.company import company
from callout.fieldwork.selectors.beside import FIELD, order_field
from callout.kernel import clock
from callout.kernel.checks import phone_shown
from callout.orders import selectors
from callout.orders.models import Note
from callout.orders.selectors.beside import note_list
from callout.web.access import ActorRequest, manager_page
from callout.web.office.orders import facts
from callout.web.office.orders.record import record_shown
from callout.web.office.postal import postal
from callout.web.ui.addresses import address

NOTES = 50  # the newest for the technician


@manager_page
def order_sheet(request: ActorRequest, number: int) -> HttpResponseBase:
    """What a technician takes along, or what was done, as it is printed. No access code, ever."""
    detail = selectors.order_detail(actor=request.actor, order=number, beside=FIELD)
    order_id = detail.order.pk
    field = order_field(actor=request.actor, order_id=order_id, read=detail.beside)
    notes = note_list(actor=request.actor, order_id=order_id, limit=NOTES, newest=True).items
    office = company()
    context = {
        "d": detail,
        "order": detail.order,
        "office": office,
        "office_facts": [
            postal(office),
            phone_shown(office.phone, office.country),
            office.email,
            office.vat_number,
        ],
        "intake": facts.intake_facts(detail),
        "phones": facts.phones(detail),
        "rest": detail.order.description.partition("\n")[2].strip(),
        "notes": [note.text for note in reversed(notes) if note.kind == Note.TECHNICIAN],
        "records": record_shown(detail, field.records),
        "empty_lines": range(6),
        "printed": _("printed %(time)s") % {"time": detail.when.full(clock.now())},
        "back": address("office:order", number=number),
    }
    return render(request, "office/orders/sheet.html", context)
