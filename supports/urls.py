"""A pair's page, its supporters, its uploads, and the rules."""

from django.urls import path

from supports import (
    file_views,
    match_views,
    pool_views,
    removal_views,
    repeat_views,
    row_views,
    ruling_views,
    search_views,
    upload_views,
    views,
)

urlpatterns = [
    path("aturan/", views.rules, name="rules"),
    path("pemilihan/<int:election_id>/ganda/", match_views.pair_matches, name="pair_matches"),
    path("pasangan/<int:pair_id>/", views.pair_page, name="pair"),
    path("pasangan/<int:pair_id>/dukungan/", views.supports, name="supports"),
    path("pasangan/<int:pair_id>/dukungan/cari/", search_views.search, name="search_supports"),
    path("pasangan/<int:pair_id>/dukungan/hapus/", removal_views.remove_supports, name="remove_supports"),
    path("pasangan/<int:pair_id>/dukungan/hapus/<int:job_id>/", removal_views.removal, name="removal"),
    path("pasangan/<int:pair_id>/dukungan/<int:support_id>/", row_views.support, name="support"),
    path(
        "pasangan/<int:pair_id>/dukungan/<int:support_id>/baris/", row_views.support_row, name="support_row"
    ),
    path(
        "pasangan/<int:pair_id>/dukungan/<int:support_id>/identitas/",
        row_views.open_identity,
        name="open_identity",
    ),
    path(
        "pasangan/<int:pair_id>/dukungan/<int:support_id>/hapus/",
        row_views.remove_support,
        name="remove_support",
    ),
    path("pasangan/<int:pair_id>/unggahan-terakhir/", views.latest_uploads, name="latest_uploads"),
    path("pasangan/<int:pair_id>/cadangan/", pool_views.pool, name="pool"),
    path("pasangan/<int:pair_id>/cadangan/kemajuan/", pool_views.pool_progress, name="pool_progress"),
    path("pasangan/<int:pair_id>/unggah/", upload_views.uploads, name="uploads"),
    path("pasangan/<int:pair_id>/templat.xlsx", upload_views.template, name="template"),
    path("pasangan/<int:pair_id>/kiriman/", file_views.files, name="files"),
    path("pasangan/<int:pair_id>/kiriman/<int:file_id>/", file_views.file, name="file"),
    path("pasangan/<int:pair_id>/kiriman/<int:file_id>/selesai/", file_views.finish_file, name="finish_file"),
    path(
        "pasangan/<int:pair_id>/kiriman/<int:file_id>/batal/", file_views.withdraw_file, name="withdraw_file"
    ),
    path("unggahan/<int:upload_id>/", upload_views.upload_page, name="upload"),
    path("unggahan/<int:upload_id>/kemajuan/", upload_views.upload_progress, name="upload_progress"),
    path("unggahan/<int:upload_id>/laporan.csv", upload_views.upload_report, name="upload_report"),
    path("unggahan/<int:upload_id>/laporan.xlsx", upload_views.upload_workbook, name="upload_workbook"),
    path("unggahan/<int:upload_id>/hentikan/", upload_views.cancel_upload, name="cancel_upload"),
    path("unggahan/<int:upload_id>/ulangi/", upload_views.retry_upload, name="retry_upload"),
    path("unggahan/<int:upload_id>/ganti/<int:old_id>/", repeat_views.replace_upload, name="replace_upload"),
    path("unggahan/<int:upload_id>/salinan/", repeat_views.remove_copies, name="remove_copies"),
    path("unggahan/<int:upload_id>/buang/", upload_views.discard_upload, name="discard_upload"),
    path("unggahan/<int:upload_id>/kolom/", upload_views.map_upload, name="map_upload"),
    path("pasangan/<int:pair_id>/masa/", ruling_views.rulings, name="rulings"),
    path("pasangan/<int:pair_id>/masa/usul/", ruling_views.ruling_proposal, name="ruling_proposal"),
    path("putusan/<int:ruling_id>/setujui/", ruling_views.approve_ruling, name="approve_ruling"),
    path("putusan/<int:ruling_id>/buka/", ruling_views.ruling_opening, name="ruling_opening"),
    path("putusan/<int:ruling_id>/tarik/", ruling_views.ruling_withdrawal, name="ruling_withdrawal"),
]
