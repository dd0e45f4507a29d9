"""Calls of the API about groups of duplicates."""

from django.urls import path

from verification.duplicates import api

urlpatterns = [
    path("submissions/<int:submission>/review/groups/", api.GroupsView.as_view(), name="api_groups"),
    path(
        "submissions/<int:submission>/review/pair-matches/",
        api.OtherPairsView.as_view(),
        name="api_other_pairs",
    ),
    path("groups/<int:group>/", api.GroupView.as_view(), name="api_group"),
    path("groups/<int:group>/decisions/", api.GroupDecisionsView.as_view(), name="api_decide_group"),
    path("groups/<int:group>/keep/", api.KeepOneView.as_view(), name="api_keep_one"),
    path("groups/<int:group>/undo/", api.UndoGroupView.as_view(), name="api_undo_group"),
    path("groups/<int:group>/take-over/", api.TakeOverView.as_view(), name="api_take_over_group"),
]
