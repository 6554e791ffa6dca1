"""The press address, and behind it pages and API."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huyuan.config.settings")
pages = get_wsgi_application()

from huyuan.emergency.press_address import PressAddress  # noqa: E402 -- models load once Django is set up, not before

application = PressAddress(pages)
