"""Calls of the API about the end of identities."""

from django.urls import path

from supports.retention import api

urlpatterns = [
    path("elections/<int:election>/retention/", api.RetentionView.as_view(), name="api_retention"),
    path(
        "destructions/<int:destruction>/approve/", api.ApprovalView.as_view(), name="api_approve_destruction"
    ),
    path(
        "destructions/<int:destruction>/withdraw/",
        api.WithdrawalView.as_view(),
        name="api_withdraw_destruction",
    ),
    path("certificates/<int:certificate>/", api.CertificateView.as_view(), name="api_certificate"),
]
