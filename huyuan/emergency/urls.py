"""Addresses of alarms, incidents and readiness."""

from django.urls import path

from huyuan.emergency.signs import Sign
from huyuan.emergency.views import calls, press, press_keys

app_name = "emergency"
urlpatterns = [
    path("press/", press.press, name="press"),
    path("press/exercise/", press.press, {"sign": Sign.EXERCISE}, name="press_exercise"),
    path("press/test/", press.press, {"sign": Sign.TEST}, name="press_test"),
    path("press/shell/", press.shell, name="press_shell"),
    path("press-key/", press_keys.press_key, name="press_key"),
    path("press-keys/", press_keys.press_keys, name="press_keys"),
    path("press-keys/<uuid:code>/revoke/", press_keys.revoke_press_key, name="revoke_press_key"),
    path("push/", press.push, name="push"),
    path("calls/<uuid:code>/", calls.call, name="call"),
    *(path(f"calls/<uuid:code>/{act}/", calls.answer, {"act": act}, name=f"call_{act}") for act in calls.ANSWERS),
    path("calls/<uuid:code>/confirm/", calls.confirm, name="call_confirm"),
    path("incidents/<uuid:code>/come/", calls.come, name="come"),
]
