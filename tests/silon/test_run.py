"""The launcher behind `make run`: the whole demo, killed and started again, and its parts."""

import base64
import json
import os
import socket
import stat
import subprocess
import sys
import urllib.request
from pathlib import Path

import psutil
import pytest

from silon.embedded import ServerError
from silon.run import application_environ, refuse_taken_port
from tests.silon.processes import gone, kill, name_of, tree, wait_until

BASE_DIR = Path(__file__).resolve().parents[2]
FOUND = {"DATABASE_URL": "postgresql://a@/silon", "DATABASE_OWNER_URL": "postgresql://o@/silon"}
OURS = (*FOUND, "REDIS_URL", "SECRET_KEY", "SILON_KEK", "SILON_DATA", "PORT", "LOG_LEVEL")


@pytest.fixture
def bare(monkeypatch):
    """An environment in which nothing of ours is set."""
    for name in OURS:
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
    environ = {k: v for k, v in os.environ.items() if k not in OURS}
    script = "import os, sys; sys.exit(7 if 'host=/' in os.environ['DATABASE_URL'] else 0)"
    command = [sys.executable, "-m", "silon.run", "--data", str(tmp_path), "--", sys.executable, "-c", script]
    done = subprocess.run(command, cwd=BASE_DIR, env=environ, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (7, "")


IN_A_TERMINAL = """
import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
"""


@pytest.fixture
def demo(tmp_path):
    """`make run` in a terminal, on a free port; gives its process and address once it says it is ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {k: v for k, v in os.environ.items() if k not in OURS} | {"PORT": str(port)}
    started = []

    def start():
        with (tmp_path / "output").open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-c", IN_A_TERMINAL, "make", "run", f"DATA={tmp_path}/data"],
                cwd=BASE_DIR,
                env=environ,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
            )
        started.append(process)
        wait_until(lambda: "Ctrl-C" in said(tmp_path) or process.poll() is not None, 600)
        assert process.poll() is None, said(tmp_path)
        return process, f"http://127.0.0.1:{port}"

    yield start
    for process in started:
        process.stdin.close()
        process.terminate()  # the terminal hangs up
        process.wait()


def said(tmp_path):
    return (tmp_path / "output").read_text()


def call(address, path, body=None, token=None):
    data = json.dumps(body).encode() if body else None
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Token {token}"} if token else {})
    request = urllib.request.Request(address + path, data, headers)  # noqa: S310 -- our own address
    with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310 -- our own address
        return json.load(answer)


def test_demo_is_there_again_after_kill_9_and_ends_with_ctrl_c(demo, tmp_path):
    process, address = demo()
    output = said(tmp_path)
    assert address in output
    assert "operator2" in output
    assert call(address, "/readyz")["ready"] is True
    login = {"username": "operator", "password": "silon-demo"}
    first = call(address, "/api/v1/auth/login/", login)["token"]
    pairs = call(address, "/api/v1/pairs/", token=first)["results"]
    assert len(pairs) == 1
    everything = tree(psutil.Process(process.pid))
    assert {"postgres", "redis-server"} < set(map(name_of, everything))
    kill(everything)

    process, address = demo()
    assert call(address, "/api/v1/pairs/", token=first)["results"] == pairs
    everything = tree(psutil.Process(process.pid))
    process.stdin.write(b"\x03")
    process.stdin.flush()
    assert process.wait(300) == 0
    gone(everything)
