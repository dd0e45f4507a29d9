"""Pages of corrections."""

from django.urls import path

from verification.corrections import views

urlpatterns = [
    path("verifikasi/<int:submission_id>/koreksi/", views.corrections, name="corrections"),
    path(
        "verifikasi/<int:submission_id>/koreksi/usul/", views.correction_proposal, name="correction_proposal"
    ),
    path("koreksi/<int:correction_id>/surat/", views.correction_letter, name="correction_letter"),
    path("koreksi/<int:correction_id>/setujui/", views.approve_correction, name="approve_correction"),
    path("koreksi/<int:correction_id>/tolak/", views.refuse_correction, name="refuse_correction"),
    path("koreksi/<int:correction_id>/lanjutkan/", views.resume_correction, name="resume_correction"),
]
