"""The press address, and behind it pages and API."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huyuan.config.settings")
pages = get_wsgi_application()

# Models can be imported once Django is set up, and not before.
from huyuan.emergency.press_address import PressAddress  # noqa: E402

application = PressAddress(pages)
