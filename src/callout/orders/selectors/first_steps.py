"""How far a new company is: each step ticks itself from what is there."""

from dataclasses import dataclass

from django.db.models import Exists

from callout.accounts.company import company
from callout.accounts.models import Device, User
from callout.customers.models import Customer
from callout.kernel.actor import Actor
from callout.orders import policy
from callout.orders.models import ServiceOrder
from callout.workforce.models import Technician

STEPS = ("company", "technician", "customer", "order", "colleague", "phone")


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """Which of STEPS are done. Nothing is left to show once all are, or somebody has put them
    away."""

    done: frozenset[str]

    @property
    def left(self) -> int:
        """How many are still to do."""
        return len(STEPS) - len(self.done)


def first_steps(*, actor: Actor) -> FirstSteps | None:
    """For managers; None where there is nothing to show any more. One query, or none."""
    policy.manager_required(actor)
    own = company()
    if own.first_steps_away:
        return None
    others = User.objects.filter(is_active=True).exclude(pk=str(actor.user_id))
    there = {
        "technician": Exists(Technician.objects.filter(archived_at=None)),
        "customer": Exists(Customer.objects.filter(archived_at=None)),
        "order": Exists(ServiceOrder.objects.all()),
        "colleague": Exists(others),
        "phone": Exists(Device.objects.filter(revoked_at=None)),
    }
    asked = {f"has_{step}": found for step, found in there.items()}
    found = User.objects.filter(pk=str(actor.user_id)).values(**asked).first() or {}
    done = {step for step in there if found.get(f"has_{step}")}
    if own.name and own.town:
        done.add("company")
    return FirstSteps(frozenset(done)) if len(done) < len(STEPS) else None
