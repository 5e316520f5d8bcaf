"""The right column of an order's page: where it is, at what, what stands around it, how it came in
(written as page_head.py)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from callout.orders.selectors import OrderDetail
from callout.orders.selectors.related import Other
from callout.orders.selectors.seen import AssetSeen, SiteSeen
from callout.web.office.orders import facts
from callout.web.office.orders.minimap import minimap
from callout.web.office.orders.page_head import section
from callout.web.ui import marks, story
from callout.web.ui.addresses import address
from callout.web.ui.markup import NOTHING, joined, piece
from callout.web.ui.navigation import url_if

ASIDE = piece('<a class="co-end co-t2 co-row" href="{url}">{words}</a>')
LOCATION = piece("""
    {drawn}
    <p class="co-strong"><a href="{url}">{parent}{name}</a></p>
    <p class="co-t2">{street}{comma}{postcode} {town}</p>
    <ul class="co-call-list">{calls}</ul>{access}
""")
CALL = piece("<li>{icon}<span>{name}{number}</span></li>")
CALL_NUMBER = piece(' · <a href="tel:{tel}">{shown}</a>')
ACCESS = piece('<dl class="co-facts co-facts-rows co-access">{told}</dl>')
ACCESS_NOTE = piece("<div><dt>{term}</dt><dd>{text}</dd></div>")
ACCESS_CODE = piece('<div><dt>{term}</dt><dd id="site-code">{code}</dd></div>')
CODE = piece("""
    <button class="co-btn co-btn-sm" type="button" hx-post="{url}" hx-target="#site-code"
      hx-swap="innerHTML">{icon}{words}</button>
""")
CODE_KEPT = piece('<span class="co-t3">{words}</span>')
ASSET = piece("""
    <div class="co-lead">
      <span class="co-tile co-tile-36">{icon}</span>
      <div><b>{kind} {reference}</b><small>{told}</small></div>
    </div>
""")
ALSO = piece('<div class="co-also"><span class="co-t3">{covers}</span><ul>{rows}</ul></div>')
ALSO_ASSET = piece('<li>{icon}<a class="co-link" href="{url}">{kind} {reference}</a></li>')
ORDERS = piece('<ul class="co-past">{rows}</ul>')
ORDER = piece("""
    <li>
      {mark}<span>{first}</span><a class="co-ell" href="{url}">{title}</a>
      <span class="co-t3">{last}</span>
    </li>
""")
FOLLOWED = piece("""
    <li>
      {icon}<span>{number}</span><a class="co-ell" href="{url}">{words}</a><span></span>
    </li>
""")
NO_PAST = piece('<p class="co-t3 co-sm co-past-none">{words}</p>')
ALL_PAST = piece('<a class="co-t2 co-sm" href="{url}">{words}</a>')
EDIT = piece("""
    <button class="co-btn co-btn-quiet co-btn-sm co-end" type="button" hx-get="{url}"
      hx-target="#co-side">{icon}{words}</button>
