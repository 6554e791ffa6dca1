"""Addresses of the inbox."""

from django.urls import path

from huyuan.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("badge/", views.badge, name="badge"),
    path("read/", views.read_all, name="read_all"),
    path("groups/", views.channels, name="channels"),
    path("groups/<uuid:code>/remove/", views.remove_channel, name="remove_channel"),
    path("<uuid:code>/", views.open_message, name="open"),
]
