"""Pages of the administrative verification."""

from django.urls import path

from verification import bulk_views, check_views, desk_views

urlpatterns = [
    path("verifikasi/", desk_views.verification, name="verification"),
    path("verifikasi/<int:submission_id>/", desk_views.review, name="review"),
    path("verifikasi/<int:submission_id>/buka/", desk_views.open_review, name="open_review"),
    path("verifikasi/<int:submission_id>/ambil/<int:user_id>/", desk_views.take_back, name="take_back"),
    path("verifikasi/<int:submission_id>/periksa/", check_views.check_rows, name="check_rows"),
    path("verifikasi/<int:submission_id>/kedua/", check_views.take_second, name="take_second"),
    path("verifikasi/<int:submission_id>/berbeda/", check_views.take_differing, name="take_differing"),
    path(
        "verifikasi/<int:submission_id>/periksa/sesudah/<int:support_id>/",
        check_views.card_ahead,
        name="card_ahead",
    ),
    path("verifikasi/<int:submission_id>/massal/", bulk_views.bulks, name="bulks"),
    path("verifikasi/massal/<int:bulk_id>/setujui/", bulk_views.approve_bulk, name="approve_bulk"),
    path("verifikasi/massal/<int:bulk_id>/tolak/", bulk_views.refuse_bulk, name="refuse_bulk"),
    path("verifikasi/massal/<int:bulk_id>/batalkan/", bulk_views.undo_bulk, name="undo_bulk"),
    path("verifikasi/massal/<int:bulk_id>/lanjutkan/", bulk_views.resume_bulk, name="resume_bulk"),
    path("verifikasi/baris/<int:support_id>/putuskan/", check_views.decide_row, name="decide_row"),
    path("verifikasi/baris/<int:support_id>/batalkan/", check_views.undo_decision, name="undo_decision"),
]
