"""Pages of the groups of duplicates of a round in verification."""

from django.urls import path

from verification.duplicates import views

urlpatterns = [
    path("verifikasi/<int:submission_id>/ganda/", views.groups, name="groups"),
    path("verifikasi/<int:submission_id>/ganda/susun/", views.find_again, name="find_groups"),
    path("verifikasi/<int:submission_id>/ganda/antarpasangan/", views.other_pairs, name="other_pairs"),
    path("verifikasi/ganda/<int:group_id>/", views.group, name="group"),
    path("verifikasi/ganda/<int:group_id>/buka/", views.open_group, name="open_group"),
    path("verifikasi/ganda/<int:group_id>/putuskan/", views.decide_group, name="decide_group"),
    path("verifikasi/ganda/<int:group_id>/tetap/<int:support_id>/", views.keep_one, name="keep_one"),
    path("verifikasi/ganda/<int:group_id>/batalkan/", views.undo_group, name="undo_group"),
    path("verifikasi/ganda/<int:group_id>/ambil-alih/", views.take_over, name="take_over_group"),
]
