"""Words that scripts show. They reach the page as JSON data, in the reader's language."""

from django.utils.translation import gettext as _


def texts() -> dict[str, str]:
    """Every text of frontend/src, by the key that the scripts use."""
    return {
        "live.on": _("Live"),
        "live.lost": _("Reconnecting…"),
        "error.network": _("No connection. Nothing was changed; please try again."),
        "error.signed_out": _("You are signed out. Sign in again to go on."),
        "error.sign_in": _("Sign in"),
        "error.forbidden": _("You may not do this."),
        "error.not_found": _("This is not there any more."),
        "error.stale": _("Somebody changed this meanwhile. Look again before you change it."),
        "error.too_many": _("Too many requests. Wait a moment and try again."),
        "error.server": _("Something went wrong on our side. Nothing was changed."),
        "error.refused": _("This is not possible now."),
        "combo.none": _("Nothing found"),
        "combo.loading": _("Searching…"),
        "combo.type": _("Type to search"),
        "combo.failed": _("The search did not answer. Type again to retry."),
        "combo.count_one": _("1 result"),
        "combo.count": _("%(count)s results"),
        "combo.create": _("Create “%(text)s”"),
        "list.moved": _("%(name)s: place %(place)d"),
        "card.lifted": _(
            "%(card)s lifted from %(column)s. Arrow keys choose a column, Enter drops, "
            "Escape puts it back."
        ),
        "card.over": _("Over %(column)s"),
        "card.dropped": _("Dropped in %(column)s"),
        "card.back": _("Back in %(column)s"),
        "form.changed": _("Others changed this while you were typing. Your text is kept."),
        "form.reload": _("Show what changed"),
        "draft.kept": _("What you typed before was kept."),
        "draft.discard": _("Discard"),
        "toast.close": _("Close"),
        "toast.undo": _("Undo"),
        "confirm.yes": _("Yes, go on"),
        "confirm.no": _("Back"),
        "due.left": _("%(time)s left"),
        "due.overdue": _("%(time)s overdue"),
        "pin.map": _("Map of the position"),
        "pin.label": _("Position: the arrow keys move it, with Shift further"),
        "pin.nearer": _("Nearer"),
        "pin.further": _("Further away"),
        "pin.own_missing": _("Your own map does not answer: the built-in one is shown."),
        "minutes": _("%(count)d min"),
        "hours": _("%(count)d h"),
        "days": _("%(count)d d"),
    }
