"""`{% device user_agent as seen %}`: a browser and its machine in words people use."""

from dataclasses import dataclass

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

register = template.Library()

# What a browser calls itself, most particular first: nearly all also say Chrome and Safari.
BROWSERS = (
    ("MicroMessenger", gettext_noop("WeChat")),
    ("DingTalk", gettext_noop("DingTalk")),
    ("QQBrowser", "QQ"),
    ("UCBrowser", "UC"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
MACHINES = (
    ("OpenHarmony", "HarmonyOS", True),
    ("HarmonyOS", "HarmonyOS", True),
    ("Android", "Android", True),
    ("iPhone", "iPhone", True),
    ("iPad", "iPad", True),
    ("Windows", "Windows", False),
    ("Macintosh", "Mac", False),
    ("Linux", "Linux", False),
)


@dataclass(frozen=True)
class Device:
    """A browser somebody signed in from."""

    browser: str
    machine: str
    icon: str

    def __str__(self) -> str:
        """Browser and machine, as far as they are known."""
        return " · ".join(part for part in (self.browser, self.machine) if part) or _("Unknown device")


@register.simple_tag
def device(user_agent: str) -> Device:
    """The browser and machine behind what a browser says of itself."""
    browser = next((_(name) for sign, name in BROWSERS if sign in user_agent), "")
    machine, carried = next(((name, phone) for sign, name, phone in MACHINES if sign in user_agent), ("", False))
    return Device(browser, machine, "device-mobile" if carried else "device-desktop")
