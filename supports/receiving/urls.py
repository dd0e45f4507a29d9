"""Receiving rounds."""

from django.urls import path

from supports.receiving import views

urlpatterns = [
    path("tanda-terima/<int:receipt_id>/penerimaan/", views.reception, name="reception"),
    path("tanda-terima/<int:receipt_id>/berita-acara.pdf", views.minutes, name="reception_minutes"),
]
