"""Pages of scans."""

from django.urls import path

from supports.scans import file_views, manifest_views, views

urlpatterns = [
    path("pasangan/<int:pair_id>/pindaian/", views.scans, name="support_scans"),
    path("pasangan/<int:pair_id>/pindaian/kirim/", file_views.send_support_scans, name="send_support_scans"),
    path("pasangan/<int:pair_id>/pindaian/kemajuan/", views.scans_progress, name="scans_progress"),
    path("pasangan/<int:pair_id>/pindaian/cocokkan/", views.match_again, name="match_scans_again"),
    path("pasangan/<int:pair_id>/pindaian/kiriman/<int:batch_id>/", views.scan_batch, name="scan_batch"),
    path(
        "pasangan/<int:pair_id>/pindaian/daftar/",
        manifest_views.send_scan_manifest,
        name="send_scan_manifest",
    ),
    path(
        "pasangan/<int:pair_id>/pindaian/daftar/<int:manifest_id>/",
        manifest_views.scan_manifest,
        name="scan_manifest",
    ),
    path("pasangan/<int:pair_id>/pindaian/berkas/", file_views.scan_files, name="scan_files"),
    path("pasangan/<int:pair_id>/pindaian/berkas/<int:file_id>/", file_views.scan_file, name="scan_file"),
    path(
        "pasangan/<int:pair_id>/pindaian/berkas/<int:file_id>/selesai/",
        file_views.finish_scan_file,
        name="finish_scan_file",
    ),
    path("pindaian/<int:scan_id>/", views.scan_page, name="support_scan"),
    path("pindaian/<int:scan_id>/tempatkan/", views.place_scan, name="place_support_scan"),
    path("pindaian/<int:scan_id>/lepas/", views.take_scan_off, name="take_scan_off"),
    path("pindaian/<int:scan_id>/halaman/<int:number>.jpg", views.scan_picture, name="scan_picture"),
    path("pindaian/<int:scan_id>/kecil.jpg", views.scan_thumbnail, name="scan_thumbnail"),
    path("pindaian/<int:scan_id>/asli/", views.scan_original, name="scan_original"),
]
