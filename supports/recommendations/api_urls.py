"""Calls of the API about recommendations."""

from django.urls import path

from supports.recommendations import api

urlpatterns = [
    path("recommendations/", api.RecommendationsView.as_view(), name="api_recommendations"),
    path("recommendations/<int:pk>/", api.RecommendationView.as_view(), name="api_recommendation"),
    path(
        "recommendations/<int:pk>/document/",
        api.RecommendationDocumentView.as_view(),
        name="api_recommendation_document",
    ),
    path("recommendations/<int:pk>/answer/", api.AnswerView.as_view(), name="api_answer_recommendation"),
]
