"""Pages of mandates: the public ones, then the commission's."""

from django.urls import path

from candidates.mandates import desk_views, views

urlpatterns = [
    path("mandat/", views.mandates, name="mandates"),
    path("mandat/cari/", views.find_mandate, name="find_mandate"),
    path("mandat/ajukan/", views.mandates, name="request_mandates"),
    path("mandat/ajukan/<int:election_id>/", views.request_mandate, name="request_mandate"),
    path("mandat/status/<str:code>/", views.mandate_status, name="mandate_status"),
    path("mandat/daftar/", desk_views.mandate_list, name="mandate_list"),
    path("mandat/daftar/<int:mandate_id>/", desk_views.mandate_page, name="mandate"),
    path("mandat/daftar/<int:mandate_id>/dokumen/", desk_views.mandate_document, name="mandate_document"),
    path(
        "mandat/daftar/<int:mandate_id>/dokumen/<int:number>/",
        desk_views.mandate_document_page,
        name="mandate_document_page",
    ),
    path("mandat/daftar/<int:mandate_id>/setujui/", desk_views.approve_mandate, name="approve_mandate"),
    path("mandat/daftar/<int:mandate_id>/tolak/", desk_views.refuse_mandate, name="refuse_mandate"),
    path("mandat/daftar/<int:mandate_id>/cabut/", desk_views.revoke_mandate, name="revoke_mandate"),
    path("mandat/daftar/<int:mandate_id>/tautan/", desk_views.send_links_again, name="send_mandate_links"),
    path("mandat/catat/", desk_views.counter, name="mandate_counter"),
    path("mandat/catat/<int:election_id>/", desk_views.file_mandate, name="file_mandate"),
]
