"""Pages of staff."""

from django.urls import path

from foundation.accounts import staff_views as views

urlpatterns = [
    path("", views.staff, name="staff"),
    path("<int:assignment_id>/akhiri/", views.end_staff, name="end_staff"),
    path("<int:assignment_id>/dua-langkah/", views.reset_factor, name="reset_second_factor"),
    path("<int:assignment_id>/tautan/", views.send_link_again, name="send_staff_link"),
]
