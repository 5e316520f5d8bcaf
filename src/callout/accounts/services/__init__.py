"""All that changes accounts, one function for each change.

Journal kinds, which the live hub closes streams by (entity `user`, unless said; `entity_id` is the
user's): created, updated, invited, deactivated, reactivated, password_set, session_ended,
signed_in, signed_out, sign_in_failed, password_changed, password_reset, mfa_added, mfa_removed,
mfa_reset, device_signed_in, device_signed_out, device_revoked, device_lost, device_ended,
device_consented, device_consent_withdrawn (facts.device), mail_test. Entity `api_token`: created,
revoked (facts.user is the owner). Entity `company`: updated, first_steps_put_away.
"""

from callout.accounts.services.company import company_update, first_steps_put_away
from callout.accounts.services.device_sessions import (
    device_consent,
    device_lose,
    device_revoke,
    device_sign_in,
    device_sign_out,
    device_touch,
)
from callout.accounts.services.mails import mail_test
from callout.accounts.services.sessions import (
    account_event_record,
    session_revoke,
    session_touch,
    sessions_end,
)
from callout.accounts.services.setup import first_admin_create, setup_code_create
from callout.accounts.services.tokens import token_create, token_revoke
from callout.accounts.services.users import (
    user_create,
    user_deactivate,
    user_invite,
    user_password_keep,
    user_password_set,
    user_reactivate,
    user_update,
)

__all__ = [
    "account_event_record",
    "company_update",
    "device_consent",
    "device_lose",
    "device_revoke",
    "device_sign_in",
    "device_sign_out",
    "device_touch",
    "first_admin_create",
    "first_steps_put_away",
    "mail_test",
    "session_revoke",
    "session_touch",
    "sessions_end",
    "setup_code_create",
    "token_create",
    "token_revoke",
    "user_create",
    "user_deactivate",
    "user_invite",
    "user_password_keep",
    "user_password_set",
    "user_reactivate",
    "user_update",
]
