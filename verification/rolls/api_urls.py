"""Calls of the API about voter lists."""

from django.urls import path

from verification.rolls import api

urlpatterns = [
    path("elections/<int:election>/rolls/", api.RollsView.as_view(), name="api_rolls"),
    path("elections/<int:election>/rolls/files/", api.RollFilesView.as_view(), name="api_roll_files"),
    path(
        "elections/<int:election>/rolls/files/<int:file>/", api.RollFileView.as_view(), name="api_roll_file"
    ),
    path("rolls/<int:roll>/", api.RollView.as_view(), name="api_roll"),
]
