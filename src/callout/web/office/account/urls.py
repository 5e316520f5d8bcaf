from django.urls import path

from callout.web.office.account import company, mails, own, phones, setup, users

urlpatterns = [
    path("", own.start_page, name="start"),
    path("setup/", setup.setup_page, name="setup"),
    path("settings/", own.settings_page, name="settings"),
    path("settings/profile/", own.profile_page, name="profile"),
    path("settings/security/", own.security_page, name="security"),
    path("settings/security/sessions/end/", own.session_end, name="session_end"),
    path("phones/<uuid:device_id>/<slug:code>/", phones.phone_deed, name="phone_deed"),
    path("settings/tokens/", own.tokens_page, name="tokens"),
    path("settings/tokens/<uuid:token_id>/revoke/", own.token_end, name="token_revoke"),
    path("settings/company/", company.company_page, name="company"),
    path("settings/mail/", mails.mail_page, name="mail"),
    path("settings/mail/test/", mails.mail_test, name="mail_test"),
    path("settings/users/", users.users_page, name="users"),
    path("settings/users/new/", users.user_new_page, name="user_new"),
    path("settings/users/<uuid:user_id>/", users.user_page, name="user"),
    path("settings/users/<uuid:user_id>/<slug:deed>/", users.user_deed, name="user_deed"),
]
