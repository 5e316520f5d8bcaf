"""The first steps of a new company, in words, each with where it is done."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.orders.selectors.first_steps import FirstSteps
from callout.web.ui.addresses import address


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `url` is "" where somebody else has to do it; `panel`: it opens at the side."""

    key: str
    label: str
    detail: str
    url: str
    done: bool
    panel: bool = False


def steps_shown(actor: Actor, found: FirstSteps | None) -> list[Step]:
    """All six in the order in which they help; none where there is nothing to show."""
    if found is None:
        return []
    admin = _("An admin does this.")

    def step(key: str, label: str, detail: str, view: str, *, of_admins: bool = False) -> Step:
        may = actor.is_admin or not of_admins
        panel = view in ("technician_new", "customer_new", "order_new")
        return Step(
            key, label, detail if may else admin, address(f"office:{view}") if may else "",
            key in found.done, panel,
        )  # fmt: skip

    return [
        step("company", _("Say who you are"), _("Name, address, time zone, order numbers"),
             "company", of_admins=True),
        step("technician", _("Add the first technician"), _("With hours, so that slots are found"),
             "technician_new"),
        step("customer", _("Add the first customer"), _("With the site where work is done"),
             "customer_new"),
        step("order", _("Take the first order"), _("With a technician, it is planned at once"),
             "order_new"),
        step("colleague", _("Invite a colleague"), _("They get a mail to set a password"),
             "user_new", of_admins=True),
        step("phone", _("Put the app on a phone"),
             _("A technician signs in on the phone, and adds it to the home screen"),
             "phone_setup"),
    ]  # fmt: skip
