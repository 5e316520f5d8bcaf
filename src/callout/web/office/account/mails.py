from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.accounts import services
from callout.accounts.mail_state import mail_shown
from callout.orders.selectors.when import When
from callout.web.access import ActorRequest, admin_page
from callout.web.office.account.base import base_of, go


@admin_page
def mail_page(request: ActorRequest) -> HttpResponseBase:
    """Which server mails go to, and whether it takes them."""
    mail = mail_shown(actor=request.actor)
    when = When()
    context = {
        "base": base_of(request),
        "nav": "settings",
        "title": _("Mail"),
        "mail": mail,
        "sent": when.moment(mail.sent_at) if mail.sent_at else "",
        "failing": when.moment(mail.failing_since) if mail.failing_since else "",
    }
    return render(request, "settings/mail.html", context)


@require_POST
@admin_page
def mail_test(request: ActorRequest) -> HttpResponse:
    """Send a mail to oneself."""
    services.mail_test(actor=request.actor)
    if mail_shown(actor=request.actor).server:
        messages.success(request, _("It is on its way to your own address."))
    else:
        messages.info(request, _("It is printed in the log of the server; none leaves it."))
    return go(request, "office:mail")
