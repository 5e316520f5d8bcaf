"""What a broken database guard means in words. The guards themselves: migrations/0002_guards.py."""

from django.utils.translation import gettext as _

from callout.kernel.change import constraint_means
from callout.kernel.errors import Invalid, Refused


def overlap() -> Refused:
    return Refused(_("This technician already has another visit at that time."), code="overlap")


def under_way_elsewhere() -> Refused:
    return Refused(
        _("This technician is already under way on another visit. Finish or pause that one first."),
        code="under_way_elsewhere",
    )


def order_under_way() -> Refused:
    return Refused(_("Another visit of this order is under way."), code="order_under_way")


def slot_backwards() -> Invalid:
    return Invalid({"start": [_("A visit ends after it starts.")]}, code="slot_backwards")


def slot_too_long() -> Invalid:
    words = _("A visit lasts 24 hours at most. Plan another visit for the rest.")
    return Invalid({"duration_minutes": [words]}, code="slot_too_long")


def register() -> None:
    """Called once, when the application is ready."""
    constraint_means("no_double_booking", overlap)
    constraint_means("technician_under_way_once", under_way_elsewhere)
    constraint_means("order_under_way_once", order_under_way)
    constraint_means("visit_end_after_start", slot_backwards)
    constraint_means("visit_at_most_a_day", slot_too_long)
