"""A URL without a declared permission stops the start-up."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from foundation.accounts.declare import undeclared_urls, verify_urls

FAULTS = ["/deep/forgotten/<int:pk>/ declares no permission", "/deep/half/ declares no permission for DELETE"]


def test_the_real_site_is_declared():
    assert undeclared_urls() == []
    verify_urls()


@pytest.mark.urls("tests.foundation.accounts.undeclared")
def test_undeclared_urls_are_named():
    assert undeclared_urls() == FAULTS
    with pytest.raises(ImproperlyConfigured, match="/deep/forgotten/"):
        verify_urls()


@pytest.mark.urls("tests.foundation.accounts.undeclared")
def test_the_system_check_fails():
    with pytest.raises(SystemCheckError, match=r"accounts\.E001"):
        call_command("check")


@pytest.mark.urls("tests.foundation.accounts.undeclared")
def test_an_undeclared_page_is_refused_even_if_it_were_served(client):
    assert client.get("/deep/forgotten/1/").status_code != 200


def test_the_web_process_does_not_start(django_db_setup):
    environ = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.foundation.accounts.undeclared_settings"}
    start = subprocess.run(
        [sys.executable, "-c", "import silon.wsgi"], env=environ, capture_output=True, text=True, check=False
    )
    assert start.returncode == 1
    assert FAULTS[0] in start.stderr
