"""The right column of an order's page: where it is, at what, what stands around it, how it came in.

Written here for the reason told in page_head.py. Every value is escaped.
"""

from collections.abc import Sequence
from html import escape as e
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe

from callout.orders.selectors import OrderDetail
from callout.orders.selectors.related import Other
from callout.orders.selectors.seen import AssetSeen, SiteSeen
from callout.web.office.orders import facts
from callout.web.office.orders.minimap import MiniMap, minimap
from callout.web.office.orders.page_words import words
from callout.web.ui import marks, story
from callout.web.ui.addresses import address
from callout.web.ui.navigation import url_if


def right(detail: OrderDetail, *, may_look: bool) -> SafeString:
    """`may_look`: whether the reader is one who may see an access code."""
    sections = [_location(detail, may_look), _assets(detail), _around(detail), _intake(detail)]
    return mark_safe("\n".join([one for one in sections if one]))  # noqa: S308


def _section(name: str, title: str, aside: str, body: str) -> str:
    return (
        f'<section class="co-panel co-section" aria-labelledby="{name}-title">'
        f'<header><h2 id="{name}-title">{title}</h2>{aside}</header>\n{body}</section>'
    )


def _location(detail: OrderDetail, may_look: bool) -> str:
    said = words()
    order = detail.order
    site = order.site
    drawn = minimap(site.latitude, site.longitude)
    aside = ""
    if drawn:
        shown = f"{marks.icon('navigation')}{said['Directions']}"
        aside = f'<a class="co-end co-t2 co-row" href="{e(drawn.geo)}">{shown}</a>'
    parent = f"{e(site.parent)} › " if site.parent is not None else ""
    url = e(url_if("office:site", site_id=order.site_id))
    comma = ", " if site.street and site.town else ""
    calls = "".join([_call(phone) for phone in facts.phones(detail)])
    body = (
        f"{_map(drawn, detail.status) if drawn else ''}\n"
        f'<p class="co-strong"><a href="{url}">{parent}{e(site.name)}</a></p>\n'
        f'<p class="co-t2">{e(site.street)}{comma}{e(site.postcode)} {e(site.town)}</p>\n'
        f'<ul class="co-call-list">{calls}</ul>\n{_access(detail, site, may_look)}\n'
    )
    return _section("location", said["Location"], aside, body)


def _map(drawn: MiniMap, status: str) -> str:
    said = words()
    across = "".join(
        [f'<line class="co-minimap-grid" x1="{x}" x2="{x}" y1="0" y2="124"/>' for x in drawn.across]
    )
    down = "".join(
        [f'<line class="co-minimap-grid" x1="0" x2="344" y1="{y}" y2="{y}"/>' for y in drawn.down]
    )
    label = words()["Position %(position)s"] % {"position": e(drawn.words)}
    return (
        f'<figure class="co-minimap"><svg viewBox="0 0 344 124" role="img" aria-label="{label}">'
        f'<rect class="co-minimap-land" width="344" height="124"/>{across}{down}'
        f'<circle class="co-minimap-near" cx="172" cy="62" r="31"/>'
        f'<circle class="co-minimap-pin co-k-{e(status)}" cx="172" cy="62" r="9"/>'
        f'<circle class="co-minimap-dot" cx="172" cy="62" r="3"/>'
        f'<text class="co-minimap-words" x="10" y="114">{drawn.words}</text>'
        f'<text class="co-minimap-words" x="334" y="114" text-anchor="end">{said["grid: 1 km"]}'
        f"</text></svg></figure>"
    )


def _call(phone: dict[str, str]) -> str:
    number = f' · <a href="tel:{e(phone["tel"])}">{e(phone["shown"])}</a>' if phone["shown"] else ""
    return f"<li>{marks.icon('phone')}<span>{e(phone['name'])}{number}</span></li>"


def _access(detail: OrderDetail, site: SiteSeen, may_look: bool) -> str:
    said = words()
    notes = [
        (said["Access"], site.access_notes),
        (said["Parking"], site.parking_notes),
        (said["Keys"], site.key_notes),
    ]
    told = [f"<div><dt>{term}</dt><dd>{e(text)}</dd></div>\n" for term, text in notes if text]
    if detail.has_code:
        code = _code(detail) if may_look else _code_kept()
        told.append(f'<div><dt>{said["Access code"]}</dt><dd id="site-code">{code}</dd></div>\n')
    return f'<dl class="co-facts co-facts-rows co-access">\n{"".join(told)}</dl>' if told else ""


def _code(detail: OrderDetail) -> str:
    said = words()
    url = e(address("office:order_code", order_id=detail.order.pk))
    return (
        f'<button class="co-btn co-btn-sm" type="button" hx-post="{url}" hx-target="#site-code"'
        f' hx-swap="innerHTML">{marks.icon("eye")}{said["Show"]}</button>'
    )


