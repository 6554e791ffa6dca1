"""Addresses of shifts."""

from django.urls import path

from huyuan.guardposts import views

app_name = "guardposts"
urlpatterns = [
    path("", views.week, name="week"),
    path("now/", views.now, name="now"),
    path("<uuid:code>/cancel/", views.cancel, name="cancel"),
]
