"""What the order's page and its work sheet tell: target, visit, how it came in, whom to call."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from callout.accounts.company import company
from callout.kernel.checks import phone_shown
from callout.orders.selectors import OrderDetail
from callout.orders.selectors.countdown import countdown
from callout.orders.selectors.rows import Waiting, waiting_words
from callout.orders.selectors.visits import VisitSeen
from callout.web.ui.orders import countdown_shown


def answer_words(detail: OrderDetail) -> str:
    """The response target, and whether it was met."""
    order, when = detail.order, detail.when
    if order.due_at is None:
        return ""
    if order.answered_at is None:
        return when.answer_by(order.due_at)
    words = {"due": when.near(order.due_at), "time": when.moment(order.answered_at)}
    if order.answered_at <= order.due_at:
        return _("answer by %(due)s, met at %(time)s") % words
    return _("answer by %(due)s, answered %(time)s") % words


def answer_left(detail: OrderDetail) -> SafeString:
    """How the response target stands, where that matters now."""
    order, when = detail.order, detail.when
    return countdown_shown(
        countdown(
            when, order.target_at, stage=detail.stage, status=order.technician_status,
            start=order.start, waits=bool(Waiting(when).words(order)),
        )
    )  # fmt: skip


def visit_facts(visit: VisitSeen) -> list[dict[str, str]]:
    """Who, with what, when: under the steps."""
    who = ", ".join([visit.technician, *visit.helpers])
    facts = [
        {"label": _("Technician"), "value": who, "initials": visit.initials},
        {"label": _("Vehicle"), "value": visit.vehicle},
        {"label": _("Slot"), "value": visit.slot},
    ]
    if visit.expected_end:
        facts.append({"label": _("Expected until"), "value": visit.expected_end})
    if visit.promise:
        facts.append({"label": _("Promised"), "value": visit.promise})
    if visit.travel:
        facts.append({"label": _("Travel from home, estimate"), "value": visit.travel})
    return facts


def intake_facts(detail: OrderDetail) -> list[dict[str, str]]:
    """How it came in and what was wished; only what is known."""
    order, when = detail.order, detail.when
    by = order.created_by or ""
    caller = " · ".join(
        word for word in (order.caller_name, phone_shown(order.caller_phone, _country())) if word
    )
    wish = " – ".join(
        when.full(moment) for moment in (order.wish_not_before, order.wish_due) if moment
    )
    hours = "–".join(f"{hour:%H:%M}" for hour in (order.wish_from, order.wish_to) if hour)
    received = f"{when.full(order.received_at)}, {channel_label(order.channel)}"
    pairs = [
        (_("Received"), received),
        (_("Recorded by"), by),
        (_("Caller"), caller),
        (_("Customer’s reference"), order.customer_reference),
        (_("Charge"), charge_label(order.charge)),
        (_("Duration"), _("%(count)d min") % {"count": order.duration_minutes}),
        (_("Wished"), " · ".join(word for word in (wish, hours) if word)),
        (_("Wished start"), when.full(order.wish_start) if order.wish_start else ""),
        (_("Vehicle proposed"), str(order.proposed_vehicle or "")),
        (_("Checked"), _checked(detail)),
    ]
    return [{"label": label, "value": value} for label, value in pairs if value]


def _checked(detail: OrderDetail) -> str:
    order = detail.order
    if order.checked_at is None:
        return ""
    words = [order.checked_by or "", detail.when.full(order.checked_at)]
    return ", ".join(word for word in words if word)


def waiting(detail: OrderDetail) -> str:
    """What it waits for, while it does."""
    order = detail.order
    if not order.waiting_for or not order.waiting_until:
        return ""
    words = {
        "what": waiting_words()[order.waiting_for],
        "day": detail.when.written(order.waiting_until),
        "note": order.waiting_note,
    }
    text = _("Waits for: %(what)s, until %(day)s.") % words
    return f"{text} {order.waiting_note}".strip()


def phones(detail: OrderDetail) -> list[dict[str, str]]:
    """Who can be called about it."""
    order, country = detail.order, _country()
    found = []
    if order.contact:
        number = order.contact.mobile or order.contact.phone
        found.append((order.contact.name, number))
    if order.customer.phone:
        found.append((order.customer.name, order.customer.phone))
    return [
        {"name": name, "tel": number, "shown": phone_shown(number, country)}
        for name, number in found
    ]


def _country() -> str:
    return company().country


def channel_label(channel: str) -> str:
    return {
        "phone": _("phone"),
        "email": _("email"),
        "form": _("form"),
        "visit": _("on the spot"),
        "internal": _("ourselves"),
    }[channel]


def charge_label(charge: str) -> str:
    return {
        "chargeable": _("Chargeable"),
        "warranty": _("Warranty"),
        "contract": _("Contract"),
        "goodwill": _("Goodwill"),
    }[charge]
