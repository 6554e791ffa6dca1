"""Streams only: a process of its own, so that thousands of open streams take nothing from the pages."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huyuan.config.settings")
django.setup()

from huyuan.config.streams import application  # noqa: E402  # models can be imported only after setup

__all__ = ["application"]
