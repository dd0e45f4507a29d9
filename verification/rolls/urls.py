"""Pages of voter lists."""

from django.urls import path

from verification.rolls import file_views, views

urlpatterns = [
    path("pemilihan/<int:election_id>/daftar-pemilih/", views.rolls, name="rolls"),
    path("pemilihan/<int:election_id>/daftar-pemilih/kemajuan/", views.rolls_progress, name="rolls_progress"),
    path("pemilihan/<int:election_id>/daftar-pemilih/cocokkan/", views.match_again, name="match_rolls_again"),
    path("pemilihan/<int:election_id>/daftar-pemilih/berkas/", file_views.roll_files, name="roll_files"),
    path(
        "pemilihan/<int:election_id>/daftar-pemilih/berkas/<int:file_id>/",
        file_views.roll_file,
        name="roll_file",
    ),
    path(
        "pemilihan/<int:election_id>/daftar-pemilih/berkas/<int:file_id>/selesai/",
        file_views.finish_roll_file,
        name="finish_roll_file",
    ),
    path(
        "pemilihan/<int:election_id>/daftar-pemilih/berkas/<int:file_id>/batal/",
        file_views.withdraw_roll_file,
        name="withdraw_roll_file",
    ),
    path("daftar-pemilih/<int:roll_id>/hapus/", views.remove_roll, name="remove_roll"),
]
