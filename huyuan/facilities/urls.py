"""Addresses of alarm devices."""

from django.urls import URLPattern

app_name = "facilities"
urlpatterns: list[URLPattern] = []
