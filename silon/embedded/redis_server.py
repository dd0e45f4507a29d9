"""Redis on a private socket, its data kept in an append-only file."""

import os
import signal
import time
from pathlib import Path

import redis

from silon.embedded.keep import Kept, ServerError, take_lock_from_orphan
from silon.embedded.places import Room, redis_executable


class RedisServer:
    """One Redis on `data`, its socket in `room`."""

    def __init__(self, data: Path, room: Room) -> None:
        self.data, self.socket = data, room.redis / "redis.sock"
        self.program = redis_executable()
        self.kept: Kept | None = None

    @property
    def url(self) -> str:
        """The address in the form of redis-py and Django's cache."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start on the data as it was left; returns when it answers."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        lock = take_lock_from_orphan(self.data.with_suffix(".lock"), self._pid, signal.SIGTERM)
        try:
            self._launch(lock)
        finally:
            os.close(lock)
        self._wait()

    def stop(self) -> None:
        if self.kept:
            self.kept.stop()

    def _pid(self) -> int | None:
        try:
            return int((self.data / "redis.pid").read_text())
        except (FileNotFoundError, ValueError):
            return None

    def _launch(self, lock: int) -> None:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "pidfile": str(self.data / "redis.pid"),
            "appendonly": "yes",
            "save": "",
            # The queue must never silently lose a message to make room.
            "maxmemory-policy": "noeviction",
        }
        self.kept = Kept(
            [str(self.program), *(part for name, value in options.items() for part in (f"--{name}", value))],
            signal.SIGTERM,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            log=self.data.with_suffix(".log"),
            pass_fds=(lock,),
        )

    def _wait(self) -> None:
        client = redis.Redis.from_url(self.url)
        try:
            while not self._answers(client):
                if not self.kept.alive():
                    raise ServerError(f"Redis did not start on {self.data}:\n{self.kept.last_words()}")
                time.sleep(0.02)
        finally:
            client.close()

    def _answers(self, client: redis.Redis) -> bool:
        try:
            return client.ping()
        except (redis.ConnectionError, redis.BusyLoadingError):
            return False
