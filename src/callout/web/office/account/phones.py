"""Phones of the technician's app, as the office and their owner see them: Team, user, own page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from callout.accounts import services
from callout.accounts.device_selectors import UNSENT_OLD, devices_list
from callout.accounts.models import Device
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.orders.selectors.when import When
from callout.web.access import ActorRequest, signed_in_page
from callout.web.office.account.base import back_of
from callout.web.office.plain import deed

SHOWN = timedelta(days=90)  # of phones that were revoked or lost


@dataclass(frozen=True, slots=True)
class PhoneView:
    """One phone in words. `unsent` is as it said last; `old` that it waits for over a day."""

    id: UUID
    name: str
    named: str  # and since when: a technician may have three of one name
    since: str
    seen: str
    app: str
    unsent: str
    old: bool
    consent: str
    state: str  # "", or "revoked" and "lost"
    state_words: str


def phones_of(actor: Actor, user_id: UUID | None) -> list[PhoneView]:
    """The phones that this user is signed in on, and those that were ended lately."""
    if user_id is None:
        return []
    when = When()
    rows = devices_list(actor=actor, user_id=user_id)
    return [_view(row, when) for row in rows if _is_shown(row)]


def _is_shown(row: Device) -> bool:
    now = clock.now()
    ended = row.lost_at or row.revoked_at
    if ended is not None:
        return ended > now - SHOWN
    return row.signed_out_at is None and row.ended_at is None and row.expires_at > now


def _view(row: Device, when: When) -> PhoneView:
    seen = when.moment(row.last_seen_at)
    state = "lost" if row.lost_at else "revoked" if row.revoked_at else ""
    words = {
        "": "",
        "lost": _("Lost: forgets everything at its next contact"),
        "revoked": _("Revoked: what it has not sent stays on it"),
    }
    return PhoneView(
        id=row.pk,
        name=row.name,
        named=f"{row.name} ({phone_since(row, when)})",
        since=phone_since(row, when),
        seen=_("last seen %(time)s") % {"time": seen},
        app=_("build %(build)s") % {"build": row.app} if row.app else "",
        unsent=unsent_words(row, when),
        old=is_old(row),
        consent=_("may say where it is") if row.position_consent_at else "",
        state=state,
        state_words=words[state],
    )


def phone_since(row: Device, when: When) -> str:
    """What tells two phones of one name apart: since when each is signed in."""
    return _("signed in %(time)s") % {"time": when.moment(row.created_at)}


def is_old(row: Device) -> bool:
    """Whether the phone's oldest unsent entry is more than a day old."""
    return row.unsent_since is not None and row.unsent_since < clock.now() - UNSENT_OLD


def unsent_words(row: Device, when: When) -> str:
    """What the phone said that it still holds, and how old that is; "" for nothing."""
    parts = []
    if row.unsent_commands:
        entries = ngettext("%(count)d entry", "%(count)d entries", row.unsent_commands)
        parts.append(entries % {"count": row.unsent_commands})
    if row.unsent_files:
        files = ngettext("%(count)d file", "%(count)d files", row.unsent_files)
        parts.append(files % {"count": row.unsent_files})
    if not parts:
        return ""
    what = _("not sent: %(what)s") % {"what": ", ".join(parts)}
    if row.unsent_since is None:
        return what
    return _("%(what)s, the oldest since %(time)s") % {
        "what": what,
        "time": when.moment(row.unsent_since),
    }


DEEDS: dict[str, tuple[Callable[..., object], Callable[[], str]]] = {
    "revoke": (services.device_revoke, lambda: _("Revoked: it is refused from now on.")),
    "lost": (services.device_lose, lambda: _("Reported lost: it forgets everything it holds.")),
}


@require_POST
@signed_in_page
def phone_deed(request: ActorRequest, device_id: UUID, code: str) -> HttpResponseBase:
    """End a phone: one's own; any for managers and admins, as the service says."""
    if code not in DEEDS:
        raise NotFound
    change, words = DEEDS[code]
    return deed(
        request,
        lambda: change(actor=request.actor, device_id=device_id),
        back=back_of(request),
        said=words(),
    )
