"""Template tags of the screens: built assets, icons, marks, fields, navigation.

Every tag takes plain values; how each part looks is in templates/parts and frontend/README.md.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.context import Context
from django.utils.crypto import salted_hmac
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from callout.kernel import text
from callout.web.ui import (
    assets,
    buttons,
    chips,
    fields,
    keys,
    map_rows,
    marks,
    navigation,
    story,
    strings,
)
from callout.web.ui.addresses import address
from callout.web.ui.fixed import FORM, fixed_part
from callout.web.ui.order_cards import order_cards
from callout.web.ui.order_rows import order_rows

register = template.Library()
THEMES = ("light", "dark")

register.simple_tag(order_cards)  # {% order_cards column.cards %}
register.simple_tag(order_rows)  # {% order_rows rows boxes=True %}


@register.simple_tag
def asset(name: str) -> SafeString:
    """Style sheets and scripts of an entry: {% asset "office.ts" %}."""
    found = assets.entry(name)
    styles = format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((style,) for style in found.styles)
    )
    imports = format_html_join(
        "\n", '<link rel="modulepreload" href="{}">', ((path,) for path in found.imports)
    )
    script = format_html('<script type="module" src="{}"></script>', found.script)
    return format_html("{}\n{}\n{}", styles, script, imports)


@register.simple_tag
def asset_url(name: str) -> str:
    """Address of an entry's script alone (a worker's)."""
    return assets.entry(name).script


@register.simple_tag
def build_url(path: str) -> str:
    """Address of a file of the built front end that keeps its own name."""
    return assets.url(path)


@register.simple_tag
def icon(name: str, size: str | int = "") -> SafeString:
    """{% icon "bolt" %}, {% icon order.type_icon 20 %}: sizes 12, 14, 16 (default), 20, 24."""
    return marks.icon(name, str(size))


@register.simple_tag
def status(key: str, label: str = "", large: bool = False) -> SafeString:
    """Stage or technician status as a pill: {% status "on_site" %}."""
    return marks.pill(key, label, large=large)


@register.simple_tag
def disc(key: str, size: str | int = "") -> SafeString:
    """The status disc alone (16, 20 or 24), beside words that say it: {% disc "done" 20 %}."""
    return marks.disc(key, str(size))


@register.simple_tag
def priority(code: str, label: str, short: bool = False) -> SafeString:
    """Priority mark; nothing for low and normal: {% priority row.priority row.priority_label %}."""
    return marks.priority(code, label, short=short)


@register.simple_tag
def flag(icon: str, text: str, tone: str = "", full: str = "") -> SafeString:
    """{% flag "user-off" "x1" full="absent x1" %}; tones: "" (amber), danger, fit, plain."""
    return marks.flag(icon, text, tone, full)


@register.simple_tag
def absent(count: int, stage: str = "") -> SafeString:
    """The flag "absent x1"; on a planned card, beside its pill, only icon and "x1"."""
    return marks.absent(int(count or 0), short=stage == "planned")


@register.simple_tag
def stop_table(
    table: map_rows.StopTable, stops: Iterable[map_rows.StopRow], technician_id: UUID
) -> SafeString:
    """The stops of a technician's route: {% stop_table table route.stops route.id %}."""
    return table.of(stops, technician_id)


@register.simple_tag
def unplanned_rows(rows: Iterable[map_rows.UnplannedRow]) -> SafeString:
    """What is to plan, below them: {% unplanned_rows shown.unplanned %}."""
    return map_rows.unplanned_rows(rows)


@register.simple_tag
def filter_chips(found: Iterable[chips.ChipView]) -> SafeString:
    """The chips of a filter bar: {% filter_chips bar.chips %}."""
    return chips.chips(found)


@register.simple_tag
def chip_menus(found: Iterable[chips.ChipView]) -> SafeString:
    """What they open: {% chip_menus bar.chips %}."""
    return chips.menus(found)


@register.simple_tag
def sort_head(label: str, url: str, key: str, sort: str) -> SafeString:
    """A column's head: {% sort_head head.label head.url head.key sort %}."""
    return marks.sort_head(label, url, key, sort)


@register.simple_tag
def order_action(item: dict[str, Any]) -> SafeString:
    """One action of an order: {% order_action action %}, see ui/buttons.py."""
    return buttons.action(item)


@register.simple_tag
def menu_items(items: Iterable[dict[str, Any]]) -> SafeString:
    """The rows of a menu: {% menu_items items %}, see ui/buttons.py."""
    return buttons.menu_items(items)


@register.simple_tag
def fact_list(
    facts: Iterable[dict[str, Any]], rows: bool = False, ruled: bool = False
) -> SafeString:
    """Terms and values: {% fact_list facts rows=True %}, see ui/story.py."""
    return story.facts(facts, rows=rows, ruled=ruled)


