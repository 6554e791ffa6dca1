"""Addresses of organisations, of the calendar, and of what a school stands under."""

from django.urls import path

from huyuan.organisations import views

app_name = "organisations"
urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/term/", views.set_term, name="set_term"),
    path("calendar/remove/", views.remove_day, name="remove_day"),
    path("add/", views.add, name="add"),
    path("<uuid:code>/", views.organisation, name="organisation"),
    path("<uuid:code>/central/", views.central_school, name="central_school"),
]
