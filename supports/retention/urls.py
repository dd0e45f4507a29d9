"""Pages about the end of identities."""

from django.urls import path

from supports.retention import certificate_views, views

urlpatterns = [
    path("retensi/", views.retention_list, name="retention_list"),
    path("retensi/<int:election_id>/", views.retention_page, name="retention"),
    path("retensi/<int:election_id>/masa-simpan/", views.set_term, name="set_term"),
    path("retensi/<int:election_id>/tahan/", views.set_hold, name="set_hold"),
    path("retensi/<int:election_id>/usul/", views.propose_destruction, name="propose_destruction"),
    path("retensi/penahanan/<int:hold_id>/lepas/", views.lift_hold, name="lift_hold"),
    path("retensi/penahanan/<int:hold_id>/surat/", views.hold_document, name="hold_document"),
    path("retensi/masa-simpan/<int:term_id>/surat/", views.term_document, name="term_document"),
    path(
        "retensi/usulan/<int:destruction_id>/setujui/", views.approve_destruction, name="approve_destruction"
    ),
    path(
        "retensi/usulan/<int:destruction_id>/tarik/", views.withdraw_destruction, name="withdraw_destruction"
    ),
    path(
        "retensi/usulan/<int:destruction_id>/lanjutkan/", views.resume_destruction, name="resume_destruction"
    ),
    path(
        "retensi/usulan/<int:destruction_id>/kemajuan/",
        views.destruction_progress,
        name="destruction_progress",
    ),
    path("sertifikat-pemusnahan/<int:certificate_id>/", certificate_views.certificate, name="certificate"),
    path(
        "sertifikat-pemusnahan/<int:certificate_id>/sertifikat.json",
        certificate_views.certificate_json,
        name="certificate_json",
    ),
    path(
        "sertifikat-pemusnahan/<int:certificate_id>/sertifikat.pdf",
        certificate_views.certificate_pdf,
        name="certificate_pdf",
    ),
]
