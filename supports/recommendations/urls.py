"""Saran perbaikan."""

from django.urls import path

from supports.recommendations import views

urlpatterns = [
    path("saran-perbaikan/", views.recommendation_list, name="recommendations"),
    path("saran-perbaikan/buat/", views.choose_election, name="choose_recommended"),
    path("saran-perbaikan/buat/<int:election_id>/", views.new_recommendation, name="new_recommendation"),
    path("saran-perbaikan/<int:recommendation_id>/", views.recommendation, name="recommendation"),
    path(
        "saran-perbaikan/<int:recommendation_id>/surat/",
        views.recommendation_document,
        name="recommendation_document",
    ),
]
