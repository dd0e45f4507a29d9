"""Calls of the API about elections and pairs."""

from django.urls import path

from candidates import api, outage_api

urlpatterns = [
    path("requirement/", api.RequirementView.as_view(), name="api_requirement"),
    path("elections/", api.ElectionsView.as_view(), name="api_elections"),
    path("elections/<int:pk>/", api.ElectionView.as_view(), name="api_election"),
    path("elections/<int:election>/windows/", api.WindowsView.as_view(), name="api_windows"),
    path("elections/<int:election>/pairs/", api.ElectionPairsView.as_view(), name="api_election_pairs"),
    path("pairs/", api.PairsView.as_view(), name="api_pairs"),
    path("pairs/<int:pk>/", api.PairView.as_view(), name="api_pair"),
    path("rulings/<int:ruling>/approve/", api.ApproveRulingView.as_view(), name="api_approve_ruling"),
    path("rulings/<int:ruling>/open/", api.OpenRulingView.as_view(), name="api_open_ruling"),
    path("rulings/<int:ruling>/withdraw/", api.WithdrawRulingView.as_view(), name="api_withdraw_ruling"),
    path("outages/", outage_api.OutagesView.as_view(), name="api_outages"),
    path("outages/<int:outage>/", outage_api.OutageView.as_view(), name="api_outage"),
    path("outages/<int:outage>/rulings/", outage_api.ExtensionsView.as_view(), name="api_extensions"),
]
