"""Pages of the results of rounds."""

from django.urls import path

from verification.results import views

urlpatterns = [
    path("verifikasi/<int:submission_id>/hasil/", views.round_result, name="round_result"),
    path("pasangan/<int:pair_id>/hasil/", views.pair_results, name="pair_results"),
    path("hasil/<int:result_id>/berita-acara.pdf", views.minutes, name="result_minutes"),
    path("hasil/<int:result_id>/hasil.json", views.result_text, name="result_text"),
    path("hasil/<int:result_id>/rekap.csv", views.recap_csv, name="recap_csv"),
    path("hasil/<int:result_id>/rekap.xlsx", views.recap_xlsx, name="recap_xlsx"),
]
