"""Addresses of shifts."""

from django.urls import URLPattern

app_name = "guardposts"
urlpatterns: list[URLPattern] = []
