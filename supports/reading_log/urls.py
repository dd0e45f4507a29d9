"""Pages of the log of readings."""

from django.urls import path

from supports.reading_log import views

urlpatterns = [
    path("log-pembacaan/", views.reading_log, name="reading_log"),
    path("log-pembacaan/unduh.csv", views.reading_log_csv, name="reading_log_csv"),
]
