"""Addresses of files."""

from django.urls import path

from huyuan.attachments import views

app_name = "attachments"
urlpatterns = [
    path("<uuid:code>/", views.show, name="show"),
    path("<uuid:code>/small/", views.show, {"size": "small"}, name="small"),
]
