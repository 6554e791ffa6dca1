"""The demo county as these tests read it."""

import os
from datetime import date

import pytest
from django.db import connection
from django.test import override_settings

from conftest import clone, drop, point_to
from huyuan.config.demo import loading
from huyuan.organisations.models import County

ON = date(2026, 11, 23)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, template, tmp_path_factory):
    """The demo county, loaded once for all tests of a module; they only read."""
    name = f"huyuan_demo_{os.getpid()}"
    with django_db_blocker.unblock():
        before = connection.settings_dict["NAME"]
        clone(template, name)
        point_to(name)
        with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("demo")):
            assert loading.load(ON)
        yield County.objects.get()
        point_to(before)
        drop(name)