def _code_kept() -> str:
    said = words()
    return f'<span class="co-t3">{said["kept; the technician on the visit can see it"]}</span>'


def _assets(detail: OrderDetail) -> str:
    """The assets with their past; without any, the past of the site."""
    said = words()
    order, more = detail.order, detail.more_assets
    if order.asset is None and not more:
        if not detail.related.past:
            return ""
        return _section("past", said["Past at this site"], "", _past(detail))
    aside = lead = ""
    if order.asset is not None:
        url = url_if("office:asset", asset_id=order.asset_id)
        if url:
            shown = f"{said['Open']}{marks.icon('arrow-right')}"
            aside = f'<a class="co-end co-t2 co-row" href="{e(url)}">{shown}</a>'
        lead = _asset(order.asset)
    title = said["Assets"] if more else said["Asset"]
    also = _also(more, said["Also covers"] if order.asset else said["Covers"]) if more else ""
    return _section("asset", title, aside, f"{lead}\n{also}\n{_past(detail)}")


def _asset(asset: AssetSeen) -> str:
    said = words()
    told = f"{e(asset.manufacturer)} {e(asset.model)}"
    if asset.serial_number:
        told += f" · {said['serial']} {e(asset.serial_number)}"
    if asset.installed_on:
        told += f" · {said['installed %(year)s'] % {'year': asset.installed_on.year}}"
    return (
        f'<div class="co-lead"><span class="co-tile co-tile-36">{marks.icon("box", "20")}</span>'
        f"<div><b>{e(asset.kind)} {e(asset.reference)}</b><small>{told}</small></div></div>"
    )


def _also(more: Sequence[dict[str, Any]], covers: str) -> str:
    rows = [
        f'<li>{marks.icon("box", "14")}<a class="co-link" href="{e(_asset_url(one["id"]))}">'
        f"{e(one['kind'])} {e(one['reference'])}</a></li>"
        for one in more
    ]
    return f'<div class="co-also"><span class="co-t3">{covers}</span><ul>{"".join(rows)}</ul></div>'


def _asset_url(asset_id: str) -> str:
    return address("office:asset", asset_id=UUID(asset_id))


def _past(detail: OrderDetail) -> str:
    said = words()
    order, related = detail.order, detail.related
    if related.past:
        rows = [_other(one, one.day, e(one.technician or "–")) for one in related.past]
        shown = f'<ul class="co-past">{"".join(rows)}</ul>\n'
    else:
        none = said["No intervention before this one."]
        shown = f'<p class="co-t3 co-sm co-past-none">{none}</p>\n'
    if related.past_goes_on:
        of = f"asset={order.asset_id}" if order.asset_id else f"site={order.site_id}"
        url = e(f"{address('office:orders')}?{of}")
        shown += f'\n<a class="co-t2 co-sm" href="{url}">{said["All interventions"]}</a>\n'
    return shown


def _around(detail: OrderDetail) -> str:
    """What it follows, what follows it, and what else is open at the place."""
    said = words()
    related, followed = detail.related, detail.order.follow_up_of
    rows = []
    if followed is not None:
        url, icon = e(_order_url(followed)), marks.icon("corner-down-right")
        rows.append(
            f'<li>{icon}<span>{e(detail.followed_number)}</span><a class="co-ell" href="{url}">'
            f"{said['What this follows']}</a><span></span></li>"
        )
    follows, is_open = said["follow-up"], said["open here"]
    rows += [_other(one, one.number, follows) for one in related.follow_ups]
    rows += [_other(one, one.number, is_open) for one in related.open]
    shown = f'<ul class="co-past">{"".join(rows)}</ul>'
    return _section("around", said["Around it"], "", shown) if rows else ""


def _other(other: Other, first: str, last: str) -> str:
    return (
        f"<li>{marks.disc(other.status)}<span>{e(first)}</span>"
        f'<a class="co-ell" href="{e(_order_url(other.bare_number))}">{e(other.title)}</a>'
        f'<span class="co-t3">{last}</span></li>'
    )


def _order_url(number: int) -> str:
    return address("office:order", number=number)


def _intake(detail: OrderDetail) -> str:
    said = words()
    url = e(address("office:order_edit", order_id=detail.order.pk))
    edit = (
        f'<button class="co-btn co-btn-quiet co-btn-sm co-end" type="button" hx-get="{url}"'
        f' hx-target="#co-side">{marks.icon("pencil")}{said["Edit"]}</button>'
    )
    shown = story.facts(facts.intake_facts(detail), rows=True)
    return _section("intake", said["Intake"], edit, shown)
