"""Every change of webhooks: by admins who signed in, and by the installation itself.

Journal kinds (entity `webhook`; of the address the host alone, a path may hold somebody's key):
create, update, secret_renew, remove, test, send_again, switched_off.
"""

from callout.webhooks.services.keeping import (
    webhook_create,
    webhook_give_up,
    webhook_remove,
    webhook_secret_renew,
    webhook_update,
)
from callout.webhooks.services.telling import delivery_send_again, webhook_test

__all__ = [
    "delivery_send_again",
    "webhook_create",
    "webhook_give_up",
    "webhook_remove",
    "webhook_secret_renew",
    "webhook_test",
    "webhook_update",
]
