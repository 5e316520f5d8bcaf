from django.utils.translation import gettext as _

from callout.accounts import policy, tasks
from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.errors import Refused


@service
def mail_test(*, actor: Actor) -> None:
    """Send a mail to the admin's own address, and nowhere else."""
    policy.administer(actor)
    if actor.user_id is None:
        raise Refused(_("Only somebody with an address can be sent a mail."))
    tasks.mail_test.defer(user_id=str(actor.user_id))
    journal.record(actor, entity="user", entity_id=actor.user_id, kind="mail_test")
