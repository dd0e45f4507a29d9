"""The pages of allauth that exist here; what is not listed (sign-up, reset by mail) does not exist."""

from allauth.account import views
from django.urls import path

from foundation.accounts.declare import declare
from foundation.accounts.matrix import Permission

public = declare(Permission.LOG_IN)
own = declare(Permission.OWN_PROFILE)

urlpatterns = [
    path("masuk/", public(views.login), name="account_login"),
    path("keluar/", own(views.logout), name="account_logout"),
    path("nonaktif/", public(views.account_inactive), name="account_inactive"),
    path("kata-sandi/", own(views.password_change), name="account_change_password"),
]