""")


def right(detail: OrderDetail, *, may_look: bool) -> SafeString:
    """`may_look`: whether the reader is one who may see an access code."""
    sections = [_location(detail, may_look), _assets(detail), _around(detail), _intake(detail)]
    return joined([one for one in sections if one], "\n")


def _location(detail: OrderDetail, may_look: bool) -> SafeString:
    order = detail.order
    site = order.site
    aside = drawn = NOTHING
    if site.latitude is not None and site.longitude is not None:
        words = joined([marks.icon("navigation"), _("Directions")])
        aside = ASIDE(url=f"geo:{site.latitude:.6f},{site.longitude:.6f}", words=words)
        drawn = minimap(site.latitude, site.longitude, detail.status)
    body = LOCATION(
        drawn=drawn,
        url=url_if("office:site", site_id=order.site_id),
        parent=f"{site.parent} › " if site.parent is not None else "",
        name=site.name,
        street=site.street,
        comma=", " if site.street and site.town else "",
        postcode=site.postcode,
        town=site.town,
        calls=joined([_call(phone) for phone in facts.phones(detail)]),
        access=_access(detail, site, may_look),
    )
    return section("location", _("Location"), body, aside)


def _call(phone: dict[str, str]) -> SafeString:
    shown = phone["shown"]
    number = CALL_NUMBER(tel=phone["tel"], shown=shown) if shown else NOTHING
    return CALL(icon=marks.icon("phone"), name=phone["name"], number=number)


def _access(detail: OrderDetail, site: SiteSeen, may_look: bool) -> SafeString:
    notes = [
        (_("Access"), site.access_notes),
        (_("Parking"), site.parking_notes),
        (_("Keys"), site.key_notes),
    ]
    told = [ACCESS_NOTE(term=term, text=text) for term, text in notes if text]
    if detail.has_code:
        code = _code(detail) if may_look else _code_kept()
        told.append(ACCESS_CODE(term=_("Access code"), code=code))
    return ACCESS(told=joined(told)) if told else NOTHING


def _code(detail: OrderDetail) -> SafeString:
    url = address("office:order_code", order_id=detail.order.pk)
    return CODE(url=url, icon=marks.icon("eye"), words=_("Show"))


def _code_kept() -> SafeString:
    return CODE_KEPT(words=_("kept; the technician on the visit can see it"))


def _assets(detail: OrderDetail) -> SafeString:
    """The assets with their past; without any, the past of the site."""
    order, more = detail.order, detail.more_assets
    if order.asset is None and not more:
        if not detail.related.past:
            return NOTHING
        return section("past", _("Past at this site"), _past(detail))
    aside = lead = also = NOTHING
    if order.asset is not None:
        url = url_if("office:asset", asset_id=order.asset_id)
        if url:
            aside = ASIDE(url=url, words=joined([_("Open"), marks.icon("arrow-right")]))
        lead = _asset(order.asset)
    if more:
        also = _also(more, _("Also covers") if order.asset else _("Covers"))
    title = _("Assets") if more else _("Asset")
    return section("asset", title, joined([lead, also, _past(detail)]), aside)


def _asset(asset: AssetSeen) -> SafeString:
    told = [f"{asset.manufacturer} {asset.model}".strip()]
    if asset.serial_number:
        told.append(_("serial") + f" {asset.serial_number}")
    if asset.installed_on:
        told.append(_("installed %(year)s") % {"year": asset.installed_on.year})
    icon = marks.icon("box", "20")
    words = " · ".join(filter(None, told))
    return ASSET(icon=icon, kind=asset.kind, reference=asset.reference, told=words)


def _also(more: Sequence[dict[str, Any]], covers: str) -> SafeString:
    icon = marks.icon("box", "14")
    rows = [
        ALSO_ASSET(
            icon=icon,
            url=address("office:asset", asset_id=UUID(one["id"])),
            kind=one["kind"],
            reference=one["reference"],
        )
        for one in more
    ]
    return ALSO(covers=covers, rows=joined(rows))


def _past(detail: OrderDetail) -> SafeString:
    order, related = detail.order, detail.related
    if related.past:
        rows = [_other(one, one.day, one.technician or "–") for one in related.past]
        shown = ORDERS(rows=joined(rows))
    else:
        shown = NO_PAST(words=_("No intervention before this one."))
    if not related.past_goes_on:
        return shown
    of = f"asset={order.asset_id}" if order.asset_id else f"site={order.site_id}"
    url = f"{address('office:orders')}?{of}"
    return joined([shown, ALL_PAST(url=url, words=_("All interventions"))])


def _around(detail: OrderDetail) -> SafeString:
    """What it follows, what follows it, and what else is open at the place."""
    related, followed = detail.related, detail.order.follow_up_of
    rows = []
    if followed is not None:
        rows.append(
            FOLLOWED(
                icon=marks.icon("corner-down-right"),
                number=detail.followed_number,
                url=_order_url(followed),
                words=_("What this follows"),
            )
        )
    follows, is_open = _("follow-up"), _("open here")
    rows += [_other(one, one.number, follows) for one in related.follow_ups]
    rows += [_other(one, one.number, is_open) for one in related.open]
    if not rows:
        return NOTHING
    return section("around", _("Around it"), ORDERS(rows=joined(rows)))


def _other(other: Other, first: str, last: str) -> SafeString:
    return ORDER(
        mark=marks.disc(other.status),
        first=first,
        url=_order_url(other.bare_number),
        title=other.title,
        last=last,
    )


def _order_url(number: int) -> str:
    return address("office:order", number=number)


def _intake(detail: OrderDetail) -> SafeString:
    url = address("office:order_edit", order_id=detail.order.pk)
    edit = EDIT(url=url, icon=marks.icon("pencil"), words=_("Edit"))
    return section("intake", _("Intake"), story.facts(facts.intake_facts(detail), rows=True), edit)
