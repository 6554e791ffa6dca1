"""What raising an alarm asks for."""

from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion

PRESS = Occasion("emergency.press", _("Raise an alarm"), {
    "code": None, "school": None, "sign": None, "pressed_at": "emergency.press.claimed_at",
    "alarm_class": "emergency.press.alarm_class", "place": "emergency.press.place", "lon": "emergency.press.lon",
    "lat": "emergency.press.lat",
})  # fmt: skip
