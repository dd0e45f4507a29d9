"""Calls of the API about uploads and supporters."""

from django.urls import include, path

from supports import (
    api,
    election_api,
    file_api,
    match_api,
    paper_api,
    pool_api,
    removal_api,
    repeat_api,
    rule_api,
    scan_api,
    search_api,
    typist_api,
    upload_api,
)
from supports.desk import pair_change_api
from supports.reading_log.api import ReadingsView
from supports.receiving.api import ReceptionView

urlpatterns = [
    path("", include("supports.handing_in.api_urls")),
    path("readings/", ReadingsView.as_view(), name="api_readings"),
    path("", include("supports.rulings.api_urls")),
    path("", include("supports.scans.api_urls")),
    path("submissions/<int:submission>/reception/", ReceptionView.as_view(), name="api_reception"),
    path("elections/<int:pk>/", election_api.ElectionView.as_view(), name="api_election"),
    path("pairs/<int:pk>/withdrawal/", pair_change_api.WithdrawalView.as_view(), name="api_withdraw_pair"),
    path("pairs/<int:pk>/replacements/", pair_change_api.ReplacementsView.as_view(), name="api_replacements"),
    path("pairs/<int:pair>/pool/", pool_api.PoolView.as_view(), name="api_pool"),
    path("pairs/<int:pair>/pool/move/", pool_api.PoolMoveView.as_view(), name="api_pool_move"),
    path("pairs/<int:pair>/typists/", typist_api.TypistsView.as_view(), name="api_typists"),
    path("pairs/<int:pair>/typists/<int:user>/", typist_api.TypistView.as_view(), name="api_typist"),
    path(
        "pairs/<int:pair>/typists/<int:user>/invite/",
        typist_api.InviteTypistView.as_view(),
        name="api_invite_typist",
    ),
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
    path("pairs/<int:pair>/forms/", paper_api.FormsView.as_view(), name="api_forms"),
    path("pairs/<int:pair>/forms/list.pdf", paper_api.FormListView.as_view(), name="api_form_list"),
    path("pairs/<int:pair>/forms/list.csv", paper_api.FormRowsView.as_view(), name="api_form_rows"),
    path("pairs/<int:pair>/forms/zips/", scan_api.BundlesView.as_view(), name="api_form_zips"),
    path("pairs/<int:pair>/forms/zips/<int:bundle>/", scan_api.BundleView.as_view(), name="api_form_zip"),
    path("pairs/<int:pair>/forms/scans/<int:scan>/", scan_api.ScanView.as_view(), name="api_scan"),
    path("pairs/<int:pair>/forms/<slug:form>/scans/", scan_api.ScansView.as_view(), name="api_form_scans"),
    path("pairs/<int:pair>/forms/<slug:form>.pdf", paper_api.FormView.as_view(), name="api_form"),
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
