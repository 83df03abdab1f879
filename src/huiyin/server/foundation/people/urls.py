"""Addresses of people. allauth finds its own pages by the names it knows, so each is mounted by name, and only those we use."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as outside
from django.urls import include, path
from django.views.generic import RedirectView

from huiyin.server.foundation.people import company_sign_in
from huiyin.server.foundation.people.views import account as own
from huiyin.server.foundation.people.views import entrance, people, teams

people_urls = [
    path("", people.people, name="people"),
    path("invite/", people.invite, name="invite"),
    path("invitations/<int:invitation_id>/withdraw/", people.withdraw, name="withdraw"),
    path("teams/", teams.teams, name="teams"),
    path("teams/new/", teams.team, name="team_new"),
    path("teams/<int:team_id>/", teams.team, name="team"),
    path("teams/<int:team_id>/remove/", teams.remove, name="team_remove"),
    path("<int:user_id>/", people.person, name="person"),
    path("<int:user_id>/activity/", people.activity, name="activity"),
    path("<int:user_id>/reset-link/", people.reset_link, name="reset_link"),
]

urlpatterns = [
    path("setup/", entrance.first_run, name="first_run"),
    path("sign-in/", entrance.sign_in, name="account_login"),
    path("sign-up/", entrance.registration_is_shut, name="account_signup"),
    path("sign-out/", account.logout, name="account_logout"),
    path("join/<str:link>/", entrance.join, name="join"),
    path("preferences/", own.preferences, name="preferences"),
    path("people/", include((people_urls, "people"))),
    path("me/", own.me, name="me"),
    path("me/profile/", own.profile, name="me_profile"),
    path("me/keys/", own.make_key, name="me_key_make"),
    path("me/keys/<int:key_id>/revoke/", own.revoke_key, name="me_key_revoke"),
    path("me/email/", RedirectView.as_view(pattern_name="me"), name="account_email"),
    path("me/password/", account.password_change, name="account_change_password"),
    path("me/password/set/", account.password_set, name="account_set_password"),
    path("me/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("me/second-step/", RedirectView.as_view(pattern_name="me"), name="mfa_index"),
    path("me/second-step/confirm/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("me/second-step/on/", totp.activate_totp, name="mfa_activate_totp"),
    path("me/second-step/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("me/second-step/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("me/second-step/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("me/second-step/codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("sign-in/second-step/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/inactive/", account.account_inactive, name="account_inactive"),
    path("sign-in/outside/cancelled/", outside.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/outside/error/", outside.login_error, name="socialaccount_login_error"),
    path("sign-in/outside/<str:provider_id>/", company_sign_in.login, name="openid_connect_login"),
    path("sign-in/outside/<str:provider_id>/callback/", company_sign_in.callback, name="openid_connect_callback"),
    path("sign-in/outside/sign-up/shut/", entrance.registration_is_shut, name="socialaccount_signup"),
    path("me/outside/", RedirectView.as_view(pattern_name="me"), name="socialaccount_connections"),
    path("sign-in/reset/", entrance.registration_is_shut, name="account_reset_password"),
]
