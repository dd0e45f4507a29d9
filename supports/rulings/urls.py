"""What gives one pair time of its own: its page, the steps of a ruling, and the document of it."""

from django.urls import path

from supports.rulings import letter_views, views

urlpatterns = [
    path("pasangan/<int:pair_id>/masa/", views.rulings, name="rulings"),
    path("pasangan/<int:pair_id>/masa/usul/", letter_views.ruling_proposal, name="ruling_proposal"),
    path("putusan/<int:ruling_id>/surat/", letter_views.ruling_letter, name="ruling_letter"),
    path("putusan/<int:ruling_id>/lampiran/", letter_views.attach_letter, name="attach_letter"),
    path("putusan/<int:ruling_id>/setujui/", views.approve_ruling, name="approve_ruling"),
    path("putusan/<int:ruling_id>/tolak/", views.ruling_refusal, name="ruling_refusal"),
    path("putusan/<int:ruling_id>/buka/", views.ruling_opening, name="ruling_opening"),
    path("putusan/<int:ruling_id>/tarik/", views.ruling_withdrawal, name="ruling_withdrawal"),
]
