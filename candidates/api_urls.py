"""Calls of the API about elections and pairs."""

from django.urls import path

from candidates import announcement_api, api, mass_api, outage_api, schedule_api

urlpatterns = [
    path("requirement/", api.RequirementView.as_view(), name="api_requirement"),
    path("elections/", api.ElectionsView.as_view(), name="api_elections"),
    path("elections/<int:election>/windows/", api.WindowsView.as_view(), name="api_windows"),
    path(
        "elections/<int:election>/windows/<int:window>/",
        schedule_api.WindowView.as_view(),
        name="api_window",
    ),
    path("schedules/", schedule_api.SchedulesView.as_view(), name="api_schedules"),
    path(
        "elections/<int:election>/schedule/",
        schedule_api.ScheduleVersionsView.as_view(),
        name="api_schedule_versions",
    ),
    path(
        "elections/<int:election>/schedule/<int:number>/",
        schedule_api.ScheduleVersionView.as_view(),
        name="api_schedule_version",
    ),
    path("elections/<int:election>/pairs/", api.ElectionPairsView.as_view(), name="api_election_pairs"),
    path("pairs/", api.PairsView.as_view(), name="api_pairs"),
    path("pairs/<int:pk>/", api.PairView.as_view(), name="api_pair"),
    path("rulings/<int:ruling>/approve/", api.ApproveRulingView.as_view(), name="api_approve_ruling"),
    path("rulings/<int:ruling>/withdraw/", api.WithdrawRulingView.as_view(), name="api_withdraw_ruling"),
    path("announcements/", announcement_api.AnnouncementsView.as_view(), name="api_announcements"),
    path("windows/moves/", mass_api.MovesView.as_view(), name="api_move_windows"),
    path("windows/copies/", mass_api.CopiesView.as_view(), name="api_copy_schedule"),
    path("elections/table/", mass_api.ElectionTableView.as_view(), name="api_election_table"),
    path("outages/", outage_api.OutagesView.as_view(), name="api_outages"),
    path("outages/<int:outage>/", outage_api.OutageView.as_view(), name="api_outage"),
    path("outages/<int:outage>/rulings/", outage_api.ExtensionsView.as_view(), name="api_extensions"),
    path("outages/<int:outage>/rulings/steps/", outage_api.StepsView.as_view(), name="api_extension_steps"),
    path(
        "outages/<int:outage>/rulings/letter/",
        outage_api.ExtensionLetterView.as_view(),
        name="api_extension_letter",
    ),
    path(
        "outages/<int:outage>/rulings/approve/",
        outage_api.ApproveExtensionsView.as_view(),
        name="api_approve_extensions",
    ),
    path(
        "outages/<int:outage>/rulings/open/",
        outage_api.OpenExtensionsView.as_view(),
        name="api_open_extensions",
    ),
]
