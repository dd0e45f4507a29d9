"""Pages about the rounds of a pair."""

from django.urls import path

from verification.repairs import views

urlpatterns = [
    path("pasangan/<int:pair_id>/putaran/", views.pair_rounds, name="pair_rounds"),
    path("putaran/<int:submission_id>/daftar-bms.csv", views.bms_list, name="bms_list"),
    path("putaran/<int:submission_id>/daftar-bms.xlsx", views.bms_workbook, name="bms_workbook"),
]
