"""Public pages, the list of elections and pairs, windows of an election, the log of outages."""

from django.urls import path

from candidates import outage_views, views, window_views

urlpatterns = [
    path("", views.home, name="home"),
    path("simulasi/", views.simulation, name="simulation"),
    path("pasangan/", views.pairs, name="pairs"),
    path("pemilihan/<int:election_id>/", window_views.election_page, name="election"),
    path("gangguan/", outage_views.outage_log, name="outages"),
    path("gangguan/catat/", outage_views.record_outage, name="record_outage"),
    path("gangguan/<int:outage_id>/", outage_views.outage_page, name="outage"),
    path("gangguan/<int:outage_id>/berakhir/", outage_views.end_outage, name="end_outage"),
    path(
        "gangguan/<int:outage_id>/perpanjangan/", outage_views.propose_extensions, name="propose_extensions"
    ),
    path("gangguan/<int:outage_id>/setujui/", outage_views.approve_extensions, name="approve_extensions"),
    path("gangguan/<int:outage_id>/buka/", outage_views.open_extensions, name="open_extensions"),
]
