"""Calls of the API about the help desk."""

from django.urls import path

from supports.help_desk import api

urlpatterns = [
    path("help/answers/", api.AnswersView.as_view(), name="api_answers"),
    path("help/threads/", api.ThreadsView.as_view(), name="api_threads"),
    path("help/threads/<int:thread>/", api.ThreadView.as_view(), name="api_thread"),
    path("help/threads/<int:thread>/messages/", api.ThreadMessagesView.as_view(), name="api_write_thread"),
    path("help/threads/<int:thread>/answers/", api.ThreadAnswersView.as_view(), name="api_answer_thread"),
    path("help/threads/<int:thread>/take/", api.TakeThreadView.as_view(), name="api_take_thread"),
    path("help/threads/<int:thread>/hand-on/", api.HandOnThreadView.as_view(), name="api_hand_on_thread"),
    path("help/threads/<int:thread>/close/", api.CloseThreadView.as_view(), name="api_close_thread"),
    path("help/threads/<int:thread>/end/", api.EndThreadView.as_view(), name="api_end_thread"),
    path(
        "help/threads/<int:thread>/documents/<int:number>/",
        api.ThreadDocumentView.as_view(),
        name="api_thread_document",
    ),
]
