"""Pages about accounts: our own, and those of allauth that exist here (what is not listed, like sign-up, does not)."""

from allauth.account import views
from allauth.mfa.base.views import authenticate
from django.urls import path

from foundation.accounts import entry_views, profile_views, second_step_views
from foundation.accounts.declare import declare
from foundation.accounts.matrix import Permission

public = declare(Permission.LOG_IN)
secure = declare(Permission.SECURE_ACCOUNT)

urlpatterns = [
    path("masuk/", public(views.login), name="account_login"),
    path("masuk/kode/", public(authenticate), name="mfa_authenticate"),
    path("keluar/", secure(views.logout), name="account_logout"),
    path("dua-langkah/", second_step_views.second_step, name="second_step"),
    path("kode-pemulihan/", second_step_views.recovery_codes, name="recovery_codes"),
    path("kode-pemulihan/unduh/", second_step_views.recovery_codes_file, name="recovery_codes_file"),
    path("aktivasi/", entry_views.activation, name="activation"),
    path("nonaktif/", public(views.account_inactive), name="account_inactive"),
    path("kata-sandi/", profile_views.password, name="account_change_password"),
    path("surel/", profile_views.email, name="change_email"),
    path("surel/konfirmasi/", entry_views.confirm_new_email, name="confirm_email"),
    path("lupa-kata-sandi/", entry_views.forgotten, name="forgotten_password"),
    path("kata-sandi-baru/", entry_views.new_password, name="new_password"),
    path("", profile_views.profile, name="profile"),
    path("sesi/<int:row_id>/akhiri/", profile_views.end_one_session, name="end_session"),
    path("sesi/akhiri-lainnya/", profile_views.end_others, name="end_other_sessions"),
    path("perangkat/<int:device_id>/lupakan/", profile_views.forget_one_device, name="forget_device"),
    path("token/", profile_views.new_token, name="new_token"),
    path("token/<slug:number>/cabut/", profile_views.revoke_one_token, name="revoke_token"),
    path("dua-langkah/pindah/", profile_views.move_phone, name="move_phone"),
    path("kode-pemulihan/baru/", profile_views.new_recovery_codes, name="new_recovery_codes"),
]
