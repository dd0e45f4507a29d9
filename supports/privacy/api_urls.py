"""Calls of the API about personal data."""

from django.urls import path

from supports.privacy import api

OF_ONE = "data-requests/<int:data_request>/"

urlpatterns = [
    path("own-data/check/", api.OwnDataCheckView.as_view(), name="api_own_data_check"),
    path("own-data/request/", api.OwnDataRequestView.as_view(), name="api_own_data_request"),
    path("own-data/copy/", api.OwnDataCopyView.as_view(), name="api_own_data_copy"),
    path("data-requests/", api.DataRequestsView.as_view(), name="api_data_requests"),
    path(f"{OF_ONE}open/", api.DataRequestView.as_view(), name="api_open_data_request"),
    path(f"{OF_ONE}take/", api.TakeRequestView.as_view(), name="api_take_data_request"),
    path(f"{OF_ONE}fulfil/", api.FulfilRequestView.as_view(), name="api_fulfil_data_request"),
    path(f"{OF_ONE}refuse/", api.RefuseRequestView.as_view(), name="api_refuse_data_request"),
    path(f"{OF_ONE}end-mark/", api.EndMarkView.as_view(), name="api_end_mark"),
    path(f"{OF_ONE}copy/", api.RequestCopyView.as_view(), name="api_data_request_copy"),
]
