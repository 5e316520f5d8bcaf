"""An order's actions and the rows of a menu.

An order's page shows thirty of them, so they are written in Python (markup.py), as cards are.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.safestring import SafeString

from callout.web.ui import marks
from callout.web.ui.markup import NOTHING, joined, piece

KINDS = {"act": " co-btn-act", "next": " co-btn-next", "danger": " co-btn-danger"}

ACTION = piece('<button class="co-btn{kind}{colour}" type="button" {does}>{icon}{label}</button>')
NOT_NOW = piece("""
    <button class="co-btn" type="button" aria-disabled="true"{tip}>{icon}{label}{heard}</button>
""")
TIP = piece(' data-tip="{why}" data-tip-side="below"')
HEARD = piece('<span class="co-vh"> ({why})</span>')
ROW = piece("""
    <button class="{names}" type="button" role="menuitem" {does}>
      {icon}<span>{label}{detail}</span>
    </button>
""")
ROW_OFF = piece("""
    <button type="button" role="menuitem" aria-disabled="true">
      {icon}<span>{label}{detail}</span>
    </button>
""")
ROW_LINK = piece("""
    <a href="{url}" role="menuitem"{download}>{icon}<span>{label}{detail}</span></a>
""")
DETAIL = piece("<small>{words}</small>")
LINE = SafeString("<hr>")
DOWNLOAD = SafeString(" download")
# What a press does.
POSTS = piece('hx-post="{url}" hx-swap="none"{values}')
VERSION = piece(""" hx-vals='{{"version": {version}}}'""")
ASKS = piece('hx-get="{url}" hx-target="{target}" hx-swap="innerHTML"')
ASKS_FIRST = piece("""
    hx-get="{url}" hx-target="#co-dialog" hx-swap="innerHTML" aria-haspopup="dialog"
""")
CHOOSES = piece('data-choose="{order_id}"')


def action(item: Mapping[str, Any]) -> SafeString:
    """One action. Values: label, status (the one it leads to), kind (act = the next sensible one,
    next = possible, off = not now, danger, plain), icon (else the status's), url, dialog (asks
    first), why (for off), version."""
    icon, label = _icon(item), item["label"]
    if item["kind"] == "off":
        why = item.get("why")
        tip, heard = (TIP(why=why), HEARD(why=why)) if why else (NOTHING, NOTHING)
        return NOT_NOW(tip=tip, icon=icon, label=label, heard=heard)
    return ACTION(
        kind=KINDS.get(item["kind"], ""),
        colour=f" co-k-{item['status']}" if item.get("status") else "",
        does=ASKS_FIRST(url=item["url"]) if item.get("dialog") else _posts(item),
        icon=icon,
        label=label,
    )


def menu_items(items: Iterable[Mapping[str, Any]]) -> SafeString:
    """Rows of a menu: {label, url, icon, status, detail} and what a press does: post (with
    version), dialog (target), download, choose (an order's id, office/selection.ts), nothing (why),
    or {rule: true} for a line."""
    return joined([_menu_item(item) for item in items])


def _menu_item(item: Mapping[str, Any]) -> SafeString:
    if item.get("rule"):
        return LINE
    icon, label = _icon(item), item["label"]
    if item.get("why"):
        return ROW_OFF(icon=icon, label=label, detail=DETAIL(words=item["why"]))
    detail = DETAIL(words=item["detail"]) if item.get("detail") else NOTHING
    if item.get("post"):
        does = _posts(item)
    elif item.get("choose"):
        does = CHOOSES(order_id=item["choose"])
    elif item.get("dialog"):
        does = ASKS(url=item["url"], target=item.get("target") or "#co-dialog")
    else:
        download = DOWNLOAD if item.get("download") else NOTHING
        return ROW_LINK(url=item["url"], download=download, icon=icon, label=label, detail=detail)
    names = f"co-k-{item['status']}" if item.get("status") else ""
    names += " co-menu-danger" if item.get("danger") else ""
    return ROW(names=names, does=does, icon=icon, label=label, detail=detail)


def _icon(item: Mapping[str, Any]) -> SafeString:
    if item.get("icon"):
        return marks.icon(item["icon"])
    return marks.icon(marks.STATUS_ICONS[item["status"]]) if item.get("status") else NOTHING


def _posts(item: Mapping[str, Any]) -> SafeString:
    version = item.get("version")
    values = VERSION(version=int(version)) if version else NOTHING
    return POSTS(url=item["url"], values=values)
