"""Calls of the API about the results of rounds."""

from django.urls import path

from verification.results import api

urlpatterns = [
    path("submissions/<int:submission>/review/close/", api.CloseRoundView.as_view(), name="api_close_round"),
    path("submissions/<int:submission>/results/", api.ResultsView.as_view(), name="api_results"),
    path("results/<int:result>/", api.ResultView.as_view(), name="api_result"),
    path("results/<int:result>/text/", api.ResultTextView.as_view(), name="api_result_text"),
]
