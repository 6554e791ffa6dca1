"""Addresses of alarms, incidents and readiness."""

from django.urls import URLPattern

app_name = "emergency"
urlpatterns: list[URLPattern] = []
