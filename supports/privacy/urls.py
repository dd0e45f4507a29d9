"""Pages about personal data: the public ones, then the commission's."""

from django.urls import path

from supports.privacy import desk_views, views

urlpatterns = [
    path("cek-nik/", views.check, name="check_own_data"),
    path("data-pribadi/", views.own_data, name="own_data"),
    path("data-pribadi/ajukan/<int:election_id>/", views.request_own_data, name="request_own_data"),
    path("data-pribadi/permohonan/", views.own_request, name="own_data_request"),
    path("data-pribadi/permohonan/salinan.pdf", views.own_copy, {"form": "pdf"}, name="own_data_pdf"),
    path("data-pribadi/permohonan/salinan.json", views.own_copy, {"form": "json"}, name="own_data_json"),
    path("permohonan-data/", desk_views.request_list, name="data_requests"),
    path("permohonan-data/catat/", desk_views.counter, name="data_request_counter"),
    path(
        "permohonan-data/catat/<int:election_id>/", desk_views.register_request, name="register_data_request"
    ),
    path("permohonan-data/<int:request_id>/", desk_views.data_request, name="data_request"),
    path("permohonan-data/<int:request_id>/ktp/", desk_views.identity_document, name="data_request_document"),
    path(
        "permohonan-data/<int:request_id>/ktp/<int:number>/",
        desk_views.identity_page,
        name="data_request_document_page",
    ),
    path(
        "permohonan-data/<int:request_id>/salinan.pdf",
        desk_views.office_copy,
        {"form": "pdf"},
        name="data_request_pdf",
    ),
    path(
        "permohonan-data/<int:request_id>/salinan.json",
        desk_views.office_copy,
        {"form": "json"},
        name="data_request_json",
    ),
    path("permohonan-data/<int:request_id>/tangani/", desk_views.take_request, name="take_data_request"),
    path("permohonan-data/<int:request_id>/penuhi/", desk_views.fulfil_request, name="fulfil_data_request"),
    path("permohonan-data/<int:request_id>/tolak/", desk_views.refuse_request, name="refuse_data_request"),
    path("permohonan-data/<int:request_id>/akhiri/", desk_views.end_mark, name="end_mark"),
]
