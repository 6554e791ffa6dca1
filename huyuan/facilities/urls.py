"""Addresses of alarm devices."""

from django.urls import path

from huyuan.facilities import views
from huyuan.ledgers.views.pages import ledger

app_name = "facilities"
urlpatterns = [
    path("", ledger, {"key": "devices"}, name="devices"),
    path("register/", views.register, name="register"),
    path("refused/", views.refused, name="refused"),
    path("tests/announce/", views.announce, name="announce"),
    path("tests/<uuid:code>/", views.test, name="test"),
    path("tests/<uuid:code>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:code>/", views.device, name="device"),
    path("<uuid:code>/key/", views.set_key, name="set_key"),
    path("<uuid:code>/retire/", views.retire, name="retire"),
]
