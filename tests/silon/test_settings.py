"""What must not be so in production stops the start, by the name of its variable."""

import os
import subprocess
import sys

import pytest

from tests.stack import ROOT

SHOW = (
    "import django; from django.conf import settings; django.setup();"
    " print(settings.SITE_URL, settings.EMAIL_BACKEND, sorted(settings.TWO_FACTOR_EXEMPT), sep='|')"
)
CONSOLE = "django.core.mail.backends.console.EmailBackend"
DEFAULTS = ("SILON_DEMO", "EMAIL_BACKEND", "EMAIL_FILE_PATH", "SITE_URL", "CSRF_TRUSTED_ORIGINS", "PORT")


def start(**environ):
    """What a process says that starts with these variables, without those of the tests' demo."""
    kept = {name: value for name, value in os.environ.items() if name not in DEFAULTS}
    command = [sys.executable, "-c", SHOW]
    return subprocess.run(command, cwd=ROOT, env=kept | environ, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("environ", "variable"),
    [
        ({"SILON_TWO_FACTOR_EXEMPT": "operator"}, "SILON_TWO_FACTOR_EXEMPT"),
        ({"EMAIL_BACKEND": CONSOLE}, "EMAIL_BACKEND"),
    ],
)
def test_what_is_for_the_demo_only_stops_the_start(environ, variable):
    answer = start(**environ)
    assert answer.returncode != 0
    assert f"ImproperlyConfigured: {variable}" in answer.stderr
    assert start(SILON_DEMO="1", **environ).returncode == 0


def test_production_exempts_nobody_and_sends_by_smtp_from_its_own_address():
    answer = start(CSRF_TRUSTED_ORIGINS="https://silon.contoh.test,https://lain.contoh.test")
    assert answer.stdout.strip() == (
        "https://silon.contoh.test|django.core.mail.backends.smtp.EmailBackend|[]"
    )
    assert start(SITE_URL="https://a.contoh.test").stdout.startswith("https://a.contoh.test|")
    assert start().stdout.startswith("|")


def test_demo_exempts_its_ten_accounts():
    site, backend, exempt = start(SILON_DEMO="1", PORT="8123").stdout.strip().split("|")
    assert (site, backend) == ("http://127.0.0.1:8123", CONSOLE)
    assert exempt.count("'") == 2 * 10
    assert "'operator'" in exempt
