"""Calls of the API about scans."""

from django.urls import path

from supports.scans import api, manifest_api

urlpatterns = [
    path("pairs/<int:pair>/scans/", api.ScansView.as_view(), name="api_scans"),
    path("pairs/<int:pair>/scans/missing/", api.MissingScansView.as_view(), name="api_missing_scans"),
    path("pairs/<int:pair>/scan-batches/", api.BatchesView.as_view(), name="api_scan_batches"),
    path("pairs/<int:pair>/scan-batches/<int:batch>/", api.BatchView.as_view(), name="api_scan_batch"),
    path("pairs/<int:pair>/scan-manifests/", manifest_api.ManifestsView.as_view(), name="api_scan_manifests"),
    path(
        "pairs/<int:pair>/scan-manifests/<int:manifest>/",
        manifest_api.ManifestView.as_view(),
        name="api_scan_manifest",
    ),
    path("scans/<int:scan>/", api.ScanView.as_view(), name="api_support_scan"),
    path("scans/<int:scan>/row/", api.PlaceScanView.as_view(), name="api_place_scan"),
    path("scans/<int:scan>/pages/<int:page>.jpg", api.PageView.as_view(), name="api_scan_page"),
    path("scans/<int:scan>/original/", api.OriginalView.as_view(), name="api_scan_original"),
]
