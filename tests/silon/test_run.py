"""The launcher behind `make run`, without the demo itself (that is in tests/e2e)."""

import base64
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from silon.embedded import ServerError
from silon.run import application_environ, refuse_taken_port

BASE_DIR = Path(__file__).resolve().parents[2]
FOUND = {"DATABASE_URL": "postgresql://a@/silon", "DATABASE_OWNER_URL": "postgresql://o@/silon"}


@pytest.fixture
def bare(monkeypatch):
    """An environment in which nothing of ours is set."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "SECRET_KEY", "SILON_KEK", "SILON_DATA", "PORT"):
        monkeypatch.delenv(name, raising=False)


def test_secrets_are_made_once_and_private(bare, tmp_path):
    first = application_environ(tmp_path, FOUND)
    kek = Path(first["SILON_KEK_FILE"])
    assert len(base64.b64decode(kek.read_text())) == 32
    assert application_environ(tmp_path, FOUND)["SECRET_KEY"] == first["SECRET_KEY"]
    for secret in (kek, tmp_path / "secret_key"):
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_what_is_set_wins(bare, tmp_path, monkeypatch):
    monkeypatch.setenv("PORT", "8001")
    monkeypatch.setenv("SILON_KEK", base64.b64encode(bytes(32)).decode())
    env = application_environ(tmp_path, FOUND)
    assert env["PORT"] == "8001"
    assert "SILON_KEK_FILE" not in env
    assert not (tmp_path / "kek").exists()


def test_own_database_without_its_owner_is_refused(bare, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://a@/silon")
    with pytest.raises(ServerError, match="DATABASE_OWNER_URL is not"):
        application_environ(tmp_path, {})


def test_taken_port_is_refused_with_another_offered():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with pytest.raises(ServerError, match=rf"Port {port} cannot be used .* PORT=8001 make run"):
            refuse_taken_port({"BIND": "127.0.0.1", "PORT": port})


def test_command_finds_the_servers_and_gives_its_exit_code(tmp_path):
    environ = {k: v for k, v in os.environ.items() if k not in FOUND and k != "REDIS_URL"}
    script = "import os, sys; sys.exit(7 if 'host=/' in os.environ['DATABASE_URL'] else 0)"
    command = [sys.executable, "-m", "silon.run", "--data", str(tmp_path), "--", sys.executable, "-c", script]
    done = subprocess.run(command, cwd=BASE_DIR, env=environ, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (7, "")
