"""Servers of our own on an empty folder, and Django set up on them; nothing is left behind."""

import base64
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from silon.embedded import Servers

BASE_DIR = Path(__file__).resolve().parent.parent
# What would measure something else than the demo's own settings.
NOT_OURS = (
    "SILON_KEK_FILE",
    "DEBUG",
    "FILE_STORAGE",
    "FILE_STORAGE_OPTIONS",
    "ALLOWED_HOSTS",
    "BEHIND_PROXY",
)


@contextmanager
def surroundings(parent: Path) -> Iterator[Path]:
    """A new folder below ``parent`` with servers running on it; afterwards both are gone.

    Not in /tmp by default: that is memory on many machines, and then the disk is not measured.
    """
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=parent.absolute()))
    servers = Servers(folder / "servers")
    try:
        set_environment(folder, servers.start().environ)
        django.setup()
        yield folder
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


def set_environment(folder: Path, found: dict[str, str]) -> None:
    """What the settings read, here and in the worker."""
    os.environ.update(
        found,
        DJANGO_SETTINGS_MODULE="silon.settings",
        SECRET_KEY=secrets.token_hex(32),
        SILON_KEK=base64.b64encode(secrets.token_bytes(32)).decode(),
        SILON_DATA=str(folder / "files"),
        SILON_DEMO="1",
        LOG_LEVEL="WARNING",
    )
    for name in NOT_OURS:
        os.environ.pop(name, None)
