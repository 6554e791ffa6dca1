"""Everything a program of the product needs, loaded once: the programs begin as forks of the process that imports this.

A program that died is back in a twentieth of a second instead of two, and what all of them share is in memory once.
Nothing here may open a connection, a file or a thread: no fork could share it.
"""

import gc
import os

import django

# Out of reach of what is sent to the supervisor's terminal or group: it ends when its supervisor does.
if os.getpgrp() != os.getpid():
    os.setsid()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huyuan.config.settings")
django.setup()

from django.conf import settings  # noqa: E402  # after setup: only then can models be imported
from django.urls import get_resolver  # noqa: E402  # after setup
from django.utils import translation  # noqa: E402  # after setup
from procrastinate.contrib.django.management.commands import procrastinate  # noqa: E402  # after setup

from huyuan.config import engine, programs, streams  # noqa: E402  # after setup
from huyuan.emergency import press_address  # noqa: E402  # after setup
from huyuan.emergency.management.commands import run_alarms, run_panels  # noqa: E402  # after setup

LOADED = (engine, press_address, procrastinate, programs, run_alarms, run_panels, streams)


def read_ahead() -> None:
    """Read what is otherwise read with the first request: every address, and the sentences of every language."""
    get_resolver().reverse_dict  # noqa: B018  # asking for it fills it
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("Today")


read_ahead()
# What is here stays: a collection that walked over it would give each fork a copy of its own.
gc.collect()
gc.freeze()
