"""Calls of the API about accounts."""

from django.urls import path

from foundation.accounts import staff_api
from foundation.accounts.api import LoginView, LogoutView
from foundation.accounts.token_api import TokensView, TokenView

urlpatterns = [
    path("staff/", staff_api.StaffView.as_view(), name="api_staff"),
    path("staff/<int:assignment>/", staff_api.StaffMemberView.as_view(), name="api_staff_member"),
    path("staff/<int:assignment>/link/", staff_api.StaffLinkView.as_view(), name="api_staff_link"),
    path(
        "staff/<int:assignment>/second-factor/",
        staff_api.StaffFactorView.as_view(),
        name="api_reset_second_factor",
    ),
    path("auth/login/", LoginView.as_view(), name="api_login"),
    path("auth/logout/", LogoutView.as_view(), name="api_logout"),
    path("me/tokens/", TokensView.as_view(), name="api_tokens"),
    path("me/tokens/<slug:number>/", TokenView.as_view(), name="api_token"),
]
