"""What no process carries from its start: it would be multiplied by every process of the product (bar P6)."""

import os
import subprocess
import sys

from django.conf import settings

HEAVY = {"pypinyin", "openpyxl", "scipy", "ortools", "numpy", "pandas"}
LOADED = "import sys, huyuan.config.wsgi, huyuan.config.urls; print(*{name.partition('.')[0] for name in sys.modules})"


def test_pages_start_without_what_only_some_acts_need():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "huyuan.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=settings.BASE_DIR, env=environment, check=True, capture_output=True, text=True
    )  # fmt: skip
    loaded = set(done.stdout.split())
    assert "huyuan" in loaded
    assert not loaded & HEAVY
