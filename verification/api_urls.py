"""Calls of the API about the administrative verification."""

from django.urls import path

from verification import api, bulk_api, decision_api

OF = "submissions/<int:submission>/review/"

urlpatterns = [
    path("reviews/", api.ReviewsView.as_view(), name="api_reviews"),
    path("reviews/due/", api.DueRoundsView.as_view(), name="api_due_rounds"),
    path(OF, api.ReviewView.as_view(), name="api_review"),
    path(f"{OF}deals/", api.DealsView.as_view(), name="api_deals"),
    path(f"{OF}verifiers/", api.VerifiersView.as_view(), name="api_verifiers"),
    path(f"{OF}shares/", api.SharesView.as_view(), name="api_shares"),
    path(f"{OF}shares/<int:user>/", api.ShareView.as_view(), name="api_share"),
    path(f"{OF}queue/", api.QueueView.as_view(), name="api_queue"),
    path(f"{OF}second-readings/", api.SecondReadingsView.as_view(), name="api_second_readings"),
    path(f"{OF}decisions/", decision_api.DecisionListView.as_view(), name="api_decision_list"),
    path(f"{OF}bulks/", bulk_api.BulksView.as_view(), name="api_bulks"),
    path(f"{OF}bulks/preview/", bulk_api.BulkPreviewView.as_view(), name="api_bulk_preview"),
    path("bulks/<int:bulk>/", bulk_api.BulkView.as_view(), name="api_bulk"),
    path("bulks/<int:bulk>/approve/", bulk_api.ApproveBulkView.as_view(), name="api_approve_bulk"),
    path("bulks/<int:bulk>/refuse/", bulk_api.RefuseBulkView.as_view(), name="api_refuse_bulk"),
    path("bulks/<int:bulk>/undo/", bulk_api.UndoBulkView.as_view(), name="api_undo_bulk"),
    path("bulks/<int:bulk>/resume/", bulk_api.ResumeBulkView.as_view(), name="api_resume_bulk"),
    path("supports/<int:support>/card/", decision_api.CardView.as_view(), name="api_card"),
    path(
        "supports/<int:support>/decisions/",
        decision_api.DecisionsOfRowView.as_view(),
        name="api_decisions_of_row",
    ),
    path(
        "supports/<int:support>/decisions/undo/",
        decision_api.UndoDecisionView.as_view(),
        name="api_undo_decision",
    ),
]
