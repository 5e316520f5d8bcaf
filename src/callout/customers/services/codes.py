from uuid import UUID

from django.utils.translation import gettext as _

from callout.customers import policy, secrets
from callout.customers.models import Site
from callout.customers.services.write import live
from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import row_lock, row_save, service
from callout.kernel.checks import cleaned, text
from callout.kernel.errors import NotFound


@service
def site_code_set(*, actor: Actor, site_id: UUID, version: int, code: str) -> Site:
    """Keep the code of a door, encrypted; "" takes it away. The journal says that, never what."""
    policy.manage(actor)
    code = cleaned({"code": text(200)}, {"code": code})["code"]
    row = row_lock(policy.visible_sites(actor), site_id, version)
    live(row)
    row.access_code_encrypted = secrets.encrypt(code, row.pk) if code else None
    row_save(row, ["access_code_encrypted"])
    kind = "code_set" if code else "code_remove"
    journal.record(actor, entity="site", entity_id=row.pk, kind=kind)
    return row


@service
def site_code_read(*, actor: Actor, site_id: UUID) -> str:
    """The code, and a journal entry of who looked. NotFound where none is kept.

    Whether `actor` may look now (assigned, from the day before until the visit closes) only the
    room of the orders knows: call it from there, after that decision, and from nowhere else.
    """
    row = Site.objects.only("id", "access_code_encrypted").filter(pk=site_id).first()
    if row is None or row.access_code_encrypted is None:
        raise NotFound(_("No code is kept for this site."))
    journal.record(actor, entity="site", entity_id=row.pk, kind="code_look")
    return secrets.decrypt(bytes(row.access_code_encrypted), row.pk)