@register.simple_tag
def visit_steps(steps: Iterable[story.StepView]) -> SafeString:
    """The discs of a visit: {% visit_steps visit.steps %}."""
    return story.steps(steps)


@register.simple_tag
def journal_lines(lines: Iterable[story.LineView]) -> SafeString:
    """The journal: {% journal_lines lines %}."""
    return story.journal(lines)


@register.simple_tag
def order_url(number: int) -> str:
    """The page of an order: {% order_url other.bare_number %}."""
    return address("office:order", number=number)


@register.simple_tag
def status_icon(key: str) -> SafeString:
    """A status's icon without its disc, as buttons carry it."""
    return marks.icon(marks.STATUS_ICONS[key])


@register.simple_tag
def avatar(initials: str = "", name: str = "", size: str | int = "") -> SafeString:
    """Initials: {% avatar "SD" "Sofie De Smet" %}; sizes "", 28, lg; no initials: nobody yet."""
    return marks.avatar(initials, name, str(size))


@register.filter
def initials(name: str) -> str:
    """YE of Yassine El Amrani."""
    return text.initials(name)


@register.filter
def as_list(value: Any) -> list[Any]:
    """One thing as a list of one."""
    return [value]


@register.simple_tag
def csrf_cookie() -> str:
    """Name of the cookie with the token; scripts read the one of now."""
    return settings.CSRF_COOKIE_NAME


@register.simple_tag
def idempotency_key() -> SafeString:
    """A hidden field with a key of this rendering: pressing Save twice is one effect."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', uuid4())


@register.simple_tag(takes_context=True)
def theme(context: Context) -> SafeString:
    """The user's own choice of theme as an attribute of <html>; none follows the system."""
    request = context.get("request")
    chosen = request.COOKIES.get("callout_theme") if request else ""
    if chosen is None:
        chosen = getattr(context.get("user"), "theme", "")
    return format_html(' data-bs-theme="{}"', chosen) if chosen in THEMES else SafeString("")


@register.simple_tag(takes_context=True)
def live_key(context: Context) -> str:
    """Names the event stream that tabs share: one for each sign-in, of no use to a stranger."""
    session = context["request"].session.session_key or ""
    return salted_hmac("callout.live", session).hexdigest()[:16]


@register.simple_tag
def ui_strings() -> dict[str, str]:
    """What scripts say, in the reader's language: {% ui_strings as texts %}."""
    return strings.texts()


@register.simple_tag(takes_context=True)
def fixed(
    context: Context, part: str, put: Mapping[str, str] | None = None, **values: Hashable
) -> SafeString:
    """A part of a page that is made once for each language and all its readers.

    {% fixed "parts/shortcuts.html" %}, {% fixed "parts/rail.html" nav=nav %}. It knows its `values`
    alone, and is kept by them: no request, no user; a form in it has the token of the request. The
    texts of `put` (addresses with a filter) are put into it each time: it is kept by which of them
    are empty, and `put.name` in it is good for nothing but to be written or asked if it is there.
    """
    return fixed_part(part, put or {}, context.get(FORM), values)


@register.filter
def of(put: Mapping[str, str], name: str) -> str:
    """One of the texts by a name that is worked out: {{ put|of:head.key }}; "" for none."""
    return put.get(name, "")


@register.simple_tag(takes_context=True)
def navigation_key(context: Context) -> str:
    """The subject of this page: what it names as `nav`, else that of its address."""
    request: HttpRequest = context["request"]
    return str(context.get("nav", "")) or navigation.key_of(request.path)


@register.simple_tag(takes_context=True)
def keys_screen(context: Context) -> str:
    """The screen whose own keys this page answers to: {% keys_screen as screen %}."""
    request: HttpRequest = context["request"]
    match = request.resolver_match
    return keys.screen_of(match.url_name or "") if match else ""


@register.simple_tag
def key_groups(screen: str) -> list[keys.Group]:
    """All keys, those of the screen first: {% key_groups screen as groups %}."""
    return keys.groups(screen)


@register.simple_tag
def navigation_items(current: str) -> list[navigation.Item]:
    """The rail's links: {% navigation_items nav as items %}."""
    return navigation.items(current)


@register.simple_tag
def url_if(name: str, **kwargs: Any) -> str:
    """The address of a view, or "" where this installation has no such view."""
    return navigation.url_if(name, **kwargs)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The page's own query string with some parameters changed; None takes one away."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value not in (None, ""):
            params[name] = str(value)
    return f"?{params.urlencode()}"


register.inclusion_tag("parts/field.html")(fields.field)
