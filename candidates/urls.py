"""Public pages, and the list of elections and pairs."""

from django.urls import path

from candidates import views

urlpatterns = [
    path("", views.home, name="home"),
    path("simulasi/", views.simulation, name="simulation"),
    path("pasangan/", views.pairs, name="pairs"),
]
