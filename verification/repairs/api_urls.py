"""Calls of the API about the rounds of a pair."""

from django.urls import path

from verification.repairs import api

urlpatterns = [
    path("pairs/<int:pair>/rounds/", api.RoundsView.as_view(), name="api_rounds"),
    path("submissions/<int:submission>/bms.csv", api.BmsListView.as_view(), name="api_bms_list"),
    path("submissions/<int:submission>/bms.xlsx", api.BmsWorkbookView.as_view(), name="api_bms_workbook"),
]
