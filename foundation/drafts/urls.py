"""Drafts of forms."""

from django.urls import path

from foundation.drafts import views

urlpatterns = [
    path("", views.keep, name="keep_draft"),
    path("baca/", views.read, name="read_draft"),
]
