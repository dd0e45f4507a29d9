"""Real servers for the tests, started before Django reads its settings (pytest loads this with ``-p``)."""

import base64
import os
import secrets
import shutil
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg2

from silon.embedded import OWNER, Servers

folder = Path(tempfile.mkdtemp(prefix="silon-test-"))
folder.chmod(0o755)
servers = Servers(folder / "servers").start()
os.environ.update(
    servers.environ,
    DJANGO_SETTINGS_MODULE="silon.settings",
    SILON_KEK=base64.b64encode(secrets.token_bytes(32)).decode(),
    SILON_DATA=str(folder / "files"),
    SECRET_KEY=secrets.token_hex(32),
    SILON_DEMO="1",
    SILON_DEMO_PASSWORD="silon-demo",
    JOB_SWEEP_SECONDS="1",
    # What running processes send can be read; Django keeps the letters of the tests' own process in memory.
    EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend",
    EMAIL_FILE_PATH=str(folder / "mails"),
    LOG_LEVEL="WARNING",
)
os.environ.pop("SILON_KEK_FILE", None)
os.environ.pop("DEBUG", None)


def _let_owner_pass_triggers() -> None:
    """Between tests rows go without their triggers (``tests.conftest.empty_tables``): a superuser allows it."""
    with closing(psycopg2.connect(servers.owner_url.replace(OWNER, "postgres", 1))) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}")


_let_owner_pass_triggers()


def pytest_unconfigure() -> None:
    servers.stop()
    shutil.rmtree(folder, ignore_errors=True)
