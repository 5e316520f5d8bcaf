"""Whom to tell, and where: notices for technicians, and the phones that take pushes.

Journal kinds (entity `user`, whose phone it is): device_push_on, device_push_off, notices_seen.
"""

from callout.notify.services.seeing import notices_see
from callout.notify.services.subscriptions import push_subscribe, push_unsubscribe
from callout.notify.services.telling import notices_tell

__all__ = ["notices_see", "notices_tell", "push_subscribe", "push_unsubscribe"]
