"""Calls of the API about accounts."""

from django.urls import path

from foundation.accounts.api import LoginView, LogoutView

urlpatterns = [
    path("auth/login/", LoginView.as_view(), name="api_login"),
    path("auth/logout/", LogoutView.as_view(), name="api_logout"),
]
