"""Web, worker and beat as real processes on the test servers, to be killed, stopped and looked into."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import redis
from django.conf import settings
from django.test import Client

from foundation.accounts.models import ApiToken, User
from foundation.jobs.models import Job
from silon.demo import seed_demo
from silon.demo_accounts import ACCOUNTS
from tests.environment import folder
from tests.factories import hashed_password

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 300  # seconds until something that must happen counts as not happening


def wait_until(happened, patience=PATIENCE, every=0.02):
    """The first true answer of ``happened()``; fails after ``patience`` seconds."""
    until = time.monotonic() + patience
    while not (answer := happened()):
        assert time.monotonic() < until, f"did not happen within {patience} s: {happened}"
        time.sleep(every)
    return answer


class Process:
    """One process of the product, in a group of its own, so that a signal reaches its children too."""

    def __init__(self, name, command, environ, ready):
        self._ready = ready
        self.log = folder / "logs" / f"{name}-{time.monotonic_ns()}.log"
        self.log.parent.mkdir(exist_ok=True)
        with self.log.open("wb") as log:
            self._popen = subprocess.Popen(
                command, cwd=ROOT, env=environ, stdout=log, stderr=log, start_new_session=True
            )

    @property
    def pid(self):
        return self._popen.pid

    def alive(self):
        return self._popen.poll() is None

    def signal(self, number):
        """To the whole group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._popen.pid, number)

    def children(self):
        """The ids of its direct children."""
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def when_ready(self):
        """Itself, once it does its work."""
        wait_until(lambda: self._ready(self) or not self.alive(), every=0.05)
        assert self.alive(), self.text()
        return self

    def kill(self):
        """kill -9, and nothing in good order."""
        self.signal(signal.SIGKILL)
        self._popen.wait()

    def ask_to_stop(self):
        """In good order."""
        self.signal(signal.SIGCONT)
        self._popen.terminate()

    def stop(self):
        """In good order; what does not end is killed."""
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(15)
        self.kill()

    def text(self):
        """Everything it wrote."""
        return self.log.read_text("utf-8", "replace")


class Stack:
    """Any of web, worker and beat; what was started is stopped by ``stop``."""

    def __init__(self, **environ):
        temporary = folder / "temporary"
        temporary.mkdir(exist_ok=True)
        self.environ = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"} | {
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser",
            "PYTHONUNBUFFERED": "1",
            "LOG_LEVEL": "INFO",
            "ACCESS_LOG": "-",
            "WEB_WORKERS": "1",
            "WEB_GRACEFUL_SECONDS": "1",
            "TMPDIR": str(temporary),
            **environ,
        }
        self.processes = []
        self.base_url = ""

    def start_web(self):
        """gunicorn on a free port; returns when it answers."""
        return self.begin_web().when_ready()

    def start_worker(self, concurrency=1):
        """A Celery worker; returns when it takes messages."""
        return self.begin_worker(concurrency).when_ready()

    def start_beat(self):
        """The clock that rings for sweeps."""
        schedule = folder / f"beat-{time.monotonic_ns()}"
        return self._start("beat", ["celery", "--app", "silon", "beat", "--schedule", str(schedule)])

    def start(self):
        """All three."""
        empty_redis()
        begun = [self.begin_web(), self.begin_worker(concurrency=2), self.start_beat()]
        for process in begun:
            process.when_ready()
        return self

    def stop(self):
        for process in self.processes:
            process.ask_to_stop()
        for process in self.processes:
            process.stop()

    def text(self):
        """What all processes wrote."""
        return "".join(process.text() for process in self.processes)

    def wait_until_idle(self):
        """Until no job waits or runs."""
        wait_until(lambda: not unfinished_jobs())

    def call(self, path, user, *, file=None, data=None):
        """Ask as a user, by the API or for a page; send a CSV file or JSON. The status and the body of the answer."""
        request = urllib.request.Request(self.base_url + path)  # noqa: S310 -- http, ours
        for name, value in signs_of(user, path).items():
            request.add_header(name, value)
        if data is not None:
            request.add_header("Content-Type", "application/json")
            request.data = data if isinstance(data, bytes) else json.dumps(data).encode()
        if file is not None:
            request.add_header("Content-Type", "multipart/form-data; boundary=batas")
            head = b'--batas\r\nContent-Disposition: form-data; name="file"; filename="data.csv"\r\n\r\n'
            request.data = head + file + b"\r\n--batas--\r\n"
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 -- http, ours
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def begin_web(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{port}"
        command = ["gunicorn", "--config", "deploy/gunicorn.conf.py", "silon.wsgi"]
        return self._start("web", command, lambda _: answers(self.base_url + "/healthz"), PORT=str(port))

    def begin_worker(self, concurrency=1):
        options = ["--concurrency", str(concurrency), "--without-mingle", "--without-gossip"]
        command = ["celery", "--app", "silon", "worker", "--loglevel", "INFO", *options]
        return self._start("worker", command, lambda worker: " ready." in worker.text())

    def _start(self, name, command, ready=lambda _: True, **more):
        process = Process(name, [sys.executable, "-m", *command], self.environ | more, ready)
        self.processes.append(process)
        return process


def seed_demo_quickly():
    """The demo through its real operations, beginning with accounts that have a password already."""
    for username, title in ACCOUNTS.items():
        User.objects.create(username=username, name=title, password=hashed_password())
    return seed_demo()


def signs_of(user, path):
    """The headers by which the site knows a user: a token for the API, a session for pages."""
    if path.startswith("/api/"):
        _row, token = ApiToken.objects.create(user=user)
        return {"Authorization": f"Token {token}"}
    client = Client()
    client.force_login(user)
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"}


def answers(address):
    """Whether the address answers 200."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 -- http, ours
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def unfinished_jobs():
    """Jobs that wait or run, seen by this process's own session."""
    return Job.objects.filter(state__in=["queued", "running"]).count()


def empty_redis():
    """No message, lock or counter of an earlier test is left."""
    with redis_client() as client:
        client.flushall()


def redis_client():
    """A client of the tests' Redis."""
    return redis.Redis.from_url(settings.REDIS_URL)
