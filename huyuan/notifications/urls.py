"""Addresses of the inbox."""

from django.urls import path

from huyuan.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("badge/", views.badge, name="badge"),
    path("read/", views.read_all, name="read_all"),
    path("<uuid:code>/", views.open_message, name="open"),
]
