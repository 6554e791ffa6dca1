"""Addresses of alarms, incidents and readiness."""

from django.urls import path

from huyuan.emergency.views import press_keys

app_name = "emergency"
urlpatterns = [
    path("press-key/", press_keys.press_key, name="press_key"),
    path("press-keys/", press_keys.press_keys, name="press_keys"),
    path("press-keys/<uuid:code>/revoke/", press_keys.revoke_press_key, name="revoke_press_key"),
]
