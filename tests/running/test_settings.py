"""What the environment may say, and what it may not."""

import json
import os
import subprocess
import sys

import pytest
from django.urls import reverse

from tests.environment import ROOT, VAR

READ = """
import json
from huyuan.config import settings
print(json.dumps({name: getattr(settings, name) for name in
    ("DEMO", "ALLOWED_HOSTS", "ALLAUTH_TRUSTED_PROXY_COUNT", "SECURE_PROXY_SSL_HEADER")}))
"""


def read(**said):
    """The settings of a process with these words in its environment, or how it refused."""
    environment = {name: value for name, value in os.environ.items() if name not in {"HUYUAN_MODE", "HUYUAN_PROXIES"}}
    environment |= {"HUYUAN_VAR": str(VAR), "DATABASE_URL": "postgresql://nobody@/none"} | said
    return subprocess.run([sys.executable, "-c", READ], cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("mode", ["Production", "prod", "production ", ""])
def test_a_mode_that_is_misspelt_does_not_open_the_demo(mode):
    refused = read(HUYUAN_MODE=mode)
    assert refused.returncode == 2
    assert f"HUYUAN_MODE is “{mode}”" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_production_answers_only_to_its_own_names():
    found = json.loads(read(HUYUAN_MODE="production", HUYUAN_HOSTS="anquan.example.cn").stdout)
    assert (found["DEMO"], found["ALLOWED_HOSTS"]) == (False, ["anquan.example.cn"])


def test_without_a_word_about_proxies_no_forwarded_header_is_believed():
    found = json.loads(read().stdout)
    assert (found["ALLAUTH_TRUSTED_PROXY_COUNT"], found["SECURE_PROXY_SSL_HEADER"]) == (0, None)


def test_behind_a_trusted_proxy_its_headers_are_believed():
    found = json.loads(read(HUYUAN_PROXIES="2").stdout)
    assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] == 2
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


@pytest.mark.parametrize("proxies", ["yes", "-1", ""])
def test_a_number_of_proxies_that_is_none_is_refused(proxies):
    refused = read(HUYUAN_PROXIES=proxies)
    assert refused.returncode == 2
    assert "HUYUAN_PROXIES" in refused.stderr


@pytest.mark.parametrize(("proxies", "status"), [(1, 200), (0, 429)])
def test_who_fails_behind_the_proxy_locks_out_nobody_else(client, db, settings, proxies, status):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    attempt = {"login": "19900000000", "password": "not the password"}

    def fail(address):
        return client.post(reverse("account_login"), attempt, headers={"X-Forwarded-For": address}).status_code

    assert fail("198.51.100.1") == 200
    assert fail("198.51.100.1") == 429
    assert fail("198.51.100.2") == status
