"""Calls of the API about uploads and supporters."""

from django.urls import path

from supports import (
    api,
    file_api,
    match_api,
    pool_api,
    removal_api,
    repeat_api,
    rule_api,
    ruling_api,
    search_api,
    upload_api,
)

urlpatterns = [
    path("pairs/<int:pair>/rulings/", ruling_api.RulingsView.as_view(), name="api_rulings"),
    path("pairs/<int:pair>/pool/", pool_api.PoolView.as_view(), name="api_pool"),
    path("pairs/<int:pair>/pool/move/", pool_api.PoolMoveView.as_view(), name="api_pool_move"),
    path("rules/", rule_api.RulesView.as_view(), name="api_rules"),
    path(
        "elections/<int:election>/pair-matches/",
        match_api.PairMatchesView.as_view(),
        name="api_pair_matches",
    ),
    path("nik/check/", rule_api.NikCheckView.as_view(), name="api_nik_check"),
    path("pairs/<int:pair>/progress/", api.ProgressView.as_view(), name="api_progress"),
    path("pairs/<int:pair>/uploads/", upload_api.UploadsView.as_view(), name="api_uploads"),
    path("pairs/<int:pair>/template.xlsx", upload_api.TemplateView.as_view(), name="api_template"),
    path("pairs/<int:pair>/files/", file_api.FilesView.as_view(), name="api_files"),
    path("pairs/<int:pair>/files/<int:file>/", file_api.FileView.as_view(), name="api_file"),
    path("uploads/<int:upload>/", upload_api.UploadView.as_view(), name="api_upload"),
    path("uploads/<int:upload>/mapping/", upload_api.MapUploadView.as_view(), name="api_map_upload"),
    path("uploads/<int:upload>/cancel/", upload_api.CancelUploadView.as_view(), name="api_cancel_upload"),
    path("uploads/<int:upload>/replace/", repeat_api.ReplaceUploadView.as_view(), name="api_replace_upload"),
    path(
        "uploads/<int:upload>/remove-copies/",
        repeat_api.RemoveCopiesView.as_view(),
        name="api_remove_copies",
    ),
    path("uploads/<int:upload>/retry/", upload_api.RetryUploadView.as_view(), name="api_retry_upload"),
    path("uploads/<int:upload>/report.csv", upload_api.UploadReportView.as_view(), name="api_upload_report"),
    path(
        "uploads/<int:upload>/report.xlsx",
        upload_api.UploadWorkbookView.as_view(),
        name="api_upload_workbook",
    ),
    path("pairs/<int:pair>/supports/", api.SupportsView.as_view(), name="api_supports"),
    path(
        "pairs/<int:pair>/supports/search/",
        search_api.SupportSearchView.as_view(),
        name="api_search_supports",
    ),
    path("pairs/<int:pair>/supports/remove/", removal_api.RemovalsView.as_view(), name="api_remove_supports"),
    path(
        "pairs/<int:pair>/supports/remove/<int:job>/", removal_api.RemovalView.as_view(), name="api_removal"
    ),
    path("supports/<int:support>/", api.SupportView.as_view(), name="api_support"),
    path("supports/<int:support>/identity/", api.IdentityView.as_view(), name="api_identity"),
]
