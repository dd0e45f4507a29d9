"""Calls of the API about mandates."""

from django.urls import path

from candidates.mandates import api

urlpatterns = [
    path("mandates/", api.MandatesView.as_view(), name="api_mandates"),
    path("mandates/status/<str:code>/", api.MandateStatusView.as_view(), name="api_mandate_status"),
    path("mandates/<int:mandate>/", api.MandateView.as_view(), name="api_mandate"),
    path("mandates/<int:mandate>/document/", api.MandateDocumentView.as_view(), name="api_mandate_document"),
    path("mandates/<int:mandate>/approve/", api.ApproveMandateView.as_view(), name="api_approve_mandate"),
    path("mandates/<int:mandate>/refuse/", api.RefuseMandateView.as_view(), name="api_refuse_mandate"),
    path("mandates/<int:mandate>/links/", api.MandateLinksView.as_view(), name="api_mandate_links"),
    path("mandates/<int:mandate>/revoke/", api.RevokeMandateView.as_view(), name="api_revoke_mandate"),
]
