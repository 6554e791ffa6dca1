"""Addresses of the pages over all modules."""

from django.urls import path

from huyuan.ledgers.views.pages import ledger
from huyuan.web import installed, views

app_name = "web"
urlpatterns = [
    path("", views.today, name="today"),
    path("schools/", views.schools, name="schools"),
    path("schools/<uuid:code>/", views.school, name="school"),
    path("agencies/", ledger, {"key": "organisations"}, name="organisations"),
    path("map/", views.county_map, name="map"),
    path("staff/", ledger, {"key": "people"}, name="people"),
    path("search/", views.search, name="search"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("sw.js", installed.service_worker, name="service_worker"),
    path("healthz", views.healthz, name="healthz"),
]
