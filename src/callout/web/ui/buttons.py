"""An order's actions and the rows of a menu.

An order's page shows thirty of them, so they are written here and not in a template, as cards are.
Every value is escaped; nothing else may reach the page.
"""

from collections.abc import Iterable, Mapping
from html import escape as e
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from callout.web.ui import marks

KINDS = {"act": " co-btn-act", "next": " co-btn-next", "danger": " co-btn-danger"}


def action(item: Mapping[str, Any]) -> SafeString:
    """One action. Values: label, status (the one it leads to), kind (act = the next sensible one,
    next = possible, off = not now, danger, plain), icon (else the status's), url, dialog (asks
    first), why (for off), version."""
    words = f"{_icon(item)}{e(item['label'])}"
    if item["kind"] == "off":
        return mark_safe(_not_now(words, str(item.get("why") or "")))  # noqa: S308
    colour = f" co-k-{e(item['status'])}" if item.get("status") else ""
    names = f"co-btn{KINDS.get(item['kind'], '')}{colour}"
    if item.get("dialog"):
        does = f'{_asks(item["url"], "#co-dialog")} aria-haspopup="dialog"'
    else:
        does = _posts(item)
    return mark_safe(f'<button class="{names}" type="button" {does}>{words}</button>\n')  # noqa: S308


def _not_now(words: str, why: str) -> str:
    tip = f' data-tip="{e(why)}" data-tip-side="below"' if why else ""
    heard = f'<span class="co-vh"> ({e(why)})</span>' if why else ""
    return (
        f'<button class="co-btn" type="button" aria-disabled="true"{tip}>{words}{heard}</button>\n'
    )


def menu_items(items: Iterable[Mapping[str, Any]]) -> SafeString:
    """Rows of a menu: {label, url, icon, status, detail} and what a press does: post (with
    version), dialog (target), download, choose (an order's id, office/selection.ts), nothing (why),
    or {rule: true} for a line."""
    return mark_safe("".join([_menu_item(item) for item in items]))  # noqa: S308


def _menu_item(item: Mapping[str, Any]) -> str:
    if item.get("rule"):
        return "<hr>"
    label = e(item["label"])
    if item.get("why"):
        words = f"<span>{label}<small>{e(item['why'])}</small></span>"
        off = 'type="button" role="menuitem" aria-disabled="true"'
        return f"<button {off}>{_icon(item)}{words}</button>"
    detail = f"<small>{e(item['detail'])}</small>" if item.get("detail") else ""
    words = f"{_icon(item)}<span>{label}{detail}</span>"
    if item.get("post"):
        does = _posts(item)
    elif item.get("choose"):
        does = f'data-choose="{e(str(item["choose"]))}"'
    elif item.get("dialog"):
        does = _asks(item["url"], item.get("target") or "#co-dialog")
    else:
        download = " download" if item.get("download") else ""
        return f'<a href="{e(item["url"])}" role="menuitem"{download}>{words}</a>'
    names = f"co-k-{e(item['status'])}" if item.get("status") else ""
    names += " co-menu-danger" if item.get("danger") else ""
    return f'<button class="{names}" type="button" role="menuitem" {does}>{words}</button>'


def _icon(item: Mapping[str, Any]) -> str:
    if item.get("icon"):
        return marks.icon(item["icon"])
    return marks.icon(marks.STATUS_ICONS[item["status"]]) if item.get("status") else ""


def _asks(url: str, target: str) -> str:
    return f'hx-get="{e(url)}" hx-target="{e(target)}" hx-swap="innerHTML"'


def _posts(item: Mapping[str, Any]) -> str:
    version = item.get("version")
    values = f""" hx-vals='{{"version": {int(version)}}}'""" if version else ""
    return f'hx-post="{e(item["url"])}" hx-swap="none"{values}'
