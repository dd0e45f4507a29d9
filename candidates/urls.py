"""Public pages, the list of elections and pairs, windows of an election, the log of outages."""

from django.urls import path

from candidates import (
    announcement_views,
    election_views,
    mass_views,
    outage_views,
    schedule_views,
    views,
    window_views,
)

urlpatterns = [
    path("", views.home, name="home"),
    path("simulasi/", views.simulation, name="simulation"),
    path("pasangan/", views.pairs, name="pairs"),
    path("pemilihan/buat/", election_views.choose_region, name="choose_region"),
    path("pemilihan/buat/<int:region_id>/", election_views.create_election, name="create_election"),
    path(
        "pemilihan/buat/<int:region_id>/hitung/",
        election_views.preview_requirement,
        name="preview_requirement",
    ),
    path("pemilihan/<int:election_id>/pasangan/", election_views.add_pair, name="add_pair"),
    path("pasangan/<int:pair_id>/nama/", election_views.change_pair, name="change_pair"),
    path("pemilihan/<int:election_id>/", window_views.election_page, name="election"),
    path(
        "pemilihan/<int:election_id>/masa/<int:window_id>/", window_views.change_window, name="change_window"
    ),
    path(
        "pemilihan/<int:election_id>/masa/<int:window_id>/batal/",
        window_views.cancel_window,
        name="cancel_window",
    ),
    path("jadwal/", schedule_views.schedules, name="schedules"),
    path("jadwal/<int:election_id>/", schedule_views.schedule, name="schedule"),
    path(
        "jadwal/<int:election_id>/versi/<int:number>/",
        schedule_views.schedule_version,
        name="schedule_version",
    ),
    path("jadwal/pindah/", mass_views.move_many, name="move_windows"),
    path("jadwal/salin/", mass_views.copy_to_many, name="copy_schedule"),
    path("pengumuman/", announcement_views.announcement_list, name="announcements"),
    path("pengumuman/buat/", announcement_views.new_announcement, name="new_announcement"),
    path(
        "pengumuman/<int:announcement_id>/tarik/",
        announcement_views.withdraw_announcement,
        name="withdraw_announcement",
    ),
    path(
        "pengumuman/<int:announcement_id>/tutup/",
        announcement_views.dismiss_announcement,
        name="dismiss_announcement",
    ),
    path("gangguan/", outage_views.outage_log, name="outages"),
    path("gangguan/catat/", outage_views.record_outage, name="record_outage"),
    path("gangguan/<int:outage_id>/", outage_views.outage_page, name="outage"),
    path("gangguan/<int:outage_id>/berakhir/", outage_views.end_outage, name="end_outage"),
    path(
        "gangguan/<int:outage_id>/perpanjangan/", outage_views.propose_extensions, name="propose_extensions"
    ),
    path(
        "gangguan/<int:outage_id>/lampiran/", outage_views.attach_to_extensions, name="attach_to_extensions"
    ),
    path("gangguan/<int:outage_id>/setujui/", outage_views.approve_extensions, name="approve_extensions"),
    path("gangguan/<int:outage_id>/buka/", outage_views.open_extensions, name="open_extensions"),
]
