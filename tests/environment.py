"""Real servers for the tests, started before Django reads its settings (pytest loads this with ``-p``)."""

import base64
import os
import secrets
import shutil
import tempfile
from pathlib import Path

from silon.embedded import Servers

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
    LOG_LEVEL="WARNING",
)
os.environ.pop("SILON_KEK_FILE", None)
os.environ.pop("DEBUG", None)


def pytest_unconfigure() -> None:
    servers.stop()
    shutil.rmtree(folder, ignore_errors=True)
