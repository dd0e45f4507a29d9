"""Calls of the API about rulings and their documents."""

from django.urls import path

from supports.rulings import api

urlpatterns = [
    path("pairs/<int:pair>/rulings/", api.RulingsView.as_view(), name="api_rulings"),
    path("pairs/<int:pair>/rulings/rows/", api.NamedRowsView.as_view(), name="api_named_rows"),
    path("rulings/<int:ruling>/letter/", api.LetterView.as_view(), name="api_ruling_letter"),
    path("rulings/<int:ruling>/open/", api.OpenRulingView.as_view(), name="api_open_ruling"),
    path("rulings/<int:ruling>/refuse/", api.RefuseRulingView.as_view(), name="api_refuse_ruling"),
]
